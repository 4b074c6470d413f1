// Pool with tags, owners and red zones.
import { assert } from '../../contract/assert.ts';
import { PoolSlots, REDZONE_LENGTH } from './poolSlots.ts';
const roundUp8 = (value) => (value + 7) & ~7;
export class PoolAllocator {
    memory;
    slots = new PoolSlots();
    /** Live blocks by address: freeing is on the path of every operation. */
    live = new Map();
    constructor(memory) {
        this.memory = memory;
    }
    allocate(type, length, tag, owner) {
        const { slot, used } = this.slots.take(length);
        const address = slot.start + REDZONE_LENGTH;
        if (used) {
            this.memory.bytes(address, length).fill(0);
        }
        else {
            this.memory.map(slot.start, slot.length);
            this.memory.mark(slot.start, REDZONE_LENGTH, 'redzone');
        }
        this.memory.mark(address, length, type === 'paged' ? 'paged' : 'addressable');
        const tail = address + roundUp8(length);
        this.memory.mark(tail, slot.start + slot.length - tail, 'redzone');
        slot.block = { address, length, type, tag, owner, freed: false };
        this.live.set(address, slot);
        return address;
    }
    free(address) {
        const slot = this.live.get(address);
        assert(slot?.block, `no pool block begins at 0x${address.toString(16)}`);
        this.live.delete(address);
        slot.block.freed = true;
        this.memory.mark(address, roundUp8(slot.block.length), 'freed');
        this.slots.give(slot);
    }
    blockAt(address) {
        return this.slots.at(address)?.block ?? null;
    }
    ownedBy(owner) {
        return this.slots
            .all()
            .flatMap(({ block }) => block !== null && !block.freed && block.owner === owner ? block : []);
    }
}
