// Goal: the bundled agent carries out workloads on a real Windows API: real statuses, Information and
// bytes, several processes and threads, and nothing touched outside its root. Method: Wine.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLabError } from '../contract/errors/labError.ts';
import { startAgent, type AgentClient } from '../lab/agentClient/index.ts';
import { follow, newRun, observe } from './testing/runOnWine.ts';
import {
  as,
  close,
  launchOnWine as launch,
  make,
  notify,
  open,
  wait,
  watched,
} from './testing/steps.ts';
import { prepareWine, type WineFolder } from './testing/wine.ts';

let wine: WineFolder;
let client: AgentClient;

beforeAll(async () => {
  wine = await prepareWine();
  client = await startAgent({ ...launch, machine: wine.machine });
});
afterAll(async () => {
  await client?.quit();
  await wine?.stop();
});

const work = (): string => wine.hostPath('C:\\fltlab\\work');

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
