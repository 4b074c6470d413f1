import { randomUUID } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { openDataFolder } from '../../data/dataFolder.ts';
import { openKdSession } from '../../debugger/index.ts';
import { loadWorkload, pickVariant } from '../../samples/samples.ts';
import { workspaceSample } from '../../workspace/workspace.ts';
import { lab } from '../service.ts';
/** Each keeps a whole simulation: the oldest is ended when there are more. */
const SESSIONS_MAX = 4;
const sessions = new Map();
const open = lab.debugger.open.handler(async ({ input, signal }) => {
    const dataFolder = await openDataFolder();
    const sample = await workspaceSample(dataFolder, input.sample);
    const variant = pickVariant(sample, input.variant);
    const workload = await loadWorkload(sample, variant, input.workload);
    const session = await openKdSession({
        sample,
        variant,
        workload: workload.expanded,
        profile: input.profile,
        seed: input.seed,
        ...(input.edited === undefined ? {} : { edited: input.edited }),
        ...(signal === undefined ? {} : { signal }),
    });
    const id = randomUUID();
    const log = await newLog(dataFolder, sample.manifest.name);
    sessions.set(id, { session, log });
    const [oldest] = sessions.keys();
    if (sessions.size > SESSIONS_MAX && oldest !== undefined)
        sessions.delete(oldest);
    const text = session.greeting();
    await appendFile(log, text);
    return { ...(await standing(session)), text, session: id, log };
});
/** Where it stands, without a command of its own. */
async function standing(session) {
    const { position, ...answer } = await session.execute('!tt');
    return { ...answer, event: position.event };
}
async function newLog(dataFolder, sample) {
    const folder = join(dataFolder, 'logs');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    return join(folder, `kd-${time}-${sample}.log`);
}
const execute = lab.debugger.execute.handler(async ({ input }) => {
    const found = sessions.get(input.session);
    if (found === undefined) {
        throw new LabError('comparison.closed', {
            problem: 'This debugger session has ended.',
            remedy: 'Start it again: the same simulation has the same moments.',
        });
    }
    const { position, ...answer } = await found.session.execute(input.line);
    await appendFile(found.log, `kd> ${input.line}\n${answer.text}`);
    return { ...answer, event: position.event };
});
const close = lab.debugger.close.handler(({ input }) => {
    sessions.delete(input.session);
    return {};
});
export const debuggerRoutes = { open, execute, close };
