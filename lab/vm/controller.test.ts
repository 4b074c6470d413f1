// Goal: the table of requests and states has no hole, and whatever a hypervisor does wrong, the machine
// ends in a state that has a name. Method: a hypervisor that does as the row says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LibvirtMachine, SnapshotName, VmState, type VmSnapshot } from '../../contract/vm.ts';
import { VmController } from './controller.ts';
import type { Hypervisor } from './hypervisor.ts';
import { lifecycle, type VmRequest } from './lifecycle.ts';

const call = { signal: new AbortController().signal };
let dataFolder = '';
beforeAll(async () => void (dataFolder = await mkdtemp(path.join(tmpdir(), 'fltlab-vm-'))));
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

const description = LibvirtMachine.parse({
  vm: 1,
  kind: 'libvirt',
  name: 'vm1',
  uri: 'test:///default',
  domain: 'test',
});

/** A machine in memory; `faults` says which call fails, how often. */
function scripted(state: VmState, faults: Partial<Record<keyof Hypervisor, number>> = {}) {
  const calls: string[] = [];
  const now = { state };
  const left = { ...faults };
  const act = (name: keyof Hypervisor, then?: VmState) => async (): Promise<void> => {
    calls.push(name);
    const remaining = left[name] ?? 0;
    if (remaining > 0) {
      left[name] = remaining - 1;
      throw new Error(`${name} failed`);
    }
    now.state = then ?? now.state;
  };
  const clean: VmSnapshot = { name: 'clean', made_s: 1, live: true, current: true };
  const hypervisor: Hypervisor = {
    kind: 'libvirt',
    version: '9.0',
    abilities: ['live-snapshot', 'disk-snapshot', 'shut-down', 'nmi'],
    lacks: [{ ability: 'serial', because: 'it is scripted' }],
    state: async () => now.state,
    start: act('start', 'running'),
    resume: act('resume', 'running'),
    askToShutDown: act('askToShutDown', 'off'),
    powerOff: act('powerOff', 'off'),
    snapshots: async () => [clean],
    createSnapshot: act('createSnapshot'),
    deleteSnapshot: act('deleteSnapshot'),
    revert: act('revert', 'running'),
    nmi: act('nmi'),
  };
  return { vm: new VmController({ description, hypervisor, dataFolder }), calls, now };
}

const requests: Readonly<Record<VmRequest, (vm: VmController) => Promise<void>>> = {
  start: (vm) => vm.start(call),
  'shut-down': (vm) => vm.shutDown(call),
  'power-off': (vm) => vm.powerOff(call),
  revert: (vm) => vm.revert('clean', call),
  'create-snapshot': (vm) => vm.createSnapshot('new', call),
  'delete-snapshot': (vm) => vm.deleteSnapshot('clean', call),
  nmi: (vm) => vm.nmi(call),
};

describe('each request in each state', () => {
  const rows = Object.keys(requests).flatMap((request) =>
    VmState.options.map((state) => [request as VmRequest, state] as const),
  );
  test.each(rows)('%s of a machine that is %s', async (request, state) => {
    const { vm, calls, now } = scripted(state);
    const plan = lifecycle[request][state];
    if (typeof plan === 'object') {
      await expect(requests[request](vm)).rejects.toMatchObject({ code: 'vm.wrong-state' });
      expect(calls).toEqual([]);
      return;
    }
    const doing = requests[request](vm);
    if (plan === 'wait') now.state = 'running'; // the hypervisor has finished meanwhile
    await doing;
    if (plan === 'nothing') expect(calls).toEqual([]);
    if (plan === 'resume') expect(calls).toEqual(['resume']);
    if (plan === 'power-off-first') expect(calls[0]).toBe('powerOff');
    if (plan === 'do') expect(calls.length).toBeGreaterThan(0);
  });
});

describe('what goes wrong', () => {
  test('a revert that fails once is made from power-off', async () => {
    const { vm, calls } = scripted('running', { revert: 1 });
    await vm.revert('clean', call);
    expect(calls).toEqual(['revert', 'powerOff', 'revert']);
  });

  test('one that fails twice leaves the machine off', async () => {
    const { vm, now } = scripted('running', { revert: 2 });
    await expect(vm.revert('clean', call)).rejects.toMatchObject({ code: 'vm.revert-failed' });
    expect(now.state).toBe('off');
  });

  test('a start that fails in the middle ends in a machine that is off', async () => {
    const { vm, calls, now } = scripted('off', { start: 1 });
    await expect(vm.start(call)).rejects.toThrow('start failed');
    expect([calls, now.state]).toEqual([['start', 'powerOff'], 'off']);
  });

  test('a shut-down that the guest ignores is an error after its limit, and the guest lives', async () => {
    const { vm, now } = scripted('running');
    vm.hypervisor.askToShutDown = async () => undefined;
    await expect(vm.shutDown({ ...call, limit_ms: 30 })).rejects.toMatchObject({
      code: 'vm.shut-down-ignored',
    });
    expect(now.state).toBe('running');
  });

  test('what a machine lacks is said with the reason', async () => {
    const { vm } = scripted('running');
    expect(() => vm.serial(call)).toThrow('cannot do "serial": it is scripted');
  });

  test('a cancelled wait for the lock changes nothing', async () => {
    const { vm, calls } = scripted('off');
    const signal = AbortSignal.abort();
    await expect(vm.start({ signal })).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(calls).toEqual([]);
  });
});

test.each(['', '-x', 'a b', 'a/b', '../a', 'a;b', 'x'.repeat(65)])(
  '"%s" is no name of a snapshot',
  (name) => expect(SnapshotName.safeParse(name).success).toBe(false),
);
