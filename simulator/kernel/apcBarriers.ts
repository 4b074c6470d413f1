// Critical and guarded regions and raised IRQL, each with who is behind it: what holds back APCs must
// be nameable when a thread waits for one of them for ever.
// Models: DDI KeEnterCriticalRegion, KeEnterGuardedRegion, KeRaiseIrql; R-SECTION-14, R-SECTION-16.
import { Irql, type ApcBarrier, type Culprit, type Thread } from './thread.ts';

type Region = Exclude<ApcBarrier['kind'], 'IRQL'>;

export function enterRegion(thread: Thread, kind: Region, culprit: Culprit): void {
  count(thread, kind, 1);
  thread.barriers.push({ kind, culprit });
}

/**
 * The one that `culprit` entered, or the innermost of its kind. The caller delivers what can be
 * delivered then.
 */
export function leaveRegion(thread: Thread, kind: Region, culprit?: Culprit): void {
  count(thread, kind, -1);
  const own = thread.barriers.findIndex((one) => one.culprit === culprit);
  if (own === -1) forget(thread, kind);
  else thread.barriers.splice(own, 1);
}

/** The IRQL before. */
export function raiseTo(thread: Thread, irql: Irql, culprit: Culprit): Irql {
  const before = thread.irql;
  thread.irql = irql;
  thread.barriers.push({ kind: 'IRQL', culprit });
  return before;
}

export function lowerTo(thread: Thread, irql: Irql): void {
  thread.irql = irql;
  forget(thread, 'IRQL');
}

/** Whoever stands behind the innermost barrier of a kind; null when nobody can be named. */
export function behind(thread: Thread, kind: ApcBarrier['kind']): Culprit | null {
  return thread.barriers.findLast((one) => one.kind === kind)?.culprit ?? null;
}

function count(thread: Thread, kind: Region, by: 1 | -1): void {
  if (kind === 'critical region') thread.criticalRegions += by;
  else thread.guardedRegions += by;
}

function forget(thread: Thread, kind: ApcBarrier['kind']): void {
  const place = thread.barriers.findLastIndex((one) => one.kind === kind);
  if (place !== -1) thread.barriers.splice(place, 1);
}

/** Why special kernel APCs are held back, for people; null when they are not. */
export function whyAllDisabled(thread: Thread): string | null {
  if (!allApcsDisabled(thread)) return null;
  const raised = thread.irql > 0;
  const culprit = behind(thread, raised ? 'IRQL' : 'guarded region');
  const level = thread.irql === Irql.APC_LEVEL ? 'APC_LEVEL' : 'DISPATCH_LEVEL';
  const why = raised ? `IRQL is ${level}` : 'inside a guarded region';
  return culprit === null ? why : `${why} (${culprit.name()})`;
}

/** Special kernel APCs are held back: KeAreAllApcsDisabled. */
export const allApcsDisabled = ({ guardedRegions, irql }: Thread): boolean =>
  guardedRegions > 0 || irql > 0;
