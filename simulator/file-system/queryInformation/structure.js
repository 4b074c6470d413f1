// A fixed-size structure that is being filled in, with what may follow it.
/** Little-endian fields at the offsets of the 32-bit headers. */
export class Structure {
    bytes;
    view;
    constructor(length_bytes) {
        this.bytes = new Uint8Array(length_bytes);
        this.view = new DataView(this.bytes.buffer);
    }
    byte(offset, value) {
        this.view.setUint8(offset, Number(value));
        return this;
    }
    word(offset, value) {
        this.view.setUint16(offset, value, true);
        return this;
    }
    long(offset, value) {
        this.view.setUint32(offset, value, true);
        return this;
    }
    /** Exact for numbers up to 2^53. */
    longLong(offset, value) {
        this.view.setBigInt64(offset, BigInt(value), true);
        return this;
    }
    text(offset, text) {
        for (let at = 0; at < text.length; at += 1)
            this.word(offset + 2 * at, text.charCodeAt(at));
        return this;
    }
    /** Puts the bytes of another structure at an offset. */
    part(offset, part) {
        this.bytes.set(part.bytes, offset);
        return this;
    }
}
