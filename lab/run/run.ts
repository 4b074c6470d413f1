// One run: from a sample to a verdict on a real target. Whatever happens, the target is left as it was
// found: the service removed, the agent gone, the workload's files deleted.
import type { CrashRecord } from '../../contract/crash.ts';
import type { Crash } from '../../contract/debugStream.ts';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import type { Prediction } from '../../contract/prediction.ts';
import type { Run } from '../../contract/run.ts';
import type { AgentClient } from '../agentClient/index.ts';
import { crashesFolder } from '../crash/store.ts';
import { describeMissing } from '../deploy/index.ts';
import type { SignedDriver } from '../sign/index.ts';
import { holdTarget, type ConnectedTarget } from '../targets/index.ts';
import { crashError, MachineSide } from './machineSide.ts';
import { withRevert } from './machineState.ts';
import {
  deployObserver,
  observationNotes,
  observing,
  startObserver,
  type Observing,
} from './observer.ts';
import { neverCalled, observedSide, wholeTrace, type Collected } from './observedSide.ts';
import { readTrace } from './readTrace.ts';
import { alternativesFor, comparedRun, type Done } from './result.ts';
import type { RunInput } from './runInput.ts';
import { realParts, type RunParts } from './runParts.ts';
import { Stages } from './stages.ts';
import { keepRun, newRunId } from './store.ts';

export interface FinishedRun {
  readonly run: Run;
  readonly prediction: Prediction;
  /** Where it is kept. */
  readonly folder: string;
}

/**
 * Errors: those of each stage; 'run.cancelled'; 'run.crashed', 'run.machine-failed' where the machine
 * died before the workload had begun: a death later is the end of a run that is kept.
 */
export async function runOnTarget(
  input: RunInput,
  parts: RunParts = realParts,
): Promise<FinishedRun> {
  const progress: RunInput['progress'] = (stage, text) => {
    side.watch.stage = stage;
    input.progress(stage, text);
  };
  const died = new AbortController();
  const stages = new Stages(AbortSignal.any([input.signal, died.signal]), progress);
  const side = new MachineSide(input, stages, {
    room: parts.machines(input.dataFolder),
    connect: (signal) => parts.connect(input.target, { dataFolder: input.dataFolder, signal }),
    pace: parts.pace,
  });
  side.watch.signal.addEventListener('abort', () => died.abort(side.watch.signal.reason));
  const pipeline: Pipeline = {
    input,
    // What talks to the machine ends with it; what the lab does by itself goes on.
    onMachine: { ...input, signal: AbortSignal.any([input.signal, died.signal]) },
    stages,
    side,
    parts,
  };
  try {
    const done = await carryOut(pipeline);
    side.watch.disarm();
    const left = await stages.unwind();
    const run = await comparedRun(input, stages, done, left);
    const { prediction, trace } = done;
    const kept = await keepRun(input.dataFolder, { run, prediction, trace, consoleLog: side.log });
    return { run: kept.run, prediction, folder: kept.folder };
  } catch (error) {
    const told = await deathOf(pipeline, error);
    side.watch.disarm();
    const left = await stages.unwind();
    throw left.length === 0 ? told : withLeftovers(told, left);
  }
}

interface Pipeline {
  readonly input: RunInput;
  readonly onMachine: RunInput;
  readonly stages: Stages;
  readonly side: MachineSide;
  readonly parts: RunParts;
}

/** The error as it is, or that of the machine's death, looked into and kept. */
async function deathOf({ input, stages, side }: Pipeline, error: unknown): Promise<unknown> {
  const { stage } = side.watch;
  if (input.signal.aborted || !(await side.died(error))) return error;
  stages.goOnUnder(input.signal);
  const record = await side.crash(stage, null).catch((failure: unknown) => failure);
  return isCrash(record) ? crashError(record, crashesFolder(input.dataFolder)) : record;
}

const isCrash = (one: unknown): one is CrashRecord =>
  typeof one === 'object' && one !== null && 'crash' in one;

async function carryOut(pipeline: Pipeline): Promise<Done> {
  const { input, stages, side } = pipeline;
  const { sample, dataFolder } = input;
  const { driver } = sample.manifest;
  const startedAt = new Date();
  const id = await newRunId(dataFolder, startedAt, sample.manifest.name);
  const sys = await buildAndSign(pipeline);
  const target = await connect(pipeline);
  const observed = observing(input, target);
  const predictFor = predictor(pipeline, target, observed);
  const prediction = await stages.run('predict', `predict for ${target.facts.name}`, () =>
    predictFor(input.seed),
  );
  const missing = await deploy(pipeline, target, sys.sysPath, observed);
  const agent = await stages.run('agent', 'start the agent', () => agentFor(pipeline, target));
  await stages.run('prepare', "the workload's set-up", () =>
    agent.prepare(id, input.workload.document),
  );
  const stop = await start(pipeline, target, observed);
  side.watchAgent(agent);
  const { collected, crash } = await workload(pipeline, agent, id, observed);
  side.watchAgent(undefined);
  const notStopped = crash
    ? undefined
    : await stages.run('stop', `stop the driver ${driver}`, () => stop(pipeline.onMachine.signal));
  const stopped = crash === undefined && notStopped === undefined;
  const whole = wholeTrace(collected, {
    name: driver,
    stopped,
    lines: side.watch.lines,
    bugcheck: crashOf(crash),
  });
  const eyes = { facts: target.facts, console: side.watch.stream };
  const done = {
    ...{ id, startedAt, target, prediction, ended: collected.ended },
    observed: observedSide(whole.events, collected.ended, eyes),
  };
  const uncalled = neverCalled(driver, prediction.events, done.observed);
  return {
    ...done,
    trace: whole.text,
    sha256: sys.sha256,
    notes: [
      ...[missing, notStopped, ...side.notes].filter((note) => note !== undefined),
      ...observationNotes(observed, collected.observed),
    ],
    crash,
    console: side.watch.stream,
    findings: [...side.watch.findings, ...(uncalled === undefined ? [] : [uncalled])],
    alternatives: await alternativesFor(input, done, predictFor),
  };
}

async function buildAndSign({ input, stages, parts }: Pipeline): Promise<SignedDriver> {
  const { sys } = input;
  const { driver } = input.sample.manifest;
  const built = await stages.run('build', `${sys ? 'take' : 'build'} ${driver}.sys`, (progress) =>
    parts.build(input, progress),
  );
  // Signing verifies what it made; a signature that does not hold is an error.
  return stages.run('sign', 'sign it with the test certificate of the lab', (progress) =>
    parts.sign(input, built, progress),
  );
}

async function connect({ onMachine, stages, side }: Pipeline): Promise<ConnectedTarget> {
  const { target: name, dataFolder, signal } = onMachine;
  return stages.run('connect', `connect to ${name}`, async (say) => {
    const progress = ({ step }: { step: string }): void => say(step);
    const lease = await holdTarget(dataFolder, name, { signal, progress });
    stages.undo(`the hold on ${name}`, () => lease.release());
    const target = await side.connect(signal, say);
    stages.undo(`the connection to ${name}`, () => target.close());
    side.arm();
    return side.machine?.snapshot === undefined
      ? target
      : { ...target, facts: withRevert(target.facts) };
  });
}

/** Predictions for this target: a driver that it never calls is not called in the model either. */
function predictor(
  { input, parts }: Pipeline,
  target: ConnectedTarget,
  observed: Observing,
): (seed: number) => Promise<Prediction> {
  const profile = input.profile ?? target.facts.profile;
  if (profile === null) {
    throw new LabError('usage.bad-argument', {
      problem: `No profile is near Windows ${target.facts.windowsVersion} of "${target.facts.name}".`,
      remedy: 'Choose one with --profile.',
    });
  }
  const callbacksCalled = target.facts.has.includes('kernel-filters');
  return (seed) =>
    parts.predict({
      sample: input.sample,
      variant: input.variant,
      workload: input.workload.expanded,
      profile,
      seed,
      without: input.without,
      callbacksCalled,
      observed: observed.is,
      signal: input.signal,
    });
}

/** Says in a note what the driver imports and the target lacks, if anything. */
async function deploy(
  pipeline: Pipeline,
  target: ConnectedTarget,
  sys: string,
  observed: Observing,
): Promise<string | undefined> {
  const { onMachine, stages, side, parts } = pipeline;
  const { manifest } = onMachine.sample;
  const { signal } = onMachine;
  return stages.run('copy', `copy ${manifest.driver}.sys and create its service`, async (say) => {
    if (observed.is) await deployObserver(pipeline, target, say);
    side.undo(`the service ${manifest.driver}`, (own) =>
      parts.removeDriver(target, manifest.driver, { signal: own }),
    );
    const { missing } = await parts.deployDriver(
      target,
      {
        name: manifest.driver,
        loadOrderGroup: manifest.group,
        instances: manifest.instances,
        defaultInstance: manifest.defaultInstance,
        image: sys,
      },
      { signal, progress: ({ step }) => say(step) },
    );
    if (missing.length === 0) return undefined;
    return `The target does not export what the driver imports: ${describeMissing(missing)}.`;
  });
}

async function agentFor(
  { onMachine, side, parts }: Pipeline,
  target: ConnectedTarget,
): Promise<AgentClient> {
  const agent = parts.agent(target, onMachine.workload.expanded.volumes);
  side.undo('the agent', (own) => agent.leave(own));
  return agent.start(onMachine.signal);
}

/**
 * Loads the driver and returns how to unload it. A driver that will not stop costs the row of its
 * unloading and gets a note; what was observed until then is kept.
 */
async function start(
  pipeline: Pipeline,
  target: ConnectedTarget,
  observed: Observing,
): Promise<(signal: AbortSignal) => Promise<string | undefined>> {
  const { onMachine, stages, side, parts } = pipeline;
  const { driver } = onMachine.sample.manifest;
  const { signal } = onMachine;
  let stopped = false;
  const stop = async (stopping: AbortSignal): Promise<void> => {
    if (stopped) return;
    await parts.stopDriver(target, driver, { signal: stopping });
    stopped = true;
    side.watch.loaded = false;
  };
  side.watch.loaded = true;
  await stages.run('start', `start the driver ${driver}`, async (progress) => {
    if (observed.is) await startObserver(pipeline, target, progress);
    await parts.startDriver(target, driver, { signal, progress: ({ step }) => progress(step) });
  });
  // Before the agent is told to leave: a driver that is still there may hold its files.
  side.undo(`the driver ${driver}`, stop);
  return (stopping) =>
    stop(stopping).then(
      () => undefined,
      (error: unknown) => {
        if (!isLabError(error) || error.code !== 'deploy.service-failed') throw error;
        return [error.problem, error.remedy, error.detail].filter(Boolean).join(' ');
      },
    );
}

/** A machine that dies ends the workload; what was observed until then is a run all the same. */
async function workload(
  { input, stages, side }: Pipeline,
  agent: AgentClient,
  id: string,
  observed: Observing,
): Promise<{ readonly collected: Collected; readonly crash: CrashRecord | undefined }> {
  const lines: string[] = [];
  try {
    const collected = await stages.run('workload', 'run the workload', (progress) =>
      runWorkload(agent, { id, observe: observed.is }, lines, progress),
    );
    return { collected, crash: undefined };
  } catch (error) {
    if (lines.length === 0 || input.signal.aborted || !(await side.died(error))) throw error;
  }
  stages.goOnUnder(input.signal);
  const crash = await side.crash('workload', id);
  const { header, events } = readTrace(lines.join(''), 'the trace of the agent');
  const step = events.findLast((event) => event.kind === 'step')?.step;
  const ended = { how: 'crashed', step, problem: crash.title } as const;
  return { collected: { header, events, ended }, crash };
}

const crashOf = (record: CrashRecord | undefined): Crash | undefined => {
  const found = record?.bugcheck;
  return found
    ? { ...found, code: found.code ?? undefined, module: undefined, at: undefined }
    : undefined;
};

async function runWorkload(
  agent: AgentClient,
  { id, observe }: { readonly id: string; readonly observe: boolean },
  lines: string[],
  progress: (text: string) => void,
): Promise<Collected> {
  await agent.start(id, observe);
  for await (const followed of agent.follow(id)) {
    if (followed.kind === 'line') {
      lines.push(`${followed.text}\n`);
      if (lines.length % 100 === 0) progress(`${lines.length} events`);
      continue;
    }
    const { how, step, problem, observed } = followed;
    const { header, events } = readTrace(lines.join(''), 'the trace of the agent');
    return { header, events, ended: { how, step, problem }, observed };
  }
  throw new LabError('agent.protocol', {
    problem: 'The agent ended the trace without saying how the run ended.',
    remedy: 'Run it again; report it if it happens again.',
  });
}

/** The error of the run stands first; what could not be taken back is told beneath it. */
function withLeftovers(error: unknown, left: readonly string[]): unknown {
  if (!isLabError(error)) return error;
  const leftovers = `Could not be taken back:\n${left.map((one) => `  ${one}`).join('\n')}`;
  return new LabError(error.code, {
    problem: error.problem,
    remedy:
      error.code === 'run.cancelled'
        ? 'Start it again when you want it: a run begins by removing what an earlier one left.'
        : error.remedy,
    detail: [error.detail, leftovers].filter(Boolean).join('\n'),
    cause: error,
  });
}
