// Critical and guarded regions and raised IRQL, each with who is behind it: what holds back APCs must
// be nameable when a thread waits for one of them for ever.
// Models: DDI KeEnterCriticalRegion, KeEnterGuardedRegion, KeRaiseIrql; R-SECTION-14, R-SECTION-16.
import { Irql } from './thread.ts';
export function enterRegion(thread, kind, culprit) {
    count(thread, kind, 1);
    thread.barriers.push({ kind, culprit });
}
/**
 * The one that `culprit` entered, or the innermost of its kind. The caller delivers what can be
 * delivered then.
 */
export function leaveRegion(thread, kind, culprit) {
    count(thread, kind, -1);
    const own = thread.barriers.findIndex((one) => one.culprit === culprit);
    if (own === -1)
        forget(thread, kind);
    else
        thread.barriers.splice(own, 1);
}
/** The IRQL before. */
export function raiseTo(thread, irql, culprit) {
    const before = thread.irql;
    thread.irql = irql;
    thread.barriers.push({ kind: 'IRQL', culprit });
    return before;
}
export function lowerTo(thread, irql) {
    thread.irql = irql;
    forget(thread, 'IRQL');
}
/** Whoever stands behind the innermost barrier of a kind; null when nobody can be named. */
export function behind(thread, kind) {
    return thread.barriers.findLast((one) => one.kind === kind)?.culprit ?? null;
}
function count(thread, kind, by) {
    if (kind === 'critical region')
        thread.criticalRegions += by;
    else
        thread.guardedRegions += by;
}
function forget(thread, kind) {
    const place = thread.barriers.findLastIndex((one) => one.kind === kind);
    if (place !== -1)
        thread.barriers.splice(place, 1);
}
/** Why special kernel APCs are held back, for people; null when they are not. */
export function whyAllDisabled(thread) {
    if (!allApcsDisabled(thread))
        return null;
    const raised = thread.irql > 0;
    const culprit = behind(thread, raised ? 'IRQL' : 'guarded region');
    const level = thread.irql === Irql.APC_LEVEL ? 'APC_LEVEL' : 'DISPATCH_LEVEL';
    const why = raised ? `IRQL is ${level}` : 'inside a guarded region';
    return culprit === null ? why : `${why} (${culprit.name()})`;
}
/** Special kernel APCs are held back: KeAreAllApcsDisabled. */
export const allApcsDisabled = ({ guardedRegions, irql }) => guardedRegions > 0 || irql > 0;
