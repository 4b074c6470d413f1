// Goal: a queue of runs on a machine that dies in every way goes on to its end; each death is told, kept with
// the log of the console and the machine's memory, and counted once by its title. Method: the whole pipeline
// on a Linux guest of QEMU; what a Windows would do of it (build, driver, agent) is the test's.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunJob } from '../../contract/rpc.ts';
import { readCrash } from '../crash/store.ts';
import { History } from '../history/history.ts';
import { RunJobs } from '../jobs/runJobs.ts';
import { reported } from '../rpc/service.ts';
import type { ConnectedTarget } from '../targets/index.ts';
import {
  call,
  canRunGuests,
  guestLab,
  signal,
  type GuestLab,
  type GuestVm,
} from '../vm/testing/guestLab.ts';
import type { MachineRoom } from './machineState.ts';
import { runOnTarget } from './run.ts';
import { loadRun } from './store.ts';
import { fakeRun, type At } from './testing/fakeRun.ts';

describe.skipIf(!canRunGuests)('a machine of QEMU', () => {
  let lab: GuestLab;
  let guest: GuestVm;
  beforeAll(async () => {
    lab = await guestLab();
    guest = await lab.machine('mortal', {
      accelerator: 'tcg',
      target: 'guest',
      cleanSnapshot: 'clean',
    });
    await guest.vm.start(call);
    await guest.ready();
    await guest.vm.createSnapshot('clean', call);
  });
  afterAll(() => lab.dispose());

  async function connect(): Promise<ConnectedTarget> {
    const connection = await guest.ssh();
    const { host, port } = connection.at;
    return {
      description: { kind: 'wine', ssh: { host, port } },
      facts: {
        ...{ name: 'guest', kind: 'wine', windowsVersion: '10.0', profile: 'win10' },
        ...{ architecture: 'AMD64', has: ['kernel-filters'], lacks: [] },
      },
      connection,
      close: () => connection.close(),
    } as unknown as ConnectedTarget;
  }

  const room = (): MachineRoom => ({
    list: async () => [guest.qemu.machine],
    open: async () => ({ vm: guest.vm, close: async () => undefined }),
  });

  const inGuest = async (command: string): Promise<void> => {
    const connection = await guest.ssh();
    const shell = await connection.start(command);
    shell.stdout.resume();
    shell.stderr.resume();
    connection.onLoss(() => undefined);
  };
  const strikes: Readonly<Record<string, () => Promise<void>>> = {
    panic: () => inGuest('echo c > /proc/sysrq-trigger'),
    'network gone': () => inGuest('ip link set eth0 down'),
    'process killed': async () => {
      const running = await guest.qemu.running();
      if (running !== undefined) process.kill(running.pid, 'SIGKILL');
    },
  };

  const asked: readonly (readonly [At | undefined, string, RunJob['state'], string | undefined])[] =
    [
      ['workload', 'panic', 'done', 'Kernel panic: sysrq triggered crash'],
      [undefined, 'nothing', 'done', undefined],
      ['start', 'panic', 'failed', 'Kernel panic: sysrq triggered crash'],
      ['workload', 'network gone', 'done', 'no answer from the machine in "workload"'],
      ['workload', 'process killed', 'done', 'the machine is off in "workload"'],
    ];

  test('a queue goes on to its end, and each death is kept and counted', async () => {
    const jobs = new RunJobs(reported);
    const told: string[] = [];
    const ids = asked.map(([at, how]) =>
      jobs.start(
        { sample: 's', title: how, variant: 'v', workload: 'w', target: 'guest' },
        async (_progress, own) => {
          const strike = strikes[how];
          const { input, parts } = await fakeRun({
            connect,
            room: room(),
            dataFolder: lab.dataFolder,
            strike: at === undefined || strike === undefined ? undefined : { at, how: strike },
            pace: { beat_ms: 250, silence_ms: 3_000, lastWords_ms: 500 },
            signal: AbortSignal.any([own, signal]),
            told,
          });
          const { run } = await runOnTarget(input, parts);
          return { run: run.id, verdict: run.comparison.verdict };
        },
      ),
    );
    const ended = new Map<string, RunJob>();
    for await (const job of jobs.watch(undefined)) {
      if (['done', 'failed', 'cancelled'].includes(job.state)) ended.set(job.job, job);
      if (ended.size === asked.length) break;
    }
    const found = await Promise.all(
      ids.map(async (id) => {
        const job = ended.get(id);
        const kept = job?.run ?? undefined;
        const run = kept === undefined ? undefined : await loadRun(lab.dataFolder, kept);
        return [job?.state, run?.crash?.title ?? job?.error?.problem];
      }),
    );
    expect(found).toEqual(
      asked.map(([, , state, title]) => [
        state,
        state === 'failed' ? expect.stringContaining(title ?? '') : title,
      ]),
    );
    const history = await History.open(lab.dataFolder);
    await history.refresh();
    const known = history.crashes();
    history.close();
    expect(known.map(({ title, count }) => [count, title])).toEqual([
      [2, 'Kernel panic: sysrq triggered crash'],
      [1, 'no answer from the machine in "workload"'],
      [1, 'the machine is off in "workload"'],
    ]);
    await expectEvidence(known[0]?.latest ?? '');
  });

  /** The banner is in the log, and the memory is a core of the guest. */
  async function expectEvidence(id: string): Promise<void> {
    const crash = await readCrash(lab.dataFolder, id);
    expect(crash).toMatchObject({
      whose: 'your driver',
      files: ['console.log', 'memory.elf'],
      missing: [],
    });
    const folder = join(lab.dataFolder, 'crashes', id);
    const log = await readFile(join(folder, 'console.log'), 'utf8');
    expect(log).toContain('Kernel panic - not syncing: sysrq triggered crash');
    const core = await open(join(folder, 'memory.elf'));
    const { size } = await core.stat();
    const head = Buffer.alloc(4);
    await core.read(head, 0, 4, 0);
    await core.close();
    expect(head.toString('latin1')).toBe('\x7fELF');
    expect(size).toBeGreaterThan(guest.qemu.machine.memory_MiB * 1024 * 1024 * 0.9);
  }
});
