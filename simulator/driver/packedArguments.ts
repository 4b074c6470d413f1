// The arguments behind "…", as clang packs them for wasm32: 4 bytes each, 64-bit values 8-aligned.
import type { Room } from './room.ts';

export class PackedArguments {
  private readonly room: Room;
  private readonly routine: string;
  private next: number;

  constructor(room: Room, address: number, routine: string) {
    this.room = room;
    this.next = address;
    this.routine = routine;
  }

  u32(): number {
    const { room, next } = this;
    room.probe(next, 4, false, this.routine);
    this.next += 4;
    return room.memory.read32(next);
  }

  u64(): bigint {
    const { room } = this;
    const at = (this.next + 7) & ~7;
    room.probe(at, 8, false, this.routine);
    this.next = at + 8;
    return room.memory.read64(at);
  }
}
