// Rows by place. A million of them as objects would be a gigabyte: many are kept as lines of text with
// an index of where each begins, and only those in sight are parsed.
import type { ComparisonRow } from '../../contract/comparison.ts';
import type { PlacedRow } from '../../contract/rpc.ts';

/** Fewer than this stay objects. */
const FEW = 5_000;
/** Lines are gathered into blocks of this many characters before they become bytes. */
const BLOCK_characters = 4 * 1024 * 1024;

interface Lines {
  readonly bytes: Buffer;
  /** Where each line begins, and the end of the last. */
  readonly offsets: Float64Array;
}

export class RowStore {
  readonly total: number;
  /** Places of the rows that do not just agree. */
  readonly speaking: Uint32Array;
  private readonly few: readonly ComparisonRow[] | undefined;
  private readonly many: Lines | undefined;

  private constructor(
    total: number,
    speaking: Uint32Array,
    rows: readonly ComparisonRow[] | undefined,
    lines: Lines | undefined,
  ) {
    this.total = total;
    this.speaking = speaking;
    this.few = rows;
    this.many = lines;
  }

  static of(rows: readonly ComparisonRow[]): RowStore {
    const speaking = Uint32Array.from(
      rows.flatMap((row, index) => (row.verdict === 'agrees' ? [] : [index])),
    );
    if (rows.length < FEW) return new RowStore(rows.length, speaking, rows, undefined);
    return new RowStore(rows.length, speaking, undefined, toLines(rows));
  }

  /** `lines`: one row a line, as `toLines` writes them; `speaking` as it was for them. */
  static ofLines(lines: Lines, speaking: Uint32Array): RowStore {
    return new RowStore(lines.offsets.length - 1, speaking, undefined, lines);
  }

  window(from: number, count: number, speaking: boolean): PlacedRow[] {
    const length = speaking ? this.speaking.length : this.total;
    const placed: PlacedRow[] = [];
    for (let place = from; place < Math.min(from + count, length); place += 1) {
      const index = speaking ? (this.speaking[place] ?? 0) : place;
      placed.push({ index, row: this.at(index) });
    }
    return placed;
  }

  /** By bisection: the places are sorted. */
  nextSpeaking(after: number, backwards: boolean): number | null {
    let low = 0;
    let high = this.speaking.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const before =
        (this.speaking[middle] ?? 0) < after || (!backwards && this.speaking[middle] === after);
      if (before) low = middle + 1;
      else high = middle;
    }
    return this.speaking[backwards ? low - 1 : low] ?? null;
  }

  private at(index: number): ComparisonRow {
    const row = this.few?.[index];
    if (row !== undefined) return row;
    const { bytes, offsets } = this.many as Lines;
    return JSON.parse(bytes.toString('utf8', offsets[index], offsets[index + 1])) as ComparisonRow;
  }
}

export function toLines(rows: readonly ComparisonRow[]): Lines {
  const offsets = new Float64Array(rows.length + 1);
  const blocks: Buffer[] = [];
  let block: string[] = [];
  let size = 0;
  let at = 0;
  const flush = (): void => {
    blocks.push(Buffer.from(block.join(''), 'utf8'));
    block = [];
    size = 0;
  };
  for (const [index, row] of rows.entries()) {
    const line = `${JSON.stringify(row)}\n`;
    offsets[index] = at;
    at += Buffer.byteLength(line);
    block.push(line);
    size += line.length;
    if (size > BLOCK_characters) flush();
  }
  flush();
  offsets[rows.length] = at;
  return { bytes: Buffer.concat(blocks), offsets };
}
