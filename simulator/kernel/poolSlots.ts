// Where pool blocks lie: slots carved one behind the other, each with a red zone on both sides, used
// again for blocks of the same size only, and only after having been held back for a while, so that a
// stale pointer meets freed memory and not somebody else's.
import { assert } from '../../contract/assert.ts';
import { POOL_BASE, POOL_LIMIT } from './memory.ts';
import type { PoolBlock, PoolType } from './kernel.ts';

export const REDZONE_LENGTH = 16;
const PAGE_LENGTH = 4096;
/** Bytes of freed slots that are held back from reuse. */
const QUARANTINE_LENGTH = 512 * 1024;

export interface Slot {
  /** Start of the red zone in front; the block follows it. */
  readonly start: number;
  readonly length: number;
  block: MutablePoolBlock | null;
}

export interface MutablePoolBlock extends PoolBlock {
  address: number;
  length: number;
  type: PoolType;
  tag: string;
  owner: string;
  freed: boolean;
}

export class PoolSlots {
  /** In the order of their addresses: slots never move and are never joined. */
  private readonly slots: Slot[] = [];
  private readonly reusable = new Map<number, Slot[]>();
  private readonly heldBack: Slot[] = [];
  private heldBackFrom = 0;
  private heldBackLength = 0;
  private end = POOL_BASE;

  /** A slot for `length` bytes between red zones; it holds its last block, where it had one. */
  take(length: number): Slot {
    const slotLength = slotLengthFor(length);
    const used = this.reusable.get(slotLength)?.pop();
    if (used !== undefined) return used;
    assert(this.end + slotLength <= POOL_LIMIT, 'the simulated pool is exhausted');
    const slot: Slot = { start: this.end, length: slotLength, block: null };
    this.end += slotLength;
    this.slots.push(slot);
    return slot;
  }

  /** Holds a freed slot back; those held back longest become usable again. */
  give(slot: Slot): void {
    this.heldBack.push(slot);
    this.heldBackLength += slot.length;
    while (this.heldBackLength > QUARANTINE_LENGTH) this.releaseOldest();
  }

  /** The slot in which the address lies. */
  at(address: number): Slot | null {
    let low = 0;
    let high = this.slots.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const slot = this.slots[middle] as Slot;
      if (address < slot.start) high = middle - 1;
      else if (address >= slot.start + slot.length) low = middle + 1;
      else return slot;
    }
    return null;
  }

  /** All slots, in the order of their addresses. */
  all(): readonly Slot[] {
    return this.slots;
  }

  private releaseOldest(): void {
    const slot = this.heldBack[this.heldBackFrom] as Slot;
    this.heldBackFrom += 1;
    this.heldBackLength -= slot.length;
    const sameLength = this.reusable.get(slot.length);
    if (sameLength === undefined) this.reusable.set(slot.length, [slot]);
    else sameLength.push(slot);
    if (this.heldBackFrom < 4096) return;
    this.heldBack.splice(0, this.heldBackFrom);
    this.heldBackFrom = 0;
  }
}

/** Small slots in steps of 16 bytes, large ones in whole pages. */
function slotLengthFor(length: number): number {
  const needed = length + 2 * REDZONE_LENGTH;
  const step = needed <= PAGE_LENGTH ? 16 : PAGE_LENGTH;
  return Math.ceil(needed / step) * step;
}
