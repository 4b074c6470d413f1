// One run: from a sample to a verdict on a real target. Whatever happens, the target is left as it was
// found: the service removed, the agent gone, the workload's files deleted.
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { buildForWindows, takeBuilt } from '../build/index.ts';
import { deployDriver, describeMissing, removeDriver, startDriver, stopDriver, } from '../deploy/index.ts';
import { predict } from '../predict/index.ts';
import { signDriver } from '../sign/index.ts';
import { connectTarget, holdTarget } from '../targets/index.ts';
import { listVms, openVm } from '../vm/index.ts';
import { AgentOnTarget } from './agentOnTarget.ts';
import { machineBehind, whenReached, withRevert } from './machineState.ts';
import { observedSide, wholeTrace } from './observedSide.ts';
import { readTrace } from './readTrace.ts';
import { alternativesFor, comparedRun } from './result.ts';
import { Stages } from './stages.ts';
import { keepRun, newRunId } from './store.ts';
/** Errors: those of each stage; 'run.cancelled'. */
export async function runOnTarget(input) {
    const stages = new Stages(input.signal, input.progress);
    try {
        const done = await carryOut(input, stages);
        const left = await stages.unwind();
        const run = await comparedRun(input, stages, done, left);
        const { prediction, trace } = done;
        const kept = await keepRun(input.dataFolder, { run, prediction, trace });
        return { run: kept.run, prediction, folder: kept.folder };
    }
    catch (error) {
        const left = await stages.unwind();
        throw left.length === 0 ? error : withLeftovers(error, left);
    }
}
async function carryOut(input, stages) {
    const { sample, dataFolder } = input;
    const { driver } = sample.manifest;
    const startedAt = new Date();
    const id = await newRunId(dataFolder, startedAt, sample.manifest.name);
    const sys = await buildAndSign(input, stages);
    const target = await connect(input, stages);
    const predictFor = predictor(input, target);
    const prediction = await stages.run('predict', `predict for ${target.facts.name}`, () => predictFor(input.seed));
    const missing = await deploy(input, stages, target, sys.sysPath);
    const agent = await stages.run('agent', 'start the agent', () => agentFor(input, stages, target));
    await stages.run('prepare', "the workload's set-up", () => agent.prepare(id, input.workload.document));
    const stop = await start(input, stages, target);
    const collected = await stages.run('workload', 'run the workload', (progress) => runWorkload(agent, id, progress));
    const notStopped = await stages.run('stop', `stop the driver ${driver}`, stop);
    const whole = wholeTrace(collected, { name: driver, stopped: notStopped === undefined });
    const observed = observedSide(whole.events, collected.ended);
    const done = { id, startedAt, target, prediction, observed, ended: collected.ended };
    return {
        ...done,
        trace: whole.text,
        sha256: sys.sha256,
        notes: [missing, notStopped].filter((note) => note !== undefined),
        alternatives: await alternativesFor(input, done, predictFor),
    };
}
async function buildAndSign(input, stages) {
    const { sample, variant, dataFolder, signal, sys } = input;
    const { driver } = sample.manifest;
    const built = await stages.run('build', `${sys ? 'take' : 'build'} ${driver}.sys`, (progress) => sys === undefined
        ? buildForWindows({ sample, variant, dataFolder, signal, progress })
        : takeBuilt({ sys, driver, dataFolder }));
    // Signing verifies what it made; a signature that does not hold is an error.
    return stages.run('sign', 'sign it with the test certificate of the lab', (progress) => signDriver({ sysPath: built.sysPath, dataFolder, signal, progress }));
}
async function connect(input, stages) {
    const { target: name, dataFolder, signal } = input;
    return stages.run('connect', `connect to ${name}`, async (say) => {
        const progress = ({ step }) => say(step);
        const lease = await holdTarget(dataFolder, name, { signal, progress });
        stages.undo(`the hold on ${name}`, () => lease.release());
        const open = () => connectTarget(name, { dataFolder, signal, progress });
        const machine = await machineBehind(name, {
            list: () => listVms(dataFolder),
            open: (vm, own) => openVm(vm, { dataFolder, signal: own }),
        });
        if (machine !== undefined) {
            say(`put ${machine.name} back${machine.snapshot ? ` to ${machine.snapshot}` : ''}`);
            stages.undo(`the state of the machine ${machine.name}`, (own) => machine.putBack(own, () => undefined));
            await machine.putBack(signal, say);
        }
        const target = machine === undefined ? await open() : await whenReached(machine.name, open, signal);
        stages.undo(`the connection to ${name}`, () => target.close());
        return machine?.snapshot === undefined
            ? target
            : { ...target, facts: withRevert(target.facts) };
    });
}
/** Predictions for this target: a driver that it never calls is not called in the model either. */
function predictor(input, target) {
    const profile = input.profile ?? target.facts.profile;
    if (profile === null) {
        throw new LabError('usage.bad-argument', {
            problem: `No profile is near Windows ${target.facts.windowsVersion} of "${target.facts.name}".`,
            remedy: 'Choose one with --profile.',
        });
    }
    const callbacksCalled = target.facts.has.includes('kernel-filters');
    return (seed) => predict({
        sample: input.sample,
        variant: input.variant,
        workload: input.workload.expanded,
        profile,
        seed,
        without: input.without,
        callbacksCalled,
        signal: input.signal,
    });
}
/** Says in a note what the driver imports and the target lacks, if anything. */
async function deploy({ sample, signal }, stages, target, sys) {
    const { manifest } = sample;
    return stages.run('copy', `copy ${manifest.driver}.sys and create its service`, async (say) => {
        stages.undo(`the service ${manifest.driver}`, (own) => removeDriver(target, manifest.driver, { signal: own }));
        const { missing } = await deployDriver(target, {
            name: manifest.driver,
            loadOrderGroup: manifest.group,
            instances: manifest.instances,
            defaultInstance: manifest.defaultInstance,
            image: sys,
        }, { signal, progress: ({ step }) => say(step) });
        if (missing.length === 0)
            return undefined;
        return `The target does not export what the driver imports: ${describeMissing(missing)}.`;
    });
}
async function agentFor({ workload, signal }, stages, target) {
    const agent = new AgentOnTarget(target, workload.expanded.volumes);
    stages.undo('the agent', (own) => agent.leave(own));
    return agent.start(signal);
}
/**
 * Loads the driver and returns how to unload it. A driver that will not stop costs the row of its
 * unloading and gets a note; what was observed until then is kept.
 */
async function start({ sample, signal }, stages, target) {
    const { driver } = sample.manifest;
    let stopped = false;
    const stop = async (stopping) => {
        if (stopped)
            return;
        await stopDriver(target, driver, { signal: stopping });
        stopped = true;
    };
    await stages.run('start', `start the driver ${driver}`, (progress) => startDriver(target, driver, { signal, progress: ({ step }) => progress(step) }));
    // Before the agent is told to leave: a driver that is still there may hold its files.
    stages.undo(`the driver ${driver}`, stop);
    return () => stop(signal).then(() => undefined, (error) => {
        if (!isLabError(error) || error.code !== 'deploy.service-failed')
            throw error;
        return [error.problem, error.remedy, error.detail].filter(Boolean).join(' ');
    });
}
async function runWorkload(agent, id, progress) {
    await agent.start(id);
    const lines = [];
    for await (const followed of agent.follow(id)) {
        if (followed.kind === 'line') {
            lines.push(`${followed.text}\n`);
            if (lines.length % 100 === 0)
                progress(`${lines.length} events`);
            continue;
        }
        const { how, step, problem } = followed;
        const { header, events } = readTrace(lines.join(''), 'the trace of the agent');
        return { header, events, ended: { how, step, problem } };
    }
    throw new LabError('agent.protocol', {
        problem: 'The agent ended the trace without saying how the run ended.',
        remedy: 'Run it again; report it if it happens again.',
    });
}
/** The error of the run stands first; what could not be taken back is told beneath it. */
function withLeftovers(error, left) {
    if (!isLabError(error))
        return error;
    const leftovers = `Could not be taken back:\n${left.map((one) => `  ${one}`).join('\n')}`;
    return new LabError(error.code, {
        problem: error.problem,
        remedy: error.code === 'run.cancelled'
            ? 'Start it again when you want it: a run begins by removing what an earlier one left.'
            : error.remedy,
        detail: [error.detail, leftovers].filter(Boolean).join('\n'),
        cause: error,
    });
}
