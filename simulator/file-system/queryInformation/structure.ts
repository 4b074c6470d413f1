// A fixed-size structure that is being filled in, with what may follow it.

/** Little-endian fields at the offsets of the 32-bit headers. */
export class Structure {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(length_bytes: number) {
    this.bytes = new Uint8Array(length_bytes);
    this.view = new DataView(this.bytes.buffer);
  }

  byte(offset: number, value: number | boolean): this {
    this.view.setUint8(offset, Number(value));
    return this;
  }

  word(offset: number, value: number): this {
    this.view.setUint16(offset, value, true);
    return this;
  }

  long(offset: number, value: number): this {
    this.view.setUint32(offset, value, true);
    return this;
  }

  /** Exact for numbers up to 2^53. */
  longLong(offset: number, value: number | bigint): this {
    this.view.setBigInt64(offset, BigInt(value), true);
    return this;
  }

  text(offset: number, text: string): this {
    for (let at = 0; at < text.length; at += 1) this.word(offset + 2 * at, text.charCodeAt(at));
    return this;
  }

  /** Puts the bytes of another structure at an offset. */
  part(offset: number, part: Structure): this {
    this.bytes.set(part.bytes, offset);
    return this;
  }
}
