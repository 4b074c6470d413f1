// Reads what WebAssembly, DWARF and LLVM's coverage map are written in: little-endian numbers,
// LEB128, strings. A read beyond the end throws RangeError: the image is damaged.
export class ByteReader {
    bytes;
    end;
    position;
    #view;
    constructor(bytes, start = 0, end = bytes.length) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    get atEnd() {
        return this.position >= this.end;
    }
    #take(length) {
        const at = this.position;
        if (length < 0 || at + length > this.end) {
            throw new RangeError(`the image ends inside a record at offset ${at}`);
        }
        this.position = at + length;
        return at;
    }
    u8() {
        return this.#view.getUint8(this.#take(1));
    }
    i8() {
        return this.#view.getInt8(this.#take(1));
    }
    u16() {
        return this.#view.getUint16(this.#take(2), true);
    }
    u32() {
        return this.#view.getUint32(this.#take(4), true);
    }
    u64() {
        return this.#view.getBigUint64(this.#take(8), true);
    }
    /** Unsigned LEB128 of up to 53 bits. */
    uleb() {
        let value = 0;
        for (let scale = 1;; scale *= 128) {
            const byte = this.u8();
            value += (byte & 0x7f) * scale;
            if (byte < 0x80)
                return value;
        }
    }
    /** Signed LEB128 of up to 53 bits. */
    sleb() {
        let value = 0;
        for (let scale = 1;; scale *= 128) {
            const byte = this.u8();
            value += (byte & 0x7f) * scale;
            if (byte < 0x80)
                return byte & 0x40 ? value - scale * 128 : value;
        }
    }
    skip(length) {
        this.#take(length);
    }
    take(length) {
        const at = this.#take(length);
        return this.bytes.subarray(at, at + length);
    }
    /** A reader of the next `length` bytes, which this one steps over. Positions stay absolute. */
    window(length) {
        const at = this.#take(length);
        return new ByteReader(this.bytes, at, at + length);
    }
    /** A string behind its length, as in a WebAssembly name. */
    name() {
        return decodeUtf8(this.take(this.uleb()));
    }
    /** A string that ends with a zero byte. */
    zeroTerminated() {
        const start = this.position;
        while (this.u8() !== 0)
            ;
        return decodeUtf8(this.bytes.subarray(start, this.position - 1));
    }
}
/** Malformed sequences become U+FFFD, one for each byte that does not fit. */
export function decodeUtf8(bytes) {
    let text = '';
    for (let at = 0; at < bytes.length;) {
        const lead = bytes[at];
        const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        let point = length <= 1 ? lead : lead & (0x7f >> length);
        let good = length !== 0 && lead < 0xf5;
        for (let next = 1; good && next < length; next++) {
            const byte = bytes[at + next] ?? 0;
            good = (byte & 0xc0) === 0x80;
            point = (point << 6) | (byte & 0x3f);
        }
        good &&= point <= 0x10ffff;
        text += good ? String.fromCodePoint(point) : '\ufffd';
        at += good ? length : 1;
    }
    return text;
}
