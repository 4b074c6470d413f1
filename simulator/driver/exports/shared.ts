// What several tables need: kinds of pool, and locks that wait.
import type { PoolType } from '../../kernel/kernel.ts';
import { enterRegion, leaveRegion } from '../../kernel/apcBarriers.ts';
import type { Room } from '../room.ts';

/** Bit 0 of POOL_TYPE; the bits above choose alignment, quota and no-execute. */
export const poolTypeOf = (type: number): PoolType => ((type & 1) === 0 ? 'nonpaged' : 'paged');

/** Enters a critical region and acquires; how FltAcquire… and push locks do it. */
export async function acquireResource(
  room: Room,
  address: number,
  how: 'exclusive' | 'shared',
  routine: string,
): Promise<void> {
  enterRegion(room.kernel.scheduler.current, 'critical region', room.calledBy(routine));
  await room.dispatcher.resource(address, routine).acquire(how, true);
}

/** Releases and leaves the critical region; pending normal APCs run then. */
export function releaseResource(
  room: Room,
  address: number,
  routine: string,
): Promise<void> | void {
  const { scheduler } = room.kernel;
  room.dispatcher.resource(address, routine).release(scheduler.current);
  return leaveCriticalRegion(room);
}

export function leaveCriticalRegion(room: Room): Promise<void> | void {
  const { scheduler } = room.kernel;
  leaveRegion(scheduler.current, 'critical region');
  if (scheduler.apcDeliverable) return scheduler.deliverApcs();
}
