// fltmgr: work items, locks, pool for I/O.
import { NtStatus, ntStatusName } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking } from '../binding.ts';
import { acquireResource, poolTypeOf, releaseResource } from './shared.ts';

const { APC_LEVEL } = Irql;

export const filterWorkExports = {
  FltAllocateGenericWorkItem: full([], 'address', (room) => room.workItems.allocate()),
  FltFreeGenericWorkItem: full(['address'], 'void', (room, item) => {
    room.workItems.free(item, 'FltFreeGenericWorkItem');
  }),
  FltQueueGenericWorkItem: full(
    ['address', 'address', 'routine', 'u32', 'address'],
    'status',
    (room, item, object, routine, _queue, context) => {
      room.workItems.queue('generic work', routine, [item, object, context]);
      return NtStatus.STATUS_SUCCESS;
    },
  ),
  FltAllocateDeferredIoWorkItem: full([], 'address', (room) => room.workItems.allocate()),
  FltFreeDeferredIoWorkItem: full(['address'], 'void', (room, item) => {
    room.workItems.free(item, 'FltFreeDeferredIoWorkItem');
  }),
  FltQueueDeferredIoWorkItem: full(
    ['address', 'callbackData', 'routine', 'u32', 'address'],
    'status',
    (room, item, data, routine, _queue, context) => {
      const status = room.workItems.queueDeferred(item, data, routine, context);
      const shown = [data.operation.id];
      room.kernel.because('R-SECTION-20');
      room.tell('fltmgr', 'FltQueueDeferredIoWorkItem', shown, ntStatusName(status));
      return status;
    },
  ),
  FltInitializePushLock: full(['address'], 'void', (room, lock) => {
    room.dispatcher.initializeResource(lock);
  }),
  FltDeletePushLock: full(['address'], 'void', (room, lock) => {
    room.dispatcher.deleteResource(lock);
  }),
  FltAcquirePushLockExclusive: fullBlocking(
    ['address'],
    'void',
    async (room, lock) => {
      await acquireResource(room, lock, 'exclusive', 'FltAcquirePushLockExclusive');
    },
    { irql: APC_LEVEL },
  ),
  FltAcquirePushLockShared: fullBlocking(
    ['address'],
    'void',
    async (room, lock) => {
      await acquireResource(room, lock, 'shared', 'FltAcquirePushLockShared');
    },
    { irql: APC_LEVEL },
  ),
  FltReleasePushLock: fullBlocking(
    ['address'],
    'void',
    (room, lock) => releaseResource(room, lock, 'FltReleasePushLock'),
    { irql: APC_LEVEL },
  ),
  FltAcquireResourceExclusive: fullBlocking(
    ['address'],
    'void',
    async (room, resource) => {
      await acquireResource(room, resource, 'exclusive', 'FltAcquireResourceExclusive');
    },
    { irql: APC_LEVEL },
  ),
  FltAcquireResourceShared: fullBlocking(
    ['address'],
    'void',
    async (room, resource) => {
      await acquireResource(room, resource, 'shared', 'FltAcquireResourceShared');
    },
    { irql: APC_LEVEL },
  ),
  FltReleaseResource: fullBlocking(['address'], 'void', (room, resource) =>
    releaseResource(room, resource, 'FltReleaseResource'),
  ),
  FltAllocatePoolAlignedWithTag: full(
    ['instance', 'u32', 'u32', 'u32'],
    'address',
    (room, _instance, type, length, tag) =>
      room.pool.allocate(poolTypeOf(type), length, tag, false),
  ),
  FltFreePoolAlignedWithTag: full(['instance', 'address', 'u32'], 'void', (room, _instance, at) => {
    room.pool.free(at, 'FltFreePoolAlignedWithTag');
  }),
};
