// Goal: a real machine is driven through its whole life, broken in each way that runs are broken in, and
// comes back from each; whatever dies in the middle, no process and no snapshot is lost.
// Method: QEMU with a small Linux guest. FLTLAB_REVERTS sets how many reverts are made in a row.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listProcesses } from '../process/processTable.ts';
import {
  call,
  canRunGuests,
  guestLab,
  openGuest,
  type GuestLab,
  type GuestVm,
} from './testing/guestLab.ts';
import { makeSocketFolder } from './qemu/layout.ts';

const REVERTS = Number(process.env['FLTLAB_REVERTS'] ?? 100);

describe.skipIf(!canRunGuests)('a machine of QEMU', () => {
  let lab: GuestLab;
  let one: GuestVm;
  beforeAll(async () => {
    lab = await guestLab();
    one = await lab.machine('one');
  });
  afterAll(() => lab.dispose());

  const shell = async (command: string): Promise<string> => {
    const ssh = await one.ssh();
    try {
      return (await ssh.exec(command)).stdout.trim();
    } finally {
      await ssh.close();
    }
  };

  test('starts, with the accelerator that was tried, and is reached over SSH', async () => {
    await one.vm.start(call);
    await one.ready();
    expect(await one.vm.state(call)).toBe('running');
    expect((await one.qemu.running())?.accelerator).toMatch(/^(kvm|tcg)$/);
    expect(await shell('uname -s; echo here > /data/mark; sync; cat /data/mark')).toBe(
      'Linux\nhere',
    );
    await one.vm.start(call); // nothing to do is done
    await one.vm.createSnapshot('clean', call);
    expect(await one.vm.snapshots(call)).toMatchObject([{ name: 'clean', live: true }]);
  });

  test('a snapshot is neither made twice nor found when it is not there', async () => {
    await expect(one.vm.createSnapshot('clean', call)).rejects.toMatchObject({
      code: 'vm.snapshot-exists',
    });
    await expect(one.vm.revert('cleen', call)).rejects.toThrow(
      /no snapshot "cleen"; it has: clean/,
    );
    expect(await one.vm.state(call)).toBe('running');
  });

  const breakages: readonly (readonly [string, string, string])[] = [
    ['its network is gone', 'ip link set eth0 down', 'running'],
    ['its disk is full', 'dd if=/dev/zero of=/data/fill bs=64k; rm /data/mark; sync', 'running'],
    ['its kernel panics', 'echo c > /proc/sysrq-trigger', 'crashed'],
    ['it has switched itself off', 'poweroff -f', 'off'],
  ];

  test.each(breakages)('%s: a revert mends it', async (_title, command, state) => {
    const ssh = await one.ssh();
    const before = (await readFile(one.qemu.layout.serialLog)).length;
    await ssh
      .exec(`(sleep 0.2; ${command}) > /dev/null 2>&1 & sleep 0.5; true`)
      .catch(() => undefined);
    await ssh.close();
    await expect.poll(() => one.vm.state(call), { timeout: 60_000 }).toBe(state);
    if (state === 'crashed') {
      const said = (await readFile(one.qemu.layout.serialLog)).subarray(before).toString();
      expect(said).toContain('Kernel panic - not syncing: sysrq triggered crash');
    }
    await one.vm.revert('clean', call);
    expect(await shell('cat /data/mark; ls /data')).toBe('here\nlost+found\nmark');
  });

  test(`${REVERTS} reverts in a row`, { timeout: 900_000 }, async () => {
    const took_ms: number[] = [];
    for (let round = 0; round < REVERTS; round += 1) {
      const started_ms = performance.now();
      await one.vm.revert('clean', call);
      took_ms.push(performance.now() - started_ms);
      if (round % 20 === 0) expect(await shell('cat /data/mark')).toBe('here');
    }
    const sorted = took_ms.sort((left, right) => left - right);
    const at = (share: number): string =>
      (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(0);
    console.log(`${REVERTS} reverts, none failed: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
    expect(await shell('cat /data/mark')).toBe('here');
  });

  test('QEMU killed at any point: the next request finds a machine that is off, snapshot and all', async () => {
    const kill = async (): Promise<void> => {
      const running = await one.qemu.running();
      if (running !== undefined) process.kill(running.pid, 'SIGKILL');
    };
    await kill();
    await expect.poll(() => one.vm.state(call)).toBe('off');
    // Its sockets still lie there: stale, and no obstacle.
    await one.vm.revert('clean', call);
    expect(await one.vm.state(call)).toBe('running');

    // At several points of the work, the first ones and later ones: what was asked for may be done,
    // or it may not; what was there before is there after.
    for (const point_ms of [0, 40, 150, 400]) {
      for (const work of ['revert', 'create'] as const) {
        const working =
          work === 'revert'
            ? one.vm.revert('clean', call)
            : one.vm.createSnapshot(`cut-${point_ms}`, call);
        const result = working.then(
          () => 'done',
          (error: { code: string }) => error.code,
        );
        await pause(point_ms);
        await kill();
        expect(['done', 'vm.died', 'vm.start-failed']).toContain(await result);
        expect((await one.vm.snapshots(call)).map(({ name }) => name)).toContain('clean');
        await one.vm.revert('clean', call);
      }
    }
    expect(await shell('cat /data/mark')).toBe('here');
  }, 600_000);

  test('a start that is cancelled leaves no process', async () => {
    await one.vm.powerOff(call);
    const abort = new AbortController();
    const starting = one.vm.start({ signal: abort.signal });
    await expect.poll(() => one.qemu.running(), { interval: 5 }).toBeDefined();
    abort.abort();
    // Too late is possible too: then the machine runs and the request was carried out.
    const result = await starting.then(
      () => 'running',
      (error: { code: string }) => error.code,
    );
    expect(await one.vm.state(call)).toBe(result === 'running' ? 'running' : 'off');
    await one.vm.powerOff(call);
    expect(await one.qemu.running()).toBeUndefined();
  });

  test('two labs on one machine take turns', async () => {
    const two = await openGuest(one.qemu.machine, lab.guest, lab.dataFolder);
    const told: string[] = [];
    const progress = (text: string): void => void told.push(text);
    const results = await Promise.allSettled([
      one.vm.revert('clean', call),
      two.vm.revert('clean', { ...call, progress }),
      one.vm.revert('clean', { ...call, progress }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'));
    expect(told.join()).toContain('waiting for another FltLab');
    const mine = (await listProcesses()).filter(({ command }) =>
      command.includes(one.qemu.layout.qmp),
    );
    expect(mine).toHaveLength(1);
  });

  test('a disk that another machine holds is an error that says so', async () => {
    const { disk } = one.qemu.machine;
    const thief = await lab.machine('thief', { disk });
    await expect(thief.vm.start(call)).rejects.toMatchObject({ code: 'vm.in-use' });
    expect(await thief.qemu.running()).toBeUndefined();
  });

  test('a stranger at the control socket is an error that says so', async () => {
    const deaf = await lab.machine('deaf');
    await makeSocketFolder(deaf.qemu.layout);
    await writeFile(deaf.qemu.layout.qmp, 'no socket');
    await deaf.vm.start(call); // in the way, and removed: no process of the machine runs
    await deaf.vm.powerOff(call);
    const stranger = createServer((socket) => socket.write('SSH-2.0-what\n'));
    stranger.listen(deaf.qemu.layout.qmp);
    await once(stranger, 'listening');
    expect(await deaf.vm.state(call)).toBe('off'); // no process: the socket is not asked
    stranger.close();
  });

  test('overlay snapshots: made off, reverted, kept from being deleted while needed', async () => {
    const off = await lab.machine('off', { snapshots: 'overlay' });
    await off.vm.createSnapshot('first', call);
    await off.vm.createSnapshot('second', call);
    expect(await off.vm.snapshots(call)).toMatchObject([
      { name: 'first', current: false },
      { name: 'second', current: true },
    ]);
    await expect(off.vm.deleteSnapshot('first', call)).rejects.toMatchObject({
      code: 'vm.snapshot-needed',
    });
    await off.vm.revert('first', call);
    expect(await off.vm.state(call)).toBe('running');
    await expect(off.vm.createSnapshot('live', call)).rejects.toMatchObject({
      code: 'vm.not-able',
    });
    await off.vm.deleteSnapshot('second', call);
    expect((await off.vm.snapshots(call)).map(({ name }) => name)).toEqual(['first']);
    await off.vm.powerOff(call);
  });
});
