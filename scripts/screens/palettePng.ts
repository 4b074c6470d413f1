// A picture of a screen with at most 256 colours: a third of the bytes, and nobody sees the difference.
// Reads what Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS_MAX = 256;
/** Squared distance in RGB under which two colours are one where there are too many. */
const NEAR = 48;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB for each pixel. */
  readonly colours: Uint32Array;
}

export function withPalette(png: Buffer): Buffer {
  const { width, height, colours } = readPixels(png);
  const { palette, indexOf } = paletteOf(colours);
  const raw = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      raw[y * (width + 1) + 1 + x] = indexOf[colours[y * width + x] ?? 0] ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]))),
    chunk('IDAT', deflateSync(raw, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** The most frequent colours first; the others become the nearest of those. */
function paletteOf(colours: Uint32Array): {
  readonly palette: readonly number[];
  /** By colour. */
  readonly indexOf: Uint8Array;
} {
  const counts = new Uint32Array(1 << 24);
  const different: number[] = [];
  for (const one of colours) {
    if (counts[one] === 0) different.push(one);
    counts[one] = (counts[one] ?? 0) + 1;
  }
  different.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  const few = different.length <= COLOURS_MAX;
  const palette: number[] = [];
  for (const one of different) {
    if (palette.length === COLOURS_MAX) break;
    if (few || palette.every((other) => distance(one, other) >= NEAR)) palette.push(one);
  }
  const indexOf = new Uint8Array(1 << 24);
  for (const one of different) {
    let best = 0;
    for (let at = 1; at < palette.length; at += 1) {
      if (distance(one, palette[at] ?? 0) < distance(one, palette[best] ?? 0)) best = at;
    }
    indexOf[one] = best;
  }
  return { palette, indexOf };
}

function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

function readPixels(png: Buffer): Pixels {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG');
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      data.push(png.subarray(at + 8, at + 8 + length));
    }
    at += length + 12;
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [depth, type] = [png[24], png[25]];
  const channels = type === 2 ? 3 : type === 6 ? 4 : 0;
  if (depth !== 8 || channels === 0 || png[28] !== 0) throw new Error('a PNG of another kind');
  const bytes = unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at += 1) {
    const from = at * channels;
    colours[at] =
      ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
  }
  return { width, height, colours };
}

/** Each row was written as a difference from what is left of it and above it. */
function unfilter(raw: Buffer, rowBytes: number, rows: number, step: number): Uint8Array {
  const out = new Uint8Array(rowBytes * rows);
  for (let y = 0; y < rows; y += 1) {
    const filter = raw[y * (rowBytes + 1)] ?? 0;
    const to = y * rowBytes;
    for (let x = 0; x < rowBytes; x += 1) {
      const left = x >= step ? (out[to + x - step] ?? 0) : 0;
      const up = y > 0 ? (out[to + x - rowBytes] ?? 0) : 0;
      const corner = x >= step && y > 0 ? (out[to + x - rowBytes - step] ?? 0) : 0;
      const value = raw[y * (rowBytes + 1) + 1 + x] ?? 0;
      out[to + x] = value + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
