// Runs that are kept: one folder each in the data folder, with the run, its prediction, the observed
// trace and the report. Names sort by time. A folder appears whole, or not at all.
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { predictionFormat, type Prediction } from '../../contract/prediction.ts';
import { runFormat, type Run } from '../../contract/run.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { isMissing } from '../data/atomicFile.ts';
import { htmlReport } from '../report/html.ts';
import { readJson } from '../samples/readJson.ts';
import { reportable } from './reportable.ts';
import { ROWS_TOGETHER_MAX, writeRows } from './rowsFile.ts';

/** The files of a kept run. */
export const runFiles = {
  run: 'run.json',
  prediction: 'prediction.json',
  trace: 'observed.trace',
  report: 'report.html',
  /** Where the machine has a console: what came over it. */
  console: 'console.log',
} as const;

/** What FltLab wrote itself may be larger than what a person writes: a trace has no bound. */
export const WRITTEN_BYTES_MAX = 512 * 1024 * 1024;

/** Being written, or left by a program that was killed: no run. */
const UNFINISHED = '.unfinished-';

const runsFolder = (dataFolder: string): string => join(dataFolder, 'runs');

/** "20261121-074512-dirnotify": the next free name for a run that starts now. */
export async function newRunId(
  dataFolder: string,
  startedAt: Date,
  sample: string,
): Promise<string> {
  const digits = startedAt.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const taken = new Set(await runIds(dataFolder));
  return firstFree(`${digits}-${sample}`, taken);
}

function firstFree(base: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(id)) return id;
  }
}

/** Ids of all kept runs, oldest first. */
export async function runIds(dataFolder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(runsFolder(dataFolder));
    return names.filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export interface KeptRun {
  readonly run: Run;
  readonly prediction: Prediction;
  /** The observed trace as text. */
  readonly trace: string;
  /** The log of the machine's console, to be copied. */
  readonly consoleLog?: string | undefined;
}

/** Writes all files of a run. Another that took its id meanwhile makes it take the next one. */
export async function keepRun(
  dataFolder: string,
  { run, prediction, trace, consoleLog }: KeptRun,
): Promise<{ readonly folder: string; readonly run: Run }> {
  const runs = runsFolder(dataFolder);
  await mkdir(runs, { recursive: true });
  const id = firstFree(run.id, new Set(await runIds(dataFolder)));
  const kept = { ...run, id };
  const unfinished = await mkdtemp(join(runs, UNFINISHED));
  try {
    const write = (name: string, text: string): Promise<void> =>
      writeFile(join(unfinished, name), text);
    await write(runFiles.prediction, `${JSON.stringify(prediction)}\n`);
    await write(runFiles.trace, trace);
    if (consoleLog !== undefined) await copyFile(consoleLog, join(unfinished, runFiles.console));
    await write(runFiles.report, htmlReport(reportable(kept)));
    await write(
      runFiles.run,
      `${JSON.stringify(await withRowsApart(kept, unfinished), null, 2)}\n`,
    );
    await rename(unfinished, join(runs, id));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return { folder: join(runs, id), run: kept };
}

/** Rows that are too many for one document are written beside it. */
async function withRowsApart(run: Run, folder: string): Promise<Run> {
  const { comparison } = run;
  if (comparison.rows.length <= ROWS_TOGETHER_MAX) return run;
  await writeRows(folder, comparison.rows);
  return { ...run, comparison: { ...comparison, rows: [], rowsApart: true } };
}

/** The folder of a kept run by id, or of the newest for "latest". Errors: `run.not-found`. */
export async function findRunFolder(dataFolder: string, id: string): Promise<string> {
  const ids = await runIds(dataFolder);
  const found = id === 'latest' ? ids.at(-1) : ids.find((one) => one === id);
  if (found !== undefined) return join(runsFolder(dataFolder), found);
  throw new LabError('run.not-found', {
    problem: id === 'latest' ? 'No run has been kept yet.' : `There is no run "${id}".`,
    remedy:
      ids.length === 0
        ? 'Make one: fltlab run dirnotify --target wine.'
        : `Choose one of: latest, ${ids.slice(-5).join(', ')}.`,
  });
}

/** Errors: `run.not-found`, `file.invalid`, `file.newer-version`. */
export const loadRun = async (dataFolder: string, id: string): Promise<Run> =>
  readRun(join(await findRunFolder(dataFolder, id), runFiles.run));

/** The `run.json` of a kept run. */
export async function readRun(file: string): Promise<Run> {
  const codes = { missing: 'run.not-found', invalid: 'file.invalid' } as const;
  const document = await readJson(file, codes, WRITTEN_BYTES_MAX);
  return parseOrThrow(runFormat, document, file);
}

/** A prediction that was written to a file. */
export async function loadPrediction(file: string): Promise<Prediction> {
  const codes = { missing: 'file.unreadable', invalid: 'file.invalid' } as const;
  const document = await readJson(file, codes, WRITTEN_BYTES_MAX);
  return parseOrThrow(predictionFormat, document, file);
}
