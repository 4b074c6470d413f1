import { expect, test } from 'vitest';
import type { ConnectedTarget } from '../targets/index.ts';
import { deployObserver, observationNotes, observing, startObserver } from './observer.ts';
import { fakeRun } from './testing/fakeRun.ts';

const noFilters = {
  capability: 'kernel-filters',
  because: 'Wine loads minifilters and never calls their callbacks',
} as const;
const facts = (lacks: readonly object[]) => ({ facts: { lacks } }) as never;

test.each([
  ['not asked for', undefined, [], { is: false }],
  ['asked for on Windows', true, [], { is: true }],
  [
    'asked for where no callback is called',
    true,
    [noFilters],
    { is: false, because: `The observer is not loaded: ${noFilters.because}.` },
  ],
] as const)('an observer that is %s', (_what, observe, lacks, decided) => {
  expect(observing({ observe }, facts(lacks))).toEqual(decided);
});

const counts = { dropped: 0, ignored: 0, made: 0, foreign: 0 };

test.each([
  ['nobody asked', { is: false }, undefined, []],
  ['the target cannot', { is: false, because: 'Because.' }, undefined, ['Because.']],
  [
    'all was read',
    { is: true },
    { ...counts, made: 40, foreign: 4, ignored: 100 },
    ['The observer saw 36 callbacks of this workload, 104 were of others.'],
  ],
  [
    'the ring was full',
    { is: true },
    { ...counts, made: 40, dropped: 10 },
    ['The observer saw 30 callbacks of this workload, 10 were lost because its ring was full.'],
  ],
  [
    'it is loaded and never called',
    { is: true },
    { ...counts, ignored: 7 },
    [
      'The observer is loaded and saw nothing of this workload: 0 callbacks of this workload, 7 were ' +
        'of others.',
    ],
  ],
  [
    'the port does not answer',
    { is: true },
    { ...counts, problem: 'FilterSendMessage returned 0x80070006' },
    [
      'The observer was not read to the end: FilterSendMessage returned 0x80070006.',
      'The observer saw 0 callbacks of this workload.',
    ],
  ],
] as const)('where %s the run says so', (_what, decided, observed, notes) => {
  expect(observationNotes(decided, observed)).toEqual(notes);
});

test('it is built of its own sample, stands around the driver, and is taken back before its service', async () => {
  const told: string[] = [];
  const never = (): never => {
    throw new Error('not asked');
  };
  const { signal } = new AbortController();
  const { input, parts } = await fakeRun({
    ...{ connect: never, room: { list: never, open: never }, pace: {} },
    ...{ dataFolder: '', signal, told },
  });
  const undos: [string, (own: AbortSignal) => Promise<void>][] = [];
  const around = {
    onMachine: { ...input, sys: 'C:\\their.sys' },
    side: {
      undo: (what: string, undo: (own: AbortSignal) => Promise<void>) => undos.push([what, undo]),
    },
    parts: {
      ...parts,
      build: (asked: typeof input) => {
        told.push(`build ${asked.sample.manifest.driver} ${asked.sys}`);
        return Promise.resolve({ sysPath: 'observer.sys' });
      },
      deployDriver: (
        _target: unknown,
        driver: { name: string; instances: readonly { altitude: string }[] },
      ) => {
        told.push(`deploy ${driver.name} ${driver.instances.map((one) => one.altitude).join(' ')}`);
        return Promise.resolve({ missing: [] } as never);
      },
      startDriver: (_target: unknown, service: string) => {
        told.push(`start ${service}`);
        return Promise.resolve();
      },
    },
  };
  const target = {} as ConnectedTarget;
  await deployObserver(around, target, () => undefined);
  await startObserver(around, target, () => undefined);
  for (const [what, undo] of undos.reverse()) {
    told.push(`undo ${what}`);
    await undo(signal);
  }
  expect(told).toEqual([
    'build observer undefined',
    'deploy observer 389980 360020',
    'start observer',
    'undo the driver observer',
    'undone: the driver',
    'undo the service observer',
    'undone: the service',
  ]);
});
