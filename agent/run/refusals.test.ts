// Goal: what could reach outside the roots, or means nothing on a real machine, is refused by name
// before anything runs. Method: one workload a row; the last word of the row is in the problem.
import { expect, test } from 'vitest';
import { LabError } from '../../contract/errors/labError.ts';
import { readWorkload } from '../../contract/expandWorkload.ts';
import { refuseWhatCannotRun } from './refusals.ts';

const open = (extra: object = {}): object => ({ do: 'create', path: 'x', as: 'h', ...extra });
const watch = { do: 'notify', handle: 'h', filter: 'FILE_NAME', length: 64, as: 'n' };
const two = { actors: { a: {}, b: {} } };
const shared = { actors: { a: { process: 'p' }, b: { process: 'p' } } };

const rows: readonly (readonly [string, object, string | undefined])[] = [
  ['plain steps', { steps: [open(), watch, { do: 'cancel', request: 'n' }] }, undefined],
  ['open by file id', { steps: [open({ options: 'OPEN_BY_FILE_ID' })] }, 'FILE_OPEN_BY_FILE_ID'],
  [
    'a raw rename',
    { steps: [open(), { do: 'set-information', handle: 'h', class: 10, data: { hex: '' } }] },
    'information class 10',
  ],
  [
    'a raw link',
    { steps: [open(), { do: 'set-information', handle: 'h', class: 72, data: { hex: '' } }] },
    'information class 72',
  ],
  [
    'a raw class without a name',
    { steps: [open(), { do: 'set-information', handle: 'h', class: 14, data: { hex: '' } }] },
    undefined,
  ],
  [
    'a SID by name',
    {
      steps: [
        open(),
        { do: 'set-security', handle: 'h', dacl: [{ sid: 'Everyone', mask: 'GENERIC_ALL' }] },
      ],
    },
    '"Everyone"',
  ],
  [
    'the handle of another process',
    { ...two, steps: [open(), { do: 'flush', handle: 'h', actor: 'b' }] },
    'made in process "a"',
  ],
  [
    'the directory handle of another process',
    { ...two, steps: [open(), open({ root: 'h', actor: 'b' })] },
    'made in process "a"',
  ],
  [
    'the request of another process',
    { ...two, steps: [open(), watch, { do: 'wait', request: 'n', actor: 'b' }] },
    'made in process "a"',
  ],
  [
    'the handle of another actor of the same process',
    { ...shared, steps: [open(), watch, { do: 'wait', request: 'n', actor: 'b' }] },
    undefined,
  ],
  [
    'a name that the other process takes over',
    { ...two, steps: [open(), open({ actor: 'b' }), { do: 'flush', handle: 'h', actor: 'b' }] },
    undefined,
  ],
  [
    'a relative name from the root',
    { steps: [open(), open({ root: 'h', path: '\\f' })] },
    'begins with a backslash',
  ],
  [
    'a dismount of the volume',
    { steps: [open(), { do: 'fsctl', handle: 'h', code: 'FSCTL_DISMOUNT_VOLUME' }] },
    'FSCTL_DISMOUNT_VOLUME',
  ],
  [
    'cancel of a create under way',
    { steps: [open({ start: true }), { do: 'cancel', request: 'h' }] },
    'no file object yet',
  ],
  [
    'more blocked calls than threads',
    { steps: [{ do: 'repeat', times: 501, steps: [open({ start: true })] }] },
    'more than 500',
  ],
  ['a volume without a root', { volumes: ['C', 'Z'], steps: [open()] }, '"Z"'],
];

test.each(rows)('%s', (_title, document, expected) => {
  const workload = readWorkload({ workload: 1, name: 'test', ...document }, 'the test');
  const check = (): void => refuseWhatCannotRun(workload, new Map([['C', 'C:\\work']]));
  if (expected === undefined) return expect(check()).toBeUndefined();
  expect(check).toThrow(LabError);
  expect(check).toThrow(expected);
});
