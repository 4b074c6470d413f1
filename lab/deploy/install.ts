// Programs of the lab on a target: the agent and the node.exe that runs it.
import type { ConnectedTarget } from '../targets/connect.ts';
import { fetchWindowsFile } from '../targets/wine/packages.ts';
import { copySet, type CopyOptions, type CopyResult, type DeployFile } from './copySet.ts';

/** One request when nothing changed. */
export const installAgent = (
  target: ConnectedTarget,
  files: readonly DeployFile[],
  options: CopyOptions = {},
): Promise<CopyResult> => copySet(target.files, target.paths.agentFolder, files, options);

export async function installNode(
  target: ConnectedTarget,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const signal = options.signal ?? new AbortController().signal;
  const source = await fetchWindowsFile('node', target.dataFolder, signal);
  return copySet(target.files, target.paths.nodeFolder, [{ name: 'node.exe', source }], options);
}
