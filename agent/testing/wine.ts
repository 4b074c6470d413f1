// A Wine prefix with node.exe and the bundled agent in it, for the tests that run the agent for real.
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENT_FILES } from '../../contract/agentProtocol.ts';
import type { AgentMachine } from '../../lab/agentClient/index.ts';
import { fetchWindowsFile } from '../../lab/targets/wine/packages.ts';
import { bundleAgent } from '../../scripts/bundleAgent.ts';

const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The agent is bundled and its Windows parts are fetched once; the cache outlives the test. */
const cache = join(projectRoot, 'out', 'cache');

export interface WineFolder {
  /** WINEPREFIX of everything that runs in it. */
  readonly prefix: string;
  readonly machine: AgentMachine;
  /** Runs a Windows program to its end, and hands back its exit code. */
  run(program: string, args: readonly string[]): Promise<number>;
  /** Host path of a Windows path. */
  hostPath(windowsPath: string): string;
  stop(): Promise<void>;
}

export const installed = {
  node: 'C:\\fltlab\\node.exe',
  bundle: 'C:\\fltlab\\agent\\agent.cjs',
} as const;

/** A prefix of its own below the system's temporary folder, or FLTLAB_TEST_PREFIX, which is kept. */
export async function prepareWine(): Promise<WineFolder> {
  const given = process.env['FLTLAB_TEST_PREFIX'];
  const own = given === undefined ? await mkdtemp(join(tmpdir(), 'fltlab-agent-')) : undefined;
  const prefix = given ?? join(own ?? '', 'prefix');
  await mkdir(prefix, { recursive: true });
  const env = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', DISPLAY: '' };
  const wine = (program: string, args: readonly string[]): Promise<number> =>
    exitCode(program, args, env);
  // Warm between commands, and gone by itself if the test is killed.
  await wine('wineserver', ['-p60']);
  await wine('wine', ['winecfg', '-v', 'win10']);
  const driveC = join(prefix, 'drive_c');
  const hostPath = (path: string): string =>
    join(driveC, ...path.replace(/^C:\\/i, '').split('\\'));
  await install(hostPath);
  return {
    prefix,
    hostPath,
    machine: machineOf(hostPath, (command) => wine('wine', ['cmd', '/c', command])),
    run: (program, args) => wine('wine', [program, ...args]),
    stop: async () => {
      await wine('wineserver', ['-k']);
      await wine('wineserver', ['-w']);
      if (own !== undefined) await rm(own, { recursive: true, force: true });
    },
  };
}

async function install(hostPath: (path: string) => string): Promise<void> {
  const signal = new AbortController().signal;
  await mkdir(dirname(hostPath(installed.bundle)), { recursive: true });
  await bundleAgent(hostPath(installed.bundle));
  await copyFile(await fetchWindowsFile('node', cache, signal), hostPath(installed.node));
  const koffi = join(dirname(hostPath(installed.bundle)), 'koffi.node');
  await copyFile(await fetchWindowsFile('koffi', cache, signal), koffi);
}

function machineOf(
  hostPath: (path: string) => string,
  command: (line: string) => Promise<number>,
): AgentMachine {
  return {
    write: async (path, text) => {
      await mkdir(dirname(hostPath(path)), { recursive: true });
      await writeFile(`${hostPath(path)}.part`, text);
      await rename(`${hostPath(path)}.part`, hostPath(path));
    },
    read: (path) =>
      readFile(hostPath(path), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    remove: (path) => rm(hostPath(path), { force: true }),
    launch: async (line) => {
      await command(line);
    },
    // Wine's loopback is the host's.
    forward: (port) =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => resolve(socket));
        socket.once('error', reject);
      }),
  };
}

function exitCode(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // Ignored streams: what is left running keeps a pipe open for ever.
    const child = spawn(program, args, { env, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? -1));
  });
}

/** Where the agent keeps its files in a test. */
export const stateFile = (state: string, name: keyof typeof AGENT_FILES): string =>
  `${state}\\${AGENT_FILES[name]}`;
