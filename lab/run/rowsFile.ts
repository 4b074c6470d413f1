// The rows of a long comparison, in files of their own beside the run: one row a line, and an index of
// where each begins and which of them speak. Read in windows; a million rows open as fast as ten.
import { open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparisonRow } from '../../contract/comparison.ts';
import { LabError } from '../../contract/errors/labError.ts';

/** More rows than this stand apart from the run. */
export const ROWS_TOGETHER_MAX = 20_000;

/** One row a line; it travels with an exported run. */
export const ROWS_FILE = 'comparison.rows';
const INDEX_FILE = 'comparison.index';
const BLOCK_characters = 4 * 1024 * 1024;
/** Rows, then speaking rows: two numbers of eight bytes. */
const HEADER_BYTES = 16;

/** Little-endian on every machine that the lab runs on. */
export interface RowIndex {
  /** Where each line begins, and the end of the last. */
  readonly offsets: Float64Array;
  /** Places of the rows that do not just agree. */
  readonly speaking: Uint32Array;
}

export async function writeRows(folder: string, rows: readonly ComparisonRow[]): Promise<void> {
  const offsets = new Float64Array(rows.length + 1);
  const speaking: number[] = [];
  const file = await open(join(folder, ROWS_FILE), 'wx');
  try {
    let at = 0;
    let block = '';
    for (const [index, row] of rows.entries()) {
      const line = `${JSON.stringify(row)}\n`;
      offsets[index] = at;
      at += Buffer.byteLength(line);
      block += line;
      if (row.verdict !== 'agrees') speaking.push(index);
      if (block.length > BLOCK_characters) {
        await file.write(block);
        block = '';
      }
    }
    await file.write(block);
    offsets[rows.length] = at;
  } finally {
    await file.close();
  }
  const head = Float64Array.of(rows.length, speaking.length);
  const parts = [head, offsets, Uint32Array.from(speaking)].map((one) => Buffer.from(one.buffer));
  await writeFile(join(folder, INDEX_FILE), Buffer.concat(parts), { flag: 'wx' });
}

export class RowsFile {
  readonly index: RowIndex;
  private readonly file: FileHandle;

  private constructor(file: FileHandle, index: RowIndex) {
    this.file = file;
    this.index = index;
  }

  /** Errors: `file.invalid` for an index that does not fit the rows. */
  static async open(folder: string): Promise<RowsFile> {
    const index = await readIndex(join(folder, INDEX_FILE));
    const file = await open(join(folder, ROWS_FILE), 'r');
    const { size } = await file.stat();
    if (index.offsets.at(-1) === size) return new RowsFile(file, index);
    await file.close();
    throw damaged(folder);
  }

  /** The rows at `places`, which lie near each other more often than not. */
  async read(places: readonly number[]): Promise<ComparisonRow[]> {
    return Promise.all(places.map((place) => this.row(place)));
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async row(place: number): Promise<ComparisonRow> {
    const from = this.index.offsets[place] ?? 0;
    const bytes = Buffer.alloc((this.index.offsets[place + 1] ?? from) - from);
    await this.file.read(bytes, 0, bytes.length, from);
    return JSON.parse(bytes.toString('utf8')) as ComparisonRow;
  }
}

async function readIndex(path: string): Promise<RowIndex> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const bytes = new ArrayBuffer(size);
    await file.read(new Uint8Array(bytes), 0, size, 0);
    const [rows = 0, speaking = 0] = size < HEADER_BYTES ? [] : new Float64Array(bytes, 0, 2);
    const offsetsEnd = HEADER_BYTES + (rows + 1) * 8;
    if (size !== offsetsEnd + speaking * 4) throw damaged(path);
    return {
      offsets: new Float64Array(bytes, HEADER_BYTES, rows + 1),
      speaking: new Uint32Array(bytes, offsetsEnd, speaking),
    };
  } finally {
    await file.close();
  }
}

const damaged = (path: string): LabError =>
  new LabError('file.invalid', {
    problem: `The rows of the comparison at ${path} are damaged.`,
    remedy: 'Run it again; the trace and the prediction of the run are untouched.',
  });
