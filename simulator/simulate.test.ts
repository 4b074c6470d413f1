// Goal: a workload without any driver runs end to end, and the prediction says what its author, who
// knows Windows, expected; the same input gives the same bytes.
// Method: workloads as a person writes them, with their expectations inside.
import { describe, expect, test } from 'vitest';
import { readWorkload } from '../contract/expandWorkload.ts';
import { PredictionSchema, type Prediction } from '../contract/prediction.ts';
import { profileNames, type ProfileName } from '../contract/profiles.ts';
import type { TraceEvent } from '../contract/trace.ts';
import { ruleIds, simulate } from './index.ts';

type Step = Record<string, unknown>;

interface Options {
  readonly profile?: ProfileName;
  readonly seed?: number;
  readonly actors?: object;
  readonly order?: 'written' | 'free';
  readonly setup?: readonly object[];
  readonly volumes?: readonly string[];
}

async function predict(steps: readonly Step[], options: Options = {}): Promise<Prediction> {
  const { profile = 'win7', seed = 0, ...more } = options;
  const workload = readWorkload({ workload: 1, name: 'test', ...more, steps }, 'test');
  return simulate({ workload, profile, seed, sample: 'none', variant: 'none' });
}

const SYNC = 'SYNCHRONOUS_IO_NONALERT';
const directory: Step = {
  do: 'create',
  path: 'w',
  disposition: 'OPEN_IF',
  options: 'DIRECTORY_FILE',
  access: 'FILE_LIST_DIRECTORY|SYNCHRONIZE',
  as: 'd',
};
const file = (path: string, more: Step = {}): Step => ({
  do: 'create',
  path,
  disposition: 'OPEN_IF',
  access: 'GENERIC_READ|GENERIC_WRITE|DELETE|WRITE_DAC|SYNCHRONIZE',
  options: SYNC,
  as: 'f',
  ...more,
});
const notify: Step = {
  do: 'notify',
  handle: 'd',
  filter: 'FILE_NAME|DIR_NAME|ATTRIBUTES|SECURITY',
  length: 2048,
  as: 'n',
};
const waitFor = (events: readonly (readonly [string, string])[]): Step => ({
  do: 'wait',
  request: 'n',
  expect: { status: 'STATUS_SUCCESS', events },
});
const is = (status: string): Step => ({ expect: { status } });

interface Row extends Options {
  readonly title: string;
  readonly steps: readonly Step[];
}

const rows: readonly Row[] = [
  {
    title: 'a change by another process completes the request of the first (seed, R-NOTIFY-25)',
    actors: { watcher: { process: 'explorer' }, changer: { process: 'cmd' } },
    steps: [
      directory,
      {
        ...notify,
        expect: { status: 'STATUS_PENDING', bytes: '00000000010000000600000066006f006f00' },
      },
      file('w\\foo', { actor: 'changer', ...is('STATUS_SUCCESS') }),
      { ...waitFor([['ADDED', 'foo']]), expect: { information: 0x12, events: [['ADDED', 'foo']] } },
    ],
  },
  {
    title: 'what happened while no request was there comes at once with the next one',
    steps: [
      directory,
      { ...notify, as: 'n0' },
      file('w\\a', { as: 'a' }),
      { do: 'close', handle: 'a' },
      file('w\\b', { as: 'b' }),
      notify,
      waitFor([['ADDED', 'b']]),
    ],
  },
  {
    title: 'cancel: the request ends cancelled, the service succeeds (R-NOTIFY-49)',
    steps: [
      directory,
      notify,
      { do: 'cancel', handle: 'd', expect: { status: 'STATUS_SUCCESS', information: 0 } },
      { do: 'wait', request: 'n', ...is('STATUS_CANCELLED') },
    ],
  },
  {
    title: 'cancel of one of two requests by its status block',
    steps: [
      directory,
      { ...notify, as: 'n1' },
      { ...notify, as: 'n2' },
      { do: 'cancel', request: 'n2', ...is('STATUS_SUCCESS') },
      { do: 'wait', request: 'n2', ...is('STATUS_CANCELLED') },
      { do: 'wait', request: 'n1', limit_ms: 10, ...is('STATUS_TIMEOUT') },
      { do: 'cancel', request: 'n2', ...is('STATUS_NOT_FOUND') },
    ],
  },
  {
    title: 'closing the handle ends the request (R-NOTIFY-47)',
    steps: [
      directory,
      notify,
      { do: 'close', handle: 'd' },
      { do: 'wait', request: 'n', expect: { status: 'STATUS_NOTIFY_CLEANUP', information: 0 } },
      { ...notify, ...is('STATUS_INVALID_HANDLE') },
      { do: 'close', handle: 'd', ...is('STATUS_INVALID_HANDLE') },
    ],
  },
  {
    title: 'a request without a status block (R-NOTIFY-3), a filter of nothing (R-NOTIFY-4)',
    steps: [
      directory,
      { ...notify, iosb: null, ...is('STATUS_ACCESS_VIOLATION') },
      { ...notify, filter: 0, ...is('STATUS_INVALID_PARAMETER') },
      { ...notify, filter: 0x1000, ...is('STATUS_INVALID_PARAMETER') },
    ],
  },
  {
    title: 'a handle without FILE_LIST_DIRECTORY (R-NOTIFY-5)',
    steps: [
      { ...directory, access: 'FILE_READ_ATTRIBUTES' },
      { ...notify, ...is('STATUS_ACCESS_DENIED') },
    ],
  },
  {
    title: 'a synchronous handle blocks its thread until something changes',
    steps: [
      { ...directory, options: `DIRECTORY_FILE|${SYNC}` },
      { ...notify, start: true, ...is('STATUS_SUCCESS') },
      { do: 'wait', request: 'n', limit_ms: 10, ...is('STATUS_TIMEOUT') },
      file('w\\foo'),
      waitFor([['ADDED', 'foo']]),
    ],
  },
  {
    title: 'a started request that nothing ends does not keep the workload from ending',
    steps: [
      { ...directory, options: `DIRECTORY_FILE|${SYNC}` },
      { ...notify, start: true },
      { do: 'wait', request: 'n', limit_ms: 10, ...is('STATUS_TIMEOUT') },
    ],
  },
  {
    title: 'rename in its directory, and to another one with a full name (R-NOTIFY-32, 34)',
    setup: [{ mkdir: 'w\\sub' }, { file: 'w\\a' }],
    steps: [
      directory,
      { ...notify, tree: true, filter: 'FILE_NAME' },
      file('w\\a'),
      {
        do: 'rename',
        handle: 'f',
        to: 'w\\b',
        expect: { status: 'STATUS_SUCCESS', information: 0 },
      },
      waitFor([
        ['RENAMED_OLD_NAME', 'a'],
        ['RENAMED_NEW_NAME', 'b'],
      ]),
      { ...notify, tree: true, filter: 'FILE_NAME' },
      { do: 'rename', handle: 'f', to: 'w\\sub\\c', ...is('STATUS_SUCCESS') },
      waitFor([['REMOVED', 'b']]),
      { do: 'rename', handle: 'f', to: 'nowhere\\c', ...is('STATUS_OBJECT_PATH_NOT_FOUND') },
    ],
  },
  {
    title:
      'the new name opens its directory, sharing no delete: who holds that right is in the way',
    setup: [{ file: 'w\\a' }],
    steps: [
      { ...directory, access: 'FILE_LIST_DIRECTORY|DELETE|SYNCHRONIZE' },
      file('w\\a'),
      { do: 'rename', handle: 'f', to: 'w\\b', ...is('STATUS_SHARING_VIOLATION') },
    ],
  },
  {
    title: 'rename relative to a directory handle, and a hard link',
    setup: [{ mkdir: 'w' }, { file: 'a' }],
    steps: [
      { ...directory, access: 'FILE_ADD_FILE|FILE_LIST_DIRECTORY|SYNCHRONIZE' },
      file('a'),
      { do: 'rename', handle: 'f', to: 'b', root: 'd', ...is('STATUS_SUCCESS') },
      { do: 'link', handle: 'f', to: 'w\\c', ...is('STATUS_SUCCESS') },
      { do: 'link', handle: 'f', to: 'w\\c', ...is('STATUS_OBJECT_NAME_COLLISION') },
      {
        do: 'query-information',
        handle: 'f',
        class: 'FileStandardInformation',
        expect: { information: 24, bytes: `${'00'.repeat(16)}020000000000` + '0000' },
      },
    ],
  },
  {
    title: 'write, read back, end of file (R-IO-17), position',
    steps: [
      file('f'),
      { do: 'write', handle: 'f', data: { text: 'hello' }, expect: { information: 5 } },
      { do: 'read', handle: 'f', length: 10, ...is('STATUS_END_OF_FILE') },
      {
        do: 'read',
        handle: 'f',
        length: 10,
        offset: 1,
        expect: { status: 'STATUS_SUCCESS', information: 4, bytes: '656c6c6f' },
      },
      { do: 'set-end-of-file', handle: 'f', size: 2, expect: { information: 0 } },
      { do: 'read', handle: 'f', length: 10, offset: 0, expect: { bytes: '6865' } },
      { do: 'flush', handle: 'f', ...is('STATUS_SUCCESS') },
      {
        do: 'query-information',
        handle: 'f',
        class: 'FilePositionInformation',
        expect: { bytes: '0200000000000000' },
      },
    ],
  },
  {
    title: 'an asynchronous handle needs an offset and makes a request',
    steps: [
      file('f', { options: 0 }),
      {
        do: 'write',
        handle: 'f',
        data: { hex: '0102' },
        offset: 0,
        as: 'w1',
        ...is('STATUS_SUCCESS'),
      },
      { do: 'read', handle: 'f', length: 2, ...is('STATUS_INVALID_PARAMETER') },
      { do: 'read', handle: 'f', length: 2, offset: 0, expect: { bytes: '0102' } },
    ],
  },
  {
    title: 'information classes need their access and length (R-IO-2)',
    steps: [
      file('f', { access: 'FILE_READ_DATA|SYNCHRONIZE' }),
      { do: 'set-disposition', handle: 'f', ...is('STATUS_ACCESS_DENIED') },
      { do: 'set-basic', handle: 'f', attributes: 'HIDDEN', ...is('STATUS_ACCESS_DENIED') },
      { do: 'set-end-of-file', handle: 'f', size: 1, ...is('STATUS_ACCESS_DENIED') },
      { do: 'rename', handle: 'f', to: 'x', ...is('STATUS_ACCESS_DENIED') },
      { do: 'write', handle: 'f', data: { text: 'x' }, ...is('STATUS_ACCESS_DENIED') },
      {
        do: 'query-information',
        handle: 'f',
        class: 'FileBasicInformation',
        ...is('STATUS_ACCESS_DENIED'),
      },
      {
        do: 'query-information',
        handle: 'f',
        class: 'FileDispositionInformation',
        ...is('STATUS_INVALID_INFO_CLASS'),
      },
      {
        do: 'query-information',
        handle: 'f',
        class: 'FileStandardInformation',
        length: 23,
        ...is('STATUS_INFO_LENGTH_MISMATCH'),
      },
      {
        do: 'query-information',
        handle: 'f',
        class: 'FileAccessInformation',
        expect: { bytes: '01001000' },
      },
    ],
  },
  {
    title: 'attributes and security are reported, the same security too (R-NOTIFY-36, 38)',
    setup: [{ file: 'w\\f' }],
    steps: [
      directory,
      notify,
      file('w\\f'),
      { do: 'set-basic', handle: 'f', attributes: 'HIDDEN', ...is('STATUS_SUCCESS') },
      waitFor([['MODIFIED', 'f']]),
      notify,
      { do: 'set-security', handle: 'f', dacl: 'same', ...is('STATUS_SUCCESS') },
      waitFor([['MODIFIED', 'f']]),
    ],
  },
  {
    title: 'listing a directory; deleting by name',
    setup: [{ file: 'w\\a' }, { file: 'w\\b' }],
    steps: [
      directory,
      {
        do: 'query-directory',
        handle: 'd',
        class: 'FileNamesInformation',
        mask: 'a',
        single: true,
        expect: { bytes: '0000000000000000020000006100' },
      },
      {
        do: 'query-directory',
        handle: 'd',
        class: 'FileNamesInformation',
        ...is('STATUS_NO_MORE_FILES'),
      },
      notify,
      { do: 'delete', path: 'w\\b', ...is('STATUS_SUCCESS') },
      waitFor([['REMOVED', 'b']]),
      { do: 'delete', path: 'w\\b', ...is('STATUS_OBJECT_NAME_NOT_FOUND') },
    ],
  },
  {
    title: 'two volumes; a rename does not lead from one to the other',
    volumes: ['C', 'D'],
    steps: [
      file('f'),
      file('g', { volume: 'D', as: 'g' }),
      { do: 'create', path: 'f', volume: 'D', ...is('STATUS_OBJECT_NAME_NOT_FOUND') },
      { do: 'rename', handle: 'g', to: 'h', ...is('STATUS_SUCCESS') },
      { do: 'create', path: 'h', volume: 'D', ...is('STATUS_SUCCESS') },
    ],
  },
  {
    title: 'actors that run freely meet at barriers',
    order: 'free',
    actors: { a: {}, b: {} },
    steps: [
      { ...directory, actor: 'a' },
      { ...notify, actor: 'a', filter: 'FILE_NAME' },
      { do: 'barrier', actors: ['a', 'b'] },
      file('w\\x', { actor: 'b', ...is('STATUS_SUCCESS') }),
      { ...waitFor([['ADDED', 'x']]), actor: 'a' },
    ],
  },
];

describe('workloads without a driver', () => {
  test.each(rows)('$title', async ({ steps, title: _title, ...options }) => {
    const prediction = await predict(steps, options);
    expect(prediction).toMatchObject({ outcome: 'completed', expectations: [], findings: [] });
    PredictionSchema.parse(prediction);
  });
});

test('the same input gives the same bytes, on every profile and with any seed', async () => {
  for (const profile of profileNames) {
    for (const seed of [0, 1, 2 ** 40 + 7]) {
      for (const { steps, title, ...options } of rows.filter((one) => !needsVista(one))) {
        const once = JSON.stringify(await predict(steps, { ...options, profile, seed }));
        const again = JSON.stringify(await predict(steps, { ...options, profile, seed }));
        expect(again, `${title}, ${profile}, seed ${seed}`).toBe(once);
      }
    }
  }
});

const needsVista = ({ steps }: Row): boolean =>
  steps.some((step) => step['do'] === 'cancel' && step['request'] !== undefined);

test('NtCancelIoFileEx is refused by name where Windows does not have it', async () => {
  const cancel = { do: 'cancel', request: 'n' };
  expect(await predict([directory, notify, cancel], { profile: 'winxp' })).toMatchObject({
    outcome: 'not-modelled',
    notModelled: 'NtCancelIoFileEx, which Windows XP SP3 does not have',
  });
});

test('a thread that nothing will wake is a hang with its reason', async () => {
  const synchronous = { ...directory, options: `DIRECTORY_FILE|${SYNC}` };
  const prediction = await predict([synchronous, { ...notify, id: 'watch' }]);
  expect(prediction.outcome).toBe('hang');
  expect(prediction.waitGraph?.[0]).toMatch(
    /^main\/main \(step watch\) waits for request: completion of IRP_MJ_DIRECTORY_CONTROL of C:\\w \(IRP 0x\w+\); in nt!IopSynchronousServiceTail$/,
  );
});

test('a step sees what was before it: the completion is told by its own thread, in its time', async () => {
  const { events } = await predict(
    [directory, { ...notify, id: 'ask' }, file('w\\foo', { actor: 'changer', id: 'change' })],
    { actors: { main: { process: 'explorer' }, changer: { process: 'cmd' } } },
  );
  const told = events
    .filter((event) => event.kind !== 'irp' && event.kind !== 'notify-report')
    .map((event: TraceEvent) => `${event.kind} ${event.step ?? '-'} on ${event.thread}`);
  expect(told).toEqual([
    'step s1 on explorer/main',
    'step ask on explorer/main',
    'step change on cmd/changer',
    'copy-to-user - on explorer/main',
    'completion ask on explorer/main',
  ]);
});

test('a step names the rules behind what it returned', async () => {
  const { events, evidence } = await predict([
    directory,
    { ...notify, iosb: null, id: 'no-iosb' },
    { ...notify, filter: 0, id: 'no-filter' },
    { ...notify, id: 'good' },
    { do: 'cancel', handle: 'd', id: 'cancel' },
  ]);
  const rulesOf = (kind: string, step: string): unknown =>
    events.find((event) => event.kind === kind && event.step === step)?.rules;
  expect(rulesOf('step', 'no-iosb')).toEqual(['R-NOTIFY-3']);
  expect(rulesOf('step', 'no-filter')).toEqual(['R-NOTIFY-4']);
  expect(rulesOf('step', 'good')).toEqual(['R-NOTIFY-7']);
  expect(rulesOf('step', 'cancel')).toEqual(['R-NOTIFY-49']);
  expect(rulesOf('completion', 'good')).toEqual(['R-NOTIFY-49']);
  expect(evidence).toContainEqual(['R-NOTIFY-3', 'T']);
});

test('seeds are schedules: actors that run freely are mixed in several ways', async () => {
  const actors = { a: {}, b: {}, c: {} };
  const steps = ['a', 'b', 'c'].flatMap((actor) =>
    [1, 2].map((count) => file(`${actor}${count}`, { actor, as: `${actor}${count}` })),
  );
  const orders = new Set<string>();
  for (let seed = 0; seed < 10; seed += 1) {
    const { events, outcome } = await predict(steps, { actors, order: 'free', seed });
    expect(outcome).toBe('completed');
    orders.add(events.flatMap((one) => (one.kind === 'step' ? one.step : [])).join());
  }
  expect(orders.size).toBeGreaterThan(3);
});

test.each(['written', 'free'] as const)('rounds repeat the steps, %s', async (order) => {
  const actors = { one: { process: 'p' }, two: { process: 'q' } };
  const steps = [
    file('a', { actor: 'one', as: 'a' }),
    { do: 'close', handle: 'a', actor: 'one' },
    { do: 'barrier', actors: ['one', 'two'] },
    file('b', { actor: 'two', as: 'b' }),
    { do: 'close', handle: 'b', actor: 'two' },
  ];
  const workload = readWorkload({ workload: 1, name: 'rounds', order, actors, steps }, 'test');
  const input = { workload, profile: 'win7', seed: 0, sample: 'none', variant: 'none' } as const;
  const done = ({ events }: Prediction): string[] => {
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event.step] : []));
    return order === 'free' ? steps.sort() : steps; // Freely, one actor may be a round ahead.
  };
  const once = done(await simulate(input));
  expect(once).toHaveLength(4);
  const thrice = [...once, ...once, ...once];
  const repeated = done(await simulate({ ...input, rounds: 3 }));
  expect(repeated).toEqual(order === 'free' ? thrice.sort() : thrice);
});

test('handles are good in the process that opened them', async () => {
  const actors = { main: {}, other: {} };
  await expect(
    predict([directory, { do: 'close', actor: 'other', handle: 'd' }], { actors }),
  ).rejects.toMatchObject({ code: 'workload.invalid' });
});

test('a set-up that cannot be made says so', async () => {
  const setup = [{ file: 'a' }, { file: 'a\\b' }];
  await expect(predict([directory], { setup })).rejects.toMatchObject({
    code: 'workload.invalid',
    problem: expect.stringContaining('"a'),
  });
});

test('the rule book has every rule once', () => {
  expect(ruleIds.length).toBe(211);
});
