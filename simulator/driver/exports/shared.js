import { enterRegion, leaveRegion } from '../../kernel/apcBarriers.ts';
/** Bit 0 of POOL_TYPE; the bits above choose alignment, quota and no-execute. */
export const poolTypeOf = (type) => ((type & 1) === 0 ? 'nonpaged' : 'paged');
/** Enters a critical region and acquires; how FltAcquire… and push locks do it. */
export async function acquireResource(room, address, how, routine) {
    enterRegion(room.kernel.scheduler.current, 'critical region', room.calledBy(routine));
    await room.dispatcher.resource(address, routine).acquire(how, true);
}
/** Releases and leaves the critical region; pending normal APCs run then. */
export function releaseResource(room, address, routine) {
    const { scheduler } = room.kernel;
    room.dispatcher.resource(address, routine).release(scheduler.current);
    return leaveCriticalRegion(room);
}
export function leaveCriticalRegion(room) {
    const { scheduler } = room.kernel;
    leaveRegion(scheduler.current, 'critical region');
    if (scheduler.apcDeliverable)
        return scheduler.deliverApcs();
}
