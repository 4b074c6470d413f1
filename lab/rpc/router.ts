// Answers the contract. Handlers only forward; failures of the lab travel as typed errors.
import { implement, ORPCError } from '@orpc/server';
import { isLabError, type LabError } from '../../contract/errors/labError.ts';
import {
  rpcContract,
  type MadePrediction,
  type ReportedError,
  type SourceDiagnostic,
} from '../../contract/rpc.ts';
import { parseDiagnostics, type Diagnostic } from '../compile/index.ts';
import { predictTimed, type PredictInput } from '../predict/index.ts';
import {
  loadSample,
  loadWorkload,
  pickVariant,
  readSources,
  sampleNames,
  workloadName,
} from '../samples/samples.ts';

const lab = implement(rpcContract).use(async ({ next }) => {
  try {
    return await next();
  } catch (error) {
    if (!isLabError(error)) throw error;
    throw new ORPCError('LAB_ERROR', { message: error.message, data: reported(error) });
  }
});

function reported({ code, whose, problem, remedy, detail }: LabError): ReportedError {
  return { code, whose, problem, remedy, ...(detail === undefined ? {} : { detail }) };
}

const list = lab.samples.list.handler(async () => {
  const samples = await Promise.all((await sampleNames()).map(loadSample));
  return samples.map(({ manifest }) => ({
    name: manifest.name,
    manifest,
    workloads: manifest.workloads.map(workloadName),
  }));
});

const files = lab.samples.files.handler(async ({ input }) => {
  const { sources, headers } = await readSources(await loadSample(input.sample));
  return [...sources, ...headers];
});

const make = lab.prediction.make.handler(async ({ input, signal }) => {
  const started = performance.now();
  const sample = await loadSample(input.sample);
  const variant = pickVariant(sample, input.variant);
  const workload = await loadWorkload(sample, variant, input.workload);
  const made = await predictOrDiagnose({
    sample,
    variant,
    workload: workload.expanded,
    profile: input.profile,
    seed: input.seed,
    ...(input.edited === undefined ? {} : { edited: input.edited }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { ...made, took_ms: performance.now() - started };
});

/** Codes whose detail is the list of diagnostics. */
const notCompiled = new Set(['compile.failed', 'compile.link-failed', 'compile.not-supported']);

type Made = MadePrediction extends infer One ? (One extends unknown ? Omit<One, 'took_ms'> : 0) : 0;

/** Source that does not compile is the daily state of an editor, hence an answer and no error. */
async function predictOrDiagnose(input: PredictInput): Promise<Made> {
  try {
    const { prediction, diagnostics } = await predictTimed(input);
    return { compiled: true, prediction, diagnostics: diagnostics.map(toContract) };
  } catch (error) {
    if (!isLabError(error) || !notCompiled.has(error.code)) throw error;
    const diagnostics = parseDiagnostics(error.detail ?? '').map(toContract);
    return { compiled: false, failure: reported(error), diagnostics };
  }
}

function toContract(diagnostic: Diagnostic): SourceDiagnostic {
  const { file, line, column, endLine, endColumn, severity, message, flag } = diagnostic;
  return {
    file,
    line,
    column,
    severity,
    message,
    ...(endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn }),
    ...(flag === undefined ? {} : { flag }),
  };
}

export const router = { samples: { list, files }, prediction: { make } };
