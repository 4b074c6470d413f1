// `npm start`: builds the workbench if its sources changed, and opens it: in Electron where the runtime
// and a display are there, in a browser otherwise.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot, run, runTool } from './programs.ts';

const stamp = join(projectRoot, 'out', 'workbench.sha256');
const sources = ['contract', 'simulator', 'lab', 'cli', 'agent', 'electron', 'renderer'];

if (!upToDate()) {
  console.log('Building the workbench …');
  const steps = [
    await run(process.execPath, [join(projectRoot, 'scripts', 'build.ts')]),
    await runTool('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn']),
  ];
  if (steps.some((step) => step.code !== 0)) process.exit(1);
  writeFileSync(stamp, sourceHash());
}

const electron = electronProgram();
if (electron === undefined) await openInBrowser();
else await run(electron, [projectRoot]);

function upToDate(): boolean {
  const built = ['out/cli/main.mjs', 'out/renderer/index.html', stamp].every((file) =>
    existsSync(file.startsWith(projectRoot) ? file : join(projectRoot, file)),
  );
  return built && readFileSync(stamp, 'utf8') === sourceHash();
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of sources) {
    const files = readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** The Electron runtime, if npm could bring it and there is a display to open a window on. */
function electronProgram(): string | undefined {
  const display =
    process.platform !== 'linux' ||
    Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  const path = join(projectRoot, 'node_modules', 'electron', 'path.txt');
  if (!display || !existsSync(path)) return undefined;
  const program = createRequire(import.meta.url)('electron') as unknown;
  return typeof program === 'string' && existsSync(program) ? program : undefined;
}

async function openInBrowser(): Promise<void> {
  const cli = join(projectRoot, 'out', 'cli', 'main.mjs');
  const child = spawn(process.execPath, [cli, 'serve', '--open', ...process.argv.slice(2)], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => {
    child.on('exit', (code) => resolve(code ?? 0));
  });
}
