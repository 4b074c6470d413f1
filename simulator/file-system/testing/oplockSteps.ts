// For tests: the steps of oplocks in few words.
import { describe, expect, test } from 'vitest';
import type { ProfileName } from '../../../contract/profiles.ts';
import { runSteps } from './runSteps.ts';
import { file, open, type Step } from './steps.ts';

export type Status = `STATUS_${string}`;
export type Level = string;
export const PENDING = 'STATUS_PENDING';
export const NOT_GRANTED = 'STATUS_OPLOCK_NOT_GRANTED';
export const R = 'CACHE_READ';
export const RH = 'CACHE_READ|CACHE_HANDLE';
export const RW = 'CACHE_READ|CACHE_WRITE';
export const RWH = 'CACHE_READ|CACHE_WRITE|CACHE_HANDLE';

export const asks = (handle: string, level: Level, status: Status = PENDING, as = 'o'): Step => ({
  do: 'request-oplock',
  handle,
  level,
  as,
  expect: { status },
});
/** A file with one open handle that holds the oplock; the handle stands in nobody's way. */
export const held = (level: Level, more: object = {}): Step => [
  file('D\\f'),
  open('D\\f', 'h', { access: 'FILE_READ_ATTRIBUTES', ...more }),
  asks('h', level),
];
export const starts = (step: object, as = 's'): Step => ({ ...step, start: true, as });
export const opens = (more: object = {}, as = 'h2'): Step =>
  starts({ do: 'create', path: 'D\\f', access: 'FILE_READ_DATA', share: 'R|W|D', ...more }, as);
export const done = (request: string, status: Status = 'STATUS_SUCCESS'): Step => [
  { do: 'wait', request, limit_ms: 1 },
  { do: 'wait', request, expect: { status } },
];
const bits: Readonly<Record<string, number>> = { R: 1, H: 2, W: 4 };
const caching = (level: string): number =>
  level === 'none' ? 0 : [...level].reduce((sum, letter) => sum + (bits[letter] ?? 0), 0);
export const long = (value: number): string => value.toString(16).padStart(2, '0') + '000000';

/** What the completion of the oplock says: "level-2", "none", or what caching is left. */
export function broken(to: string, was?: string, acknowledged = true, request = 'o'): Step {
  if (was === undefined) {
    const information = to === 'level-2' ? 7 : 8;
    return { do: 'wait', request, limit_ms: 1, expect: { status: 'STATUS_SUCCESS', information } };
  }
  const bytes =
    '01001800' +
    long(caching(was)) +
    long(caching(to)) +
    long(acknowledged ? 1 : 0) +
    '00'.repeat(8);
  return { do: 'wait', request, limit_ms: 1, expect: { status: 'STATUS_SUCCESS', bytes } };
}
export const answers = (code: string, status: Status = 'STATUS_SUCCESS'): Step => ({
  do: 'fsctl',
  handle: 'h',
  code,
  as: 'a',
  expect: { status },
});
/** FSCTL_REQUEST_OPLOCK with REQUEST_OPLOCK_INPUT_FLAG_ACK. */
export const accepts = (level: string, status: Status, as = 'a'): Step => ({
  do: 'fsctl',
  handle: 'h',
  code: 'REQUEST_OPLOCK',
  data: { hex: '01000c00' + long(caching(level)) + '02000000' },
  length: 24,
  as,
  expect: { status },
});

export type Rows = readonly (readonly [title: string, ...steps: Step[]])[];
export const actors = { main: {}, holder: { process: 'main' } };

export function describeRows(
  groups: Readonly<Record<string, Rows>>,
  profile: ProfileName = 'win10',
): void {
  describe.each(Object.entries(groups))('%s', (_group, rows) => {
    const named = rows.map(([title, ...steps]) => ({ title, steps: steps as readonly Step[] }));
    test.each(named)('$title', async ({ steps }) => {
      const run = await runSteps(steps, { setup: [{ mkdir: 'D' }], actors, profile });
      expect(run).toMatchObject({ misses: [], notModelled: null });
    });
  });
}
