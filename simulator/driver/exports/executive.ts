// ntoskrnl: ERESOURCE, push locks, work items, processes and threads, memory, versions.
import { NtStatus } from '../../../contract/windows/index.ts';
import { USER_LIMIT } from '../../kernel/memory.ts';
import { HIGHEST_USER_ADDRESS } from '../../image/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, none, partial } from '../binding.ts';
import { firstBadByte } from '../access.ts';
import { VersionLayout, WorkQueueItemLayout } from '../layout.ts';
import type { Room } from '../room.ts';
import { ThreadEnd } from '../workItems.ts';
import { acquireResource, releaseResource } from './shared.ts';

const { APC_LEVEL, PASSIVE_LEVEL } = Irql;

/** How ERESOURCE routines acquire: normal kernel APCs must be off already, or the owner may deadlock. */
async function acquire(
  room: Room,
  resource: number,
  how: 'exclusive' | 'shared',
  wait: boolean,
  routine: string,
): Promise<boolean> {
  const { current } = room.kernel.scheduler;
  if (current.criticalRegions === 0 && current.guardedRegions === 0 && current.irql < APC_LEVEL) {
    room.kernel.report({
      id: 'irql-unbalanced',
      message:
        `${routine} was called with normal kernel APCs enabled: the thread may be suspended while ` +
        'it owns the resource. Call KeEnterCriticalRegion first.',
    });
  }
  return room.dispatcher.resource(resource, routine).acquire(how, wait);
}

/** Models: ProbeForRead: looks at alignment and range only; a NULL pointer passes. */
function probe(room: Room, address: number, length: number, alignment: number): void {
  if (length === 0) return;
  if (alignment > 1 && address % alignment !== 0) {
    room.raise(NtStatus.STATUS_DATATYPE_MISALIGNMENT);
  }
  if (address + length > HIGHEST_USER_ADDRESS) room.raise(NtStatus.STATUS_ACCESS_VIOLATION);
}

/** ProbeForWrite touches each page: an address that is not there in this process raises. */
function probeForWrite(room: Room, address: number, length: number, alignment: number): void {
  probe(room, address, length, alignment);
  const { user, scheduler } = room.kernel;
  if (length > 0 && user.ownerOf(address) !== scheduler.current.process) {
    room.raise(NtStatus.STATUS_ACCESS_VIOLATION);
  }
}

const profileNumbers = (room: Room): readonly [major: number, minor: number, build: number] => {
  const [major = 0, minor = 0] = room.kernel.profile.version.split('.').map(Number);
  return [major, minor, room.kernel.profile.build];
};

const VER_PLATFORM_WIN32_NT = 2;

export const executiveExports = {
  ExInitializeResourceLite: full(['address'], 'status', (room, resource) => {
    room.dispatcher.initializeResource(resource);
    return NtStatus.STATUS_SUCCESS;
  }),
  ExDeleteResourceLite: full(['address'], 'status', (room, resource) => {
    room.dispatcher.deleteResource(resource);
    return NtStatus.STATUS_SUCCESS;
  }),
  ExAcquireResourceExclusiveLite: fullBlocking(
    ['address', 'boolean'],
    'boolean',
    (room, resource, wait) =>
      acquire(room, resource, 'exclusive', wait, 'ExAcquireResourceExclusiveLite'),
    { irql: APC_LEVEL },
  ),
  ExAcquireResourceSharedLite: fullBlocking(
    ['address', 'boolean'],
    'boolean',
    (room, resource, wait) =>
      acquire(room, resource, 'shared', wait, 'ExAcquireResourceSharedLite'),
    { irql: APC_LEVEL },
  ),
  ExReleaseResourceLite: full(['address'], 'void', (room, resource) => {
    room.dispatcher
      .resource(resource, 'ExReleaseResourceLite')
      .release(room.kernel.scheduler.current);
  }),
  ExReleaseResourceForThreadLite: full(['address', 'u32'], 'void', (room, resource, owner) => {
    const found = room.dispatcher.resource(resource, 'ExReleaseResourceForThreadLite');
    const thread = [...found.owners.keys()].find((one) => one.address === owner);
    found.release(thread ?? room.kernel.scheduler.current);
  }),
  ExEnterCriticalRegionAndAcquireResourceExclusive: fullBlocking(
    ['address'],
    'address',
    async (room, resource) => {
      const routine = 'ExEnterCriticalRegionAndAcquireResourceExclusive';
      await acquireResource(room, resource, 'exclusive', routine);
      return room.kernel.scheduler.current.address;
    },
    { irql: APC_LEVEL, since: '5.2' },
  ),
  ExReleaseResourceAndLeaveCriticalRegion: fullBlocking(
    ['address'],
    'void',
    (room, resource) => releaseResource(room, resource, 'ExReleaseResourceAndLeaveCriticalRegion'),
    { since: '5.2' },
  ),
  ExIsResourceAcquiredExclusiveLite: full(['address'], 'boolean', (room, resource) => {
    const found = room.dispatcher.resource(resource, 'ExIsResourceAcquiredExclusiveLite');
    return found.exclusive && found.owners.has(room.kernel.scheduler.current);
  }),
  ExIsResourceAcquiredSharedLite: full(['address'], 'u32', (room, resource) => {
    const found = room.dispatcher.resource(resource, 'ExIsResourceAcquiredSharedLite');
    return found.owners.get(room.kernel.scheduler.current) ?? 0;
  }),
  ExQueueWorkItem: full(['address', 'u32'], 'void', (room, item) => {
    room.probe(item, WorkQueueItemLayout.length, false, 'ExQueueWorkItem');
    const routine = room.memory.read32(item + WorkQueueItemLayout.WorkerRoutine);
    const parameter = room.memory.read32(item + WorkQueueItemLayout.Parameter);
    room.workItems.queue('executive work', routine, [parameter]);
  }),
  PsGetCurrentThread: full([], 'address', (room) => room.kernel.scheduler.current.address),
  IoGetCurrentProcess: full([], 'address', (room) => room.kernel.scheduler.current.process.address),
  PsGetCurrentProcess: full([], 'address', (room) => room.kernel.scheduler.current.process.address),
  PsGetCurrentProcessId: full([], 'u32', (room) => room.kernel.scheduler.current.process.id),
  PsGetCurrentThreadId: full([], 'u32', (room) => room.kernel.scheduler.current.id),
  PsCreateSystemThread: partial(
    'The thread always joins the System process.',
    ['out32', 'u32', 'address', 'u32', 'address', 'routine', 'address'],
    'status',
    (room, handle, _access, _attributes, _process, _clientId, routine, context) => {
      handle.set(room.workItems.createThread(routine, context));
      return NtStatus.STATUS_SUCCESS;
    },
    { irql: PASSIVE_LEVEL },
  ),
  PsTerminateSystemThread: full(['u32'], 'status', () => {
    throw new ThreadEnd();
  }),
  IoGetTopLevelIrp: full([], 'address', (room) => room.kernel.scheduler.current.topLevelIrp),
  IoSetTopLevelIrp: full(['address'], 'void', (room, irp) => {
    room.kernel.scheduler.current.topLevelIrp = irp;
  }),
  ProbeForRead: full(['address', 'u32', 'u32'], 'void', probe, { irql: APC_LEVEL }),
  ProbeForWrite: full(['address', 'u32', 'u32'], 'void', probeForWrite, { irql: APC_LEVEL }),
  MmIsAddressValid: full(['address'], 'boolean', (room, address) => {
    if (address >= USER_LIMIT) return firstBadByte(room, address, 1, false) === null;
    return room.kernel.user.ownerOf(address) === room.kernel.scheduler.current.process;
  }),
  MmGetSystemRoutineAddress: full(
    ['unicodeString'],
    'address',
    (room, name) => {
      const wanted = name.read();
      const address = room.routineAddress(['ntoskrnl'], wanted, 'MmGetSystemRoutineAddress');
      const shown = address === 0 ? 'NULL' : `0x${address.toString(16)}`;
      room.tell('ntoskrnl', 'MmGetSystemRoutineAddress', [`"${wanted}"`], shown);
      return address;
    },
    { irql: PASSIVE_LEVEL },
  ),
  PsGetVersion: full(
    ['optionalOut32', 'optionalOut32', 'optionalOut32', 'optionalUnicodeString'],
    'boolean',
    (room, major, minor, build) => {
      const [wantedMajor, wantedMinor, wantedBuild] = profileNumbers(room);
      major?.set(wantedMajor);
      minor?.set(wantedMinor);
      build?.set(wantedBuild);
      return false;
    },
  ),
  RtlGetVersion: full(['address'], 'status', (room, version) => {
    room.probe(version, VersionLayout.dwPlatformId + 4, true, 'RtlGetVersion');
    const [major, minor, build] = profileNumbers(room);
    room.memory.write32(version + VersionLayout.dwMajorVersion, major);
    room.memory.write32(version + VersionLayout.dwMinorVersion, minor);
    room.memory.write32(version + VersionLayout.dwBuildNumber, build);
    room.memory.write32(version + VersionLayout.dwPlatformId, VER_PLATFORM_WIN32_NT);
    return NtStatus.STATUS_SUCCESS;
  }),
  ExInitializeRundownProtection: full(['address'], 'void', (room, rundown) => {
    room.dispatcher.initializeRundown(rundown);
  }),
  ExReInitializeRundownProtection: full(['address'], 'void', (room, rundown) => {
    room.dispatcher.initializeRundown(rundown);
  }),
  ExAcquireRundownProtection: full(['address'], 'boolean', (room, rundown) =>
    room.dispatcher.acquireRundown(rundown),
  ),
  ExReleaseRundownProtection: full(['address'], 'void', (room, rundown) => {
    room.dispatcher.releaseRundown(rundown);
  }),
  ExWaitForRundownProtectionRelease: fullBlocking(
    ['address'],
    'void',
    (room, rundown) => room.dispatcher.waitForRundown(rundown),
    { irql: APC_LEVEL },
  ),
  RtlCompareMemory: full(['address', 'address', 'u32'], 'u32', (room, left, right, length) => {
    room.probe(left, length, false, 'RtlCompareMemory');
    room.probe(right, length, false, 'RtlCompareMemory');
    const [a, b] = [room.memory.bytes(left, length), room.memory.bytes(right, length)];
    const different = a.findIndex((byte, index) => byte !== b[index]);
    return different < 0 ? length : different;
  }),
  ExInitializePushLock: full(['address'], 'void', (room, lock) => {
    room.dispatcher.initializeResource(lock);
  }),
  ExAcquirePushLockExclusiveEx: fullBlocking(
    ['address', 'u32'],
    'void',
    async (room, lock) => {
      await room.dispatcher.resource(lock, 'ExAcquirePushLockExclusive').acquire('exclusive', true);
    },
    { irql: APC_LEVEL, since: '10.0' },
  ),
  ExAcquirePushLockSharedEx: fullBlocking(
    ['address', 'u32'],
    'void',
    async (room, lock) => {
      await room.dispatcher.resource(lock, 'ExAcquirePushLockShared').acquire('shared', true);
    },
    { irql: APC_LEVEL, since: '10.0' },
  ),
  ExReleasePushLockEx: full(
    ['address', 'u32'],
    'void',
    (room, lock) => {
      room.dispatcher.resource(lock, 'ExReleasePushLock').release(room.kernel.scheduler.current);
    },
    { since: '10.0' },
  ),
  MmProbeAndLockPages: none('MDLs of the driver’s own are not modelled.'),
  MmUnlockPages: none('MDLs of the driver’s own are not modelled.'),
  MmUnmapLockedPages: none('MDLs of the driver’s own are not modelled.'),
  FsRtlTeardownPerStreamContexts: partial(
    'Contexts of a stream go when its last file object is closed.',
    ['address'],
    'void',
    () => undefined,
  ),
  ZwOpenKey: none('There is no registry.'),
  ZwQueryValueKey: none('There is no registry.'),
};
