import { IrpFlag, NtStatus } from '../../contract/windows/index.ts';
import { HangSignal } from '../kernel/kernel.ts';
/** Thrown through driver code by PsTerminateSystemThread, and caught where the thread began. */
export class ThreadEnd extends Error {
    name = 'ThreadEnd';
}
const WORK_ITEM_BYTES = 0x40;
/** Items that each queue the next one: more of them in a row are a loop. */
const CHAIN_MAX = 5_000;
/** Handles are multiples of 4; these are the System process's own. */
const FIRST_HANDLE = 0x80000004;
export class WorkItems {
    room;
    items = new Set();
    handles = new Map();
    system;
    threads = 0;
    /** Worker threads that carry out an item, with the number of items that led to it. */
    chains = new Map();
    /** Made on a System thread, whose process its threads join. */
    constructor(room) {
        this.room = room;
        this.system = room.kernel.scheduler.current.process;
    }
    allocate() {
        const { kernel, input } = this.room;
        const address = kernel.pool.allocate('nonpaged', WORK_ITEM_BYTES, 'FMwi', input.name);
        this.items.add(address);
        return address;
    }
    free(address, routine) {
        if (this.items.delete(address)) {
            this.room.kernel.pool.free(address);
            return;
        }
        const shown = `0x${address.toString(16).padStart(8, '0')}`;
        this.room.kernel.report({ id: 'bad-handle', message: `${routine} was given ${shown}.` });
    }
    /** Calls `routine` with `values` on a worker thread at PASSIVE_LEVEL. */
    queue(what, routine, values) {
        const { room } = this;
        const place = room.placeOfRoutine(routine);
        const name = place?.function ?? `0x${routine.toString(16)}`;
        const { scheduler } = room.kernel;
        const chain = (this.chains.get(scheduler.current) ?? 0) + 1;
        if (chain > CHAIN_MAX)
            throw this.endless(name);
        room.kernel.workQueue.queue(`${what} ${name}`, async () => {
            const worker = scheduler.current;
            this.chains.set(worker, chain);
            await room.call(routine, { kind: 'other', data: null, place }, () => values);
            this.chains.delete(worker);
        });
    }
    /** A work item that queues itself for ever keeps a worker thread busy as a loop would. */
    endless(name) {
        const message = `${name} queues work again each time it runs, ${CHAIN_MAX} times in a row.`;
        this.room.kernel.report({ id: 'endless-loop', message });
        return new HangSignal([message]);
    }
    /** FltQueueDeferredIoWorkItem. Models: R-SECTION-20. */
    queueDeferred(item, data, routine, context) {
        const isPaging = (data.iopb.irpFlags & IrpFlag.IRP_PAGING_IO) !== 0;
        const isNested = this.room.kernel.scheduler.current.topLevelIrp !== 0;
        if (data.operation.path !== 'irp' || isPaging || isNested) {
            return NtStatus.STATUS_FLT_NOT_SAFE_TO_POST_OPERATION;
        }
        if (data.operation.hold?.instance.state === 'tearing-down') {
            return NtStatus.STATUS_FLT_DELETING_OBJECT;
        }
        this.queue('deferred work', routine, [item, data.address, context]);
        return NtStatus.STATUS_SUCCESS;
    }
    /** PsCreateSystemThread: a handle to the new thread. */
    createThread(routine, context) {
        const { room } = this;
        const { scheduler } = room.kernel;
        this.threads += 1;
        const place = room.placeOfRoutine(routine);
        const name = `${room.input.name}-${this.threads}`;
        const thread = scheduler.createThread(this.system, name, async () => {
            await this.runThread(routine, context, place);
            ended.set();
        }, { daemon: true });
        const ended = room.dispatcher.noteThread(thread);
        const handle = FIRST_HANDLE + 4 * this.handles.size;
        this.handles.set(handle, thread);
        return handle;
    }
    async runThread(routine, context, place) {
        try {
            await this.room.call(routine, { kind: 'other', data: null, place }, () => [context]);
        }
        catch (error) {
            if (!(error instanceof ThreadEnd))
                throw error;
        }
    }
    threadOfHandle(handle) {
        return this.handles.get(handle);
    }
}
