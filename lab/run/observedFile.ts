// What a person may name as the observed side of a comparison: a trace, another prediction, or a run
// that was kept. A trace that lies in a kept run is read with what is known of that run's target.
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { predictionFormat } from '../../contract/prediction.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import type { ComparisonInput, ObservedSide } from '../compare/compare.ts';
import { deviationsOf } from '../compare/knownDeviations.ts';
import { parseJson, readText } from '../samples/readJson.ts';
import { observedSide } from './observedSide.ts';
import { predictedSide } from './predictedSide.ts';
import { readTrace } from './readTrace.ts';
import { findRunFolder, readRun, runFiles, runIds, WRITTEN_BYTES_MAX } from './store.ts';

export interface Observed extends Pick<ComparisonInput, 'facts' | 'deviations'> {
  /** Who made it: a profile, a target, or the program that wrote the trace. */
  readonly name: string;
  readonly workload: string;
  readonly side: ObservedSide;
}

/** Errors: `file.unreadable`, `file.invalid`, `file.newer-version`. */
export async function readObserved(dataFolder: string, fileOrRun: string): Promise<Observed> {
  const file = await findFile(dataFolder, fileOrRun);
  const text = await readText(file, 'file.unreadable', WRITTEN_BYTES_MAX);
  if (/^\s*\{\s*"prediction"/.test(text)) return fromPrediction(text, file);
  const trace = readTrace(text, file);
  const { workload, producer } = trace.header;
  const run = join(dirname(file), runFiles.run);
  if (await isThere(run)) {
    const { facts, ended, console } = await readRun(run);
    const side = observedSide(trace.events, ended, { facts, console });
    return { name: facts.name, workload, side, facts, deviations: deviationsOf(facts) };
  }
  const cut = trace.cut ? { endedEarly: 'the trace was cut here' } : {};
  return { name: producer, workload, side: { events: trace.events, ...cut }, ...nothingKnown };
}

const nothingKnown: Pick<Observed, 'facts' | 'deviations'> = {
  facts: { has: [], lacks: [] },
  deviations: [],
};

function fromPrediction(text: string, file: string): Observed {
  const document = parseJson(text, file, 'file.invalid');
  const other = parseOrThrow(predictionFormat, document, file);
  const { evidence: _evidence, ...side } = predictedSide(other);
  return { name: other.profile, workload: other.workload, side, ...nothingKnown };
}

async function findFile(dataFolder: string, fileOrRun: string): Promise<string> {
  if (await isThere(join(fileOrRun, runFiles.trace))) return join(fileOrRun, runFiles.trace);
  if (await isThere(fileOrRun)) return fileOrRun;
  const ids = await runIds(dataFolder);
  if (fileOrRun === 'latest' || ids.includes(fileOrRun)) {
    return join(await findRunFolder(dataFolder, fileOrRun), runFiles.trace);
  }
  throw new LabError('file.unreadable', {
    problem: `There is no file ${fileOrRun}, and no run of that id is kept.`,
    remedy: 'Name a trace, a prediction, or a run; `fltlab report --list` lists the runs.',
  });
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
