// Goal: the hash of a trace says what its text says: equal where the texts are equal, whatever else was
// added before, and another one after the smallest change of a key, a value or an order.
import { expect, test } from 'vitest';
import { TraceHash } from './traceHash.ts';

const at = { file: 'a.c', line: 429, column: 0, function: 'PreOperation' };
const events: readonly object[] = [
  { seq: 0, kind: 'step', actor: 'main', step: 's1', operation: 'create', status: 3221225524 },
  {
    ...{ seq: 1, kind: 'pre-operation', filter: 'passthrough', operation: 'o18', flags: 524289 },
    ...{ parameters: { ByteOffset: -2, MdlAddress: null, ReadBuffer: '0x0100b750' }, at },
    ...{ returned: 'FLT_PREOP_SUCCESS_WITH_CALLBACK', rules: ['one rule', 'another'] },
  },
  { seq: 2, kind: 'pre-operation', filter: 'FileInfo', operation: 'o18', parameters: {}, at },
  {
    seq: 3,
    kind: 'completion',
    entries: [{ action: 'ADDED', name: 'ä\\b' }, {}, []],
    immediate: true,
  },
  { seq: 4, kind: 'notify-report', watches: [], size: 2 ** 40 + 1, share: 0.5 },
];

function hashOf(trace: readonly object[]): string {
  const hash = new TraceHash();
  for (const event of trace) hash.add(event);
  return hash.digest();
}

type Path = readonly (string | number)[];
type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

function paths(value: unknown, here: Path = []): Path[] {
  if (!isTree(value)) return [here];
  return [here, ...Object.entries(value).flatMap(([key, one]) => paths(one, [...here, key]))];
}

/** The trace with the value at a path replaced, as new objects. */
function changed(
  value: unknown,
  [key, ...rest]: Path,
  change: (value: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  const copy = (Array.isArray(value) ? [...value] : { ...(value as Tree) }) as Tree;
  copy[key] = changed(copy[key], rest, change);
  return copy;
}

const renamed = (tree: Tree): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, one], at) => [at === 0 ? `${key}x` : key, one]),
  );

/** Each gives another text, or what is no change there. */
const changes: readonly ((value: unknown) => unknown)[] = [
  (value) => (typeof value === 'number' ? value + 1 : value),
  (value) => (typeof value === 'number' ? String(value) : value),
  (value) => (typeof value === 'number' && value > 0xffff ? value - 0x10000 : value),
  (value) => (typeof value === 'string' ? `${value}x` : value),
  (value) => (typeof value === 'string' ? `${value.slice(1)}${value.slice(0, 1)}` : value),
  (value) => (typeof value === 'string' ? null : value),
  (value) => (typeof value === 'boolean' ? !value : value),
  (value) => (value === null ? 0 : value),
  (value) => (Array.isArray(value) ? [...value, {}] : value),
  (value) => (Array.isArray(value) ? [...(value as unknown[])].reverse() : value),
  (value) => (Array.isArray(value) ? [value] : value),
  (value) => (Array.isArray(value) ? { ...value } : value),
  (value) => (isTree(value) && !Array.isArray(value) ? { ...value, more: 0 } : value),
  (value) => (isTree(value) && !Array.isArray(value) ? renamed(value) : value),
  (value) =>
    isTree(value) && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
];

test('traces of the same text have the same hash, and any others another', () => {
  const hashes = new Map<string, string>();
  const note = (trace: readonly object[]): void => {
    const text = trace.map((event) => JSON.stringify(event)).join('\n');
    const hash = hashOf(trace);
    expect(hashes.get(text) ?? hash).toBe(hash);
    hashes.set(text, hash);
  };
  note(events);
  note(structuredClone(events));
  for (const path of paths(events).slice(1)) {
    for (const change of changes) note(changed(events, path, change) as object[]);
  }
  for (let left = 0; left < events.length; left += 1) note(events.slice(left));
  expect(hashes.size).toBeGreaterThan(100);
  expect(new Set(hashes.values()).size).toBe(hashes.size);
});

test('a value that JSON leaves out is left out, and a number keeps no sign of zero', () => {
  const [plain, shown] = [
    { kind: 'irp', minor: 0 },
    { kind: 'irp', file: undefined, minor: -0 },
  ];
  expect(hashOf([shown])).toBe(hashOf([plain]));
});

test('the hash is the same on every platform', () => {
  expect(hashOf(events)).toMatchInlineSnapshot(`"12f7f79377208b72"`);
});
