import { fetchWindowsFile } from '../targets/wine/packages.ts';
import { copySet } from './copySet.ts';
/** One request when nothing changed. */
export const installAgent = (target, files, options = {}) => copySet(target.files, target.paths.agentFolder, files, options);
export async function installNode(target, options = {}) {
    const signal = options.signal ?? new AbortController().signal;
    const source = await fetchWindowsFile('node', target.dataFolder, signal);
    return copySet(target.files, target.paths.nodeFolder, [{ name: 'node.exe', source }], options);
}
