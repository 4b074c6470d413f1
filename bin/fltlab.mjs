#!/usr/bin/env node
// The launcher of `fltlab`: finds the right Node and runs the built command line with it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode, noNodeMessage, projectRoot } from './findNode.mjs';

const built = join(projectRoot, 'out', 'cli', 'main.mjs');
const node = findNode();

if (!existsSync(built)) {
  console.error('FltLab has not been built: run `npm ci` in its folder. [cli.not-built]');
  process.exitCode = 2;
} else if (node === undefined) {
  console.error(noNodeMessage());
  process.exitCode = 2;
} else if (node === process.execPath) {
  // Half of what a short command takes is the parsing of our own bundle.
  module.enableCompileCache?.();
  await import(pathToFileURL(built).href);
} else {
  const child = spawn(node, [built, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env },
  });
  // The terminal sends Ctrl+C to the whole group; the child decides when it is done.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0));
  });
}
