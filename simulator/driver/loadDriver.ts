// Loads one driver: binds its imports, instantiates it, runs DriverEntry; and unloads it again.
import { assert } from '../../contract/assert.ts';
import {
  FLTFL_FILTER_UNLOAD_MANDATORY,
  NtStatus,
  ntStatusName,
  ntSuccess,
} from '../../contract/windows/index.ts';
import type { DriverView } from '../debugger/driverView.ts';
import {
  FilterManager,
  plainStack,
  TeardownReason,
  type NeighbourPlan,
} from '../filter-manager/index.ts';
import type { Stack } from '../../contract/stack.ts';
import type { IoManager } from '../io/ioManager.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { DriverInput, LoadedDriver, LoadResult } from './driverInput.ts';
import { DriverMemory } from './driverMemory.ts';
import { DriverHost } from './host.ts';
import { countLines, readImage, type ImageReaders } from './image.ts';
import { bindImports, mayWait, type MissingExport, type SharedMachine } from './imports.ts';
import { DriverObjectLayout, StringLayout } from './layout.ts';
import type { Room } from './room.ts';
import { Routines } from './routines.ts';
import { fillSystemVariables } from './systemVariables.ts';
import { writeUnicodeString } from './unicodeString.ts';

const IO_TYPE_DRIVER = 4;
const SERVICES = '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\';

/**
 * Attaches the Filter Manager, puts the neighbours into the stack and loads the driver, behind its
 * companions where it has any. To be called on a thread of the System process, with a kernel whose memory is this room’s. Throws
 * NotModelledSignal for an import that no table has, and what driver code ends in (BugcheckSignal,
 * HangSignal).
 */
export async function loadDriver(
  kernel: Kernel,
  io: IoManager,
  input: DriverInput,
  stack?: Stack,
): Promise<LoadResult> {
  const { memory } = kernel;
  assert(memory instanceof DriverMemory, 'a driver runs in memory of this room');
  const manager = new FilterManager(kernel, io, withShipped(kernel, input, stack));
  await addNeighbours(manager, kernel, input, stack);
  const images = [...(input.companions ?? []), input].map((one) => ({
    input: one,
    readers: readImage(one.image, ownFiles(one), one.watcher !== undefined, mayWait),
  }));
  const readers = images.map((one) => one.readers);
  const host = new DriverHost(kernel, io, manager, memory, readers);
  const rooms: Room[] = [];
  const unloadAll = async (): Promise<void> => {
    for (const room of rooms.splice(0).reverse()) await unload(room);
  };
  const own = readers.at(-1);
  assert(own !== undefined, 'the driver itself has an image');
  const coverage = () => countLines(own, memory);
  for (const image of images) {
    const { room, status } = await loadOne(host, image.input, image.readers);
    if (ntSuccess(status)) rooms.push(room);
    else {
      await unloadAll();
      return { kind: 'failed', status, coverage };
    }
  }
  const detach = (filter: string, volume: string): Promise<NtStatus> =>
    manager.detachByName(filter, volume);
  const connect: LoadedDriver['connect'] = (port, context) => manager.ports.connect(port, context);
  const stacks = () => manager.stacks();
  const driver: LoadedDriver = { unload: unloadAll, detach, connect, stacks, coverage };
  return { kind: 'loaded', driver };
}

const ownFiles =
  ({ foreignFolders }: DriverInput) =>
  (file: string): boolean =>
    !foreignFolders.some((folder) => file === folder || file.startsWith(`${folder}/`));

/** One driver: bound, instantiated, its DriverEntry run. */
async function loadOne(
  host: DriverHost,
  input: DriverInput,
  image: ImageReaders,
): Promise<{ readonly room: Room; readonly status: NtStatus }> {
  const room = host.open(input, image, ownFiles(input));
  input.watcher?.loaded(viewOf(room, image));
  const bound = bind(room, image, host.machine);
  if (bound.kind === 'missing') return { room, status: refuseImage(room, bound.missing) };
  const status = await start(room, image, bound.imports);
  emit(room, 'load', status);
  if (!ntSuccess(status)) await giveUp(room, status);
  return { room, status };
}

/** What a debugger may see of the room. */
const viewOf = (room: Room, { read, probed }: ImageReaders): DriverView => ({
  name: room.input.name,
  manager: room.manager,
  module: read,
  lines: probed,
  get driverObject() {
    return room.driverObject;
  },
  get frameBase() {
    return room.threads.stackTop;
  },
  functionOf: (pointer) => read.tableEntries.get(pointer),
});

const isLeftOut = (name: string, { without }: DriverInput): boolean =>
  without.some((one) => one.toLowerCase() === name.toLowerCase());

/** The stack with the legacy filters that this version of Windows ships, below those of the workload. */
function withShipped({ profile }: Kernel, input: DriverInput, stack = plainStack): Stack {
  const shipped = profile.legacyFilters
    .filter(({ driver }) => !isLeftOut(driver, input))
    .map((one) => ({ ...one, skipsLocation: false }));
  return { ...stack, legacyFilters: [...shipped, ...stack.legacyFilters] };
}

async function addNeighbours(
  manager: FilterManager,
  { profile }: Kernel,
  input: DriverInput,
  stack = plainStack,
): Promise<void> {
  const system = [manager.systemVolume.name];
  const shipped = profile.neighbours.map(({ systemVolumeOnly, ...one }): NeighbourPlan =>
    systemVolumeOnly ? { ...one, volumes: system } : one,
  );
  for (const neighbour of [...shipped, ...input.neighbours, ...stack.neighbours]) {
    if (!isLeftOut(neighbour.filter, input)) await manager.addNeighbour(neighbour);
  }
}

function bind(room: Room, { description }: ImageReaders, machine: SharedMachine) {
  const routines = new Routines(room, machine.table);
  room.routines = routines;
  return bindImports(room, routines, machine, description);
}

/** STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, told with the name. */
function refuseImage(room: Room, { module, name }: MissingExport): NtStatus {
  const { title } = room.kernel.profile;
  room.kernel.report({
    id: 'import-not-exported',
    message:
      `${title} does not export ${module}!${name}, which the driver imports statically: it cannot be ` +
      'loaded there. Resolve it at run time.',
    stack: [],
  });
  const status = NtStatus.STATUS_DRIVER_ENTRYPOINT_NOT_FOUND;
  emit(room, 'load', status);
  return status;
}

function emit(room: Room, phase: 'load' | 'unload', status: NtStatus): void {
  const { name } = room.input;
  room.kernel.trace.emit({ kind: 'driver', phase, driver: name, status: status >>> 0 });
}

type Raise = (status: number) => never;

/** Instantiates the image and runs DriverEntry. */
async function start(
  room: Room,
  { module, description }: ImageReaders,
  imports: WebAssembly.Imports,
): Promise<NtStatus> {
  const instance = new WebAssembly.Instance(module, imports);
  room.setRaise(instance.exports['__fltlab_raise'] as Raise);
  fillSystemVariables(room, description.variables);
  room.driverObject = makeDriverObject(room);
  const path = makeString(room, `${SERVICES}${room.input.name}`);
  const entry = WebAssembly.promising(instance.exports['DriverEntry']);
  const callback = { kind: 'other', data: null, place: undefined } as const;
  const status = await room.callEntry(entry, callback, () => [room.driverObject, path]);
  return status >>> 0;
}

function makeString(room: Room, text: string): number {
  const bytes = text.length * 2;
  const address = room.kernel.allocateObject('Str ', StringLayout.length + bytes);
  writeUnicodeString(room, address, address + StringLayout.length, bytes);
  room.memory.writeWide(address + StringLayout.length, text);
  return address;
}

function makeDriverObject(room: Room): number {
  const { memory } = room;
  const address = room.kernel.allocateObject('Driv', DriverObjectLayout.length);
  memory.write16(address + DriverObjectLayout.Type, IO_TYPE_DRIVER);
  memory.write16(address + DriverObjectLayout.Size, DriverObjectLayout.length);
  const name = makeString(room, `\\FileSystem\\${room.input.name}`);
  memory
    .bytes(address + DriverObjectLayout.DriverName, StringLayout.length)
    .set(memory.bytes(name, StringLayout.length));
  return address;
}

/** DriverEntry failed: Windows unloads the image without calling the driver again. */
async function giveUp(room: Room, status: NtStatus): Promise<void> {
  room.kernel.report({
    id: 'driver-entry-failed',
    message: `DriverEntry of ${room.input.name} returned ${ntStatusName(status)}: it is not loaded.`,
    stack: [],
  });
  await forgetFilter(room, 'DriverEntry failed');
  room.pool.reportLeaks();
}

/** A filter that stays registered when its code goes is called into nothing. */
async function forgetFilter(room: Room, when: string): Promise<void> {
  const { filter } = room;
  if (filter === null) return;
  room.kernel.report({
    id: 'object-leak',
    message: `${when}, and the filter is still registered: FltUnregisterFilter was not called.`,
    stack: [],
  });
  await room.manager.unregister(filter, TeardownReason.MANDATORY_FILTER_UNLOAD);
  room.filter = null;
}

/**
 * `sc stop`: a mandatory unload. The Filter Manager gives a registered driver its unload routine, unless
 * the driver has no callback for it or refuses to be stopped; a driver that never registered has its own,
 * or none. Models: PFLT_FILTER_UNLOAD_CALLBACK, NtUnloadDriver.
 */
async function unload(room: Room): Promise<void> {
  const routine = unloadRoutine(room);
  if (routine === null) {
    emit(room, 'unload', NtStatus.STATUS_INVALID_DEVICE_REQUEST);
    return;
  }
  await routine();
  await forgetFilter(room, 'FilterUnloadCallback has returned');
  room.pool.reportLeaks();
  room.fileNames.reportLeaks();
  room.references.reportLeaks();
  room.ownData.reportLeaks();
  room.mdls.reportLeaks();
  room.ports.reportLeaks();
  emit(room, 'unload', NtStatus.STATUS_SUCCESS);
}

function unloadRoutine(room: Room): (() => unknown) | null {
  const { filter, memory, driverObject } = room;
  if (filter !== null) {
    const callback = room.canBeStopped ? filter.callbacks.unload : null;
    return callback && (() => callback(FLTFL_FILTER_UNLOAD_MANDATORY));
  }
  const pointer = memory.read32(driverObject + DriverObjectLayout.DriverUnload);
  if (pointer === 0) return null;
  const callback = { kind: 'other', data: null, place: room.placeOfRoutine(pointer) } as const;
  return () => room.call(pointer, callback, () => [driverObject]);
}
