// From a machine to an agent that listens on it and knows our token: the one that is there already, or
// a new one.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AGENT_FILES, AgentAnnouncement } from '../../contract/agentProtocol.ts';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { cancelledError, throwIfCancelled } from '../data/cancellation.ts';
import { connectAgent } from './agentClient.ts';
import { agentRefused } from './agentErrors.ts';
import { launchCommand } from './launchCommand.ts';
const LIMIT_MS = 30_000;
const LOOK_AGAIN_MS = 100;
/** Errors: `agent.start-failed`, and those of `connectAgent`. */
export async function startAgent(options) {
    const first = await findOrReplace(options);
    if (fits(first, options))
        return first;
    // One of an earlier time: a lab that was killed, or before an update.
    await first.quit();
    const second = await findOrLaunch(options);
    if (fits(second, options))
        return second;
    second.close();
    throw agentRefused('it runs from another file, or with other roots, than it was started with');
}
/**
 * An agent of another version of FltLab may be running still, whose language we do not speak. It
 * cannot be asked to leave, so it is ended by the process id that it announced, and ours takes its
 * place. When what is installed speaks so too, that is the error.
 */
async function findOrReplace(options) {
    const { machine, state } = options;
    try {
        return await findOrLaunch(options);
    }
    catch (error) {
        if (!isLabError(error) || error.code !== 'agent.protocol')
            throw error;
        const announcement = await machine.read(`${state}\\${AGENT_FILES.announcement}`);
        const stranger = readAnnouncement(announcement);
        if (stranger === undefined)
            throw error;
        await machine.launch(`taskkill /F /PID ${stranger.pid}`);
        return findOrLaunch(options);
    }
}
function fits({ agent }, { build, roots }) {
    const wanted = Object.entries(roots);
    return ((build === undefined || agent.build === build) &&
        wanted.length === Object.keys(agent.roots).length &&
        wanted.every(([volume, folder]) => agent.roots[volume] === folder));
}
async function findOrLaunch(options) {
    const { machine, state, signal } = options;
    const file = (name) => `${state}\\${name}`;
    const token = randomBytes(32).toString('hex');
    // Whoever listens says so anew, so that an announcement of an agent that crashed is not believed.
    await machine.remove(file(AGENT_FILES.announcement));
    await machine.write(file(AGENT_FILES.token), token);
    await machine.launch(launchCommand(options));
    const deadline_ms = performance.now() + (options.limit_ms ?? LIMIT_MS);
    for (;;) {
        throwIfCancelled(signal, 'starting the agent');
        const announced = readAnnouncement(await machine.read(file(AGENT_FILES.announcement)));
        if (announced !== undefined) {
            return connectAgent({ open: () => machine.forward(announced.port), token, signal });
        }
        if (performance.now() > deadline_ms)
            throw await startFailed(options);
        await delay(LOOK_AGAIN_MS, undefined, signal === undefined ? {} : { signal }).catch((cause) => {
            throw signal?.aborted ? cancelledError(signal, 'starting the agent') : cause;
        });
    }
}
function readAnnouncement(text) {
    if (text === undefined)
        return undefined;
    const parsed = AgentAnnouncement.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
}
async function startFailed({ machine, state, limit_ms }) {
    const log = await machine.read(`${state}\\${AGENT_FILES.log}`);
    await machine.remove(`${state}\\${AGENT_FILES.token}`);
    return new LabError('agent.start-failed', {
        problem: `The agent did not announce itself within ${(limit_ms ?? LIMIT_MS) / 1_000} s.`,
        remedy: "Prepare the target again; the detail is the end of the agent's own log.",
        detail: log === undefined ? 'The agent has written no log.' : log.slice(-2_000),
    });
}
