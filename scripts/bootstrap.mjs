// The door of every npm script. It runs on whatever Node is installed, sees to it that the packages are
// there, and hands over to a TypeScript script under the Node that the project brings.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findNode, noNodeMessage, projectRoot } from '../bin/findNode.mjs';

const [task = 'help', ...rest] = process.argv.slice(2);
const stamp = join(projectRoot, 'node_modules', '.cache', 'fltlab-installed');

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(projectRoot, 'package-lock.json')))
    .digest('hex');

const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();

function install() {
  console.log('Installing packages (once, about a minute) …');
  const npm = process.env.npm_execpath;
  const [program, args] = npm === undefined ? ['npm', ['ci']] : [process.execPath, [npm, 'ci']];
  const shell = npm === undefined && process.platform === 'win32';
  const done = spawnSync(program, args, { cwd: projectRoot, stdio: 'inherit', shell });
  if (done.status !== 0) process.exit(done.status ?? 1);
  markInstalled();
}

function markInstalled() {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lockHash());
}

if (task === 'prepare') markInstalled();
else if (!installed()) install();

const node = findNode();
if (node === undefined) {
  console.error(noNodeMessage());
  process.exit(2);
}
const script = join(projectRoot, 'scripts', `${task}.ts`);
const env = {
  ...process.env,
  PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
};
const done = spawnSync(node, [script, ...rest], { cwd: projectRoot, stdio: 'inherit', env });
process.exit(done.status ?? 1);
