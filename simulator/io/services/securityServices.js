import { AccessMask, IrpMajor, ntSuccess, SecurityInformation, } from '../../../contract/windows/index.ts';
import { send } from '../serviceTail.ts';
import { handleOf, service } from './serviceContext.ts';
const { DACL_SECURITY_INFORMATION } = SecurityInformation;
/** Differs: the descriptor is handed over decoded, so there is no buffer to be too small. */
export const ntQuerySecurityObject = (context, handle, mode = 'user') => service(context, 'NtQuerySecurityObject', { mode, handle }, async () => {
    const found = handleOf(context, handle, AccessMask.READ_CONTROL);
    if (typeof found === 'number')
        return { status: found, dacl: [] };
    const answer = { dacl: null };
    const status = await send(context.io, {
        ...securityRequest(IrpMajor.IRP_MJ_QUERY_SECURITY, mode),
        file: found.file,
        parameters: {
            kind: 'query-security',
            length: 0,
            securityInformation: DACL_SECURITY_INFORMATION,
            answer,
        },
    });
    return { status, dacl: (ntSuccess(status) && answer.dacl) || [] };
});
export const ntSetSecurityObject = (context, handle, dacl, mode = 'user') => service(context, 'NtSetSecurityObject', { mode, handle }, async () => {
    const found = handleOf(context, handle, AccessMask.WRITE_DAC);
    if (typeof found === 'number')
        return found;
    return send(context.io, {
        ...securityRequest(IrpMajor.IRP_MJ_SET_SECURITY, mode),
        file: found.file,
        parameters: { kind: 'set-security', securityInformation: DACL_SECURITY_INFORMATION, dacl },
    });
});
const securityRequest = (majorFunction, requestorMode) => ({
    majorFunction,
    requestorMode,
    buffer: 0,
    length: 0,
    method: 'neither',
    synchronousApi: true,
    iosb: null,
    event: null,
});
