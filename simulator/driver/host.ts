// The machine that the drivers of one simulation share: one memory, one table of functions, one stack
// for each thread, one Filter Manager. Each driver has a room of its own on it.
import type { SourcePlace } from '../../contract/finding.ts';
import type { FilterManager } from '../filter-manager/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { IoManager } from '../io/ioManager.ts';
import { NotModelledSignal, type Kernel } from '../kernel/kernel.ts';
import { isLater, type MaybeLater } from '../kernel/later.ts';
import type { Thread } from '../kernel/thread.ts';
import { CallbackDataImages } from './callbackDataImage.ts';
import type { DriverInput } from './driverInput.ts';
import type { DriverMemory } from './driverMemory.ts';
import type { ImageReaders } from './image.ts';
import type { SharedMachine } from './imports.ts';
import { ObjectImages } from './objectImages.ts';
import { ParameterImages } from './parameterImage.ts';
import { captureStack, modulesOn } from './places.ts';
import { Room, type SharedParts } from './room.ts';
import { DriverThreads } from './threads.ts';

export class DriverHost {
  readonly machine: SharedMachine;
  private readonly kernel: Kernel;
  private readonly parts: SharedParts;
  private readonly rooms: Room[] = [];

  /** `images`: all that will be loaded, for the size of the table. */
  constructor(
    kernel: Kernel,
    io: IoManager,
    manager: FilterManager,
    memory: DriverMemory,
    images: readonly ImageReaders[],
  ) {
    refuseOverlap(images);
    const functions = images.map(({ description }) => description.tableMinimum);
    this.machine = {
      memory: memory.memory,
      table: new WebAssembly.Table({ element: 'anyfunc', initial: Math.max(1, ...functions) }),
      stackPointer: new WebAssembly.Global({ value: 'i32', mutable: true }, 0),
      longjmpTag: new WebAssembly.Tag({ parameters: ['i32'] }),
    };
    this.kernel = kernel;
    const objects = new ObjectImages(kernel, memory);
    objects.takeBuffer = (buffer) => this.ownerOf(buffer)?.pool.giveAway(buffer) ?? false;
    this.parts = {
      kernel,
      io,
      manager,
      memory,
      table: this.machine.table,
      threads: new DriverThreads(kernel, memory, this.machine.stackPointer),
      objects,
      callbackData: new CallbackDataImages(
        kernel,
        objects,
        new ParameterImages(kernel, objects),
        (address) => manager.instanceAt(address),
      ),
    };
    kernel.driverPlace = () => this.place();
    kernel.threadPlace = (thread) => this.placeOf(thread);
    manager.onFileClosed((file, stream) => this.fileClosed(file, stream, 0));
  }

  /** A room for one more driver. */
  open(input: DriverInput, image: ImageReaders, isOwnFile: (file: string) => boolean): Room {
    const { base, end } = image.description;
    this.parts.memory.mark(base, end - base, 'addressable');
    const { lines, mayWait } = image;
    const suspends = (pointer: number): boolean => {
      const found = lines.functionOfPointer(pointer);
      return found === undefined || mayWait.has(found.index);
    };
    const room = new Room({ ...this.parts, lines, isOwnFile, suspends }, input);
    this.rooms.push(room);
    return room;
  }

  /** Told to the drivers in the order in which they were loaded. */
  private fileClosed(file: FileObject, stream: object | null, first: number): MaybeLater<void> {
    for (let at = first; at < this.rooms.length; at += 1) {
      const done = this.rooms[at]?.contexts.fileClosed(file, stream);
      if (isLater(done)) return done.then(() => this.fileClosed(file, stream, at + 1));
    }
  }

  /** Where the driver is whose code runs innermost on the current thread. */
  private place(): SourcePlace[] {
    const here = this.placesIn(captureStack());
    return here.length > 0 ? here : this.placeOf(this.kernel.scheduler.current);
  }

  /** Where a thread has left driver code by a call of the kernel. */
  private placeOf(thread: Thread): SourcePlace[] {
    const suspended = this.parts.threads.stateOf(thread)?.imports.at(-1);
    return suspended === undefined ? [] : this.placesIn(suspended);
  }

  private placesIn(captured: Error): SourcePlace[] {
    for (const module of modulesOn(captured)) {
      const innermost = this.rooms.find((room) => room.isImage(module));
      if (innermost !== undefined) return innermost.placesOf(captured);
    }
    return this.rooms.at(-1)?.placesOf(captured) ?? [];
  }

  /** Whose pool a block is; the last driver's where it is nobody's, which is told then. */
  private ownerOf(buffer: number): Room | undefined {
    return this.rooms.find((room) => room.pool.owns(buffer)) ?? this.rooms.at(-1);
  }
}

function refuseOverlap(images: readonly ImageReaders[]): void {
  const ranges = images
    .map(({ description }) => description)
    .sort((one, other) => one.base - other.base);
  ranges.forEach((range, index) => {
    const next = ranges[index + 1];
    if (next === undefined) return;
    const functionsEnd = range.tableBase + range.tableCount;
    if (range.end <= next.base && functionsEnd <= next.tableBase) return;
    throw new NotModelledSignal('two drivers whose images do not fit beside each other');
  });
}
