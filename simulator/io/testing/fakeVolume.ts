// A file system for tests: every request succeeds at once unless a test says otherwise.
import { CreateResult, IrpMajor, NtStatus } from '../../../contract/windows/index.ts';
import { Machine } from '../../kernel/machine.ts';
import { PlainMemory } from '../../kernel/memory.ts';
import type { Process } from '../../kernel/thread.ts';
import type { ProfileName } from '../../../contract/profiles.ts';
import { profileOf } from '../../windows/profiles.ts';
import { topOfStack, type DeviceObject, type Dispatch, type Volume } from '../deviceObject.ts';
import type { FileObject } from '../fileObject.ts';
import { HandleTables, IoCore } from '../index.ts';
import { currentStackLocation, type Irp } from '../irp.ts';
import type { ServiceContext } from '../services/serviceContext.ts';

export interface Bench {
  readonly machine: Machine;
  readonly io: IoCore;
  readonly services: ServiceContext;
  readonly volume: Volume;
  readonly process: Process;
  /** What the file system was asked, in order: "create \w". */
  readonly log: string[];
  /** Overrides what the file system does for a major function. */
  readonly on: Map<number, Dispatch>;
  /** Runs bodies as threads t1, t2 … of one process; rejects as the scheduler does. */
  run(...bodies: (() => Promise<void>)[]): ReturnType<Machine['scheduler']['run']>;
  /** Completes a request with a result. */
  complete(irp: Irp, status: NtStatus, information?: number): Promise<NtStatus>;
  /** A device on top of the volume's stack whose dispatch does what the test says. */
  attach(dispatch: Dispatch): DeviceObject;
}

const names = new Map<number, string>(
  Object.entries(IrpMajor).map(([name, major]) => [major, name.slice(7)]),
);

export function bench(profile: ProfileName = 'win7', ioFlags = 0): Bench {
  const machine = new Machine({
    profile: profileOf(profile),
    memory: new PlainMemory(),
    seed: 0,
    onEvent: () => undefined,
    gradeOf: () => 'T',
  });
  const io = new IoCore(machine);
  const log: string[] = [];
  const on = new Map<number, Dispatch>();
  const complete: Bench['complete'] = async (irp, status, information = 0) => {
    irp.ioStatus.status = status;
    irp.ioStatus.information = information;
    await io.completeRequest(irp);
    return status;
  };
  const succeed: Dispatch = (_device, irp) => {
    const { majorFunction } = currentStackLocation(irp);
    const information = majorFunction === IrpMajor.IRP_MJ_CREATE ? CreateResult.FILE_OPENED : 0;
    return complete(irp, NtStatus.STATUS_SUCCESS, information);
  };
  const dispatch: Dispatch = (device, irp) => {
    const { majorFunction, fileObject } = currentStackLocation(irp);
    log.push(`${names.get(majorFunction)?.toLowerCase()} ${fileObject?.fileName}`);
    return (on.get(majorFunction) ?? succeed)(device, irp);
  };
  const volume = createVolume(io, dispatch, ioFlags);
  io.addVolume(volume);
  const process = machine.scheduler.createProcess('p');
  return {
    machine,
    io,
    services: { io, handles: new HandleTables() },
    volume,
    process,
    log,
    on,
    complete,
    run: (...bodies) => {
      bodies.forEach((body, index) =>
        machine.scheduler.createThread(process, `t${index + 1}`, body),
      );
      return machine.scheduler.run();
    },
    attach: (dispatchAbove) => {
      const device = newDevice(dispatchAbove, volume, '');
      io.attachDevice(device, topOfStack(volume.fileSystemDevice));
      return device;
    },
  };
}

const everyMajor = (dispatch: Dispatch): ReadonlyMap<number, Dispatch> =>
  new Map(Object.values(IrpMajor).map((major) => [major, dispatch]));

function newDevice(dispatch: Dispatch, volume: Volume, name: string): DeviceObject {
  return {
    address: 0x1000,
    name,
    driver: { name: '\\Driver\\Fake', dispatch: everyMajor(dispatch), fastIo: null },
    stackSize: 1,
    lower: null,
    attached: null,
    volume,
  };
}

function createVolume(io: IoCore, dispatch: Dispatch, ioFlags: number): Volume {
  const volume = {
    name: 'C',
    deviceName: '\\Device\\HarddiskVolume1',
    openFiles: new Set<FileObject>(),
  } as { -readonly [Key in keyof Volume]: Volume[Key] };
  volume.fileSystemDevice = {
    ...newDevice(dispatch, volume, volume.deviceName),
    address: io.allocateObject('device', 0xb8),
    ioFlags,
  };
  return volume;
}
