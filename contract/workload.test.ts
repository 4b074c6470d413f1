// Goal: a workload says exactly one thing, or is refused with the place and the reason.
import { describe, expect, test } from 'vitest';
import { isLabError } from './errors/labError.ts';
import { escapesRoot, readWorkload } from './expandWorkload.ts';

const minimal = { workload: 1, name: 'w', steps: [{ do: 'create', path: 'f', as: 'h' }] };

const thrown = (document: unknown): { code: string; problem: string } => {
  try {
    readWorkload(document, 'w.json');
  } catch (error) {
    if (isLabError(error)) return { code: error.code, problem: error.problem };
    throw error;
  }
  return { code: 'accepted', problem: '' };
};

test('what is left out gets its default', () => {
  const { steps, volumes, processes, order } = readWorkload(minimal, 'w.json');
  expect({ volumes, processes, order, steps }).toEqual({
    volumes: ['C'],
    processes: { main: 'main' },
    order: 'written',
    steps: [
      {
        do: 'create',
        id: 's1',
        actor: 'main',
        path: 'f',
        as: 'h',
        access: 0x120089,
        share: 7,
        disposition: 1,
        options: 0,
        attributes: 0,
      },
    ],
  });
});

test('flags are written by name, short name or number', () => {
  const document = {
    ...minimal,
    steps: [
      {
        do: 'create',
        path: 'd',
        as: 'd',
        access: 'LIST_DIRECTORY|SYNCHRONIZE',
        share: 'R|W',
        disposition: 'CREATE',
        options: 'FILE_DIRECTORY_FILE|0x20',
      },
      { do: 'notify', handle: 'd', filter: 'FILE_NAME|DIR_NAME', length: 2048, as: 'n' },
    ],
  };
  expect(readWorkload(document, 'w.json').steps).toMatchObject([
    { access: 0x100001, share: 3, disposition: 2, options: 0x21 },
    { filter: 3, tree: false },
  ]);
});

test('a repetition is unrolled with its count in names and ids', () => {
  const document = {
    ...minimal,
    steps: [
      {
        do: 'repeat',
        times: 2,
        from: 8,
        steps: [
          { do: 'create', path: 'd\\f{i}', as: 'h{i}' },
          { do: 'close', handle: 'h{i}' },
        ],
      },
    ],
  };
  expect(readWorkload(document, 'w').steps.map((step) => step.id)).toEqual([
    's1.1[8]',
    's1.2[8]',
    's1.1[9]',
    's1.2[9]',
  ]);
});

describe('a workload is refused', () => {
  const step = (one: object): object => ({ ...minimal, steps: [one] });
  test.each([
    ['not an object', [], 'workload.invalid', 'not a JSON object'],
    ['no version', { name: 'w' }, 'workload.invalid', 'does not say its version'],
    ['a newer version', { workload: 2 }, 'file.newer-version', 'version 2'],
    ['an unknown step', step({ do: 'teleport' }), 'workload.invalid', 'steps.0'],
    ['an unknown field', step({ do: 'close', handle: 'h', hard: 1 }), 'workload.invalid', 'hard'],
    [
      'an unknown flag',
      step({ do: 'create', path: 'f', access: 'MAGIC' }),
      'workload.invalid',
      'MAGIC',
    ],
    ['an unknown handle', step({ do: 'close', handle: 'h' }), 'workload.invalid', 'no handle "h"'],
    [
      'an unknown request',
      step({ do: 'wait', request: 'n' }),
      'workload.invalid',
      'no request "n"',
    ],
    [
      'an unknown actor',
      step({ do: 'create', path: 'f', actor: 'ghost' }),
      'workload.invalid',
      'no actor "ghost"',
    ],
    [
      'an unknown volume',
      step({ do: 'create', path: 'f', volume: 'Z' }),
      'workload.invalid',
      'no volume "Z"',
    ],
    [
      'a path out of the root',
      step({ do: 'create', path: '..\\f' }),
      'workload.path-escapes',
      '..',
    ],
    [
      'an id used twice',
      {
        ...minimal,
        steps: [
          { do: 'create', path: 'f', id: 'a' },
          { do: 'create', path: 'g', id: 'a' },
        ],
      },
      'workload.invalid',
      '"a" is used twice',
    ],
    [
      'a bad step inside a repetition',
      step({ do: 'repeat', times: 2, steps: [{ do: 'create' }] }),
      'workload.invalid',
      's1.1',
    ],
    [
      'a repetition beyond measure',
      step({ do: 'repeat', times: 1_000_000, steps: Array(20).fill({ do: 'create', path: 'f' }) }),
      'workload.invalid',
      'more than',
    ],
  ])('%s', (_name, document, code, words) => {
    const error = thrown(document);
    expect(error.code).toBe(code);
    expect(error.problem).toContain(words);
  });
});

test.each([
  ['', false],
  ['d\\f', false],
  ['d\\f.txt', false],
  ['f:stream', false],
  ['f::$DATA', false],
  ['f:stream/x', false],
  ['f:../x', true],
  ['d/f:stream', true],
  ['...', false],
  ['..', true],
  ['d\\..\\..\\f', true],
  ['.\\f', true],
  ['\\f', true],
  ['/f', true],
  ['d/f', true],
  ['C:', true],
  ['C:\\Windows', true],
  ['d:s\\f', true],
  ['d\\f:s\\x', false],
  ['d\\f:s:x', false],
  ['d\\f:', false],
  ['d\\:', false],
  ['d\\/', false],
  ['d\\a/b', true],
  [':b/c:$DATA', false],
  ['f\0', true],
  ['\\??\\C:\\x', true],
])('the path %j leaves the root: %s', (path, escapes) => {
  expect(escapesRoot(path)).toBe(escapes);
});
