// Goal: the bundled agent works on a real Windows API: real statuses, Information and bytes, several
// processes, lost connections, hangs, and nothing touched outside its root. Method: Wine.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLabError } from '../contract/errors/labError.ts';
import { AGENT_FILES } from '../contract/agentProtocol.ts';
import {
  connectAgent,
  launchCommand,
  startAgent,
  type AgentClient,
  type AgentLaunch,
} from '../lab/agentClient/index.ts';
import { follow, newRun, observe } from './testing/runOnWine.ts';
import { installed, prepareWine, type WineFolder } from './testing/wine.ts';

let wine: WineFolder;
let client: AgentClient;

const launch: AgentLaunch = {
  kind: 'wine',
  ...installed,
  state: 'C:\\fltlab\\state',
  roots: { C: 'C:\\fltlab\\work', D: 'C:\\fltlab\\work-d' },
};
const work = (): string => wine.hostPath('C:\\fltlab\\work');

beforeAll(async () => {
  wine = await prepareWine();
  client = await startAgent({ ...launch, machine: wine.machine });
});
afterAll(async () => {
  await client?.quit();
  await wine?.stop();
});

const SYNC = 'NON_DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT';
const make = (path: string, as = 'f', more: object = {}): object => ({
  do: 'create',
  path,
  as,
  access: 'GENERIC_READ|GENERIC_WRITE|DELETE|SYNCHRONIZE',
  disposition: 'CREATE',
  options: SYNC,
  ...more,
});
const open = (path: string, as = 'f', more: object = {}): object =>
  make(path, as, { disposition: 'OPEN', ...more });
const close = (handle = 'f'): object => ({ do: 'close', handle });
const watched = {
  do: 'create',
  path: 'w',
  as: 'd',
  access: 'FILE_LIST_DIRECTORY|SYNCHRONIZE',
  disposition: 'OPEN_IF',
  options: 'DIRECTORY_FILE',
};
const notify = (as: string, more: object = {}): object => ({
  do: 'notify',
  handle: 'd',
  filter: 'FILE_NAME',
  length: 2048,
  as,
  ...more,
});
const wait = (request: string, limit_ms = 5_000): object => ({ do: 'wait', request, limit_ms });
const as = (actor: string, step: object): object => ({ ...step, actor });

describe('workloads', () => {
  test('what the machine is', async () => {
    expect(await client.facts()).toMatchObject({
      protocol: 1,
      windowsVersion: expect.stringMatching(/^10\.0\.[0-9]+$/) as string,
      architecture: 'x64',
      wineVersion: expect.stringMatching(/^[0-9]+\.[0-9]/) as string,
    });
  });

  test('another process creates foo: the watcher gets 0x12 bytes, laid out as Windows does', async () => {
    const { told, events, end } = await observe(client, {
      actors: { watcher: {}, changer: {} },
      steps: [
        as('watcher', watched),
        as('watcher', notify('n1')),
        as('changer', make('w\\foo')),
        as('changer', close()),
        as('watcher', wait('n1')),
      ],
    });
    expect(told.filter((line) => !line.includes('→'))).toEqual([
      's1 create SUCCESS 0x2',
      's2 notify PENDING unchanged reset',
      's3 create SUCCESS 0x2',
      's4 close SUCCESS',
      's5 wait SUCCESS',
    ]);
    expect(told).toContain('s2 → n1 SUCCESS 0x12 ADDED foo');
    expect(events.find((event) => event.kind === 'completion')).toMatchObject({
      actor: 'watcher',
      thread: 'watcher/watcher',
      bytes: '00000000010000000600000066006f006f00',
    });
    expect(end).toMatchObject({ how: 'completed', lines: 7 });
  });

  test('two actors of one process share handles; NtCancelIoFile spares the other thread', async () => {
    const { told } = await observe(client, {
      actors: { one: { process: 'p' }, two: { process: 'p' } },
      steps: [
        as('one', watched),
        as('one', notify('n1')),
        as('two', notify('n2')),
        as('two', { do: 'cancel', handle: 'd' }),
        as('two', wait('n2')),
        as('two', wait('n1', 50)),
        as('one', { do: 'cancel', handle: 'd' }),
        as('one', wait('n1')),
      ],
    });
    expect(told.slice(1)).toEqual([
      's2 notify PENDING unchanged reset',
      's3 notify PENDING unchanged reset',
      's3 → n2 CANCELLED 0x0',
      's4 cancel SUCCESS 0x0',
      's5 wait SUCCESS',
      's6 wait TIMEOUT',
      's2 → n1 CANCELLED 0x0',
      's7 cancel SUCCESS 0x0',
      's8 wait SUCCESS',
    ]);
  });

  test('cancel of one request, of one that is over, and on a closed handle', async () => {
    const { told } = await observe(client, {
      steps: [
        watched,
        notify('n1'),
        notify('n2'),
        { do: 'cancel', request: 'n2' },
        { do: 'cancel', request: 'n2' },
        { do: 'cancel', request: 'n1' },
        close('d'),
        { do: 'cancel', handle: 'd' },
        close('d'),
      ],
    });
    expect(told.slice(3)).toEqual([
      's3 → n2 CANCELLED 0x0',
      's4 cancel SUCCESS 0x0',
      's5 cancel NOT_FOUND',
      's2 → n1 CANCELLED 0x0',
      's6 cancel SUCCESS 0x0',
      's7 close SUCCESS',
      's8 cancel INVALID_HANDLE',
      's9 close INVALID_HANDLE',
    ]);
  });

  test('read and write on a synchronous handle', async () => {
    const { told } = await observe(client, {
      setup: [{ file: 'f', data: { text: 'hello' } }],
      steps: [
        open('f'),
        { do: 'read', handle: 'f', length: 3 },
        { do: 'read', handle: 'f', length: 9 },
        { do: 'write', handle: 'f', data: { fill: 33, length: 3 }, offset: '1' },
        { do: 'read', handle: 'f', length: 9, offset: 0 },
        { do: 'flush', handle: 'f' },
        { do: 'set-end-of-file', handle: 'f', size: 2 },
        { do: 'query-information', handle: 'f', class: 'FilePositionInformation' },
      ],
    });
    expect(told.slice(1)).toEqual([
      's2 read SUCCESS 0x3 68656c',
      's3 read SUCCESS 0x2 6c6f',
      's4 write SUCCESS 0x3',
      's5 read SUCCESS 0x5 682121216f',
      's6 flush SUCCESS 0x0',
      's7 set-end-of-file SUCCESS 0x0',
      's8 query-information SUCCESS 0x8 0500000000000000',
    ]);
  });

  test('read and write on an asynchronous handle are requests', async () => {
    const { told } = await observe(client, {
      setup: [{ file: 'f', data: { text: 'hello' } }],
      steps: [
        open('f', 'f', { options: 'NON_DIRECTORY_FILE' }),
        { do: 'read', handle: 'f', length: 3, offset: 1, as: 'r' },
        wait('r'),
        { do: 'read', handle: 'f', length: 3 },
      ],
    });
    expect(told).toContain('s2 → r SUCCESS 0x3 656c6c at once');
    expect(told.at(-1)).toBe('s4 read INVALID_PARAMETER');
  });

  test('rename, attributes and times, security, links, deletion', async () => {
    const { told, events } = await observe(client, {
      setup: [{ mkdir: 'w' }, { file: 'w\\a', data: { text: 'x' } }],
      steps: [
        open('w\\a', 'f', { access: 'FILE_ALL_ACCESS' }),
        { do: 'rename', handle: 'f', to: 'w\\b' },
        { do: 'set-basic', handle: 'f', attributes: 'HIDDEN', lastWriteTime: '128166372003061629' },
        { do: 'query-information', handle: 'f', class: 'FileBasicInformation' },
        { do: 'set-security', handle: 'f', dacl: 'same' },
        {
          do: 'set-security',
          handle: 'f',
          dacl: [{ sid: 'S-1-1-0', mask: 'FILE_ALL_ACCESS' }],
        },
        { do: 'link', handle: 'f', to: 'w\\c' },
        { do: 'set-disposition', handle: 'f' },
        close(),
        open('w\\b'),
        { do: 'delete', path: 'w\\c' },
        { do: 'delete', path: 'w\\c' },
      ],
    });
    expect(told.filter((line) => !line.includes('query'))).toEqual([
      's1 create SUCCESS 0x1',
      's2 rename SUCCESS 0x0',
      's3 set-basic SUCCESS 0x0',
      's5 set-security SUCCESS',
      's6 set-security SUCCESS',
      's7 link SUCCESS 0x0',
      's8 set-disposition SUCCESS 0x0',
      's9 close SUCCESS',
      's10 create OBJECT_NAME_NOT_FOUND',
      's11 delete SUCCESS',
      's12 delete OBJECT_NAME_NOT_FOUND',
    ]);
    const basic = events.find((event) => event.kind === 'step' && event.step === 's4');
    const bytes = Buffer.from((basic?.kind === 'step' && basic.bytes) || '', 'hex');
    expect(bytes.readBigInt64LE(16)).toBe(128166372003061629n);
    expect(bytes.readUInt32LE(32) & 0x2).toBe(0x2);
  });

  test('a started create and read', async () => {
    const { told } = await observe(client, {
      setup: [{ file: 'f', data: { text: 'hello' } }],
      steps: [
        { ...open('f', 'h'), start: true },
        wait('h'),
        { do: 'read', handle: 'h', length: 5, as: 'r', start: true },
        wait('r'),
      ],
    });
    expect(told).toEqual([
      's1 create PENDING',
      's1 → h SUCCESS 0x1',
      's2 wait SUCCESS',
      's3 read PENDING',
      's3 → r SUCCESS 0x5 68656c6c6f',
      's4 wait SUCCESS',
    ]);
  });

  test('relative names, two volumes, names that Win32 would change', async () => {
    const { told } = await observe(client, {
      volumes: ['C', 'D'],
      setup: [{ mkdir: 'a\\b\\c' }, { file: 'on-d', volume: 'D' }, { file: 'dot.' }],
      steps: [
        open('a\\b', 'd', { options: 'DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT' }),
        make('x', 'x', { root: 'd' }),
        { do: 'rename', handle: 'x', to: 'y', root: 'd' },
        open('a\\b\\y', 'y'),
        open('on-d', 'v', { volume: 'D' }),
        { do: 'rename', handle: 'v', to: 'renamed' },
        open('renamed', 'v2', { volume: 'D' }),
        open('dot.', 'dot'),
        open('on-d', 'no'),
      ],
    });
    expect(told.map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
      'create SUCCESS',
      'create SUCCESS',
      'rename SUCCESS',
      'create SUCCESS',
      'create SUCCESS',
      'rename SUCCESS',
      'create SUCCESS',
      'create SUCCESS',
      'create OBJECT_NAME_NOT_FOUND',
    ]);
  });

  test('free order: actors run side by side and meet at a barrier', async () => {
    const { told, end } = await observe(client, {
      order: 'free',
      actors: { watcher: {}, changer: {} },
      steps: [
        as('watcher', { ...watched, id: 'open' }),
        as('watcher', { ...notify('n'), id: 'watch' }),
        { do: 'barrier', actors: ['watcher', 'changer'] },
        as('watcher', { ...wait('n'), id: 'wait' }),
        as('changer', { ...make('w\\foo'), id: 'make' }),
      ],
    });
    expect(end.how).toBe('completed');
    const place = (text: string): number => told.findIndex((line) => line.startsWith(text));
    expect(place('watch notify')).toBeLessThan(place('make create'));
    expect(told).toContain('watch → n SUCCESS 0x12 ADDED foo');
  });

  test('thirty steps take far less than two seconds', async () => {
    const steps = Array.from({ length: 10 }, (_one, index) => [
      make(`f${index}`),
      { do: 'write', handle: 'f', data: { text: 'x' } },
      close(),
    ]).flat();
    const began_ms = performance.now();
    const { events } = await observe(client, { steps });
    expect(events.length).toBe(30);
    expect(performance.now() - began_ms).toBeLessThan(2_000);
  });
});

describe('the root', () => {
  test('is emptied before a run and after it; links are removed, not followed', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'fltlab-outside-'));
    mkdirSync(join(outside, 'folder'));
    writeFileSync(join(outside, 'file'), 'keep');
    writeFileSync(join(outside, 'folder', 'file'), 'keep');
    mkdirSync(join(work(), 'deep'), { recursive: true });
    symlinkSync(join(outside, 'folder'), join(work(), 'to-folder'));
    symlinkSync(join(outside, 'file'), join(work(), 'to-file'));
    symlinkSync(join(outside, 'folder'), join(work(), 'deep', 'to-folder'));
    symlinkSync(join(outside, 'nowhere'), join(work(), 'to-nothing'));
    const run = newRun();
    await client.prepare(run, {
      workload: 1,
      name: 'links',
      setup: [{ file: 'only' }],
      steps: [make('left', 'f', { attributes: 'READONLY' })],
    });
    expect(readdirSync(work())).toEqual(['only']);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('keep');
    expect(readFileSync(join(outside, 'folder', 'file'), 'utf8')).toBe('keep');
    await client.start(run);
    await follow(client, run);
    // Emptied when the run has ended, and the next preparation waits for that.
    await client.prepare(newRun(), { workload: 1, name: 'next', steps: [make('x')] });
    expect(readdirSync(work())).toEqual([]);
    await rm(outside, { recursive: true, force: true });
  });

  test('cannot be left: the agent refuses by itself', async () => {
    const escape = { workload: 1, name: 'escape', steps: [make('..\\..\\outside')] };
    const error = await client.prepare(newRun(), escape).catch((one: unknown) => one);
    expect(isLabError(error) && error.code).toBe('workload.path-escapes');
  });

  test('is not taken from somebody else', async () => {
    const theirs = 'C:\\theirs';
    mkdirSync(wine.hostPath(theirs), { recursive: true });
    writeFileSync(join(wine.hostPath(theirs), 'document'), 'keep');
    const other = await startAgent({
      ...launch,
      state: 'C:\\fltlab\\state-theirs',
      roots: { C: theirs },
      machine: wine.machine,
    });
    const preparing = other.prepare(newRun(), { workload: 1, name: 'x', steps: [make('x')] });
    await expect(preparing).rejects.toThrow('was not made by the agent');
    await other.quit();
    expect(readdirSync(wine.hostPath(theirs))).toEqual(['document']);
  });
});

describe('connections', () => {
  const many = { steps: [{ do: 'repeat', times: 150, steps: [make('f{i}'), close()] }] };

  test('cut in the middle, again and again: the trace is whole', async () => {
    const port = await announcedPort(launch.state);
    const token = await offeredToken(launch.state);
    let allowed_bytes = 3_000;
    const cutting = await connectAgent({
      open: async () => {
        allowed_bytes += 8_000;
        return cutAfter(await wine.machine.forward(port), allowed_bytes);
      },
      token,
    });
    const run = newRun();
    await cutting.prepare(run, { workload: 1, name: 'cut', ...many });
    await cutting.start(run);
    const { events, end } = await follow(cutting, run);
    cutting.close();
    expect(end).toMatchObject({ how: 'completed', lines: 301 });
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
  });

  test('a wrong token is refused, and the agent goes on', async () => {
    const port = await announcedPort(launch.state);
    const guess = connectAgent({ open: () => wine.machine.forward(port), token: 'guess' });
    await expect(guess).rejects.toThrow('agent.refused');
    expect((await client.facts()).protocol).toBe(1);
    expect(existsSync(wine.hostPath(`${launch.state}\\${AGENT_FILES.token}`))).toBe(false);
  });

  test('a second lab finds the agent that is there, and the first keeps its own way in', async () => {
    const before = await announcement(launch.state);
    const second = await startAgent({ ...launch, machine: wine.machine });
    expect(await announcement(launch.state)).toEqual(before);
    expect(second.build).toBe(client.build);
    second.close();
    expect((await observe(client, { steps: [make('x')] })).end.how).toBe('completed');
  });

  test('a second agent in the same folder ends by itself', async () => {
    const args = ['--state', launch.state, '--root', 'C=C:\\fltlab\\elsewhere'];
    expect(await wine.run(launch.node, [launch.bundle, ...args])).toBe(3);
    expect((await client.facts()).protocol).toBe(1);
  });
});

describe('ends', () => {
  test('abort in the middle of a wait', async () => {
    const run = newRun();
    const endless = {
      workload: 1,
      name: 'endless',
      steps: [watched, notify('n'), wait('n', 600_000)],
    };
    await client.prepare(run, endless);
    await client.start(run);
    const following = client.follow(run);
    for await (const item of following) if (item.kind === 'line' && item.index === 2) break;
    expect(await client.abort(run)).toMatchObject({ how: 'aborted', lines: 3 });
    expect((await observe(client, { steps: [make('x')] })).end.how).toBe('completed');
  });

  test('a call that does not return is a hang, at its step; the agent goes on', async () => {
    const hasty = await startAgent({
      ...launch,
      state: 'C:\\fltlab\\state-hang',
      roots: { C: 'C:\\fltlab\\work-hang' },
      machine: wine.machine,
      step_ms: 500,
    });
    const run = newRun();
    await hasty.prepare(run, {
      workload: 1,
      name: 'hang',
      steps: [make('x'), { do: 'flush', handle: 'f' }],
    });
    const stopped = await stopWorkers('state-hang');
    expect(stopped.length).toBeGreaterThan(0);
    await hasty.start(run);
    const { end, events } = await follow(hasty, run);
    expect(end).toMatchObject({ how: 'hung', step: 's1' });
    expect(events).toEqual([]);
    expect((await observe(hasty, { steps: [make('x')] })).end.how).toBe('completed');
    await hasty.quit();
  });

  test('killed in the middle: the next agent tells what was written', async () => {
    const mortal = {
      ...launch,
      state: 'C:\\fltlab\\state-mortal',
      roots: { C: 'C:\\fltlab\\mortal' },
    };
    const first = await startAgent({ ...mortal, machine: wine.machine });
    const run = newRun();
    const endless = {
      workload: 1,
      name: 'endless',
      steps: [watched, notify('n'), wait('n', 600_000)],
    };
    await first.prepare(run, endless);
    await first.start(run);
    for await (const item of first.follow(run)) if (item.kind === 'line' && item.index === 2) break;
    first.close();
    const { pid } = await announcement(mortal.state);
    expect(await wine.run('taskkill', ['/F', '/PID', String(pid)])).toBe(0);
    await expect.poll(() => agentProcesses('state-mortal'), { timeout: 10_000 }).toEqual([]);
    const second = await startAgent({ ...mortal, machine: wine.machine });
    const { told, end } = await follow(second, run);
    expect(told).toEqual(['s1 create SUCCESS 0x2', 's2 notify PENDING unchanged reset']);
    expect(end).toMatchObject({ how: 'failed', lines: 3 });
    await second.quit();
  });

  test('nobody there for a while: it leaves nothing running and nothing announced', async () => {
    const lonely = { ...launch, state: 'C:\\fltlab\\state-idle', roots: { C: 'C:\\fltlab\\idle' } };
    const last = await startAgent({ ...lonely, machine: wine.machine, idle_ms: 300 });
    await observe(last, { steps: [make('left behind')] });
    last.close();
    const file = wine.hostPath(`${lonely.state}\\${AGENT_FILES.announcement}`);
    await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => agentProcesses('state-idle'), { timeout: 10_000 }).toEqual([]);
    expect(readdirSync(wine.hostPath('C:\\fltlab\\idle'))).toEqual([]);
  });

  test('settings that are wrong are refused at once', async () => {
    const code = await wine.run(launch.node, [
      launch.bundle,
      '--state',
      'C:\\s',
      '--root',
      'C=C:\\',
    ]);
    expect(code).toBe(64);
  });

  test('without a token no agent starts', async () => {
    const args = ['--state', 'C:\\fltlab\\state-none', '--root', 'C=C:\\fltlab\\none'];
    expect(await wine.run(launch.node, [launch.bundle, ...args])).toBe(2);
  });
});

interface Announced {
  readonly port: number;
  readonly pid: number;
}

async function announcement(state: string): Promise<Announced> {
  const text = await readFile(wine.hostPath(`${state}\\${AGENT_FILES.announcement}`), 'utf8');
  return JSON.parse(text) as Announced;
}

const announcedPort = async (state: string): Promise<number> => (await announcement(state)).port;

async function offeredToken(state: string): Promise<string> {
  await wine.machine.write(`${state}\\${AGENT_FILES.token}`, 'a token of the test');
  return 'a token of the test';
}

/** The same stream, torn after so many bytes from the agent. */
function cutAfter(stream: Duplex, limit_bytes: number): Duplex {
  let seen_bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    seen_bytes += chunk.length;
    if (seen_bytes > limit_bytes) stream.destroy();
  });
  stream.pause();
  return stream;
}

/** Host process ids of the agent that uses `state`, and of its workers. */
async function agentProcesses(state: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('agent.cjs') && line.includes(state)) found.push(Number(name));
  }
  return found;
}

/** Stops the worker processes of an agent, the last one started: no call of theirs returns. */
async function stopWorkers(state: string): Promise<readonly number[]> {
  const [agent = 0] = await agentProcesses(state);
  const stopped: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(name) || Number(name) < agent) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const parts = line.split('\0');
    if (!parts.some((part) => part.includes('agent.cjs')) || !parts.includes('worker')) continue;
    process.kill(Number(name), 'SIGSTOP');
    stopped.push(Number(name));
  }
  return stopped;
}

test('the line that starts it carries no secret', () => {
  expect(launchCommand(launch)).not.toContain('token');
});
