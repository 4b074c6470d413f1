// IRP_MJ_QUERY_SECURITY and IRP_MJ_SET_SECURITY.
import { assert } from '../../contract/assert.ts';
import { FileAction, FileNotifyChange, NtStatus, SecurityInformation, } from '../../contract/windows/index.ts';
import { currentStackLocation } from '../io/irp.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { openOf } from './open.ts';
import { failed, succeeded } from './outcome.ts';
/** Differs: only the DACL, and as entries: owner, group and SACL are not modelled. */
export function querySecurity(_volume, irp) {
    const { parameters, fileObject } = currentStackLocation(irp);
    assert(parameters.kind === 'query-security', 'query security has its parameters');
    refuseOthers(parameters.securityInformation);
    parameters.answer.dacl = openOf(fileObject).file.dacl;
    return succeeded();
}
/** Exactly one MODIFIED, whether or not the entries differ (R-NOTIFY-38). */
export function setSecurity(volume, irp, consequences) {
    const { parameters, fileObject } = currentStackLocation(irp);
    assert(parameters.kind === 'set-security', 'set security has its parameters');
    refuseOthers(parameters.securityInformation);
    const { file, entry, cleanedUp } = openOf(fileObject);
    if (cleanedUp)
        return failed(NtStatus.STATUS_FILE_CLOSED);
    file.dacl = parameters.dacl;
    file.times.change = volume.kernel.clock.now();
    const named = entry ?? file.links[0];
    if (named !== undefined && !named.removed) {
        consequences.report(named, {
            action: FileAction.FILE_ACTION_MODIFIED,
            filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_SECURITY,
            rules: ['R-NOTIFY-38'],
        });
    }
    return succeeded();
}
function refuseOthers(securityInformation) {
    if ((securityInformation & ~SecurityInformation.DACL_SECURITY_INFORMATION) !== 0) {
        throw new NotModelledSignal('security information other than the DACL');
    }
}
