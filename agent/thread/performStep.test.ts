// Goal: each step becomes the native call that a C program would make, argument by argument, and what
// the call wrote is told truly. Method: a fake ntdll looks at its arguments; memory must all be freed.
import { expect, test } from 'vitest';
import type { ActingStep } from '../../contract/expandWorkload.ts';
import { SimpleStep } from '../../contract/workload.ts';
import { FakeNative, type FakeRoutine } from '../testing/fakeNative.ts';
import type { NativeApi, NativeArgument, NtRoutine } from '../native/nativeApi.ts';
import type { NativeOutcome, NativeStep } from './messages.ts';
import { performStep } from './performStep.ts';
import { completionOf, releaseRequest } from './requests.ts';

const PENDING = 0x103;
const ENUM_DIR = 0x10c;
const NOT_FOUND = 0xc0000034;

type Names = Partial<Omit<NativeStep, 'step'>>;

/** A step as a person writes it, with its names resolved. */
function nativeStep(written: object, names: Names = {}): NativeStep {
  const step = { ...SimpleStep.parse(written), id: 's1', actor: 'main' } as ActingStep;
  return { step, handle: 0x44, root: 0, name: '', synchronous: true, request: null, ...names };
}

const perform = (native: NativeApi, written: object, names?: Names): Promise<NativeOutcome> =>
  performStep(native, nativeStep(written, names));

/** Text of the UNICODE_STRING that OBJECT_ATTRIBUTES point to. */
function objectName(native: FakeNative, attributes: NativeArgument | undefined): string {
  const string = native.at(native.at(attributes).readBigUInt64LE(16));
  const length_bytes = string.readUInt16LE(0);
  return native.read(string.readBigUInt64LE(8), length_bytes).toString('utf16le');
}

test('create: the eleven arguments of NtCreateFile, the handle and Information', async () => {
  let seen: unknown;
  const create: FakeRoutine = (native, ...given) => {
    const attributes = native.at(given[2]);
    seen = {
      access: given[1],
      name: objectName(native, given[2]),
      root: attributes.readBigUInt64LE(8),
      caseInsensitive: attributes.readUInt32LE(24),
      allocation: native.at(given[4]).readBigInt64LE(),
      rest: given.slice(5),
    };
    native.at(given[0]).writeBigUInt64LE(0x88n);
    native.complete({ block: given[3] as bigint }, { status: 0, information: 2 });
    return 0;
  };
  const native = new FakeNative({ NtCreateFile: create });
  const outcome = await perform(
    native,
    {
      do: 'create',
      path: 'w\\foo',
      access: 'FILE_GENERIC_READ',
      share: 'R|D',
      disposition: 'CREATE',
      options: 'DIRECTORY_FILE',
      attributes: 'HIDDEN',
      allocation: 4096,
    },
    { name: '\\??\\C:\\work\\w\\foo', root: 0x10 },
  );
  expect(seen).toEqual({
    access: 0x120089,
    name: '\\??\\C:\\work\\w\\foo',
    root: 0x10n,
    caseInsensitive: 0x40,
    allocation: 4096n,
    rest: [0x2, 0x5, 0x2, 0x1, 0n, 0],
  });
  expect(outcome).toEqual({ status: 0, information: 2, handle: 0x88 });
  expect(native.blocksAllocated).toBe(0);
});

test('create that fails: no handle, and Information only where it was written', async () => {
  const create: FakeRoutine = (native, ...given) => {
    native.at(given[3]).writeUInt32LE(NOT_FOUND, 0);
    return NOT_FOUND;
  };
  const native = new FakeNative({ NtCreateFile: create });
  expect(await perform(native, { do: 'create', path: 'x' })).toEqual({ status: NOT_FOUND });
  expect(native.blocksAllocated).toBe(0);
});

/** [step, class, data in hex] of what goes to NtSetInformationFile. */
const settings: readonly (readonly [object, Names, number, string])[] = [
  [
    { do: 'rename', handle: 'h', to: 'b', replace: true },
    { name: 'b' },
    10,
    '01000000000000000000000000000000020000006200' + '0000',
  ],
  [
    { do: 'rename', handle: 'h', to: 'b', root: 'd', flags: 3 },
    { name: 'b', root: 0x20 },
    65,
    '03000000000000002000000000000000020000006200' + '0000',
  ],
  [
    { do: 'link', handle: 'h', to: 'b' },
    { name: 'b' },
    11,
    '00000000000000000000000000000000020000006200' + '0000',
  ],
  [{ do: 'set-disposition', handle: 'h' }, {}, 13, '01'],
  [{ do: 'set-disposition', handle: 'h', delete: false }, {}, 13, '00'],
  [{ do: 'set-disposition', handle: 'h', flags: 3 }, {}, 64, '03000000'],
  [{ do: 'set-end-of-file', handle: 'h', size: '5000000000' }, {}, 20, '00f2052a01000000'],
  [{ do: 'set-allocation', handle: 'h', size: 16 }, {}, 19, '1000000000000000'],
  [
    { do: 'set-basic', handle: 'h', attributes: 'READONLY', lastWriteTime: '-1' },
    {},
    4,
    '00000000000000000000000000000000ffffffffffffffff00000000000000000100000000000000',
  ],
  [
    { do: 'set-information', handle: 'h', class: 'FilePositionInformation', data: { hex: '0500' } },
    {},
    14,
    '0500',
  ],
];

test.each(settings)('%j is NtSetInformationFile', async (written, names, wanted, data) => {
  let seen: unknown;
  const set: FakeRoutine = (native, ...given) => {
    seen = [given[0], given[3], given[4], native.at(given[2]).toString('hex')];
    native.complete({ block: given[1] as bigint }, { status: 0, information: 0 });
    return 0;
  };
  const native = new FakeNative({ NtSetInformationFile: set });
  const outcome = await perform(native, written, names);
  expect(seen).toEqual([0x44, data.length / 2, wanted, data]);
  expect(outcome).toEqual({ status: 0, information: 0 });
  expect(native.blocksAllocated).toBe(0);
});

test('a call that fails and leaves its block alone: no Information (R-IO-1)', async () => {
  const native = new FakeNative({ NtSetInformationFile: () => 0xc0000022 });
  const outcome = await perform(native, { do: 'set-disposition', handle: 'h' });
  expect(outcome).toEqual({ status: 0xc0000022 });
});

test('read on a synchronous handle: the bytes that Information counts', async () => {
  const read: FakeRoutine = (native, ...given) => {
    const [, event, , , block, buffer] = given as [number, number, bigint, bigint, bigint, bigint];
    expect(native.at(given[7]).readBigInt64LE()).toBe(-2n);
    native.complete(
      { block, buffer, event },
      { status: 0, information: 2, bytes: Buffer.from('hi') },
    );
    return 0;
  };
  const native = new FakeNative({ NtReadFile: read });
  const outcome = await perform(native, { do: 'read', handle: 'h', length: 8, offset: -2 });
  expect(outcome).toEqual({ status: 0, information: 2, bytes: '6869' });
  expect([native.blocksAllocated, native.eventsOpen]).toEqual([0, 0]);
});

const contents: readonly (readonly [object, string])[] = [
  [{ text: 'hé' }, '68c3a9'],
  [{ utf16: 'h' }, '6800'],
  [{ hex: 'FF00' }, 'ff00'],
  [{ fill: 7, length: 3 }, '070707'],
];

test.each(contents)('write of %j', async (data, expected) => {
  let seen = '';
  const write: FakeRoutine = (native, ...given) => {
    seen = native.at(given[5]).toString('hex');
    native.complete({ block: given[4] as bigint }, { status: 0, information: Number(given[6]) });
    return 0;
  };
  const native = new FakeNative({ NtWriteFile: write });
  const outcome = await perform(native, { do: 'write', handle: 'h', data });
  expect(seen).toBe(expected);
  expect(outcome).toEqual({ status: 0, information: expected.length / 2 });
  expect(native.blocksAllocated).toBe(0);
});

const notify = { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64, as: 'n' };

/** A notify that Windows keeps: the event is reset at issue, the block is left alone. */
const keep: FakeRoutine = (native, ...given) => {
  native.setEvent(Number(given[1]), false);
  return PENDING;
};

test('notify: pending, block untouched, event reset; then its completion (R-NOTIFY-7)', async () => {
  const native = new FakeNative({ NtNotifyChangeDirectoryFile: keep });
  const outcome = await perform(native, notify, { synchronous: false });
  const { request, ...told } = outcome;
  expect(told).toEqual({ status: PENDING, iosb: 'unchanged', event: 'reset' });
  if (request === undefined) throw new Error('a pending notify is a request');
  expect(completionOf(native, request)).toBeNull();
  const [, event, , , block, buffer] = native.calls[0]?.given ?? [];
  const bytes = Buffer.from('00000000010000000200000061', 'hex');
  native.complete(
    { block: block as bigint, buffer: buffer as bigint },
    { status: 0, information: 13, bytes },
  );
  expect(completionOf(native, request), 'not before the event').toBeNull();
  native.setEvent(Number(event), true);
  expect(completionOf(native, request)).toEqual({
    status: 0,
    information: 13,
    bytes: bytes.toString('hex'),
  });
  releaseRequest(native, request);
  expect([native.blocksAllocated, native.eventsOpen]).toEqual([0, 0]);
});

test('notify that is answered inline still returns STATUS_PENDING (R-NOTIFY-8)', async () => {
  const inline: FakeRoutine = (native, ...given) => {
    native.complete(
      { block: given[4] as bigint, event: given[1] as number },
      { status: ENUM_DIR, information: 0 },
    );
    return PENDING;
  };
  const native = new FakeNative({ NtNotifyChangeDirectoryFile: inline });
  const { request, ...told } = await perform(native, notify, { synchronous: false });
  expect(told).toEqual({
    status: PENDING,
    information: 0,
    iosb: { status: ENUM_DIR, information: 0 },
    event: 'signalled',
  });
  expect(request && completionOf(native, request)).toEqual({
    status: ENUM_DIR,
    information: 0,
    bytes: '',
  });
});

test('notify that fails is no request, and leaves nothing', async () => {
  const native = new FakeNative({ NtNotifyChangeDirectoryFile: () => 0xc000000d });
  expect(await perform(native, notify, { synchronous: false })).toEqual({ status: 0xc000000d });
  expect([native.blocksAllocated, native.eventsOpen]).toEqual([0, 0]);
});

test('notify without a block passes NULL (R-NOTIFY-3)', async () => {
  const native = new FakeNative({ NtNotifyChangeDirectoryFile: () => 0xc0000005 });
  expect(await perform(native, { ...notify, iosb: null })).toEqual({ status: 0xc0000005 });
  expect(native.calls[0]?.given[4]).toBe(0n);
});

test('Information beyond the buffer: no more bytes than the buffer has', async () => {
  const native = new FakeNative({ NtNotifyChangeDirectoryFile: keep });
  const { request } = await perform(native, { ...notify, length: 4 }, { synchronous: false });
  const [, event, , , block] = native.calls[0]?.given ?? [];
  native.complete(
    { block: block as bigint, event: event as number },
    { status: 0, information: 400 },
  );
  expect(request && completionOf(native, request)).toEqual({
    status: 0,
    information: 400,
    bytes: '00000000',
  });
});

test('start: returns at once; the completion has what the call returned and wrote', async () => {
  const create: FakeRoutine = (native, ...given) => {
    native.at(given[0]).writeBigUInt64LE(0x88n);
    native.complete({ block: given[3] as bigint }, { status: 0, information: 1 });
    return 0;
  };
  const native = new FakeNative({ NtCreateFile: create });
  const { status, request } = await perform(native, {
    do: 'create',
    path: 'x',
    start: true,
    as: 'h',
  });
  expect(status).toBe(PENDING);
  if (request === undefined) throw new Error('a started call is a request');
  expect(completionOf(native, request)).toBeNull();
  native.runStarted();
  await new Promise((resolve) => setImmediate(resolve));
  expect(completionOf(native, request)).toEqual({
    status: 0,
    information: 1,
    bytes: '',
    handle: 0x88,
  });
  releaseRequest(native, request);
  expect([native.blocksAllocated, native.eventsOpen]).toEqual([0, 0]);
});

test('start on an asynchronous handle: over when its I/O is, not when the call returns', async () => {
  const native = new FakeNative({ NtNotifyChangeDirectoryFile: keep });
  const { request } = await perform(native, { ...notify, start: true }, { synchronous: false });
  if (request === undefined) throw new Error('a started call is a request');
  native.runStarted();
  await new Promise((resolve) => setImmediate(resolve));
  expect(completionOf(native, request)).toBeNull();
  const [, event, , , block] = native.calls[0]?.given ?? [];
  native.complete(
    { block: block as bigint, event: event as number },
    { status: 0x10b, information: 0 },
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(completionOf(native, request)).toEqual({ status: 0x10b, information: 0, bytes: '' });
});

test('a routine that this Windows lacks fails the step by name', async () => {
  const missing = perform(new FakeNative(), { do: 'flush', handle: 'h' });
  await expect(missing).rejects.toThrow('NtFlushBuffersFile');
  const started = perform(new FakeNative(), { do: 'create', path: 'x', start: true });
  await expect(started).rejects.toThrow('NtCreateFile');
});

test('cancel: by handle, by request, and of a request that is over', async () => {
  const native = new FakeNative({ NtCancelIoFile: () => 0, NtCancelIoFileEx: () => 0xc0000225 });
  const pending = new FakeNative({ NtNotifyChangeDirectoryFile: keep });
  const { request } = await perform(pending, notify, { synchronous: false });
  await perform(native, { do: 'cancel', handle: 'd' });
  await perform(native, { do: 'cancel', request: 'n' }, { request: request ?? null });
  const outcome = await perform(native, { do: 'cancel', request: 'n' });
  expect(native.calls.map((call) => [call.routine, call.given[0]])).toEqual([
    ['NtCancelIoFile', 0x44],
    ['NtCancelIoFileEx', 0x44],
    ['NtCancelIoFileEx', 0x44],
  ]);
  expect(native.calls[1]?.given[1]).toBe(request?.ioStatusBlock);
  expect(native.calls[2]?.given[1], 'a block that is no request’s').toBe(native.calls[2]?.given[2]);
  expect(outcome).toEqual({ status: 0xc0000225 });
});

test('wait: over already, over in time, not over in time', async () => {
  const native = new FakeNative({ NtNotifyChangeDirectoryFile: keep });
  const wait = { do: 'wait', request: 'n', limit_ms: 0 };
  expect(await perform(native, wait)).toEqual({ status: 0 });
  const { request = null } = await perform(native, notify, { synchronous: false });
  expect(await perform(native, wait, { request })).toEqual({ status: 0x102 });
  const [, event, , , block] = native.calls[0]?.given ?? [];
  native.complete(
    { block: block as bigint, event: event as number },
    { status: 0, information: 0 },
  );
  expect(await perform(native, wait, { request })).toEqual({ status: 0 });
});

test('set-security "same" writes the descriptor that it has read', async () => {
  const descriptor = Buffer.from('0102030405', 'hex');
  let written = '';
  const native = new FakeNative({
    NtQuerySecurityObject: (memory, ...given) => {
      memory.at(given[4]).writeUInt32LE(descriptor.length);
      if (given[3] === 0) return 0xc0000023;
      memory.at(given[2]).set(descriptor);
      return 0;
    },
    NtSetSecurityObject: (memory, ...given) => {
      written = memory.at(given[2]).toString('hex');
      return 0;
    },
  });
  const same = { do: 'set-security', handle: 'h', dacl: 'same' };
  expect(await perform(native, same)).toEqual({ status: 0 });
  expect(written).toBe('0102030405');
  expect(native.blocksAllocated).toBe(0);
});

const queries: readonly (readonly [object, NtRoutine, readonly [number, number]])[] = [
  [
    { do: 'query-information', handle: 'h', class: 'FileBasicInformation' },
    'NtQueryInformationFile',
    [1, 2],
  ],
  [{ do: 'query-directory', handle: 'h', mask: '*.c' }, 'NtQueryDirectoryFile', [4, 5]],
];

test.each(queries)('%j returns the bytes that Information counts', async (written, routine, at) => {
  const answer: FakeRoutine = (native, ...given) => {
    const [block, buffer] = [given[at[0]] as bigint, given[at[1]] as bigint];
    native.complete({ block, buffer }, { status: 0, information: 3, bytes: Buffer.from('abc') });
    return 0;
  };
  const native = new FakeNative({ [routine]: answer });
  expect(await perform(native, written)).toEqual({ status: 0, information: 3, bytes: '616263' });
  expect([native.blocksAllocated, native.eventsOpen]).toEqual([0, 0]);
});

test('a directory query that pends is one call: its status is the final one', async () => {
  const pend: FakeRoutine = (native, ...given) => {
    native.complete({ block: given[4] as bigint }, { status: 0x80000006, information: 0 });
    return PENDING;
  };
  const native = new FakeNative({ NtQueryDirectoryFile: pend });
  expect(await perform(native, { do: 'query-directory', handle: 'd' })).toEqual({
    status: 0x80000006,
    information: 0,
    bytes: '',
  });
});
