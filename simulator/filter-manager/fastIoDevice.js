import { FltMajor, fltMajorName, ntStatusName, ntSuccess } from '../../contract/windows/index.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
/** IRP_CALL_CTRL->Volume->DeviceObject's lower one, or that of IRP_CTRL->DeviceObject. */
export function deviceBelow({ kernel }, operation) {
    const { volume, goesTo } = operation;
    const followsTarget = kernel.profile.fastIoDevice === 'IRP_CTRL';
    const { lower } = (followsTarget ? goesTo : volume).device;
    if (goesTo === volume)
        return { device: lower, rules: [] };
    return { device: lower, rules: [followsTarget ? 'R-REDIRECT-42' : 'R-REDIRECT-41'] };
}
/** Tells that the call has gone to the wrong volume, whether that was noticed or not. */
export function reportIgnored({ kernel }, operation, call, taken) {
    const { volume, goesTo, redirectedIn } = operation;
    const isIgnored = goesTo !== volume && kernel.profile.fastIoDevice === 'IRP_CALL_CTRL';
    if (!isIgnored || redirectedIn === null)
        return;
    const { filter } = redirectedIn.instance;
    const { majorFunction } = redirectedIn.iopb;
    const { preAt } = redirectedIn.callbacks;
    const original = volume.volume.name;
    const succeeded = taken && ntSuccess(call.iosb.status);
    kernel.report({
        id: succeeded ? 'wrong-volume-answered' : 'redirection-ignored',
        message: `${filter.name} redirected ${fltMajorName(majorFunction)} of ${displayNameOf(call.fileObject)} ` +
            `to volume ${goesTo.volume.name}. ${kernel.profile.title} takes the device of a fast I/O call ` +
            `from IRP_CALL_CTRL->Volume, which a changed TargetInstance does not update, so the call went ` +
            `to volume ${original}: ${consequence(call, taken, original)} Return FLT_PREOP_DISALLOW_FASTIO ` +
            `there and redirect the create.`,
        evidence: evidenceFor(kernel.profile.name, majorFunction),
        stack: preAt === undefined ? [] : [preAt],
    });
}
function consequence({ iosb }, taken, original) {
    if (!taken)
        return 'its file system wants an IRP instead.';
    return ntSuccess(iosb.status)
        ? `it succeeded there, with what belongs to the file on ${original}, and nobody notices.`
        : `it failed there with ${ntStatusName(iosb.status)}.`;
}
/** Seen on XP for one operation; the routine is generic, and Server 2003 was not looked at. */
function evidenceFor(profile, majorFunction) {
    if (profile !== 'winxp')
        return 'U';
    return majorFunction === FltMajor.IRP_MJ_NETWORK_QUERY_OPEN ? 'S' : 'I';
}
