// Goal: what the workbench asks of a virtual machine and of its debugger, over the line that the desktop
// uses: a real QEMU with an empty disk, gdb on its stub, and a program that speaks like kd.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient, safe } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KdPiece, MachineChange, MachineLook, RpcContract } from '../../contract/rpc.ts';
import { ptyIsBuilt } from '../kd/index.ts';
import { findProgram } from '../process/index.ts';
import { addVm } from '../vm/index.ts';
import { closeService, router } from './router.ts';

type Lab = ContractRouterClient<RpcContract>;

const programs = ['qemu-system-x86_64', 'qemu-img', 'gdb'];
const found = await Promise.all(programs.map((name) => findProgram(name)));
const missing = programs.filter((_name, index) => found[index] === undefined);
const onUnix = process.platform !== 'win32' && ptyIsBuilt();
const KEY = '1a2b.3c4d.5e6f.7g8h';

let folder = '';
let lab: Lab;
let port: MessagePort;
const before = { data: process.env['FLTLAB_DATA'], path: process.env['PATH'] };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fltlab-machines-'));
  process.env['FLTLAB_DATA'] = path.join(folder, 'data');
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(router).upgrade(port1);
  port1.start();
  port2.start();
  port = port1;
  lab = createORPCClient(new RPCLink({ port: port2 }));
});
afterAll(async () => {
  await closeService();
  port.close();
  if (before.data === undefined) delete process.env['FLTLAB_DATA'];
  else process.env['FLTLAB_DATA'] = before.data;
  process.env['PATH'] = before.path;
  await rm(folder, { recursive: true, force: true });
});

/** Reads on until `wanted` holds; returns all that was said. */
async function readUntil(
  session: string,
  wanted: (text: string, piece: KdPiece) => boolean,
): Promise<string> {
  let text = '';
  let piece: KdPiece | undefined;
  while (piece === undefined || !wanted(text, piece)) {
    piece = await lab.kdSessions.read({
      session,
      from: piece?.next ?? 0,
      state: piece?.state ?? null,
    });
    text += piece.text;
  }
  return text;
}

describe.skipIf(missing.length > 0)(`a machine of QEMU (missing: ${missing.join(', ')})`, () => {
  const change = async (
    wanted: MachineChange,
  ): Promise<{ readonly steps: string[]; readonly look: MachineLook | undefined }> => {
    const steps: string[] = [];
    let look: MachineLook | undefined;
    for await (const told of await lab.machines.change({ name: 'vm1', change: wanted })) {
      if (told.kind === 'step') steps.push(told.text);
      else look = told.look;
    }
    return { steps, look };
  };

  beforeAll(async () => {
    const disk = path.join(folder, 'disk.qcow2');
    await promisify(execFile)('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '1M']);
    const machine = { vm: 1, kind: 'qemu', name: 'vm1', memory_MiB: 32, machine: 'pc' };
    const more = {
      accelerator: 'tcg',
      disk: { file: disk, bus: 'virtio' },
      cleanSnapshot: 'clean',
    };
    await addVm(process.env['FLTLAB_DATA'] ?? '', { ...machine, ...more }, 'this test');
  });
  afterAll(async () => {
    await change({ do: 'power-off' });
  });

  test('is started, kept, debugged, put back and switched off', async () => {
    expect(await lab.machines.list()).toMatchObject([{ name: 'vm1', cleanSnapshot: 'clean' }]);
    expect((await lab.machines.look({ name: 'vm1' })).state).toBe('off');
    expect((await change({ do: 'start' })).look?.state).toBe('running');
    const kept = await change({ do: 'snapshot', snapshot: 'clean' });
    expect(kept.look?.snapshots).toMatchObject([{ name: 'clean' }]);

    const opened = await lab.kdSessions.open({ kind: 'gdb', machine: 'vm1' });
    expect(opened).toMatchObject({ title: 'gdb on vm1', debugger: 'gdb' });
    const { session } = opened;
    await readUntil(session, (_text, { state }) => state === 'stopped');
    await lab.kdSessions.type({ session, line: 'printf "%d\\n", 6 * 7' });
    await readUntil(session, (text) => /^42/m.test(text));
    await lab.kdSessions.close({ session });
    expect(await lab.kdSessions.list()).toEqual([]);

    expect((await change({ do: 'revert', snapshot: 'clean' })).look?.state).toBe('running');
    expect((await change({ do: 'power-off' })).look?.state).toBe('off');
    const { error } = await safe(change({ do: 'revert', snapshot: 'never' }));
    expect(error).toMatchObject({ defined: true, data: { code: 'vm.snapshot-missing' } });
  });
});

describe.skipIf(!onUnix)('kd', () => {
  beforeAll(async () => {
    const script = path.join(import.meta.dirname, '..', 'kd', 'testing', 'scriptedKd.mjs');
    const programsFolder = path.join(folder, 'bin');
    await mkdir(programsFolder);
    const kd = path.join(programsFolder, 'kd');
    await writeFile(kd, `#!/bin/sh\nexec "${process.execPath}" "${script}"\n`);
    await chmod(kd, 0o755);
    process.env['PATH'] = `${programsFolder}${path.delimiter}${before.path}`;
  });

  test('runs, is stopped, is asked, and ends; a second reader finds all of it, the log too', async () => {
    const { session, log } = await lab.kdSessions.open({ kind: 'net', port: 50_000, key: KEY });
    await readUntil(session, (_text, { state }) => state === 'stopped');
    await lab.kdSessions.type({ session, line: 'g' });
    await readUntil(session, (_text, { state }) => state === 'running');
    await lab.kdSessions.break({ session });
    await lab.kdSessions.type({ session, line: 'kn' });
    await readUntil(session, (text) => text.includes('dirnotify!PreCreate+0x1f'));
    await lab.kdSessions.type({ session, line: 'q' });
    const all = await readUntil(session, (_text, { state }) => state === 'ended');
    expect(all).toContain('Connected to Windows 10');
    expect(all).toContain('Break instruction exception');
    await lab.kdSessions.close({ session });
    const kept = await readFile(log, 'utf8');
    expect(kept.replaceAll('\r', '')).toContain(all.replaceAll('\r', '').trim());
    expect(kept).not.toContain(KEY);
  });

  test('a flood is read piece by piece, and nothing of it is missing', async () => {
    const { session } = await lab.kdSessions.open({ kind: 'net', port: 50_000, key: KEY });
    await lab.kdSessions.type({ session, line: 'flood 3000000' });
    let from = 0;
    let flooded = 0;
    for (let state: KdPiece['state'] | null = null; flooded < 3_000_000;) {
      const piece: KdPiece = await lab.kdSessions.read({ session, from, state });
      expect(piece.text.length).toBeLessThanOrEqual(256 * 1024);
      expect(piece.skipped).toBe(0);
      ({ next: from, state } = piece);
      flooded += piece.text.length;
    }
    await lab.kdSessions.close({ session });
  });
});
