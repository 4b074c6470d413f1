// The notify list of a volume and the routines of the run-time library that file systems call with
// it: FsRtlNotifyFullChangeDirectory, FsRtlNotifyFullReportChange, FsRtlNotifyCleanup and
// FsRtlNotifyCleanupAll. Knows names and IRPs only; nothing here depends on the file system.
//
// Every routine first brings all watches up to date and only then completes requests, because a
// completion runs other drivers' code, which may come back here.
import { NtStatus, fileActionName } from '../../../contract/windows/index.ts';
import type { RuleId } from '../../../contract/rules.ts';
import type { IoManager } from '../../io/ioManager.ts';
import { currentStackLocation, type Irp } from '../../io/irp.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { deliver, requestLength } from './delivery.ts';
import { Watch, type Taken, type WatchTerms } from './watch.ts';

/** A request to be told of changes; the length that fixes the room is the request's own. */
export type ChangeRequest = Omit<WatchTerms, 'capacity_bytes'> & { readonly irp: Irp };

/** FsRtlNotifyFullReportChange: something happened to `fullName`. */
export interface Change {
  /** From the root of the volume, with a leading backslash: "\dir\file". */
  readonly fullName: string;
  /** Where its last component begins: TargetNameOffset, in UTF-16 units. */
  readonly nameOffset: number;
  /** Appended after a colon (R-NOTIFY-46). */
  readonly streamName?: string;
  /** FILE_NOTIFY_CHANGE_…: a watch with any of them takes the change. */
  readonly filterMatch: number;
  /** FILE_ACTION_…. */
  readonly action: number;
  /** Why the file system reports it. */
  readonly rules: readonly RuleId[];
}

interface Completion {
  readonly irp: Irp;
  readonly status: NtStatus;
  readonly information: number;
}

interface TakenBy {
  readonly watch: Watch;
  readonly taken: Taken;
}

export class NotifyList {
  private readonly kernel: Kernel;
  private readonly io: IoManager;
  /** In the order in which the handles asked first: changes are offered in this order. */
  private readonly watches: Watch[] = [];

  constructor(kernel: Kernel, io: IoManager) {
    this.kernel = kernel;
    this.io = io;
  }

  /** Whether any handle watches: spares its callers the work of making names. */
  get isEmpty(): boolean {
    return this.watches.length === 0;
  }

  /**
   * FsRtlNotifyFullChangeDirectory with an IRP: answers from what has been kept, or queues it.
   * Always returns STATUS_PENDING, also where the request has been completed inside (R-NOTIFY-8).
   * Models: R-NOTIFY-7 and 8, 12 to 18, 56. IRQL: PASSIVE_LEVEL.
   */
  async changeDirectory(request: ChangeRequest): Promise<NtStatus> {
    const { irp } = request;
    const watch = this.watchOf(request);
    this.io.markPending(irp);
    switch (watch.answer) {
      case 'list':
        await this.complete(this.fulfil(watch, irp, true));
        break;
      case 'enumerate':
        watch.consume();
        await this.complete({ irp, status: NtStatus.STATUS_NOTIFY_ENUM_DIR, information: 0 });
        break;
      case 'wait':
        await this.wait(watch, irp);
    }
    return NtStatus.STATUS_PENDING;
  }

  /** FsRtlNotifyFullReportChange. A promise only where a request has to be completed. */
  reportChange(change: Change): void | Promise<void> {
    if (this.watches.length === 0) return undefined;
    const takenBy: TakenBy[] = [];
    for (const watch of this.watches) {
      if ((watch.terms.completionFilter & change.filterMatch) === 0) continue;
      const name = relativeName(watch.terms, change);
      if (name !== null) takenBy.push({ watch, taken: watch.take(change.action, name) });
    }
    if (takenBy.length === 0) return undefined;
    const rules = new Set(change.rules);
    const completions: Completion[] = [];
    for (const { watch, taken } of takenBy) {
      rules.add(resultRule[taken.result]);
      const completion = this.completionOf(watch, taken, rules);
      if (completion !== null) completions.push(completion);
    }
    this.emit(change, takenBy, [...rules]);
    return completions.length === 0 ? undefined : this.completeAll(completions);
  }

  /**
   * FsRtlNotifyFullChangeDirectory without an IRP: the directory goes away. Every request whose file
   * object is open on `directory` (its FsContext) ends with STATUS_DELETE_PENDING (R-NOTIFY-48).
   */
  directoryDeleted(directory: object): void | Promise<void> {
    const isOpenOnIt = (irp: Irp): boolean =>
      currentStackLocation(irp).fileObject?.fsContext === directory;
    return this.end(this.watches, NtStatus.STATUS_DELETE_PENDING, isOpenOnIt);
  }

  /** FsRtlNotifyCleanup: the handle is gone; its requests end, all of them (R-NOTIFY-47). */
  cleanup(handle: object): void | Promise<void> {
    const at = this.watches.findIndex((watch) => watch.terms.handle === handle);
    const watch = this.watches[at];
    if (watch === undefined) return undefined;
    this.watches.splice(at, 1);
    return this.end([watch], NtStatus.STATUS_NOTIFY_CLEANUP, () => true);
  }

  /** FsRtlNotifyCleanupAll: the volume is being dismounted (R-NOTIFY-51). */
  cleanupAll(): void | Promise<void> {
    return this.end(this.watches.splice(0), NtStatus.STATUS_NOTIFY_CLEANUP, () => true);
  }

  /** The first request of a handle makes its watch; later ones cannot change it (R-NOTIFY-12). */
  private watchOf(request: ChangeRequest): Watch {
    const known = this.watches.find((watch) => watch.terms.handle === request.handle);
    if (known !== undefined) return known;
    const { irp, ...terms } = request;
    const watch = new Watch({ ...terms, capacity_bytes: requestLength(irp) });
    this.watches.push(watch);
    return watch;
  }

  private async wait(watch: Watch, irp: Irp): Promise<void> {
    watch.waiting.push(irp);
    this.io.setCancelRoutine(irp, (cancelled) => this.cancel(watch, cancelled));
    // Cancelled on its way here, before there was a routine to call.
    if (irp.cancel && this.io.setCancelRoutine(irp, null) !== null) await this.cancel(watch, irp);
  }

  /**
   * Cancelling ends the request, not the watch (R-NOTIFY-16, 49). Whoever took the cancel routine owns
   * the request, so it is completed here even where somebody was about to.
   */
  private async cancel(watch: Watch, irp: Irp): Promise<void> {
    watch.remove(irp);
    await this.complete({ irp, status: NtStatus.STATUS_CANCELLED, information: 0 });
  }

  private completionOf(watch: Watch, taken: Taken, rules: Set<RuleId>): Completion | null {
    if (taken.result === 'buffered' || taken.ready === null) return null;
    const irp = taken.ready;
    // No routine left to take back: it is being cancelled, and whoever does that completes it.
    if (this.io.setCancelRoutine(irp, null) === null) return null;
    if (taken.result === 'overflow') {
      return { irp, status: NtStatus.STATUS_NOTIFY_ENUM_DIR, information: 0 };
    }
    return this.fulfil(watch, irp, false, rules);
  }

  /** The list for the request, or the news that it does not fit; the watch begins anew either way. */
  private fulfil(watch: Watch, irp: Irp, issuing: boolean, rules?: Set<RuleId>): Completion {
    const information = watch.entries.byteLength;
    const fits = information <= requestLength(irp);
    if (fits) {
      const rule = deliver(this.kernel, irp, watch.entries, issuing);
      rules?.add(rule);
    }
    watch.consume();
    return fits
      ? { irp, status: NtStatus.STATUS_SUCCESS, information }
      : { irp, status: NtStatus.STATUS_NOTIFY_ENUM_DIR, information: 0 };
  }

  private end(
    watches: readonly Watch[],
    status: NtStatus,
    which: (irp: Irp) => boolean,
  ): void | Promise<void> {
    const completions: Completion[] = [];
    for (const watch of watches) {
      for (const irp of watch.waiting.filter(which)) {
        watch.remove(irp);
        if (this.io.setCancelRoutine(irp, null) === null) continue;
        completions.push({ irp, status, information: 0 });
      }
    }
    return completions.length === 0 ? undefined : this.completeAll(completions);
  }

  private async completeAll(completions: readonly Completion[]): Promise<void> {
    for (const completion of completions) await this.complete(completion);
  }

  private async complete({ irp, status, information }: Completion): Promise<void> {
    irp.ioStatus.status = status;
    irp.ioStatus.information = information;
    const frame = this.kernel.debug?.enter('nt!FsRtlNotifyCompleteIrp', irp.address);
    await this.io.completeRequest(irp);
    this.kernel.debug?.leave(frame);
  }

  private emit(change: Change, takenBy: readonly TakenBy[], rules: readonly RuleId[]): void {
    this.kernel.trace.emit({
      kind: 'notify-report',
      name: withStream(change.fullName, change),
      filter: change.filterMatch,
      action: fileActionName(change.action),
      watches: takenBy.map(({ watch, taken }) => ({
        directory: watch.terms.directoryName() || '\\',
        result: taken.result,
      })),
      rules: [...rules],
    });
  }
}

const resultRule: Readonly<Record<Taken['result'], RuleId>> = {
  buffered: 'R-NOTIFY-18',
  completed: 'R-NOTIFY-19',
  overflow: 'R-NOTIFY-21',
};

const withStream = (name: string, change: Change): string =>
  change.streamName === undefined ? name : `${name}:${change.streamName}`;

/**
 * The name that the watch sees, or null where it does not see the change: relative to the watched
 * directory, case as stored (R-NOTIFY-26). The directory itself is not below itself (R-NOTIFY-41).
 */
function relativeName(terms: WatchTerms, change: Change): string | null {
  const directory = terms.directoryName();
  const { fullName, nameOffset } = change;
  const isChild = nameOffset === directory.length + 1;
  if (!isChild && !(terms.watchTree && nameOffset > directory.length + 1)) return null;
  if (!fullName.startsWith(directory) || fullName.charCodeAt(directory.length) !== BACKSLASH) {
    return null;
  }
  if (terms.traverseCheck !== null && !isChild && !terms.traverseCheck(fullName)) return null;
  return withStream(fullName.slice(directory.length + 1), change);
}

const BACKSLASH = 0x5c;
