// Goal: the contract says the same over both of its lines: the WebSocket of a served workbench and the
// message port of the desktop. One table of calls, carried by each.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient, isDefinedError, safe } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { RpcContract } from '../../contract/rpc.ts';
import { closeService, router } from './router.ts';
import { serveWorkbench, type ServedWorkbench } from './server.ts';

type Lab = ContractRouterClient<RpcContract>;

let folder: string;
let served: ServedWorkbench;
const before = process.env['FLTLAB_DATA'];
const ends: (() => void)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fltlab-contract-'));
  process.env['FLTLAB_DATA'] = folder;
  served = await serveWorkbench({ assets: folder, port: 0 });
});
afterAll(async () => {
  for (const end of ends) end();
  await served.close();
  await closeService();
  if (before === undefined) delete process.env['FLTLAB_DATA'];
  else process.env['FLTLAB_DATA'] = before;
  await rm(folder, { recursive: true });
});

async function overSocket(): Promise<Lab> {
  const url = new URL(served.address);
  const token = url.searchParams.get('token') ?? '';
  const socket = new WebSocket(`ws://${url.host}/rpc`, {
    headers: { origin: url.origin, cookie: `fltlab=${token}` },
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  ends.push(() => socket.terminate());
  return createORPCClient(new SocketLink({ websocket: socket as unknown as globalThis.WebSocket }));
}

function overPort(): Promise<Lab> {
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(router).upgrade(port1);
  port1.start();
  port2.start();
  ends.push(() => port1.close());
  return Promise.resolve(createORPCClient(new PortLink({ port: port2 })));
}

describe.each<[string, () => Promise<Lab>]>([
  ['a socket', overSocket],
  ['a message port', overPort],
])('over %s', (_name, connect) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await connect();
  });

  test('samples come with their manifest, and files with what they are', async () => {
    const { samples, lost } = await lab.samples.list();
    expect(samples.map((one) => [one.id, one.origin])).toContainEqual(['dirnotify', 'ours']);
    expect(lost).toEqual([]);
    const files = await lab.samples.files({ sample: 'dirnotify' });
    const kinds = files.map((one) => one.kind);
    expect(new Set(kinds)).toEqual(new Set(['source', 'header', 'workload', 'inf', 'manifest']));
  });

  test('what is remembered is there again; an empty value forgets it', async () => {
    await lab.settings.write({ key: 'theme', value: 'dark' });
    expect((await lab.settings.read())['theme']).toBe('dark');
    await lab.settings.write({ key: 'theme', value: '' });
    expect(await lab.settings.read()).not.toHaveProperty('theme');
  });

  test('a recorded run opens as a comparison, and its rows come in windows', async () => {
    const [run] = await lab.runs.recorded({ sample: 'dirnotify' });
    const id = run?.id ?? '';
    const opened = await lab.comparisons.open({
      left: { kind: 'predicted', run: id },
      right: { kind: 'observed', run: id },
    });
    const { comparison } = opened;
    const rows = await lab.comparisons.rows({ comparison, from: 1, count: 2, speaking: false });
    expect(rows.map((one) => one.index)).toEqual([1, 2]);
    expect(opened.total).toBeGreaterThan(10);
    expect(
      await lab.comparisons.next({ comparison, after: -1, backwards: false, speaking: true }),
    ).toBe(opened.speaking > 0 ? 0 : null);
  });

  test('a stream tells, and ends when its reader leaves', async () => {
    const leave = new AbortController();
    const stream = await lab.runs.watch(undefined, { signal: leave.signal });
    const next = stream.next();
    leave.abort();
    await expect(next).rejects.toThrow(/abort/i);
  });

  test('what goes wrong in the middle of a stream is a LabError too', async () => {
    const change = async (): Promise<void> => {
      const told = await lab.machines.change({ name: 'nobody', change: { do: 'start' } });
      for await (const one of told) expect(one.kind).toBe('step');
    };
    const { error } = await safe(change());
    expect(error).toMatchObject({ defined: true, data: { code: 'vm.not-found' } });
  });

  test('no machine was added, and no debugger session is open', async () => {
    expect(await lab.machines.list()).toEqual([]);
    expect(await lab.kdSessions.list()).toEqual([]);
  });

  test('a rule is explained', async () => {
    const [, family = ''] = /^R-(\w+)-/.exec('R-IO-1') ?? [];
    expect((await lab.reference.rule({ id: `R-${family}-1` })).text).not.toBe('');
  });

  test.each<[string, (lab: Lab) => Promise<unknown>, string]>([
    ['an unknown sample', (to) => to.samples.files({ sample: 'nobody' }), 'sample.not-found'],
    ['a path as a sample', (to) => to.samples.files({ sample: '/etc' }), 'sample.not-found'],
    ['a way out', (to) => to.samples.files({ sample: 'own/../../x' }), 'sample.not-found'],
    [
      'writing to a sample',
      (to) => to.samples.save({ sample: 'dirnotify', path: 'dirnotify.c', text: '', version: '' }),
      'workspace.read-only',
    ],
    ['an unknown run', (to) => to.runs.get({ id: 'never' }), 'run.not-found'],
    ['a run that climbs', (to) => to.runs.report({ id: '../../etc' }), 'run.not-found'],
    [
      'an unknown target',
      (to) =>
        to.runs.start({
          ...{ sample: 'dirnotify', variant: 'new-system-buffer', workload: 'other-process' },
          ...{ targets: ['nowhere'], seed: 0 },
        }),
      'target.not-found',
    ],
    [
      'a damaged file of a run',
      (to) => to.runs.import({ name: 'x', base64: 'AAAA' }),
      'run.bundle-invalid',
    ],
    [
      'a comparison that was never opened',
      (to) => to.comparisons.rows({ comparison: 'x', from: 0, count: 1, speaking: false }),
      'comparison.closed',
    ],
    ['an unknown machine', (to) => to.machines.look({ name: 'nobody' }), 'vm.not-found'],
    [
      'a debugger of an unknown machine',
      (to) => to.kdSessions.open({ kind: 'gdb', machine: 'nobody' }),
      'vm.not-found',
    ],
    [
      'a key that is none',
      (to) => to.kdSessions.open({ kind: 'net', port: 50_000, key: 'guess' }),
      'usage.bad-argument',
    ],
    [
      'a debugger session that was never opened',
      (to) => to.kdSessions.read({ session: 'x', from: 0, state: null }),
      'kd.ended',
    ],
    [
      'typing into a debugger that is gone',
      (to) => to.kdSessions.type({ session: 'x', line: 'g' }),
      'kd.ended',
    ],
  ])('%s is a LabError', async (_what, ask, code) => {
    const { error } = await safe(ask(lab));
    expect(
      isDefinedError(error as Error) && (error as unknown as { data: { code: string } }).data.code,
    ).toBe(code);
  });

  test.each<[string, (lab: Lab) => Promise<unknown>]>([
    [
      'a call that does not exist',
      (to) =>
        (to as unknown as Record<string, Record<string, () => Promise<unknown>>>)['host']?.[
          'run'
        ]?.() ?? Promise.resolve(),
    ],
    ['input of another shape', (to) => to.runs.get({ id: 7 } as unknown as { id: string })],
    [
      'too many rows',
      (to) => to.comparisons.rows({ comparison: 'x', from: 0, count: 1e9, speaking: false }),
    ],
    [
      'a debugger that the caller chose',
      (to) =>
        to.kdSessions.open({
          ...{ kind: 'net', port: 50_000, key: '1.2.3.4' },
          program: '/bin/sh',
        } as unknown as Parameters<Lab['kdSessions']['open']>[0]),
    ],
    [
      'a snapshot that is an option',
      (to) => to.machines.change({ name: 'vm1', change: { do: 'drop', snapshot: '--all' } }),
    ],
    ['a setting with a wild name', (to) => to.settings.write({ key: '../x', value: '1' })],
  ])('%s is refused, and the line goes on', async (_what, ask) => {
    const { error } = await safe(ask(lab));
    expect(error).not.toBeNull();
    expect((await lab.samples.list()).samples.length).toBeGreaterThan(0);
  });
});
