// ntoskrnl and HAL: IRQL, events, waits, regions, spin locks, mutexes, clocks.
import { NtStatus } from '../../../contract/windows/index.ts';
import { HangSignal } from '../../kernel/kernel.ts';
import { allApcsDisabled, enterRegion, leaveRegion } from '../../kernel/apcBarriers.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, none } from '../binding.ts';
import { leaveCriticalRegion } from './shared.ts';
const { APC_LEVEL, DISPATCH_LEVEL, PASSIVE_LEVEL } = Irql;
const KERNEL_MODE = 0;
const USER_MODE = 1;
/** 15.625 ms, as on most machines. */
const TIME_INCREMENT_100NS = 156_250;
function raiseIrql(room, irql, routine) {
    const before = room.kernel.scheduler.current.irql;
    if (irql < before || irql > DISPATCH_LEVEL) {
        room.kernel.report({
            id: 'irql-unbalanced',
            message: `${routine} was asked for IRQL ${irql} at IRQL ${before}.`,
        });
    }
    room.threads.raiseIrql(Math.min(irql, DISPATCH_LEVEL), room.calledBy(routine));
    return before;
}
async function lowerIrql(room, irql, routine) {
    const { scheduler } = room.kernel;
    if (irql > scheduler.current.irql) {
        room.kernel.report({
            id: 'irql-unbalanced',
            message: `${routine} was asked for IRQL ${irql} at IRQL ${scheduler.current.irql}.`,
        });
    }
    room.threads.lowerIrql(Math.min(irql, DISPATCH_LEVEL));
    if (scheduler.apcDeliverable)
        await scheduler.deliverApcs();
}
/** One processor: a spin lock that is held is held by this very thread, for ever. */
function acquireSpinLock(room, lock, routine) {
    room.probe(lock, 4, true, routine);
    if (room.memory.read32(lock) !== 0) {
        const line = `${room.kernel.scheduler.current.name} spins on a lock that it holds already`;
        room.kernel.report({ id: 'endless-loop', message: `${line}.` });
        throw new HangSignal([line]);
    }
    room.memory.write32(lock, 1);
}
function releaseSpinLock(room, lock, routine) {
    room.probe(lock, 4, true, routine);
    room.memory.write32(lock, 0);
}
/** A NULL timeout waits for ever; a negative one is relative, a positive one absolute. */
function timeoutOf(room, pointer, routine) {
    if (pointer === 0)
        return undefined;
    room.probe(pointer, 8, false, routine);
    const due = BigInt.asIntN(64, room.memory.read64(pointer));
    if (due <= 0n)
        return -due;
    const left = due - room.kernel.clock.now();
    return left > 0n ? left : 0n;
}
/** A wait with a timeout may not be done at DISPATCH_LEVEL; without waiting it may. */
function checkWait(room, timeout) {
    const { irql } = room.kernel.scheduler.current;
    if (irql <= APC_LEVEL || timeout === 0n)
        return;
    room.kernel.report({
        id: 'irql-too-high',
        message: `KeWaitForSingleObject may wait at IRQL ${irql}: only a zero timeout is allowed there.`,
    });
}
export const kernelExports = {
    KeGetCurrentIrql: full([], 'u32', (room) => room.kernel.scheduler.current.irql),
    KfRaiseIrql: full(['u32'], 'u32', (room, irql) => raiseIrql(room, irql & 0xff, 'KeRaiseIrql')),
    KfLowerIrql: fullBlocking(['u32'], 'void', (room, irql) => lowerIrql(room, irql & 0xff, 'KeLowerIrql')),
    KeGetCurrentThread: full([], 'address', (room) => room.kernel.scheduler.current.address),
    ExGetPreviousMode: full([], 'u32', (room) => room.kernel.scheduler.current.process.name === 'System' ? KERNEL_MODE : USER_MODE),
    KeInitializeEvent: full(['address', 'u32', 'boolean'], 'void', (room, event, type, state) => {
        room.dispatcher.initializeEvent(event, type, state);
    }),
    KeSetEvent: full(['address', 'i32', 'boolean'], 'i32', (room, event) => room.dispatcher.setEvent(event)),
    KeResetEvent: full(['address'], 'i32', (room, event) => room.dispatcher.resetEvent(event)),
    KeClearEvent: full(['address'], 'void', (room, event) => {
        room.dispatcher.resetEvent(event);
    }),
    KeReadStateEvent: full(['address'], 'i32', (room, event) => room.dispatcher.readEvent(event)),
    KeInitializeMutex: full(['address', 'u32'], 'void', (room, mutex) => {
        room.dispatcher.initializeMutex(mutex);
    }),
    KeReleaseMutex: full(['address', 'boolean'], 'i32', (room, mutex) => room.dispatcher.release(mutex, 1, 'KeReleaseMutex')),
    KeInitializeSemaphore: full(['address', 'i32', 'i32'], 'void', (room, semaphore, count) => {
        room.dispatcher.initializeSemaphore(semaphore, count);
    }),
    KeReleaseSemaphore: full(['address', 'i32', 'i32', 'boolean'], 'i32', (room, semaphore, _increment, adjustment) => room.dispatcher.release(semaphore, adjustment, 'KeReleaseSemaphore')),
    KeWaitForSingleObject: fullBlocking(['address', 'u32', 'u32', 'boolean', 'address'], 'status', async (room, object, _reason, _mode, _alertable, timeout) => {
        const limit = timeoutOf(room, timeout, 'KeWaitForSingleObject');
        checkWait(room, limit);
        const satisfied = await room.dispatcher.wait(object, limit);
        return satisfied ? NtStatus.STATUS_SUCCESS : NtStatus.STATUS_TIMEOUT;
    }),
    KeDelayExecutionThread: fullBlocking(['u32', 'boolean', 'address'], 'status', async (room, _mode, _alertable, interval) => {
        const { scheduler } = room.kernel;
        const limit = timeoutOf(room, interval, 'KeDelayExecutionThread') ?? 0n;
        const never = scheduler.createEvent('notification', false);
        await scheduler.waitForEvent(never, { kind: 'delay', what: `${limit} x 100 ns` }, limit);
        return NtStatus.STATUS_SUCCESS;
    }, { irql: APC_LEVEL }),
    KeEnterCriticalRegion: full([], 'void', (room) => {
        const by = room.calledBy('KeEnterCriticalRegion');
        enterRegion(room.kernel.scheduler.current, 'critical region', by);
    }),
    KeLeaveCriticalRegion: fullBlocking([], 'void', (room) => leaveCriticalRegion(room)),
    KeEnterGuardedRegion: full([], 'void', (room) => {
        const by = room.calledBy('KeEnterGuardedRegion');
        enterRegion(room.kernel.scheduler.current, 'guarded region', by);
    }, { since: '5.2' }),
    KeLeaveGuardedRegion: fullBlocking([], 'void', async (room) => {
        const { scheduler } = room.kernel;
        leaveRegion(scheduler.current, 'guarded region');
        if (scheduler.apcDeliverable)
            await scheduler.deliverApcs();
    }, { since: '5.2' }),
    KeAreApcsDisabled: full([], 'boolean', (room) => {
        const { criticalRegions, guardedRegions } = room.kernel.scheduler.current;
        return criticalRegions > 0 || guardedRegions > 0;
    }),
    KeAreAllApcsDisabled: full([], 'boolean', (room) => allApcsDisabled(room.kernel.scheduler.current), { since: '5.2' }),
    KeInitializeSpinLock: full(['address'], 'void', (room, lock) => {
        releaseSpinLock(room, lock, 'KeInitializeSpinLock');
    }),
    KeAcquireSpinLockRaiseToDpc: full(['address'], 'u32', (room, lock) => {
        const before = raiseIrql(room, DISPATCH_LEVEL, 'KeAcquireSpinLock');
        acquireSpinLock(room, lock, 'KeAcquireSpinLock');
        return before;
    }),
    KeReleaseSpinLock: fullBlocking(['address', 'u32'], 'void', (room, lock, irql) => {
        releaseSpinLock(room, lock, 'KeReleaseSpinLock');
        return lowerIrql(room, irql & 0xff, 'KeReleaseSpinLock');
    }),
    KeAcquireSpinLockAtDpcLevel: full(['address'], 'void', (room, lock) => {
        acquireSpinLock(room, lock, 'KeAcquireSpinLockAtDpcLevel');
    }),
    KeReleaseSpinLockFromDpcLevel: full(['address'], 'void', (room, lock) => {
        releaseSpinLock(room, lock, 'KeReleaseSpinLockFromDpcLevel');
    }),
    ExAcquireFastMutex: fullBlocking(['address'], 'void', async (room, mutex) => {
        const { current } = room.kernel.scheduler;
        const before = current.irql;
        await room.dispatcher.acquireMutex(mutex, true);
        room.fastMutexIrql.set(mutex, before);
        room.threads.raiseIrql(APC_LEVEL, room.calledBy('ExAcquireFastMutex'));
    }, { irql: APC_LEVEL }),
    ExTryToAcquireFastMutex: fullBlocking(['address'], 'boolean', async (room, mutex) => {
        const before = room.kernel.scheduler.current.irql;
        const taken = await room.dispatcher.acquireMutex(mutex, false);
        if (!taken)
            return false;
        room.fastMutexIrql.set(mutex, before);
        room.threads.raiseIrql(APC_LEVEL, room.calledBy('ExAcquireFastMutex'));
        return true;
    }, { irql: APC_LEVEL }),
    ExReleaseFastMutex: fullBlocking(['address'], 'void', (room, mutex) => {
        room.dispatcher.releaseMutex(mutex, 'ExReleaseFastMutex');
        const irql = room.fastMutexIrql.get(mutex) ?? PASSIVE_LEVEL;
        return lowerIrql(room, irql, 'ExReleaseFastMutex');
    }),
    KeInitializeGuardedMutex: full(['address'], 'void', () => undefined, { since: '5.2' }),
    KeAcquireGuardedMutex: fullBlocking(['address'], 'void', async (room, mutex) => {
        const by = room.calledBy('KeAcquireGuardedMutex');
        enterRegion(room.kernel.scheduler.current, 'guarded region', by);
        await room.dispatcher.acquireMutex(mutex, true);
    }, { irql: APC_LEVEL, since: '5.2' }),
    KeReleaseGuardedMutex: fullBlocking(['address'], 'void', async (room, mutex) => {
        const { scheduler } = room.kernel;
        room.dispatcher.releaseMutex(mutex, 'KeReleaseGuardedMutex');
        leaveRegion(scheduler.current, 'guarded region');
        if (scheduler.apcDeliverable)
            await scheduler.deliverApcs();
    }, { irql: APC_LEVEL, since: '5.2' }),
    KeQuerySystemTime: full(['out64'], 'void', (room, time) => {
        time.set(room.kernel.clock.now());
    }),
    KeQuerySystemTimePrecise: full(['out64'], 'void', (room, time) => {
        time.set(room.kernel.clock.now());
    }, { since: '6.3' }),
    KeQueryTickCount: full(['out64'], 'void', (room, count) => {
        count.set(room.kernel.clock.now() / BigInt(TIME_INCREMENT_100NS));
    }),
    KeQueryTimeIncrement: full([], 'u32', () => TIME_INCREMENT_100NS),
    KeWaitForMultipleObjects: none('Wait for one object at a time.'),
    KeInitializeTimer: none('Timers are not modelled; KeDelayExecutionThread is.'),
    KeInitializeTimerEx: none('Timers are not modelled; KeDelayExecutionThread is.'),
    KeSetTimer: none('Timers are not modelled; KeDelayExecutionThread is.'),
    KeCancelTimer: none('Timers are not modelled; KeDelayExecutionThread is.'),
    KeInitializeDpc: none('DPCs are not modelled.'),
    KeInsertQueueDpc: none('DPCs are not modelled.'),
};
