// Critical and guarded regions and raised IRQL, each with who is behind it: what holds back APCs must
// be nameable when a thread waits for one of them for ever.
// Models: DDI KeEnterCriticalRegion, KeEnterGuardedRegion, KeRaiseIrql; R-SECTION-14, R-SECTION-16.
import type { ApcBarrier, Irql, Thread } from './thread.ts';

type Region = Exclude<ApcBarrier['kind'], 'IRQL'>;

export function enterRegion(thread: Thread, kind: Region, by: () => string): void {
  count(thread, kind, 1);
  thread.barriers.push({ kind, by });
}

/** The innermost of its kind. The caller delivers what can be delivered then. */
export function leaveRegion(thread: Thread, kind: Region): void {
  count(thread, kind, -1);
  forget(thread, kind);
}

/** The IRQL before. */
export function raiseTo(thread: Thread, irql: Irql, by: () => string): Irql {
  const before = thread.irql;
  thread.irql = irql;
  thread.barriers.push({ kind: 'IRQL', by });
  return before;
}

export function lowerTo(thread: Thread, irql: Irql): void {
  thread.irql = irql;
  forget(thread, 'IRQL');
}

/** Whoever stands behind the innermost barrier of a kind; null when nobody can be named. */
export function behind(thread: Thread, kind: ApcBarrier['kind']): string | null {
  return thread.barriers.findLast((one) => one.kind === kind)?.by() ?? null;
}

function count(thread: Thread, kind: Region, by: 1 | -1): void {
  if (kind === 'critical region') thread.criticalRegions += by;
  else thread.guardedRegions += by;
}

function forget(thread: Thread, kind: ApcBarrier['kind']): void {
  const place = thread.barriers.findLastIndex((one) => one.kind === kind);
  if (place !== -1) thread.barriers.splice(place, 1);
}

/** Special kernel APCs are held back: KeAreAllApcsDisabled. */
export const allApcsDisabled = ({ guardedRegions, irql }: Thread): boolean =>
  guardedRegions > 0 || irql > 0;
