// Goal: whenever and however a machine dies under a run, the person is told whose it is, what is known is
// kept, the machine is put back, and the next run works. Method: the whole pipeline over a machine in
// memory that is struck at each step in each way.
import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LabError } from '../../contract/errors/labError.ts';
import { LibvirtMachine, type VmState } from '../../contract/vm.ts';
import { crashIds, readCrash } from '../crash/store.ts';
import type { ConnectedTarget } from '../targets/index.ts';
import type { OpenedVm } from '../vm/index.ts';
import { runOnTarget } from './run.ts';
import { fakeRun, type At } from './testing/fakeRun.ts';

const { signal } = new AbortController();
let machine: Machine;
beforeEach(async () => {
  machine = await Machine.make();
});
afterEach(() => machine.dispose());

/** A machine in memory, with a real serial line and a real port: the two things that are watched. */
class Machine {
  state: VmState = 'running';
  readonly told: string[] = [];
  readonly dataFolder: string;
  private readonly serialServer: Server;
  private readonly sshServer: Server;
  private lines: Socket[] = [];
  private alive = true;
  private loss: LabError | undefined;

  private constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
    this.serialServer = createServer((socket) => {
      this.lines.push(socket);
      socket.on('error', () => undefined);
    });
    this.sshServer = createServer((socket) => {
      socket.on('error', () => undefined);
      if (this.alive) socket.write('SSH-2.0-test\r\n');
    });
  }

  static async make(): Promise<Machine> {
    const made = new Machine(await mkdtemp(join(tmpdir(), 'fltlab-deaths-')));
    for (const server of [made.serialServer, made.sshServer]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return made;
  }

  async dispose(): Promise<void> {
    for (const line of this.lines) line.destroy();
    this.serialServer.close();
    this.sshServer.close();
    await rm(this.dataFolder, { recursive: true, force: true });
  }

  readonly strikes: Record<string, () => Promise<void>> = {
    bugcheck: async () => {
      // The line of a run is opened beside it.
      while (this.lines.length === 0) await new Promise(setImmediate);
      this.say('\n*** Fatal System Error: 0x000000d1\n');
      this.say('                       (0x0000000000000010,0x2,0x0,0xFFFFF80612345678)\n\n');
    },
    silence: async () => this.fallSilent(),
    off: async () => {
      this.state = 'off';
      this.fallSilent();
    },
    'cut connection': async () => this.cut(),
  };

  readonly vm = {
    state: async () => this.state,
    can: (ability: string) => ability === 'serial',
    serial: async () => ({ kind: 'tcp', host: '127.0.0.1', port: portOf(this.serialServer) }),
    start: async () => this.putBack('start'),
    revert: async (name: string) => this.putBack(`revert ${name}`),
    powerOff: async () => void this.told.push('power off'),
  } as unknown as OpenedVm['vm'];

  async connect(): Promise<ConnectedTarget> {
    this.loss = undefined;
    const loss = (): LabError | undefined => this.loss;
    return {
      description: { kind: 'wine', ssh: { host: '127.0.0.1', port: portOf(this.sshServer) } },
      facts: { name: 'guest', kind: 'wine', windowsVersion: '10.0', profile: 'win10', ...nothing },
      connection: Object.defineProperty(new EventEmitter(), 'loss', { get: loss }),
      close: async () => undefined,
    } as unknown as ConnectedTarget;
  }

  private putBack(how: string): void {
    this.told.push(how);
    this.state = 'running';
    this.alive = true;
  }

  private fallSilent(): void {
    this.alive = false;
    this.cut();
  }

  private cut(): void {
    this.loss = new LabError('ssh.connection-lost', { problem: 'Cut.', remedy: 'Again.' });
  }

  private say(text: string): void {
    for (const line of this.lines) line.write(text);
  }
}

const nothing = { architecture: 'AMD64', has: ['kernel-filters'], lacks: [] };
const portOf = (server: Server): number => (server.address() as { port: number }).port;

async function run(at: At | undefined, how: string, snapshot: string | null = 'clean') {
  const strike = machine.strikes[how];
  const description = LibvirtMachine.parse({
    vm: 1,
    kind: 'libvirt',
    name: 'vm',
    uri: 'test:///default',
    domain: 'vm',
    target: 'guest',
    ...(snapshot === null ? {} : { cleanSnapshot: snapshot }),
  });
  const { input, parts } = await fakeRun({
    connect: () => machine.connect(),
    room: {
      list: async () => [description],
      open: async () => ({ vm: machine.vm, close: async () => undefined }),
    },
    dataFolder: machine.dataFolder,
    strike: at === undefined || strike === undefined ? undefined : { at, how: strike },
    pace: { beat_ms: 10, silence_ms: 150, lastWords_ms: 20 },
    signal,
    told: machine.told,
  });
  return runOnTarget(input, parts);
}

const kept = async (): Promise<readonly string[]> => crashIds(machine.dataFolder);

describe('before the workload, a death is an error, kept as a crash', () => {
  const table: readonly (readonly [At, string, string, string])[] = [
    ['copy', 'bugcheck', 'run.machine-failed', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL (D1)'],
    ['copy', 'silence', 'run.machine-failed', 'no answer from the machine in "copy"'],
    ['agent', 'off', 'run.machine-failed', 'the machine is off in "agent"'],
    ['start', 'bugcheck', 'run.crashed', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL (D1)'],
    ['start', 'silence', 'run.crashed', 'no answer from the machine in "start"'],
    ['start', 'off', 'run.machine-failed', 'the machine is off in "start"'],
    ['stop', 'bugcheck', 'run.crashed', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL (D1)'],
    ['stop', 'silence', 'run.crashed', 'no answer from the machine in "stop"'],
  ];
  test.each(table)('%s × %s: %s', async (at, how, code, title) => {
    await expect(run(at, how)).rejects.toMatchObject({ code });
    const [id = ''] = await kept();
    expect(await readCrash(machine.dataFolder, id)).toMatchObject({ title, stage: at, run: null });
    expect(machine.told.filter((one) => one.startsWith('revert'))).toEqual([
      'revert clean',
      'revert clean',
    ]);
    // What died with the machine is not asked of it.
    expect(machine.told.filter((one) => one.startsWith('undone'))).toEqual([]);
    expect((await run(undefined, '')).run.ended.how).toBe('completed');
  });
});

describe('in the workload, a death is the end of a run that is kept', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['bugcheck', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL (D1)', 'your driver'],
    ['silence', 'no answer from the machine in "workload"', 'your driver'],
    ['off', 'the machine is off in "workload"', 'your lab'],
  ];
  test.each(table)('%s: %s, %s', async (how, title, whose) => {
    const { run: ended, folder } = await run('workload', how);
    expect(ended).toMatchObject({ ended: { how: 'crashed' }, crash: { title, whose } });
    const [id = ''] = await kept();
    expect(await readCrash(machine.dataFolder, id)).toMatchObject({ title, run: ended.id });
    const log = await readFile(join(folder, 'console.log'), 'utf8');
    expect(log.includes('Fatal System Error')).toBe(how === 'bugcheck');
    const observed = ended.comparison.rows.find((row) => row.operation === 'bugcheck');
    expect(observed?.verdict).toBe(how === 'bugcheck' ? 'observed-only' : undefined);
    expect((await run(undefined, '')).run.crash).toBeUndefined();
  });
});

test('a machine without a snapshot is started anew, and what stays there is said', async () => {
  const error = await run('start', 'silence', null).catch((one: LabError) => one);
  expect(error).toMatchObject({ code: 'run.crashed' });
  expect((error as LabError).detail).toContain('the service');
  expect(machine.told).toContain('power off');
});

test('a cancel is a cancel, also on a machine that is watched', async () => {
  const stop = new AbortController();
  machine.strikes['cancel'] = async () => stop.abort();
  const { input, parts } = await fakeRun({
    connect: () => machine.connect(),
    room: { list: async () => [], open: () => Promise.reject(new Error('none')) },
    dataFolder: machine.dataFolder,
    strike: { at: 'workload', how: async () => stop.abort() },
    pace: { beat_ms: 10, silence_ms: 150, lastWords_ms: 20 },
    signal: stop.signal,
    told: machine.told,
  });
  await expect(runOnTarget(input, parts)).rejects.toMatchObject({ code: 'run.cancelled' });
  expect(await kept()).toEqual([]);
  expect(machine.told.filter((one) => one.startsWith('undone'))).toHaveLength(3);
});
