// What FltRegisterFilter refuses, told to the author instead of a bare STATUS_INVALID_PARAMETER.
// Models: R-FLT-1, R-FLT-6.
import { IrpMajor, NtStatus, fltMajorName } from '../../contract/windows/index.ts';
const invalid = (problem) => ({
    status: NtStatus.STATUS_INVALID_PARAMETER,
    problem,
});
/** FLT_REGISTRATION_VERSION has the major version 2; the minor may be older, never newer. */
export function refuseVersion(version, newest) {
    if (version >>> 8 === newest >>> 8 && version <= newest)
        return null;
    return invalid(`FLT_REGISTRATION.Version is 0x${version.toString(16).padStart(4, '0')}; this version of Windows ` +
        `takes up to 0x${newest.toString(16).padStart(4, '0')}.`);
}
export function refuseRegistration(callbacks) {
    for (const operation of callbacks.operations) {
        const refusal = refuseOperation(operation);
        if (refusal !== null)
            return refusal;
    }
    return null;
}
const NEVER_SENT_TO_FILE_SYSTEMS = [
    IrpMajor.IRP_MJ_POWER,
    IrpMajor.IRP_MJ_DEVICE_CHANGE,
];
function refuseOperation(operation) {
    const name = fltMajorName(operation.majorFunction);
    if (NEVER_SENT_TO_FILE_SYSTEMS.includes(operation.majorFunction)) {
        return invalid(`${name} cannot be registered: file systems never receive it.`);
    }
    if (operation.majorFunction === IrpMajor.IRP_MJ_SHUTDOWN && operation.post !== null) {
        return invalid('IRP_MJ_SHUTDOWN cannot have a post-operation callback.');
    }
    if (!isMajor(operation.majorFunction)) {
        return invalid(`The operation registration names major function ${name}, which is none. ` +
            'Does the array end with { IRP_MJ_OPERATION_END }?');
    }
    return null;
}
/** A major function of an IRP, or one of the Filter Manager's own numbers above 0xEB. */
const isMajor = (major) => major <= IrpMajor.IRP_MJ_PNP || major >= 0xec;
