// Goal: a target in a machine of the lab is put back before it is used, and waited for; one that is in none
// is left alone. Method: machines in memory.
import { describe, expect, test } from 'vitest';
import { LabError } from '../../contract/errors/labError.ts';
import { LibvirtMachine } from '../../contract/vm.ts';
import type { OpenedVm } from '../vm/index.ts';
import { machineBehind, whenReached, withRevert, type MachineRoom } from './machineState.ts';

const { signal } = new AbortController();
const describeVm = (name: string, target?: string, cleanSnapshot?: string) =>
  LibvirtMachine.parse({
    vm: 1,
    kind: 'libvirt',
    name,
    uri: 'test:///default',
    domain: name,
    target,
    cleanSnapshot,
  });

function room(): MachineRoom & { readonly calls: string[] } {
  const calls: string[] = [];
  const vm = {
    start: async () => void calls.push('start'),
    revert: async (snapshot: string) => void calls.push(`revert ${snapshot}`),
  } as unknown as OpenedVm['vm'];
  return {
    calls,
    list: async () => [describeVm('a', 'win11', 'clean'), describeVm('b', 'bare'), describeVm('c')],
    open: async (name) => {
      calls.push(`open ${name}`);
      return { vm, close: async () => void calls.push('close') };
    },
  };
}

test.each([
  ['win11', ['open a', 'revert clean', 'close']],
  ['bare', ['open b', 'start', 'close']],
])('%s is put back', async (target, calls) => {
  const machines = room();
  await (await machineBehind(target, machines))?.putBack(signal, () => undefined);
  expect(machines.calls).toEqual(calls);
});

test('a target that lives in no machine is left alone', async () => {
  expect(await machineBehind('wine', room())).toBeUndefined();
});

describe('the guest', () => {
  const refused = new LabError('ssh.refused', { problem: 'No.', remedy: 'Wait.' });
  const answering = (after: number, error: Error = refused) => {
    let asked = 0;
    return async () => {
      asked += 1;
      if (asked <= after) throw error;
      return asked;
    };
  };

  test('is asked until it answers', async () => {
    expect(await whenReached('vm', answering(2), signal)).toBe(3);
  });

  test('that never answers is an error of the machine', async () => {
    await expect(whenReached('vm', answering(1e9), signal, 1)).rejects.toMatchObject({
      code: 'vm.guest-unreachable',
    });
  });

  test('that answers with another host key is not asked again', async () => {
    const changed = new LabError('ssh.host-key-changed', { problem: 'P.', remedy: 'R.' });
    await expect(whenReached('vm', answering(1, changed), signal)).rejects.toBe(changed);
  });

  test('is not waited for after a cancel', async () => {
    await expect(whenReached('vm', answering(1e9), AbortSignal.abort())).rejects.toMatchObject({
      code: 'run.cancelled',
    });
  });
});

test('a machine behind it lets a target be reverted', () => {
  const facts = withRevert({
    name: 'win11',
    kind: 'windows',
    windowsVersion: '10.0.22631',
    profile: 'win11',
    architecture: 'AMD64',
    has: ['fast-io'],
    lacks: [
      { capability: 'revert', because: 'no' },
      { capability: 'kd', because: 'no' },
    ],
  });
  expect([facts.has, facts.lacks.map(({ capability }) => capability)]).toEqual([
    ['fast-io', 'revert'],
    ['kd'],
  ]);
});
