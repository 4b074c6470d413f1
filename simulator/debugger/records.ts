// What there is in a machine that stands still, found by address: the records behind what a debugger
// is given as a number.
import type {
  CompletionNode,
  Filter,
  FilterManager,
  FltVolume,
  Instance,
  Operation,
} from '../filter-manager/index.ts';
import type { DeviceObject, DriverObject } from '../io/deviceObject.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { Irp } from '../io/irp.ts';
import type { Resource } from '../kernel/kernel.ts';
import type { Process, Thread } from '../kernel/thread.ts';
import type { ThreadRecord } from '../kernel/threadRecord.ts';
import type { Recorder } from './recorder.ts';

/** The model keeps driver objects and frames without an address: they get one here. */
const DRIVERS = 0x86000000;
const DRIVER_STEP = 0x100;
const FRAMES = 0x86800000;
const FRAME_STEP = 0x200;

export class Records {
  readonly recorder: Recorder;
  private readonly driverAddresses = new Map<DriverObject, number>();

  constructor(recorder: Recorder) {
    this.recorder = recorder;
    for (const device of this.devices) this.driverAddress(device.driver);
  }

  get manager(): FilterManager | null {
    return this.recorder.driver?.manager ?? null;
  }

  get threads(): readonly ThreadRecord[] {
    return this.recorder.machine.scheduler.all;
  }

  get processes(): readonly Process[] {
    return [...new Set(this.threads.map(({ process }) => process))];
  }

  get irps(): readonly Irp[] {
    return [...this.recorder.tracked.irp] as Irp[];
  }

  get operations(): readonly Operation[] {
    return [...this.recorder.tracked.operation] as Operation[];
  }

  get resources(): readonly Resource[] {
    return [...this.recorder.tracked.resource] as Resource[];
  }

  /** Of one operation, also those whose post-operation has run: their memory keeps them. */
  nodesOf(operation: Operation): readonly CompletionNode[] {
    const byAddress = new Map<number, CompletionNode>();
    for (const node of this.recorder.tracked.node as Set<CompletionNode>) {
      if (node.operation === operation) byAddress.set(node.address, node);
    }
    return [...byAddress.values()];
  }

  get devices(): readonly DeviceObject[] {
    return this.recorder.io.volumes.flatMap((volume) => stackOf(volume.fileSystemDevice));
  }

  get volumes(): readonly FltVolume[] {
    return this.manager?.volumes ?? [];
  }

  get filters(): readonly Filter[] {
    const found = new Set<Filter>();
    for (const { instances } of this.volumes) for (const { filter } of instances) found.add(filter);
    for (const filter of this.manager?.all ?? []) found.add(filter);
    return [...found];
  }

  get instances(): readonly Instance[] {
    return this.filters.flatMap(({ instances }) => instances);
  }

  get files(): readonly FileObject[] {
    const found = new Set<FileObject>();
    for (const { openFiles } of this.recorder.io.volumes)
      for (const file of openFiles) found.add(file);
    for (const { stack } of this.irps) {
      for (const { fileObject } of stack) if (fileObject !== null) found.add(fileObject);
    }
    for (const { data } of this.operations) {
      if (data.iopb.targetFileObject !== null) found.add(data.iopb.targetFileObject);
    }
    return [...found];
  }

  driverAddress(driver: DriverObject): number {
    let address = this.driverAddresses.get(driver);
    if (address === undefined) {
      address = DRIVERS + this.driverAddresses.size * DRIVER_STEP;
      this.driverAddresses.set(driver, address);
    }
    return address;
  }

  frameAddress(id: number): number {
    return FRAMES + id * FRAME_STEP;
  }

  threadAt(address: number): ThreadRecord | undefined {
    return this.threads.find((one) => one.address === address);
  }

  deviceAt(address: number): DeviceObject | undefined {
    return this.devices.find((one) => one.address === address);
  }

  irpAt(address: number): Irp | undefined {
    return this.irps.find((one) => one.address === address);
  }

  /** Whether the call is on a stack with this callback data, so that memory is ahead of the record. */
  isInCallback(dataAddress: number): boolean {
    const { stacks, returned } = this.recorder;
    if (returned?.arguments[0] === dataAddress) return true;
    for (const stack of stacks.values()) {
      if (
        stack.some(({ driver, frame }) => driver !== null && frame.arguments[0] === dataAddress)
      ) {
        return true;
      }
    }
    return false;
  }

  /** IRPs that a thread has issued and that have not come back, newest first. */
  irpsOf(thread: Thread): readonly Irp[] {
    return this.irps.filter((irp) => irp.thread === thread).reverse();
  }
}

/** A device and all that is attached above it, the lowest first. */
export function stackOf(lowest: DeviceObject): DeviceObject[] {
  const devices: DeviceObject[] = [];
  for (let one: DeviceObject | null = lowest; one !== null; one = one.attached) devices.push(one);
  return devices;
}
