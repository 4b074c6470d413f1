// What each value that a callback may return means, by kind of operation. The two tables are the
// whole of it; who carries a verdict out is the path's business.
// Models: R-FLT-17, R-FLT-21; PFLT_PRE_OPERATION_CALLBACK and PFLT_POST_OPERATION_CALLBACK.
import { FltMajor, FltPostopStatus, FltPreopStatus, IrpMajor, IrpMinor, } from '../../contract/windows/index.ts';
const same = (verdict) => ({
    irp: verdict,
    'fast-io': verdict,
    'fs-filter': verdict,
});
const preTable = new Map([
    [FltPreopStatus.FLT_PREOP_SUCCESS_WITH_CALLBACK, same('with-callback')],
    [FltPreopStatus.FLT_PREOP_SUCCESS_NO_CALLBACK, same('no-callback')],
    [FltPreopStatus.FLT_PREOP_PENDING, { irp: 'pend', 'fast-io': 'illegal', 'fs-filter': 'illegal' }],
    [
        FltPreopStatus.FLT_PREOP_DISALLOW_FASTIO,
        { irp: 'illegal', 'fast-io': 'disallow-fast-io', 'fs-filter': 'illegal' },
    ],
    [FltPreopStatus.FLT_PREOP_COMPLETE, same('complete')],
    [
        FltPreopStatus.FLT_PREOP_SYNCHRONIZE,
        { irp: 'synchronize', 'fast-io': 'with-callback', 'fs-filter': 'with-callback' },
    ],
]);
/** FLT_PREOP_DISALLOW_FSFILTER_IO and FLT_POSTOP_DISALLOW_FSFILTER_IO are for this one alone. */
const { IRP_MJ_QUERY_OPEN } = FltMajor;
/** What a pre-operation's return means; every value that Windows does not know is "illegal". */
export function preVerdict(status, path, majorFunction) {
    if (status === FltPreopStatus.FLT_PREOP_DISALLOW_FSFILTER_IO) {
        return majorFunction === IRP_MJ_QUERY_OPEN ? 'disallow-fs-filter-io' : 'illegal';
    }
    return preTable.get(status)?.[path] ?? 'illegal';
}
/** What FltCompletePendedPreOperation may be given. */
export function resumeVerdict(status) {
    const verdict = preTable.get(status)?.irp;
    const allowed = verdict === 'with-callback' || verdict === 'no-callback' || verdict === 'complete';
    return allowed ? verdict : 'illegal';
}
/** What a post-operation's return means. While draining, only "finished" is legal (R-FLT-22). */
export function postVerdict(status, path, majorFunction, draining) {
    if (status === FltPostopStatus.FLT_POSTOP_FINISHED_PROCESSING)
        return 'finished';
    if (status === FltPostopStatus.FLT_POSTOP_DISALLOW_FSFILTER_IO && !draining) {
        return majorFunction === IRP_MJ_QUERY_OPEN ? 'disallow-fs-filter-io' : 'illegal';
    }
    if (status !== FltPostopStatus.FLT_POSTOP_MORE_PROCESSING_REQUIRED)
        return 'illegal';
    return path === 'irp' && !draining ? 'more-processing-required' : 'illegal';
}
/**
 * Operations that may stay below for ever, where a thread that waits for the completion may wait for
 * ever: R-NOTIFY-63.
 */
export function mayNeverComplete(iopb) {
    const { majorFunction, minorFunction } = iopb;
    if (majorFunction === IrpMajor.IRP_MJ_DIRECTORY_CONTROL) {
        return (minorFunction === IrpMinor.IRP_MN_NOTIFY_CHANGE_DIRECTORY ||
            minorFunction === IrpMinor.IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX);
    }
    if (majorFunction === IrpMajor.IRP_MJ_LOCK_CONTROL) {
        return minorFunction === IrpMinor.IRP_MN_LOCK;
    }
    const { operation } = iopb.parameters;
    return operation.kind === 'fs-control' && oplockControls.has(operation.fsControlCode);
}
/** FSCTL_REQUEST_OPLOCK_LEVEL_1 … FSCTL_OPLOCK_BREAK_ACK_NO_2, FSCTL_REQUEST_OPLOCK. */
const oplockControls = new Set([
    0x90000, 0x90004, 0x90008, 0x9000c, 0x90010, 0x90014, 0x9005c, 0x90050, 0x90240,
]);
