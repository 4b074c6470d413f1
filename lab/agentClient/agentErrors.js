// What may go wrong between lab and agent, in the lab's words.
import { catalogue } from '../../contract/errors/catalogue.ts';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
/** The connection broke, or the other end went silent in the middle. Trying again may help. */
export class AgentLostError extends Error {
    name = 'AgentLostError';
}
export const connectionLost = (attempts, cause) => 
// The tunnel's own error says more than ours: which machine, and why.
isLabError(cause)
    ? cause
    : new LabError('ssh.connection-lost', {
        problem: `The connection to the agent was lost, and ${attempts} attempts to connect again failed.`,
        remedy: 'Check that the target still runs; the trace that was written stays on it.',
        cause,
    });
export const agentRefused = (problem) => new LabError('agent.refused', {
    problem: `The agent refused the connection: ${problem}.`,
    remedy: 'Start the agent again; the lab gives it a new token and installs the version it knows.',
});
export const protocolBroken = (problem, detail) => new LabError('agent.protocol', {
    problem: `The agent did not keep to its protocol: ${problem}.`,
    remedy: 'Install the agent again; if it happens once more, report it with the detail.',
    ...(detail === undefined ? {} : { detail: detail.slice(0, 2_000) }),
});
/** A request that the agent declined. What a person wrote wrongly keeps its own code. */
export function requestDeclined(code, problem) {
    if (Object.hasOwn(catalogue, code)) {
        return new LabError(code, {
            problem,
            remedy: 'Mend the workload; docs/formats.md describes its language.',
        });
    }
    const known = remedies[code];
    if (known === undefined)
        return protocolBroken(`it answered "${code}": ${problem}`);
    return new LabError(known.code, { problem: `The agent says: ${problem}.`, remedy: known.remedy });
}
const remedies = {
    'token-refused': { code: 'agent.refused', remedy: 'Start the agent again.' },
    'protocol-version': { code: 'agent.refused', remedy: 'Install the agent again.' },
    busy: { code: 'agent.refused', remedy: 'Wait for the other run to end, or abort it.' },
    'run-exists': { code: 'agent.protocol', remedy: 'Give every run an id of its own.' },
    'run-unknown': { code: 'agent.refused', remedy: 'Run the workload again.' },
    'root-unusable': {
        code: 'agent.step-failed',
        remedy: 'Empty that folder yourself, or name another root in the settings of the target.',
    },
    'set-up-failed': {
        code: 'agent.step-failed',
        remedy: 'Close what uses the files in the root of the target, then run again.',
    },
    internal: { code: 'agent.step-failed', remedy: 'Look into agent.log on the target.' },
};
