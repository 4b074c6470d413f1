// Goal: who can come to call an import is found through direct calls, and whatever is not certain
// counts as calling.
import { expect, test } from 'vitest';
import { uleb } from './byteWriter.ts';
import { functionsThatMayCall } from './callGraph.ts';
import { readModule, sectionId } from './wasmModule.ts';

const [END, CALL, CALL_INDIRECT] = [0x0b, 0x10, 0x11];
/** Two imports, so the module's own functions begin at 2. */
const imports = ['waits', 'returns'];

/** A module of functions without parameters, each with the instructions given. */
function moduleOf(bodies: readonly (readonly number[])[]): Uint8Array {
  const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
  const part = (id: number, items: readonly (readonly number[])[]): number[] => {
    const payload = [...uleb(items.length), ...items.flat()];
    return [id, ...uleb(payload.length), ...payload];
  };
  const code = bodies.map((body) => {
    const whole = [0, ...body, END];
    return [...uleb(whole.length), ...whole];
  });
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...part(sectionId.type, [[0x60, 0, 0]]),
    ...part(
      sectionId.import,
      imports.map((name) => [...text('nt'), ...text(name), 0, 0]),
    ),
    ...part(
      sectionId.function,
      bodies.map(() => [0]),
    ),
    ...part(sectionId.code, code),
  ]);
}

const cases: readonly (readonly [name: string, bodies: number[][], mayCall: number[]])[] = [
  ['nothing is called', [[]], []],
  ['another import', [[CALL, 1]], []],
  ['the import itself', [[CALL, 0]], [2]],
  [
    'through two functions',
    [
      [CALL, 3],
      [CALL, 4],
      [CALL, 0],
      [CALL, 1],
    ],
    [2, 3, 4],
  ],
  [
    'in a circle',
    [
      [CALL, 3],
      [CALL, 2, CALL, 0],
    ],
    [2, 3],
  ],
  ['a number that looks like a call is none', [[0x41, CALL, 0x1a, 0x41, 0, 0x1a]], []],
  ['behind a branch table', [[0x02, 0x40, 0x41, 0, 0x0e, 1, 0, 0, END, CALL, 0]], [2]],
  ['behind a copy of memory', [[0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 10, 0, 0, CALL, 0]], [2]],
  ['through a pointer to anything', [[0x41, 0, CALL_INDIRECT, 0, 0]], [2]],
  ['through a pointer to what waits', [[], [0x41, 0, CALL_INDIRECT, 0, 0], [CALL, 0]], [3, 4]],
  ['an unknown instruction', [[0xfd, 0]], [2]],
];

test.each(cases)('%s', (_name, bodies, mayCall) => {
  const bytes = moduleOf(bodies);
  const found = functionsThatMayCall(bytes, readModule(bytes), {
    isMeant: ({ name }) => name === 'waits',
    // Function 3 calls function 4 by pointer, as the runtime calls its filters; nobody knows the rest.
    calledByPointer: (index) => (index === 3 ? [4] : null),
  });
  expect([...found].sort()).toEqual(mayCall);
});
