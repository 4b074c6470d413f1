// Neighbours in the stack: filters that pass everything on, with a post-operation, so that they take
// their place among the completion nodes and are seen in a trace. Modelled, never loaded.
import { FltMajor, FltPostopStatus, FltPreopStatus, IrpMajor, } from '../../contract/windows/index.ts';
/** Passes every operation of this kind on. */
export const passive = (majorFunction) => ({
    majorFunction,
    flags: 0,
    pre: () => ({
        status: FltPreopStatus.FLT_PREOP_SUCCESS_WITH_CALLBACK,
        completionContext: 0,
    }),
    post: () => FltPostopStatus.FLT_POSTOP_FINISHED_PROCESSING,
});
/** It has virtual files of its own to answer for, and leaves that to the create (R-REDIRECT-44). */
const disallowing = (majorFunction) => ({
    majorFunction,
    flags: 0,
    pre: () => ({
        status: FltPreopStatus.FLT_PREOP_DISALLOW_FASTIO,
        completionContext: 0,
        rules: ['R-REDIRECT-44'],
    }),
    post: null,
});
const { IRP_MJ_SHUTDOWN, IRP_MJ_POWER, IRP_MJ_DEVICE_CHANGE, IRP_MJ_SYSTEM_CONTROL } = IrpMajor;
const notRegistrable = [
    IRP_MJ_SHUTDOWN,
    IRP_MJ_POWER,
    IRP_MJ_DEVICE_CHANGE,
    IRP_MJ_SYSTEM_CONTROL,
    IrpMajor.IRP_MJ_PNP,
];
export const everything = Object.values(IrpMajor).filter((major) => !notRegistrable.includes(major));
const forSections = [
    FltMajor.IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION,
    FltMajor.IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION,
];
/**
 * What Windows' own neighbours take part in. The seed's transcript shows FileInfo among the completion
 * nodes of a notify request and luafv not; luafv virtualises names, hence the create.
 * Differs: their full registrations are not public; what they do besides is not modelled.
 */
const registrations = {
    // Whether it takes part in section synchronization no transcript shows.
    fileinfo: everything.map(passive),
    luafv: [passive(IrpMajor.IRP_MJ_CREATE), disallowing(FltMajor.IRP_MJ_NETWORK_QUERY_OPEN)],
};
/**
 * The callbacks of the neighbour called `name`; one that the table does not know sees every IRP, and
 * the two operations for sections.
 */
export function passiveFilter(name) {
    return {
        operations: registrations[name.toLowerCase()] ?? [...everything, ...forSections].map(passive),
        unload: null,
        instanceSetup: null,
        instanceQueryTeardown: null,
        instanceTeardownStart: null,
        instanceTeardownComplete: null,
    };
}
