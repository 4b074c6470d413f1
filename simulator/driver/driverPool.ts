// Pool as the driver uses it: every block remembers the line that allocated it, so that what is still
// there after the unload can be told with its line.
import { BugCheck } from '../../contract/windows/index.ts';
import { BugcheckSignal, type PoolType } from '../kernel/kernel.ts';
import { captureStack } from './places.ts';
import type { Room } from './room.ts';

interface Allocation {
  readonly length: number;
  readonly type: PoolType;
  readonly tag: string;
  readonly stack: Error;
}

/** Blocks of the system that a filter may dispose of: the name of a file object, and TagData. */
const disposable: ReadonlySet<string> = new Set(['IoNm', 'FMtd']);

/** What uninitialised pool holds: anything but zeroes, so that nobody relies on them. */
const UNINITIALISED = 0xbd;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** 'xyzA' as the debugger prints it: the four bytes in memory order. */
export const tagText = (tag: number): string =>
  String.fromCharCode(...[0, 8, 16, 24].map((shift) => (tag >>> shift) & 0xff || 0x20));

/** What one driver may have at a time; far more than a filter needs, and less than the model has. */
const DRIVER_LIMIT_BYTES = 16 * 1024 * 1024;

export class DriverPool {
  private readonly room: Room;
  private readonly blocks = new Map<number, Allocation>();
  private live_bytes = 0;

  constructor(room: Room) {
    this.room = room;
  }

  /** 0 where the driver has used up its share: on Windows, where the system has. */
  allocate(type: PoolType, length: number, tag: number, zeroed: boolean): number {
    const { kernel, memory, input } = this.room;
    if (this.live_bytes + length > DRIVER_LIMIT_BYTES) return 0;
    this.live_bytes += length;
    const text = tagText(tag);
    const address = kernel.pool.allocate(type, length, text, input.name);
    if (!zeroed) memory.bytes(address, length).fill(UNINITIALISED);
    this.blocks.set(address, { length, type, tag: text, stack: captureStack() });
    return address;
  }

  /** ExFreePool; an address that is no live block of the driver is bugcheck 0xC2. */
  free(address: number, routine: string): void {
    const own = this.blocks.get(address);
    if (own !== undefined) {
      this.live_bytes -= own.length;
      this.blocks.delete(address);
      this.room.kernel.pool.free(address);
      return;
    }
    const block = this.room.kernel.pool.blockAt(address);
    if (block?.address === address && !block.freed && disposable.has(block.tag)) {
      this.room.kernel.pool.free(address);
      return;
    }
    const known = block?.address === address ? block : null;
    const was =
      known === null
        ? 'is not the start of a pool block'
        : known.freed
          ? `was freed before (${known.length} bytes with tag '${known.tag}')`
          : `belongs to ${known.owner}`;
    this.room.kernel.report({
      id: 'double-free',
      message: `${routine} was given ${hex(address)}, which ${was}.`,
    });
    const kind = known?.freed === true ? '0x7' : '0x46';
    throw new BugcheckSignal(BugCheck.BAD_POOL_CALLER, [kind, '0x0', '0x0', hex(address)]);
  }

  /** Whether the driver has allocated the block and not freed it. */
  owns(address: number): boolean {
    return this.blocks.has(address);
  }

  /** The block is the system's from now on, which frees it: the name of a file object. */
  giveAway(address: number): boolean {
    if (this.blocks.delete(address)) return true;
    this.room.kernel.report({
      id: 'bad-argument-pointer',
      message: `FileObject->FileName.Buffer is ${hex(address)}, which is no pool block of the driver.`,
    });
    return false;
  }

  /** What the driver has not freed; told after its unload. */
  reportLeaks(): void {
    for (const [address, { length, type, tag, stack }] of this.blocks) {
      this.room.kernel.report({
        id: 'pool-leak',
        message:
          `${length} bytes of ${type} pool with tag '${tag}' at ${hex(address)}, allocated here, ` +
          `were never freed: ${this.room.input.name} has unloaded.`,
        stack: this.room.placesOf(stack),
      });
    }
  }
}
