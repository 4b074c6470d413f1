// Goal: a session over a real terminal loses no byte and stays small, its commands have their own answers
// and nobody else's, and it survives what machines do. Method: a program that speaks like kd under
// node-pty; gdb on the stub of a real QEMU; the serial line of a guest that panics.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LabError } from '../../../contract/errors/labError.ts';
import type { DebugItem } from '../../../contract/debugStream.ts';
import { findProgram } from '../../process/index.ts';
import {
  call,
  canRunGuests,
  guestLab,
  type GuestLab,
  type GuestVm,
} from '../../vm/testing/guestLab.ts';
import { printPacket } from '../stream/packets.ts';
import { parseStack } from '../stream/structures.ts';
import { openPty, openStream, type Channel, type OpenChannel } from './channel.ts';
import { gdbArguments } from './commandLines.ts';
import { dialects } from './dialects.ts';
import { DebugSession, type SessionOptions } from './session.ts';

const script = path.join(import.meta.dirname, '..', 'testing', 'scriptedKd.mjs');
const { signal } = new AbortController();
let folder = '';
let logs = 0;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'fltlab-kd-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const scripted: OpenChannel = async () => openPty({ program: process.execPath, args: [script] });
const sessions: DebugSession[] = [];
async function open(options: Partial<SessionOptions> = {}): Promise<DebugSession> {
  const session = await DebugSession.open({
    open: scripted,
    logFile: path.join(folder, `${(logs += 1)}.log`),
    dialect: dialects.kd,
    signal,
    ...options,
  });
  sessions.push(session);
  return session;
}
/** A stub of QEMU has room for one debugger: what a test that failed left open would fail the next. */
afterEach(async () => void (await Promise.all(sessions.splice(0).map((one) => one.close()))));

describe('a debugger on a terminal', () => {
  test('answers are captured whole, in the order of the questions', async () => {
    const session = await open();
    const [stack, echo, tricky] = await Promise.all([
      session.command('kn'),
      session.command('.echo one two'),
      session.command('tricky'),
    ]);
    expect(parseStack(stack)).toMatchObject([{ at: 'dirnotify!PreCreate+0x1f' }]);
    expect(echo).toBe('one two');
    expect(tricky).toBe('0: kd> not a prompt\nkd> \nlast line');
    expect(await session.command('silent-one')).toBe('');
    await session.close();
    expect(session.state).toBe('ended');
  });

  test('go, break in, go on', async () => {
    const session = await open();
    await session.go();
    expect(session.state).toBe('running');
    const stopped = session.item(({ kind }) => kind === 'exception');
    await session.break();
    expect(await stopped).toMatchObject({ code: 0x80000003 });
    expect(await session.command('.echo here')).toBe('here');
    await session.close();
  });

  test('a command that does not end has a limit, and the next one waits for a prompt', async () => {
    const session = await open();
    await session.command('.echo up');
    const begun = session.item((item) => item.kind === 'text' && item.text === 'hush');
    const limited = session.command('silence', { limit_ms: 300 });
    await expect(limited).rejects.toMatchObject({ code: 'kd.no-answer' });
    await begun;
    await session.break();
    expect(await session.command('.echo again')).toBe('again');
    await session.close();
  });

  test('a debugger that dies ends what waits, and is opened again where that was asked', async () => {
    const session = await open();
    await session.command('.echo up');
    await expect(session.command('die')).rejects.toMatchObject({ code: 'kd.ended' });
    expect(await session.ended()).toMatch(/signal 9|code/);

    const again = await open({ reconnect: { attempts: 3, pause_ms: 10 } });
    await again.command('.echo up');
    const back = again.item(({ kind }) => kind === 'connected');
    again.write('die\n');
    await back;
    expect(await again.command('.echo back')).toBe('back');
    expect(again.connections).toBe(2);
    await again.close();
  });

  test('a program that is not there is an error that says so', async () => {
    const nothing: OpenChannel = async () => openPty({ program: '/no/such/kd', args: [] });
    const session = await open({ open: nothing }).catch((error: { code: string }) => error);
    // A terminal tells by its end, not by its start.
    if (session instanceof DebugSession) expect(await session.ended()).toMatch(/code|signal/);
    else expect(session.code).toBe('kd.not-started');
  });
});

/** Both sides on the same machine in the same minute; what else runs there may disturb one of them. */
const ATTEMPTS = 3;

test('100 MB pass through a session whole, in little memory, at half the speed of node-pty alone', async () => {
  const shares: number[] = [];
  while (shares.length < ATTEMPTS && !shares.some((share) => share >= 0.5)) {
    const alone_ms = await floodAlone(FLOOD_BYTES);
    shares.push(alone_ms / (await floodThroughSession(alone_ms)));
  }
  expect(Math.max(...shares)).toBeGreaterThanOrEqual(0.5);
});

const FLOOD_BYTES = 100_000_000;

async function floodThroughSession(alone_ms: number): Promise<number> {
  const session = await open();
  await session.command('.echo ready');
  const before = session.bytes;
  let peak_bytes = 0;
  const watch = setInterval(
    () => (peak_bytes = Math.max(peak_bytes, process.memoryUsage().rss)),
    20,
  );
  const rss_bytes = process.memoryUsage().rss;
  let prints = 0;
  session.onItem((item) => (prints += item.kind === 'text' ? 1 : 0));
  const started_ms = performance.now();
  session.write(`flood ${FLOOD_BYTES}\n`);
  await session.item((item) => item.kind === 'prompt' && item.open && prints > 1_000_000, {
    limit_ms: 240_000,
  });
  const took_ms = performance.now() - started_ms;
  clearInterval(watch);
  await session.close();

  const rate = (ms: number): string => (FLOOD_BYTES / 1e3 / ms).toFixed(1);
  console.log(
    `100 MB: ${rate(took_ms)} MB/s, node-pty alone ${rate(alone_ms)} MB/s, ` +
      `${((peak_bytes - rss_bytes) / 1e6).toFixed(0)} MB more memory at most`,
  );
  // A terminal sends \r\n for each \n.
  expect(session.bytes - before).toBeGreaterThanOrEqual(FLOOD_BYTES + prints);
  expect(await digestOfLog(path.join(folder, `${logs}.log`), FLOOD_BYTES)).toBe(
    digestOfFlood(FLOOD_BYTES),
  );
  expect(peak_bytes - rss_bytes).toBeLessThan(250e6);
  return took_ms;
}

async function floodAlone(bytes: number): Promise<number> {
  const channel = openPty({ program: process.execPath, args: [script] });
  let seen = 0;
  let started_ms = 0;
  return new Promise((resolve) => {
    channel.onData((chunk) => {
      seen += chunk.length;
      if (started_ms === 0 && chunk.includes('kd> ')) {
        started_ms = performance.now();
        seen = 0;
        channel.write(`flood ${bytes}\n`);
      } else if (seen > bytes && chunk.includes('kd> ')) {
        resolve(performance.now() - started_ms);
        channel.close();
      }
    });
  });
}

function digestOfFlood(bytes: number): string {
  const digest = createHash('sha256');
  const line =
    'DbgPrint of a driver that reports each of its callbacks in one line of text, number ';
  let sent = 0;
  for (let number = 0; sent < bytes;) {
    let block = '';
    while (block.length < 65_536) block += `${line}${(number += 1)}\n`;
    block = block.slice(0, bytes - sent);
    sent += block.length;
    digest.update(block);
  }
  return digest.digest('hex');
}

/** What lies between the command and the prompt after it. */
async function digestOfLog(file: string, bytes: number): Promise<string> {
  const digest = createHash('sha256');
  let left = bytes;
  let begun = false;
  for await (const chunk of createReadStream(file)) {
    let text = (chunk as Buffer).toString('latin1').replaceAll('\r', '');
    if (!begun) {
      const at = text.indexOf('flood 100000000\n');
      if (at < 0) continue;
      begun = true;
      text = text.slice(at + 'flood 100000000\n'.length);
    }
    digest.update(text.slice(0, left));
    left -= Math.min(left, text.length);
  }
  return digest.digest('hex');
}

describe('a serial line', () => {
  test('packets of Windows are read, acknowledged, and the line is found again after a revert', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const next = async (): Promise<Socket> => (await once(server, 'connection'))[0] as Socket;
    const first = next();
    const items: DebugItem[] = [];
    const session = await open({
      dialect: undefined,
      packets: 'acknowledge',
      open: (own) => openStream({ kind: 'tcp', host: '127.0.0.1', port }, own),
      reconnect: { attempts: 100, pause_ms: 20 },
    });
    session.onItem((item) => items.push(item));
    const windows = await first;
    const answered = once(windows, 'data');
    windows.write(printPacket(0x80800800, 'LAB_TRACE d 1 pre ;\n'));
    const [ack] = (await answered) as [Buffer];
    expect([ack.readUInt32LE(0), ack.readUInt16LE(4), ack.readUInt32LE(8)]).toEqual([
      0x69696969, 4, 0x80800000,
    ]);
    const second = next();
    windows.destroy();
    const again = await second;
    const crashed = session.item(({ kind }) => kind === 'bugcheck');
    again.write(printPacket(0x80800800, '\n*** Fatal System Error: 0x000000d1\n'));
    again.write(printPacket(0x80800001, '                       (0x1,0x2,0x3,0x4)\n\n'));
    await crashed;
    expect(items.map(({ kind }) => kind)).toContain('trace');
    await session.close();
    server.close();
    again.destroy();
  });

  test('nobody at the other end is an error that says so', async () => {
    const stream = { kind: 'unix', path: path.join(folder, 'nobody') } as const;
    await expect(open({ open: (own) => openStream(stream, own) })).rejects.toMatchObject({
      code: 'kd.not-connected',
    });
  });
});

const gdb = await findProgram('gdb');

describe.skipIf(!canRunGuests || gdb === undefined)('a machine of QEMU', () => {
  let lab: GuestLab;
  let guest: GuestVm;
  beforeAll(async () => {
    lab = await guestLab();
    guest = await lab.machine('debugged', { accelerator: 'tcg' });
    await guest.vm.start(call);
    await guest.ready();
    await guest.vm.createSnapshot('clean', call);
  });
  afterAll(() => lab.dispose());

  const attach = async (): Promise<Channel> => {
    const channel = await guest.vm.debugChannel(call);
    if (channel?.at.kind !== 'unix') throw new Error('no stub');
    return openPty({ program: gdb ?? 'gdb', args: gdbArguments(channel.at.path) });
  };

  test('gdb attaches to its stub, stops it, reads it, and lets it go', async () => {
    const session = await open({ open: attach, dialect: dialects.gdb });
    const registers = await session.command('info registers rip');
    expect(registers).toMatch(/^rip\s+0x[0-9a-f]+/);
    expect(await guest.vm.state(call)).toBe('paused');
    await session.go();
    await expect.poll(() => guest.vm.state(call), { timeout: 20_000 }).toBe('running');
    await session.break();
    expect(await session.command('print 6 * 7')).toBe('$1 = 42');
    session.write('detach\n');
    await expect.poll(() => guest.vm.state(call), { timeout: 20_000 }).toBe('running');
    await session.close();
  });

  test('a panic is read from its serial line, and the line goes on after the revert', async () => {
    const session = await open({
      dialect: undefined,
      open: async (own) => {
        const stream = await guest.vm.serial(call);
        if (stream === undefined)
          throw new LabError('kd.not-connected', { problem: '', remedy: '' });
        return openStream(stream, own);
      },
      reconnect: { attempts: 100, pause_ms: 50 },
    });
    const crashed = session.item(({ kind }) => kind === 'bugcheck', { limit_ms: 60_000 });
    session.write('echo c > /proc/sysrq-trigger\n');
    expect(await crashed).toMatchObject({
      crash: { name: 'Kernel panic', parameters: ['sysrq triggered crash'] },
    });
    await guest.vm.revert('clean', call);
    const alive = session.item((item) => item.kind === 'text' && item.text === 'alive-42', {
      limit_ms: 60_000,
    });
    await expect.poll(() => session.connections, { timeout: 20_000 }).toBe(2);
    session.write('\necho alive-$((6 * 7))\n');
    await alive;
    expect(await readFile(guest.qemu.layout.serialLog, 'utf8')).toContain('alive-42');
    await session.close();
  });
});
