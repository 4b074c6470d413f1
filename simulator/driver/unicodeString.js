// UNICODE_STRING and ANSI_STRING of a driver, read and written in place.
import { StringLayout } from './layout.ts';
const { Length, MaximumLength, Buffer, length: STRING_BYTES } = StringLayout;
export class UnicodeString {
    address;
    room;
    routine;
    /** `routine` is who was given the pointer, for findings. */
    constructor(room, address, routine) {
        room.probe(address, STRING_BYTES, false, routine);
        this.room = room;
        this.address = address;
        this.routine = routine;
    }
    /** In bytes. */
    get length() {
        return this.room.memory.read16(this.address + Length);
    }
    get maximumLength() {
        return this.room.memory.read16(this.address + MaximumLength);
    }
    get buffer() {
        return this.room.memory.read32(this.address + Buffer);
    }
    /** The text; the descriptor and the characters are checked. */
    read() {
        const { room, buffer, length } = this;
        if (length === 0)
            return '';
        room.probe(buffer, length, false, this.routine);
        return room.memory.readWide(buffer, length >>> 1);
    }
    /** Writes the descriptor; nothing of the characters. */
    describe(buffer, length, maximumLength) {
        const { memory } = this.room;
        this.room.probe(this.address, STRING_BYTES, true, this.routine);
        memory.write16(this.address + Length, length);
        memory.write16(this.address + MaximumLength, maximumLength);
        memory.write32(this.address + Buffer, buffer);
    }
    /** Puts `text` at byte offset `at` and sets Length to its end. It must fit. */
    put(text, at = 0) {
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
export function writeUnicodeString(room, address, buffer, length, maximumLength = length) {
    room.memory.write16(address + Length, length);
    room.memory.write16(address + MaximumLength, maximumLength);
    room.memory.write32(address + Buffer, buffer);
}
