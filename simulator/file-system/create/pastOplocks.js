// An open of what exists, between its access check and its success: oplocks that are in its way, and
// sharing. Nothing is changed here but oplocks.
// Models: [MS-FSA] 2.1.5.1.2; DDI "Breaking Oplocks" and "IRP_MJ_CREATE": batch and filter oplocks
// break before sharing is looked at, handle caching where sharing is violated, the others after it.
import { NtStatus } from '../../../contract/windows/index.ts';
import { breakOplocks, concernedByOpen } from '../oplocks/oplockCheck.ts';
import { failed } from '../outcome.ts';
import { grantAccess, isSharedWell } from './admit.ts';
/** IoStatus.Information of a sharing violation while the break of a batch oplock is under way. */
const FILE_OPBATCH_BREAK_UNDERWAY = 9;
const isBatchOrFilter = (level) => level === 'batch' || level === 'filter';
export function admitPastOplocks(request, admission, replaces) {
    const admitted = grantAccess(request, admission);
    if (typeof admitted === 'number')
        return { outcome: failed(admitted) };
    const operation = replaces || request.reservesFilter ? 'replacing-open' : 'open';
    const all = operation === 'replacing-open';
    const concerned = all ? () => true : concernedByOpen(admitted.granted, request.share);
    const { stream } = admission;
    const refusal = refuseAtomic(request, stream, operation, concerned);
    if (refusal !== null)
        return { outcome: failed(refusal) };
    let breaking = false;
    /** The outcome of an open that has to wait; one that does not want to wait goes on. */
    const checked = (of, what, levels) => {
        const blocked = breakOplocks(request, of, what, request.oplockKey, levels);
        breaking ||= blocked !== null;
        return request.completeIfOplocked ? null : blocked;
    };
    for (const other of [stream, ...alsoConcerned(request, stream, replaces, admitted)]) {
        const early = checked(other, operation, (level) => isBatchOrFilter(level) && concerned(level));
        if (early !== null)
            return { outcome: early };
    }
    const underway = breaking;
    if (!isSharedWell(request, admission, admitted)) {
        const held = checked(stream, 'sharing-violation', () => true);
        if (held !== null)
            return { outcome: held };
        const information = underway ? FILE_OPBATCH_BREAK_UNDERWAY : 0;
        return { outcome: { status: NtStatus.STATUS_SHARING_VIOLATION, information } };
    }
    const late = checked(stream, operation, (level) => !isBatchOrFilter(level) && concerned(level));
    return late === null ? { admitted, breaking } : { outcome: late };
}
/**
 * FILE_OPEN_REQUIRING_OPLOCK (Windows 7): fails rather than breaks. FILE_RESERVE_OPFILTER: fails
 * where a filter oplock could not be granted anyway.
 */
function refuseAtomic(request, { oplock, openCount }, operation, concerned) {
    if (request.reservesFilter && openCount > 0)
        return NtStatus.STATUS_OPLOCK_NOT_GRANTED;
    if (!request.requiresOplock)
        return null;
    return oplock.wouldBreak(operation, request.oplockKey, concerned)
        ? NtStatus.STATUS_CANNOT_BREAK_OPLOCK
        : null;
}
/**
 * Streams of the same file whose batch and filter oplocks break too: those of the unnamed stream
 * where another one is replaced without sharing deletion, those of all streams where the unnamed one
 * is replaced by somebody who wants to delete.
 */
function alsoConcerned(request, stream, replaces, { sharing }) {
    const { file } = stream;
    if (!replaces)
        return [];
    if (stream !== file.main)
        return sharing.sharesDelete ? [] : [file.main];
    return sharing.deletes ? [...file.named.values()] : [];
}
