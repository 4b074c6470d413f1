// Runs the workloads of cases on a target, one after the other, through one agent.
import { isLabError } from '../../contract/errors/labError.ts';
import { connectTarget, holdTarget } from '../targets/index.ts';
import { UndoStack } from '../data/undoStack.ts';
import { AgentOnTarget } from '../run/agentOnTarget.ts';
import { readTrace } from '../run/readTrace.ts';
/** Errors: those of connecting and of starting the agent. */
export async function targetRunner(name, dataFolder, signal) {
    const undo = new UndoStack();
    try {
        const lease = await holdTarget(dataFolder, name, { signal });
        undo.push(`the hold on ${name}`, () => lease.release());
        const target = await connectTarget(name, { dataFolder, signal });
        undo.push(`the connection to ${name}`, () => target.close());
        const onTarget = new AgentOnTarget(target, ['C']);
        undo.push('the agent', (own) => onTarget.leave(own));
        const agent = await onTarget.start(signal);
        let count = 0;
        return {
            run: (document) => runCase(agent, `case-${(count += 1)}`, document),
            profile: target.facts.profile,
            close: async () => (await undo.unwind()).map(({ what, error }) => `${what}: ${error.message}`),
        };
    }
    catch (error) {
        await undo.unwind();
        throw error;
    }
}
async function runCase(agent, id, document) {
    const refused = await prepare(agent, id, document);
    if (refused !== undefined)
        return { refused };
    await agent.start(id);
    const lines = [];
    for await (const followed of agent.follow(id)) {
        if (followed.kind === 'line')
            lines.push(`${followed.text}\n`);
        else if (followed.how !== 'completed') {
            const reason = `the run ${followed.how}: ${followed.problem ?? ''}`;
            return { refused: { result: 'failed', reason } };
        }
    }
    return { events: readTrace(lines.join(''), id).events };
}
/** What one case asks for in vain is about that case; everything else ends the whole table. */
const aboutOneCase = {
    'workload.invalid': 'notApplicable',
    'workload.path-escapes': 'notApplicable',
    'agent.step-failed': 'failed',
};
async function prepare(agent, id, document) {
    return agent.prepare(id, document).then(() => undefined, (error) => {
        const result = isLabError(error) ? aboutOneCase[error.code] : undefined;
        if (result === undefined)
            throw error;
        return { result, reason: error.problem };
    });
}
