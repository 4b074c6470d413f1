// The files that make the agent: its bundle, built with FltLab, and koffi's native half for Windows.
import { existsSync } from 'node:fs';
import { LabError } from '../../contract/errors/labError.ts';
import { assetPath } from '../assets.ts';
import { fetchWindowsFile } from '../targets/index.ts';
export function agentBundle() {
    const bundle = assetPath('out/agent/agent.cjs');
    if (existsSync(bundle))
        return bundle;
    throw new LabError('agent.start-failed', {
        problem: 'The agent has not been built.',
        remedy: 'Run `npm ci` in the folder of FltLab: it builds the agent.',
    });
}
export async function agentFiles(dataFolder, signal) {
    return [
        { name: 'agent.cjs', source: agentBundle() },
        { name: 'koffi.node', source: await fetchWindowsFile('koffi', dataFolder, signal) },
    ];
}
