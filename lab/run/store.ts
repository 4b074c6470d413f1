// Runs that are kept: one folder each in the data folder, with the run, its prediction, the observed
// trace and the report. Names sort by time.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { predictionFormat, type Prediction } from '../../contract/prediction.ts';
import { runFormat, type Run } from '../../contract/run.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { isMissing, writeFileAtomic } from '../data/atomicFile.ts';
import { htmlReport } from '../report/html.ts';
import { readJson } from '../samples/readJson.ts';

const runsFolder = (dataFolder: string): string => join(dataFolder, 'runs');

/** "20261121-074512-dirnotify": the next free name for a run that starts now. */
export async function newRunId(
  dataFolder: string,
  startedAt: Date,
  sample: string,
): Promise<string> {
  const digits = startedAt.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const taken = new Set(await runIds(dataFolder));
  const base = `${digits}-${sample}`;
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(id)) return id;
  }
}

/** Ids of all kept runs, oldest first. */
export async function runIds(dataFolder: string): Promise<readonly string[]> {
  try {
    return (await readdir(runsFolder(dataFolder))).sort();
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
}

/** Writes all files of a run; returns their folder. */
export async function keepRun(dataFolder: string, kept: KeptRun): Promise<string> {
  const folder = join(runsFolder(dataFolder), kept.run.id);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, 'prediction.json'), `${JSON.stringify(kept.prediction)}\n`);
  await writeFileAtomic(join(folder, 'observed.trace'), kept.trace);
  await writeFileAtomic(join(folder, 'report.html'), htmlReport(kept.run));
  await writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(kept.run, null, 2)}\n`);
  return folder;
}

/** A kept run by id, or the newest for "latest". */
export async function loadRun(dataFolder: string, id: string): Promise<Run> {
  const ids = await runIds(dataFolder);
  const found = id === 'latest' ? ids.at(-1) : ids.find((one) => one === id);
  if (found === undefined) {
    throw new LabError('run.not-found', {
      problem: id === 'latest' ? 'No run has been kept yet.' : `There is no run "${id}".`,
      remedy:
        ids.length === 0
          ? 'Make one: fltlab run dirnotify --target wine.'
          : `Choose one of: latest, ${ids.slice(-5).join(', ')}.`,
    });
  }
  const file = join(runsFolder(dataFolder), found, 'run.json');
  const document = await readJson(file, { missing: 'run.not-found', invalid: 'file.invalid' });
  return parseOrThrow(runFormat, document, file);
}

/** A prediction that was written to a file. */
export async function loadPrediction(file: string): Promise<Prediction> {
  const document = await readJson(file, { missing: 'file.unreadable', invalid: 'file.invalid' });
  return parseOrThrow(predictionFormat, document, file);
}
