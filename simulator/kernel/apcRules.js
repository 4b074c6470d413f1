// When a kernel APC may interrupt its thread, as a table in code: special kernel APCs are held back by
// IRQL and guarded regions, normal ones by critical regions too.
import { behind } from './apcBarriers.ts';
import { Irql } from './thread.ts';
/**
 * Why the APC cannot run now; null when it can.
 * Models: R-SECTION-16 and R-SECTION-14; DDI KeEnterCriticalRegion, KeEnterGuardedRegion.
 */
export function heldBackBy(thread, apc) {
    if (thread.irql >= Irql.DISPATCH_LEVEL)
        return 'IRQL is DISPATCH_LEVEL';
    if (thread.irql >= Irql.APC_LEVEL)
        return 'IRQL is APC_LEVEL';
    if (thread.guardedRegions > 0)
        return `inside ${regions(thread.guardedRegions, 'guarded')}`;
    if (apc.kind === 'special')
        return null;
    if (thread.criticalRegions > 0)
        return `inside ${regions(thread.criticalRegions, 'critical')}`;
    return thread.normalApcInProgress ? 'another normal kernel APC runs' : null;
}
/** The same with who is behind it, for people. */
export function toldHeldBackBy(thread, apc) {
    const why = heldBackBy(thread, apc);
    if (why === null)
        return null;
    const by = behind(thread, barrierBehind(thread, apc));
    return by === null ? why : `${why} (${by.name()})`;
}
function barrierBehind(thread, apc) {
    if (thread.irql >= Irql.APC_LEVEL)
        return 'IRQL';
    const guarded = thread.guardedRegions > 0 || apc.kind === 'special';
    return guarded ? 'guarded region' : 'critical region';
}
const regions = (count, kind) => count === 1 ? `a ${kind} region` : `${count} ${kind} regions`;
/** The place in the queue of the next APC that can run, or -1. Special ones stand before normal ones. */
export function nextDeliverable(thread) {
    if (thread.apcQueue.length === 0)
        return -1;
    return thread.apcQueue.findIndex((apc) => heldBackBy(thread, apc) === null);
}
/** Queues it behind those of its kind; special kernel APCs run before normal ones. */
export function enqueueApc(thread, apc) {
    const firstNormal = thread.apcQueue.findIndex((one) => one.kind === 'normal');
    if (apc.kind === 'normal' || firstNormal === -1)
        thread.apcQueue.push(apc);
    else
        thread.apcQueue.splice(firstNormal, 0, apc);
}
