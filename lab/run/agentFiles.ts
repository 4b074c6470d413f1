// The files that make the agent: its bundle, built with FltLab, and koffi's native half for Windows.
import { existsSync } from 'node:fs';
import { LabError } from '../../contract/errors/labError.ts';
import { assetPath } from '../assets.ts';
import type { DeployFile } from '../deploy/index.ts';
import { fetchWindowsFile } from '../targets/index.ts';

export async function agentFiles(
  dataFolder: string,
  signal: AbortSignal,
): Promise<readonly DeployFile[]> {
  const bundle = assetPath('out/agent/agent.cjs');
  if (!existsSync(bundle)) {
    throw new LabError('agent.start-failed', {
      problem: 'The agent has not been built.',
      remedy: 'Run `npm ci` in the folder of FltLab: it builds the agent.',
    });
  }
  return [
    { name: 'agent.cjs', source: bundle },
    { name: 'koffi.node', source: await fetchWindowsFile('koffi', dataFolder, signal) },
  ];
}
