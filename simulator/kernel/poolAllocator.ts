// Pool with tags, owners and red zones.
import { assert } from '../../contract/assert.ts';
import type { Pool, PoolBlock, PoolType } from './kernel.ts';
import type { Memory } from './memory.ts';
import { PoolSlots, REDZONE_LENGTH, type Slot } from './poolSlots.ts';

const roundUp8 = (value: number): number => (value + 7) & ~7;

export class PoolAllocator implements Pool {
  private readonly memory: Memory;
  private readonly slots = new PoolSlots();
  /** Live blocks by address: freeing is on the path of every operation. */
  private readonly live = new Map<number, Slot>();

  constructor(memory: Memory) {
    this.memory = memory;
  }

  allocate(type: PoolType, length: number, tag: string, owner: string): number {
    const slot = this.slots.take(length);
    const address = slot.start + REDZONE_LENGTH;
    const before = slot.block;
    if (before === null) {
      this.memory.map(slot.start, slot.length);
      this.memory.mark(slot.start, REDZONE_LENGTH, 'redzone');
    } else {
      this.memory.clear(address, length);
    }
    this.memory.mark(address, length, type === 'paged' ? 'paged' : 'addressable');
    const rounded = roundUp8(length);
    // Behind a block as long as the one before it, the red zone is there.
    if (before === null || roundUp8(before.length) !== rounded) {
      this.memory.mark(address + rounded, slot.length - REDZONE_LENGTH - rounded, 'redzone');
    }
    slot.block = { address, length, type, tag, owner, freed: false };
    this.live.set(address, slot);
    return address;
  }

  free(address: number): void {
    const slot = this.live.get(address);
    assert(slot?.block, `no pool block begins at 0x${address.toString(16)}`);
    this.live.delete(address);
    slot.block.freed = true;
    this.memory.mark(address, roundUp8(slot.block.length), 'freed');
    this.slots.give(slot);
  }

  blockAt(address: number): PoolBlock | null {
    return this.slots.at(address)?.block ?? null;
  }

  ownedBy(owner: string): readonly PoolBlock[] {
    return this.slots
      .all()
      .flatMap(({ block }) =>
        block !== null && !block.freed && block.owner === owner ? block : [],
      );
  }
}
