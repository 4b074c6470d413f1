// Rows by place: those of a short comparison from memory, those of a long one from the files beside its
// run, and only those in sight.
import type { ComparisonRow } from '../../contract/comparison.ts';
import type { PlacedRow } from '../../contract/rpc.ts';
import type { RowsFile } from '../run/rowsFile.ts';

/** Where rows come from. */
interface Source {
  read(places: readonly number[]): Promise<readonly ComparisonRow[]>;
  close(): Promise<void>;
}

export class RowStore {
  readonly total: number;
  /** Places of the rows that do not just agree. */
  readonly speaking: Uint32Array;
  private readonly source: Source;

  private constructor(total: number, speaking: Uint32Array, source: Source) {
    this.total = total;
    this.speaking = speaking;
    this.source = source;
  }

  static of(rows: readonly ComparisonRow[]): RowStore {
    const speaking: number[] = [];
    for (const [index, row] of rows.entries()) if (row.verdict !== 'agrees') speaking.push(index);
    const source: Source = {
      read: (places) => Promise.resolve(places.flatMap((place) => rows[place] ?? [])),
      close: () => Promise.resolve(),
    };
    return new RowStore(rows.length, Uint32Array.from(speaking), source);
  }

  static ofFile(file: RowsFile): RowStore {
    const { offsets, speaking } = file.index;
    return new RowStore(offsets.length - 1, speaking, file);
  }

  async window(from: number, count: number, speaking: boolean): Promise<PlacedRow[]> {
    const length = speaking ? this.speaking.length : this.total;
    const places: number[] = [];
    for (let place = from; place < Math.min(from + count, length); place += 1) {
      places.push(speaking ? (this.speaking[place] ?? 0) : place);
    }
    const rows = await this.source.read(places);
    return rows.map((row, at) => ({ index: places[at] ?? 0, row }));
  }

  /** By bisection: the places are sorted. */
  nextSpeaking(after: number, backwards: boolean): number | null {
    let low = 0;
    let high = this.speaking.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const place = this.speaking[middle] ?? 0;
      if (place < after || (!backwards && place === after)) low = middle + 1;
      else high = middle;
    }
    return this.speaking[backwards ? low - 1 : low] ?? null;
  }

  close(): Promise<void> {
    return this.source.close();
  }
}
