// Goal: each entry of FAST_IO_DISPATCH that minifilters are shown reaches them as the operation that it
// is, and the file system behind them; a call that is refused becomes a request; a redirected call goes
// where the version of Windows sends it (R-FLT-16, R-FLT-32, R-FLT-33, R-REDIRECT-40 to 47).
// Method: scripted filters on the whole machine. Names in brackets are those of written cases.
import { describe, expect, test } from 'vitest';
import { profileNames } from '../../contract/profiles.ts';
import { FltMajor, IrpMajor, NtStatus } from '../../contract/windows/index.ts';
import { fastIoEntries } from '../io/fastIo.ts';
import {
  noCallback,
  openFile,
  play,
  Post,
  Pre,
  speaker,
  withCallback,
  type Major,
  type ScriptedFilter,
  type Stage,
} from './testing/bench.ts';
import {
  attributes,
  fastCalls,
  read,
  setup,
  statusOf,
  witness,
  write,
} from './testing/fastIoSteps.ts';

describe('who calls', () => {
  const cases: readonly {
    readonly title: string;
    readonly major: Major;
    readonly steps: readonly object[];
    readonly seen: readonly string[];
    readonly calls: readonly string[];
  }[] = [
    {
      title: 'a read is a request until the file is cached',
      major: 'IRP_MJ_READ',
      steps: [openFile, read('a'), read('b'), read('c', { offset: 100 })],
      seen: ['IRP_MJ_READ.0 1', 'IRP_MJ_READ.0 2', 'IRP_MJ_READ.0 2'],
      calls: ['FastIoRead 2 yes', 'FastIoRead 2 yes'],
    },
    {
      title: 'a write within what is allocated is fast, one that needs clusters is not',
      major: 'IRP_MJ_WRITE',
      steps: [openFile, write('a'), write('bb'), write('c', { offset: 4096 })],
      seen: ['IRP_MJ_WRITE.0 1', 'IRP_MJ_WRITE.0 2', 'IRP_MJ_WRITE.0 2', 'IRP_MJ_WRITE.0 1'],
      calls: ['FastIoWrite 2 yes', 'FastIoWrite 2 no'],
    },
    {
      title: 'what bypasses the cache is never fast',
      major: 'IRP_MJ_READ',
      steps: [
        { ...openFile, options: 'SYNCHRONOUS_IO_NONALERT|NO_INTERMEDIATE_BUFFERING' },
        read('a', { length: 512 }),
        read('b', { length: 512 }),
      ],
      seen: ['IRP_MJ_READ.0 1', 'IRP_MJ_READ.0 1'],
      calls: [],
    },
    {
      title: 'an asynchronous handle is never fast',
      major: 'IRP_MJ_READ',
      steps: [{ ...openFile, options: 0 }, read('a'), read('b')],
      seen: ['IRP_MJ_READ.0 1', 'IRP_MJ_READ.0 1'],
      calls: [],
    },
    {
      title: 'basic and standard information are fast, other classes are not',
      major: 'IRP_MJ_QUERY_INFORMATION',
      steps: [
        openFile,
        { do: 'query-information', handle: 'f', class: 'FileBasicInformation' },
        { do: 'query-information', handle: 'f', class: 'FileStandardInformation' },
        { do: 'query-information', handle: 'f', class: 'FileNetworkOpenInformation' },
      ],
      seen: [
        'IRP_MJ_QUERY_INFORMATION.0 2',
        'IRP_MJ_QUERY_INFORMATION.0 2',
        'IRP_MJ_QUERY_INFORMATION.0 9',
      ],
      calls: ['FastIoQueryBasicInfo 2 yes', 'FastIoQueryStandardInfo 2 yes'],
    },
    {
      title: 'locks are fast while they need not wait',
      major: 'IRP_MJ_LOCK_CONTROL',
      steps: [
        openFile,
        { do: 'lock', handle: 'f', offset: 0, length: 2, exclusive: true },
        { do: 'unlock', handle: 'f', offset: 0, length: 2 },
      ],
      seen: ['IRP_MJ_LOCK_CONTROL.1 2', 'IRP_MJ_LOCK_CONTROL.2 2'],
      calls: ['FastIoLock 2 yes', 'FastIoUnlockSingle 2 yes'],
    },
    {
      title: 'byte-range locks make fast reads questionable',
      major: 'IRP_MJ_FAST_IO_CHECK_IF_POSSIBLE',
      steps: [
        openFile,
        read('a'),
        { do: 'lock', handle: 'f', offset: 0, length: 2, exclusive: true },
        read('b'),
      ],
      seen: ['IRP_MJ_FAST_IO_CHECK_IF_POSSIBLE.0 2'],
      calls: ['FastIoLock 2 yes', 'FastIoCheckIfPossible 2 yes', 'FastIoRead 2 yes'],
    },
    {
      title: 'attributes by name are one call',
      major: 'IRP_MJ_NETWORK_QUERY_OPEN',
      steps: [attributes(), attributes({ id: 'basic', how: 'basic' })],
      seen: ['IRP_MJ_NETWORK_QUERY_OPEN.0 2', 'IRP_MJ_NETWORK_QUERY_OPEN.0 2'],
      calls: ['FastIoQueryOpen 2 yes', 'FastIoQueryOpen 2 yes'],
    },
  ];
  test.each(cases)('$title', async ({ major, steps, seen, calls }) => {
    const { story, prediction } = await play([witness(major)], steps, { setup });
    expect(story).toEqual(seen);
    expect(fastCalls(prediction.events)).toEqual(calls);
  });

  test('a read that a lock keeps out is told so by the request', async () => {
    const steps = [
      openFile,
      read('a'),
      { ...openFile, as: 'g', access: 'GENERIC_READ|SYNCHRONIZE', share: 7 },
      { do: 'lock', handle: 'f', offset: 0, length: 2, exclusive: true },
      read('other', { handle: 'g' }),
      read('again', { handle: 'g' }),
    ];
    const { prediction } = await play([witness('IRP_MJ_READ')], steps, { setup });
    expect(statusOf(prediction.events, 'again')).toBe('STATUS_FILE_LOCK_CONFLICT');
  });
});

describe('what a pre-operation may say', () => {
  const says = (status: number, complete?: number): ScriptedFilter => ({
    name: 'M',
    altitude: '200000',
    on: ({ say }) => ({
      IRP_MJ_QUERY_INFORMATION: {
        pre: (data) => {
          say(`+M ${data.flags & 3}`);
          if (data.operation.path !== 'fast-io') return withCallback;
          if (complete !== undefined) data.ioStatus.status = complete;
          return { status, completionContext: 0 };
        },
        post: () => {
          say('-M');
          return Post.FLT_POSTOP_FINISHED_PROCESSING;
        },
      },
    }),
  });
  const steps = [
    openFile,
    { do: 'query-information', handle: 'f', class: 'FileBasicInformation', id: 'ask' },
  ];
  const around = (middle: ScriptedFilter): readonly ScriptedFilter[] => [
    speaker('H', '300000', 'IRP_MJ_QUERY_INFORMATION'),
    middle,
    speaker('L', '100000', 'IRP_MJ_QUERY_INFORMATION'),
  ];
  const irp = ['+H', '+M 1', '+L', '-L STATUS_SUCCESS', '-M', '-H STATUS_SUCCESS'];

  test.each(profileNames)(
    'FLT_PREOP_DISALLOW_FASTIO on %s [fltmgr-disallow-fastio]',
    async (profile) => {
      const told = await play(around(says(Pre.FLT_PREOP_DISALLOW_FASTIO)), steps, {
        setup,
        profile,
      });
      expect(told.story).toEqual(['+H', '+M 2', '-H STATUS_FLT_DISALLOW_FAST_IO', ...irp]);
      expect(statusOf(told.prediction.events, 'ask')).toBe('STATUS_SUCCESS');
      expect(told.findings).toEqual([]);
    },
  );

  test('FLT_PREOP_COMPLETE ends the call: TRUE with that status', async () => {
    const completes = says(Pre.FLT_PREOP_COMPLETE, NtStatus.STATUS_ACCESS_DENIED);
    const told = await play(around(completes), steps, { setup });
    expect(told.story).toEqual(['+H', '+M 2', '-H STATUS_ACCESS_DENIED']);
    expect(statusOf(told.prediction.events, 'ask')).toBe('STATUS_ACCESS_DENIED');
  });

  test.each([
    ['FLT_PREOP_PENDING', Pre.FLT_PREOP_PENDING],
    ['FLT_PREOP_DISALLOW_FSFILTER_IO', Pre.FLT_PREOP_DISALLOW_FSFILTER_IO],
    ['STATUS_FLT_DISALLOW_FAST_IO', NtStatus.STATUS_FLT_DISALLOW_FAST_IO],
  ])('%s is illegal: told, and the call goes on', async (_name, status) => {
    const told = await play(around(says(status)), steps, { setup });
    expect(told.findings).toEqual(['illegal-preop-status']);
    expect(told.story).toEqual(['+H', '+M 2', '+L', '-L STATUS_SUCCESS', '-H STATUS_SUCCESS']);
  });

  test('FLT_PREOP_SYNCHRONIZE is the same as with a callback', async () => {
    const told = await play(around(says(Pre.FLT_PREOP_SYNCHRONIZE)), steps, { setup });
    expect(told.story).toEqual([
      '+H',
      '+M 2',
      ...['+L', '-L STATUS_SUCCESS', '-M', '-H STATUS_SUCCESS'],
    ]);
    expect(told.findings).toEqual([]);
  });

  test.each(profileNames)(
    'SKIP_CACHED_IO skips fast I/O on %s [fltmgr-skip-cached-fastio]',
    async (profile) => {
      const skips: ScriptedFilter = {
        name: 'M',
        altitude: '200000',
        on: ({ say }) => ({
          IRP_MJ_READ: {
            flags: 2,
            pre: (data) => {
              say(`M ${data.flags & 3}`);
              return noCallback;
            },
          },
        }),
      };
      const uncached = 'SYNCHRONOUS_IO_NONALERT|NO_INTERMEDIATE_BUFFERING';
      const told = await play(
        [skips],
        [
          { ...openFile, share: 7 },
          read('irp'),
          read('fast'),
          { ...openFile, options: uncached, as: 'u', share: 7 },
          read('uncached', { handle: 'u', length: 512 }),
        ],
        { setup, profile },
      );
      expect(told.story).toEqual(['M 1']);
      const calls = fastCalls(told.prediction.events).map((one) => one.replace(/ \d /, ' '));
      expect(calls).toEqual(['FastIoRead yes']);
    },
  );
});

describe('IRP_MJ_QUERY_OPEN', () => {
  const byName = attributes({ how: 'by-name' });
  const refuses = (pre: number, post: number = Post.FLT_POSTOP_FINISHED_PROCESSING) => ({
    name: 'refuses',
    altitude: '200000',
    on: ({ say }: Stage) => ({
      IRP_MJ_QUERY_OPEN: {
        pre: (data: { flags: number }) => {
          say(`query ${data.flags}`);
          return { status: pre, completionContext: 0 };
        },
        post: () => post,
      },
      IRP_MJ_CREATE: {
        pre: () => {
          say('create');
          return noCallback;
        },
      },
    }),
  });
  test.each([
    ['passed', Pre.FLT_PREOP_SUCCESS_NO_CALLBACK, 0, ['query 4'], []],
    ['refused before', Pre.FLT_PREOP_DISALLOW_FSFILTER_IO, 0, ['query 4', 'create'], []],
    [
      'refused after',
      Pre.FLT_PREOP_SUCCESS_WITH_CALLBACK,
      Post.FLT_POSTOP_DISALLOW_FSFILTER_IO,
      ['query 4', 'create'],
      [],
    ],
    [
      'refused as if it were fast I/O',
      Pre.FLT_PREOP_DISALLOW_FASTIO,
      0,
      ['query 4'],
      ['illegal-preop-status'],
    ],
  ] as const)('%s', async (_title, pre, post, story, findings) => {
    const told = await play([refuses(pre, post)], [byName], { profile: 'win10', setup });
    expect(told.story).toEqual(story);
    expect(told.findings).toEqual(findings);
    expect(statusOf(told.prediction.events, 'ask')).toBe('STATUS_SUCCESS');
  });

  test.each(profileNames)('exists from Windows 10 on: %s', async (profile) => {
    const told = await play([], [byName], { profile, setup });
    const exists = profile === 'win10' || profile === 'win11';
    expect(told.prediction.outcome).toBe(exists ? 'completed' : 'not-modelled');
  });

  test('the numbers of the operations', () => {
    expect(FltMajor.IRP_MJ_QUERY_OPEN).toBe(0xf9);
    expect(FltMajor.IRP_MJ_NETWORK_QUERY_OPEN).toBe(0xf2);
    expect(fastIoEntries.FastIoRead.majorFunction).toBe(IrpMajor.IRP_MJ_READ);
  });
});

test('a legacy filter passes every entry on, and stands on the way', async () => {
  const stack = { legacyFilters: [{ driver: 'oldscan' }] };
  const { prediction } = await play([], [attributes(), openFile, read('a'), read('b')], {
    setup,
    stack,
  });
  expect(fastCalls(prediction.events)).toEqual(['FastIoQueryOpen 2 yes', 'FastIoRead 2 yes']);
});
