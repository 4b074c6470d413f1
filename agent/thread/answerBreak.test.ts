// Goal: the holder of an oplock answers its break with the control that fits, at the moment it comes.
// Method: a fake ntdll completes the request of the oplock, and its calls are looked at.
import { expect, test } from 'vitest';
import type { OplockLevel, OplockReply } from '../../contract/oplock.ts';
import { FakeNative, type FakeRoutine } from '../testing/fakeNative.ts';
import { answerBreak } from './answerBreak.ts';
import type { Completion } from './messages.ts';
import { completionOf, releaseRequest } from './requests.ts';

const PENDING = 0x103;
const HANDLE = 0x44;
const TO_LEVEL_2 = 7;
const TO_NONE = 8;

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** REQUEST_OPLOCK_OUTPUT_BUFFER: from one caching to another, to be acknowledged or not. */
const output = (from: number, to: number, acknowledge: number): string =>
  `01001800${[from, to, acknowledge].map((one) => `0${one}000000`).join('')}${'00'.repeat(8)}`;

const broken = (information: number, bytes = ''): Completion => ({ status: 0, information, bytes });

const rows: readonly (readonly [
  title: string,
  level: OplockLevel,
  completed: Completion,
  reply: OplockReply,
  told: string,
])[] = [
  ['accepts', 'BATCH', broken(TO_LEVEL_2), 'acknowledge', '9000c'],
  ['does not want level 2', 'LEVEL_1', broken(TO_LEVEL_2), 'none', '90050'],
  ['will close', 'BATCH', broken(TO_NONE), 'close-pending', '90010'],
  ['closes', 'BATCH', broken(TO_NONE), 'close', 'NtClose'],
  ['level 2 is lost without a word', 'LEVEL_2', broken(TO_NONE), 'acknowledge', ''],
  [
    'a request that was cancelled',
    'BATCH',
    { ...broken(0), status: 0xc0000120 },
    'acknowledge',
    '',
  ],
  [
    'accepts caching',
    7,
    broken(24, output(7, 3, 1)),
    'acknowledge',
    '90240 01000c000300000002000000',
  ],
  ['accepts less', 7, broken(24, output(7, 3, 1)), 1, '90240 01000c000100000002000000'],
  ['accepts no caching', 3, broken(24, output(3, 1, 1)), 'none', '90240 01000c000000000002000000'],
  ['caching that is lost without a word', 1, broken(24, output(1, 0, 0)), 'acknowledge', ''],
];

test.each(rows)('%s', async (_title, level, completed, reply, told) => {
  const calls: string[] = [];
  const control: FakeRoutine = (native, ...given) => {
    const input = BigInt(given[6] ?? 0) === 0n ? '' : ` ${native.at(given[6]).toString('hex')}`;
    calls.push(`${Number(given[5]).toString(16)}${input}`);
    native.complete({ block: given[4] as bigint }, { status: 0, information: 0 });
    return 0;
  };
  const close: FakeRoutine = () => {
    calls.push('NtClose');
    return 0;
  };
  const native = new FakeNative({ NtFsControlFile: control, NtClose: close });
  const awaited = { handle: HANDLE, request: null, completed, level, reply };
  const { status, request } = answerBreak(native, awaited);
  if (request === undefined) throw new Error('an answer is a request');
  await settled();
  expect([status, calls.join()]).toEqual([PENDING, told]);
  const untold = told === '' ? { untold: true } : {};
  expect(completionOf(native, request)).toEqual({
    status: 0,
    information: 0,
    bytes: '',
    ...untold,
  });
  releaseRequest(native, request);
  expect([native.blocksAllocated, native.eventsOpen]).toEqual([0, 0]);
});

test('what an answer leaves is over when it is broken in its turn', async () => {
  const pends: FakeRoutine = (fake, _handle, event) => {
    fake.setEvent(Number(event), false);
    return PENDING;
  };
  const native = new FakeNative({ NtFsControlFile: pends });
  const completed = broken(TO_LEVEL_2);
  const awaited = {
    handle: HANDLE,
    request: null,
    completed,
    level: 'BATCH',
    reply: 'acknowledge',
  };
  const { request } = answerBreak(native, awaited as Parameters<typeof answerBreak>[1]);
  if (request === undefined) throw new Error('an answer is a request');
  await settled();
  expect(completionOf(native, request)).toBeNull();
  const [, event, , , block] = native.calls[0]?.given ?? [];
  native.complete(
    { block: block as bigint, event: event as number },
    { status: 0, information: TO_NONE },
  );
  await settled();
  expect(completionOf(native, request)).toMatchObject({ status: 0, information: TO_NONE });
});

test('an oplock that was not granted has nothing to answer', () => {
  const awaited = { handle: HANDLE, request: null, completed: null, level: 'BATCH' as const };
  const outcome = answerBreak(new FakeNative(), { ...awaited, reply: 'acknowledge' });
  expect(outcome).toEqual({ status: 0 });
});
