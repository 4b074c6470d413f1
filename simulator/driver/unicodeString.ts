// UNICODE_STRING and ANSI_STRING of a driver, read and written in place.
import { StringLayout } from './layout.ts';
import type { Room } from './room.ts';

const { Length, MaximumLength, Buffer, length: STRING_BYTES } = StringLayout;

export class UnicodeString {
  readonly address: number;
  private readonly room: Room;
  private readonly routine: string;

  /** `routine` is who was given the pointer, for findings. */
  constructor(room: Room, address: number, routine: string) {
    room.probe(address, STRING_BYTES, false, routine);
    this.room = room;
    this.address = address;
    this.routine = routine;
  }

  /** In bytes. */
  get length(): number {
    return this.room.memory.read16(this.address + Length);
  }

  get maximumLength(): number {
    return this.room.memory.read16(this.address + MaximumLength);
  }

  get buffer(): number {
    return this.room.memory.read32(this.address + Buffer);
  }

  /** The text; the descriptor and the characters are checked. */
  read(): string {
    const { room, buffer, length } = this;
    if (length === 0) return '';
    room.probe(buffer, length, false, this.routine);
    return room.memory.readWide(buffer, length >>> 1);
  }

  /** Writes the descriptor; nothing of the characters. */
  describe(buffer: number, length: number, maximumLength: number): void {
    const { memory } = this.room;
    this.room.probe(this.address, STRING_BYTES, true, this.routine);
    memory.write16(this.address + Length, length);
    memory.write16(this.address + MaximumLength, maximumLength);
    memory.write32(this.address + Buffer, buffer);
  }

  /** Puts `text` at byte offset `at` and sets Length to its end. It must fit. */
  put(text: string, at = 0): void {
    const { room, buffer } = this;
    if (text !== '') {
      room.probe(buffer + at, text.length * 2, true, this.routine);
      room.memory.writeWide(buffer + at, text);
    }
    room.probe(this.address, STRING_BYTES, true, this.routine);
    room.memory.write16(this.address + Length, at + text.length * 2);
  }
}

/** Writes a UNICODE_STRING of our own making. */
export function writeUnicodeString(
  room: Pick<Room, 'memory'>,
  address: number,
  buffer: number,
  length: number,
  maximumLength = length,
): void {
  room.memory.write16(address + Length, length);
  room.memory.write16(address + MaximumLength, maximumLength);
  room.memory.write32(address + Buffer, buffer);
}
