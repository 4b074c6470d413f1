// The notify list of a volume and the routines of the run-time library that file systems call with
// it: FsRtlNotifyFullChangeDirectory, FsRtlNotifyFullReportChange, FsRtlNotifyCleanup and
// FsRtlNotifyCleanupAll. Knows names and IRPs only; nothing here depends on the file system.
//
// Every routine first brings all watches up to date and only then completes requests, because a
// completion runs other drivers' code, which may come back here.
import { NtStatus, fileActionName } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { deliver, requestLength } from './delivery.ts';
import { Watch } from './watch.ts';
export class NotifyList {
    kernel;
    io;
    /** In the order in which the handles asked first: changes are offered in this order. */
    watches = [];
    constructor(kernel, io) {
        this.kernel = kernel;
        this.io = io;
    }
    /** Whether any handle watches: spares its callers the work of making names. */
    get isEmpty() {
        return this.watches.length === 0;
    }
    /**
     * FsRtlNotifyFullChangeDirectory with an IRP: answers from what has been kept, or queues it.
     * Always returns STATUS_PENDING, also where the request has been completed inside (R-NOTIFY-8).
     * Models: R-NOTIFY-7 and 8, 12 to 18, 56. IRQL: PASSIVE_LEVEL.
     */
    async changeDirectory(request) {
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
    reportChange(change) {
        if (this.watches.length === 0)
            return undefined;
        const takenBy = [];
        for (const watch of this.watches) {
            if ((watch.terms.completionFilter & change.filterMatch) === 0)
                continue;
            const name = relativeName(watch.terms, change);
            if (name !== null)
                takenBy.push({ watch, taken: watch.take(change.action, name) });
        }
        if (takenBy.length === 0)
            return undefined;
        const rules = new Set(change.rules);
        const completions = [];
        for (const { watch, taken } of takenBy) {
            rules.add(resultRule[taken.result]);
            const completion = this.completionOf(watch, taken, rules);
            if (completion !== null)
                completions.push(completion);
        }
        this.emit(change, takenBy, [...rules]);
        return completions.length === 0 ? undefined : this.completeAll(completions);
    }
    /**
     * FsRtlNotifyFullChangeDirectory without an IRP: the directory goes away. Every request whose file
     * object is open on `directory` (its FsContext) ends with STATUS_DELETE_PENDING (R-NOTIFY-48).
     */
    directoryDeleted(directory) {
        const isOpenOnIt = (irp) => currentStackLocation(irp).fileObject?.fsContext === directory;
        return this.end(this.watches, NtStatus.STATUS_DELETE_PENDING, isOpenOnIt);
    }
    /** FsRtlNotifyCleanup: the handle is gone; its requests end, all of them (R-NOTIFY-47). */
    cleanup(handle) {
        const at = this.watches.findIndex((watch) => watch.terms.handle === handle);
        const watch = this.watches[at];
        if (watch === undefined)
            return undefined;
        this.watches.splice(at, 1);
        return this.end([watch], NtStatus.STATUS_NOTIFY_CLEANUP, () => true);
    }
    /** FsRtlNotifyCleanupAll: the volume is being dismounted (R-NOTIFY-51). */
    cleanupAll() {
        return this.end(this.watches.splice(0), NtStatus.STATUS_NOTIFY_CLEANUP, () => true);
    }
    /** The first request of a handle makes its watch; later ones cannot change it (R-NOTIFY-12). */
    watchOf(request) {
        const known = this.watches.find((watch) => watch.terms.handle === request.handle);
        if (known !== undefined)
            return known;
        const { irp, ...terms } = request;
        const watch = new Watch({ ...terms, capacity_bytes: requestLength(irp) });
        this.watches.push(watch);
        return watch;
    }
    async wait(watch, irp) {
        watch.waiting.push(irp);
        this.io.setCancelRoutine(irp, (cancelled) => this.cancel(watch, cancelled));
        // Cancelled on its way here, before there was a routine to call.
        if (irp.cancel && this.io.setCancelRoutine(irp, null) !== null)
            await this.cancel(watch, irp);
    }
    /**
     * Cancelling ends the request, not the watch (R-NOTIFY-16, 49). Whoever took the cancel routine owns
     * the request, so it is completed here even where somebody was about to.
     */
    async cancel(watch, irp) {
        watch.remove(irp);
        await this.complete({ irp, status: NtStatus.STATUS_CANCELLED, information: 0 });
    }
    completionOf(watch, taken, rules) {
        if (taken.result === 'buffered' || taken.ready === null)
            return null;
        const irp = taken.ready;
        // No routine left to take back: it is being cancelled, and whoever does that completes it.
        if (this.io.setCancelRoutine(irp, null) === null)
            return null;
        if (taken.result === 'overflow') {
            return { irp, status: NtStatus.STATUS_NOTIFY_ENUM_DIR, information: 0 };
        }
        return this.fulfil(watch, irp, false, rules);
    }
    /** The list for the request, or the news that it does not fit; the watch begins anew either way. */
    fulfil(watch, irp, issuing, rules) {
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
    end(watches, status, which) {
        const completions = [];
        for (const watch of watches) {
            for (const irp of watch.waiting.filter(which)) {
                watch.remove(irp);
                if (this.io.setCancelRoutine(irp, null) === null)
                    continue;
                completions.push({ irp, status, information: 0 });
            }
        }
        return completions.length === 0 ? undefined : this.completeAll(completions);
    }
    async completeAll(completions) {
        for (const completion of completions)
            await this.complete(completion);
    }
    async complete({ irp, status, information }) {
        irp.ioStatus.status = status;
        irp.ioStatus.information = information;
        const frame = this.kernel.debug?.enter('nt!FsRtlNotifyCompleteIrp', irp.address);
        await this.io.completeRequest(irp);
        this.kernel.debug?.leave(frame);
    }
    emit(change, takenBy, rules) {
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
const resultRule = {
    buffered: 'R-NOTIFY-18',
    completed: 'R-NOTIFY-19',
    overflow: 'R-NOTIFY-21',
};
const withStream = (name, change) => change.streamName === undefined ? name : `${name}:${change.streamName}`;
/**
 * The name that the watch sees, or null where it does not see the change: relative to the watched
 * directory, case as stored (R-NOTIFY-26). The directory itself is not below itself (R-NOTIFY-41).
 */
function relativeName(terms, change) {
    const directory = terms.directoryName();
    const { fullName, nameOffset } = change;
    const isChild = nameOffset === directory.length + 1;
    if (!isChild && !(terms.watchTree && nameOffset > directory.length + 1))
        return null;
    if (!fullName.startsWith(directory) || fullName.charCodeAt(directory.length) !== BACKSLASH) {
        return null;
    }
    if (terms.traverseCheck !== null && !isChild && !terms.traverseCheck(fullName))
        return null;
    return withStream(fullName.slice(directory.length + 1), change);
}
const BACKSLASH = 0x5c;
