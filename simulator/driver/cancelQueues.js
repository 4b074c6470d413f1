// Cancel-safe queues of callback data: the queue is the driver's own structure with the driver's own
// routines; what makes it safe is here.
// Models: FltCbdqInitialize and its family; the order of calls is that of IoCsq….
import { NtStatus, ntSuccess } from '../../contract/windows/index.ts';
import { CallbackDataQueueLayout as Layout } from './layout.ts';
const IRQL_BYTES = 1;
export class CancelQueues {
    room;
    queues = new Map();
    /** FLT_CALLBACK_DATA_QUEUE_IO_CONTEXT → what was inserted with it. */
    byContext = new Map();
    constructor(room) {
        this.room = room;
    }
    initialize(address, instance, routines) {
        const { memory } = this.room;
        this.room.probe(address, Layout.length, true, 'FltCbdqInitialize');
        memory.bytes(address, Layout.length).fill(0);
        memory.write32(address + Layout.Instance, instance.address);
        memory.write32(address + Layout.InsertIo, routines.insert);
        memory.write32(address + Layout.RemoveIo, routines.remove);
        memory.write32(address + Layout.PeekNextIo, routines.peek);
        memory.write32(address + Layout.Acquire, routines.acquire);
        memory.write32(address + Layout.Release, routines.release);
        memory.write32(address + Layout.CompleteCanceledIo, routines.completeCanceled);
        this.queues.set(address, { address, enabled: true });
    }
    enable(address, enabled) {
        this.find(address, enabled ? 'FltCbdqEnable' : 'FltCbdqDisable').enabled = enabled;
    }
    /** FltCbdqInsertIo: what the driver's insert routine says, or that the queue takes nothing now. */
    async insert(address, data, context, insertContext) {
        const { room } = this;
        const queue = this.find(address, 'FltCbdqInsertIo');
        const irql = await this.acquire(queue);
        if (!queue.enabled) {
            await this.release(queue, irql);
            return NtStatus.STATUS_FLT_CBDQ_DISABLED;
        }
        const status = await this.call(queue, Layout.InsertIo, [address, data.address, insertContext]);
        if (!ntSuccess(status)) {
            await this.release(queue, irql);
            return status;
        }
        if (context !== 0)
            this.byContext.set(context, data);
        const cancelled = room.manager.io.setCancelCompletion(data, () => this.cancel(queue, data));
        if (cancelled === NtStatus.STATUS_CANCELLED) {
            await this.call(queue, Layout.RemoveIo, [address, data.address]);
            await this.release(queue, irql);
            await this.call(queue, Layout.CompleteCanceledIo, [address, data.address]);
            return NtStatus.STATUS_SUCCESS;
        }
        await this.release(queue, irql);
        return NtStatus.STATUS_SUCCESS;
    }
    /** FltCbdqRemoveNextIo: the first that the driver's peek routine names and nobody cancels. */
    async removeNext(address, peekContext) {
        const { room } = this;
        const queue = this.find(address, 'FltCbdqRemoveNextIo');
        const irql = await this.acquire(queue);
        let next = await this.call(queue, Layout.PeekNextIo, [address, 0, peekContext]);
        while (next !== 0) {
            const data = room.manager.dataAt(next);
            if (data !== undefined && this.take(data)) {
                await this.call(queue, Layout.RemoveIo, [address, next]);
                break;
            }
            next = await this.call(queue, Layout.PeekNextIo, [address, next, peekContext]);
        }
        await this.release(queue, irql);
        return next;
    }
    /** FltCbdqRemoveIo: the one that was inserted with this context; 0 when it has been cancelled. */
    async remove(address, context) {
        const queue = this.find(address, 'FltCbdqRemoveIo');
        const irql = await this.acquire(queue);
        const data = this.byContext.get(context);
        const taken = data !== undefined && this.take(data);
        if (taken) {
            this.byContext.delete(context);
            await this.call(queue, Layout.RemoveIo, [address, data.address]);
        }
        await this.release(queue, irql);
        return taken ? data.address : 0;
    }
    take(data) {
        return ntSuccess(this.room.manager.io.clearCancelCompletion(data));
    }
    async cancel(queue, data) {
        const irql = await this.acquire(queue);
        await this.call(queue, Layout.RemoveIo, [queue.address, data.address]);
        await this.release(queue, irql);
        await this.call(queue, Layout.CompleteCanceledIo, [queue.address, data.address]);
    }
    async acquire(queue) {
        let irql = 0;
        await this.callWith(queue, Layout.Acquire, (cell) => [queue.address, cell], (cell) => {
            irql = this.room.memory.read8(cell);
        });
        return irql;
    }
    release(queue, irql) {
        return this.call(queue, Layout.Release, [queue.address, irql]);
    }
    call(queue, at, values) {
        return this.callWith(queue, at, () => values, () => undefined);
    }
    /**
     * `cell`: a byte on the thread's own stack, for the IRQL. A lock routine may raise the IRQL and leave it
     * raised: it is the thread's state between acquire and release, and no mistake.
     */
    async callWith({ address }, at, valuesOf, after) {
        const { room } = this;
        const routine = room.memory.read32(address + at);
        const place = room.placeOfRoutine(routine);
        let cell = 0;
        const callback = { kind: 'other', data: null, place, mayChangeIrql: true };
        const result = await room.call(routine, callback, (stack) => {
            cell = stack.push(IRQL_BYTES);
            return valuesOf(cell);
        });
        after(cell);
        return result >>> 0;
    }
    find(address, routine) {
        const found = this.queues.get(address);
        if (found !== undefined)
            return found;
        this.room.probe(address, Layout.length, false, routine);
        const queue = { address, enabled: true };
        this.room.kernel.report({
            id: 'bad-handle',
            message: `${routine} was given a queue that FltCbdqInitialize has not seen.`,
        });
        this.queues.set(address, queue);
        return queue;
    }
}
