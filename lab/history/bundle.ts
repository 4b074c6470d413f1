// A kept run as one file, to be sent to someone: versioned, compressed, and checked before anything of
// it is written. The trace and the prediction travel with it; nothing of the machine that made it does.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { ComparisonRow } from '../../contract/comparison.ts';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { predictionFormat } from '../../contract/prediction.ts';
import { EXPORTED_BYTES_MAX } from '../../contract/rpc.ts';
import { runFormat, type Run } from '../../contract/run.ts';
import { parseOrThrow, type Versioned } from '../../contract/versioned.ts';
import { readTrace } from '../run/readTrace.ts';
import { ROWS_FILE } from '../run/rowsFile.ts';
import { keepRun, runFiles } from '../run/store.ts';
import { readAnnotations, writeAnnotations } from './annotations.ts';

const BundleSchema = z.strictObject({
  fltlabRun: z.literal(2),
  /** SHA-256 over the parts, in hex. */
  checksum: z.string(),
  run: z.string(),
  prediction: z.string(),
  trace: z.string(),
  /** The rows of a long comparison, one a line; empty where they stand in the run itself. */
  rows: z.string(),
  tags: z.array(z.string()),
  note: z.string(),
});
type Bundle = z.output<typeof BundleSchema>;

const bundleFormat: Versioned<typeof BundleSchema> = {
  kind: 'fltlabRun',
  current: 2,
  schema: BundleSchema,
  // Version 1 had no rows: what was exported of a long comparison came without them.
  upgrades: [(document) => ({ ...document, fltlabRun: 2, rows: '' })],
};

/** Unpacked, a file of the largest size could otherwise fill the memory. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;

/** Rows that there are not leave the checksum as version 1 made it. */
function checksumOf(bundle: Omit<Bundle, 'checksum' | 'fltlabRun'>): string {
  const { run, prediction, trace, rows, tags, note } = bundle;
  const parts = [run, prediction, trace, tags, note, ...(rows === '' ? [] : [rows])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Errors: `run.bundle-invalid` when it would be too large to be read again. */
export async function exportRun(folder: string): Promise<Buffer> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  await checkSizes(folder);
  const { tags, note } = await readAnnotations(folder);
  const parts = {
    run: await read(runFiles.run),
    prediction: await read(runFiles.prediction),
    trace: await read(runFiles.trace),
    rows: existsSync(join(folder, ROWS_FILE)) ? await read(ROWS_FILE) : '',
    tags,
    note,
  };
  const bundle: Bundle = { fltlabRun: 2, checksum: checksumOf(parts), ...parts };
  const packed = await promisify(gzip)(JSON.stringify(bundle));
  if (packed.length > EXPORTED_BYTES_MAX) throw tooLarge('The exported run', packed.length);
  return packed;
}

/** Errors: `run.bundle-invalid`, `file.newer-version`. Nothing is written unless all of it is right. */
export async function importRun(
  dataFolder: string,
  name: string,
  packed: Uint8Array,
): Promise<string> {
  const bundle = await unpack(name, packed);
  if (bundle.checksum !== checksumOf(bundle)) throw damaged(name, 'its checksum does not fit');
  const json = (text: string, part: string): unknown => {
    const parsed = tryJson(text);
    if (parsed === undefined) throw damaged(name, `its ${part} is not JSON`);
    return parsed;
  };
  const run = parseOrThrow(runFormat, json(bundle.run, 'run'), name);
  const prediction = parseOrThrow(predictionFormat, json(bundle.prediction, 'prediction'), name);
  readTrace(bundle.trace, name);
  if (!/^[0-9]{8}-[0-9]{6}-[a-z0-9-]{1,80}$/.test(run.id)) throw damaged(name, 'its id is no id');
  const whole = withRows(run, bundle.rows, name);
  const kept = await keepRun(dataFolder, { run: whole, prediction, trace: bundle.trace });
  await writeAnnotations(kept.folder, {
    annotations: 1,
    tags: bundle.tags,
    note: bundle.note,
    origin: name,
  });
  return kept.run.id;
}

/** What is too large to be read again is not packed first: all of it is one text. */
async function checkSizes(folder: string): Promise<void> {
  const names = [runFiles.run, runFiles.prediction, runFiles.trace, ROWS_FILE];
  const sizes = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return [name, existsSync(file) ? (await stat(file)).size : 0] as const;
    }),
  );
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  // Quotation marks and line ends are written with a backslash: a third more, in JSON of JSON.
  if (total * 1.34 <= UNPACKED_BYTES_MAX) return;
  const parts = sizes.map(([name, bytes]) => `${name} ${Math.round(bytes / 1024 / 1024)} MiB`);
  throw tooLarge(`The run (${parts.join(', ')})`, total);
}

function withRows(run: Run, rows: string, name: string): Run {
  const { rowsApart, ...comparison } = run.comparison;
  if (rowsApart !== true) return run;
  if (rows === '') {
    const note = 'The rows of this comparison did not travel with it: an older FltLab exported it.';
    return { ...run, comparison, notes: [...run.notes, note] };
  }
  const read = rows
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const parsed = ComparisonRow.safeParse(tryJson(line));
      if (!parsed.success) throw damaged(name, `row ${index} of its comparison is none`);
      return parsed.data;
    });
  return { ...run, comparison: { ...comparison, rows: read } };
}

async function unpack(name: string, packed: Uint8Array): Promise<Bundle> {
  if (packed.length > EXPORTED_BYTES_MAX) throw tooLarge(name, packed.length);
  const text = await promisify(gunzip)(packed, { maxOutputLength: UNPACKED_BYTES_MAX }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge(`${name}, unpacked,`, UNPACKED_BYTES_MAX)
        : damaged(name, 'it is not compressed as FltLab does');
    },
  );
  const document = tryJson(text.toString('utf8'));
  if (document === undefined) throw damaged(name, 'it is cut, or was changed');
  try {
    return parseOrThrow(bundleFormat, document, name);
  } catch (error) {
    if (isLabError(error) && error.code === 'file.invalid') throw damaged(name, error.problem);
    throw error;
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const damaged = (name: string, why: string): LabError =>
  new LabError('run.bundle-invalid', {
    problem: `${name} is not an exported run of FltLab, or is damaged: ${why}.`,
    remedy: 'Export the run again, and copy the file as it is. Nothing was imported.',
  });

const tooLarge = (name: string, bytes: number): LabError =>
  new LabError('run.bundle-invalid', {
    problem: `${name} has ${Math.round(bytes / 1024 / 1024)} MiB: more than a run that travels as a file may have.`,
    remedy: 'Share its HTML report instead, or copy its folder.',
  });
