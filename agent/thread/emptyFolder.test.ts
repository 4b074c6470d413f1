// Goal: a folder is emptied of everything, and nothing outside it is touched, whatever leads there.
// Method: a small volume behind a fake ntdll; folders, files, and links to things elsewhere.
import { expect, test } from 'vitest';
import type { NativeArgument, NtRoutine } from '../native/nativeApi.ts';
import { FakeNative, type FakeRoutine } from '../testing/fakeNative.ts';
import { emptyFolder } from './emptyFolder.ts';

const READONLY = 0x1;
const DIRECTORY = 0x10;
const LINK = 0x400;

interface Node {
  attributes: number;
  readonly children: Map<string, Node>;
  /** Refuses to be opened, or to be deleted, with this status. */
  refusesOpen?: number;
  refusesDelete?: number;
  /** Becomes a link when it is opened: somebody else works in the folder too. */
  turns?: boolean;
}

const node = (attributes: number, children: Record<string, Node> = {}, more = {}): Node => ({
  attributes,
  children: new Map(Object.entries(children)),
  ...more,
});
const file = (more = {}): Node => node(0x20, {}, more);
const folder = (children: Record<string, Node> = {}, more = {}): Node =>
  node(DIRECTORY, children, more);

interface Open {
  readonly node: Node;
  readonly parent: Node | undefined;
  readonly name: string;
  listed: boolean;
  deleted: boolean;
}

/** The volume: `top` is the folder that is emptied. */
function volume(top: Node | undefined): FakeNative {
  const handles = new Map<number, Open>();
  let next = 0;
  const create: FakeRoutine = (native, ...given) => {
    const attributes = native.at(given[2]);
    const string = native.at(attributes.readBigUInt64LE(16));
    const name = native.read(string.readBigUInt64LE(8), string.readUInt16LE(0)).toString('utf16le');
    const parent = handles.get(Number(attributes.readBigUInt64LE(8)))?.node;
    const found = parent === undefined ? top : parent.children.get(name);
    if (found === undefined) return 0xc0000034;
    if (found.refusesOpen !== undefined) return found.refusesOpen;
    const openReparsePoint = (Number(given[8]) & 0x200000) !== 0;
    if (!openReparsePoint) throw new Error(`${name} was opened through its reparse point`);
    if (found.turns === true) found.attributes |= LINK;
    next += 4;
    handles.set(next, { node: found, parent, name, listed: false, deleted: false });
    native.at(given[0]).writeBigUInt64LE(BigInt(next));
    return 0;
  };
  const list: FakeRoutine = (native, ...given) => {
    const open = handles.get(Number(given[0]));
    if (open === undefined || open.listed) return 0x80000006;
    if ((open.node.attributes & LINK) !== 0)
      throw new Error(`${open.name} is a link and was listed`);
    open.listed = true;
    const entries = [['.', DIRECTORY] as const, ['..', DIRECTORY] as const].concat(
      [...open.node.children].map(([name, one]) => [name, one.attributes] as never),
    );
    let at = 0;
    const buffer = native.at(given[5]);
    for (const [index, [name, attributes]] of entries.entries()) {
      const size = 64 + 2 * name.length;
      buffer.writeUInt32LE(index === entries.length - 1 ? 0 : size, at);
      buffer.writeUInt32LE(attributes, at + 56);
      buffer.writeUInt32LE(2 * name.length, at + 60);
      buffer.write(name, at + 64, 'utf16le');
      at += size;
    }
    native.complete({ block: given[4] as bigint }, { status: 0, information: at });
    return 0;
  };
  const query: FakeRoutine = (native, ...given) => {
    native.at(given[2]).writeUInt32LE(handles.get(Number(given[0]))?.node.attributes ?? 0, 32);
    return 0;
  };
  const set: FakeRoutine = (native, ...given) => {
    const open = handles.get(Number(given[0]));
    if (open === undefined) return 0xc0000008;
    if (given[4] === 4) {
      open.node.attributes = (open.node.attributes & ~READONLY) >>> 0;
      return 0;
    }
    if (open.node.refusesDelete !== undefined) return open.node.refusesDelete;
    if ((open.node.attributes & READONLY) !== 0) return 0xc0000121;
    const isPlainFolder = (open.node.attributes & (DIRECTORY | LINK)) === DIRECTORY;
    if (isPlainFolder && open.node.children.size > 0) return 0xc0000101;
    open.deleted = true;
    return 0;
  };
  const close: FakeRoutine = (_native, handle: NativeArgument | undefined) => {
    const open = handles.get(Number(handle));
    if (open?.deleted === true) open.parent?.children.delete(open.name);
    handles.delete(Number(handle));
    return 0;
  };
  const routines: Partial<Record<NtRoutine, FakeRoutine>> = {
    NtCreateFile: create,
    NtQueryDirectoryFile: list,
    NtQueryInformationFile: query,
    NtSetInformationFile: set,
    NtClose: close,
  };
  return new FakeNative(routines);
}

const NAME = '\\??\\C:\\work';

async function emptied(top: Node | undefined): Promise<unknown[]> {
  const native = volume(top);
  const left = await emptyFolder(native, NAME);
  expect(native.blocksAllocated, 'all memory is given back').toBe(0);
  return left.map(({ path, status }) => [path, status]);
}

test('folders in folders, read-only files, names that Win32 cannot say', async () => {
  const top = folder({
    a: folder({ b: folder({ c: file() }), d: file({ attributes: READONLY }) }),
    'x.': file(),
    CON: file(),
    locked: folder({}, { attributes: DIRECTORY | READONLY }),
  });
  expect(await emptied(top)).toEqual([]);
  expect([...top.children.keys()]).toEqual([]);
});

test('links are removed; what they lead to is neither listed nor emptied', async () => {
  const outside = { keep: file() };
  const top = folder({
    junction: node(DIRECTORY | LINK, outside),
    symlink: node(LINK),
    deep: folder({ junction: node(DIRECTORY | LINK, outside) }),
  });
  expect(await emptied(top)).toEqual([]);
  expect([...top.children.keys()]).toEqual([]);
});

test('a folder that becomes a link between listing and opening is removed as a link', async () => {
  const top = folder({ trap: folder({ keep: file() }, { turns: true }) });
  expect(await emptied(top)).toEqual([]);
  expect([...top.children.keys()]).toEqual([]);
});

test('a root that is itself a link is not emptied', async () => {
  const top = node(DIRECTORY | LINK, { keep: file() });
  expect(await emptied(top)).toEqual([[NAME, 0xc000050b]]);
  expect([...top.children.keys()]).toEqual(['keep']);
});

test('what cannot be opened or deleted is named, and the rest goes', async () => {
  const top = folder({
    held: file({ refusesOpen: 0xc0000043 }),
    deep: folder({ stuck: file({ refusesDelete: 0xc0000022 }), gone: file() }),
  });
  expect(await emptied(top)).toEqual(
    expect.arrayContaining([
      [`${NAME}\\held`, 0xc0000043],
      [`${NAME}\\deep\\stuck`, 0xc0000022],
      [`${NAME}\\deep`, 0xc0000101],
    ]),
  );
  expect([...(top.children.get('deep')?.children.keys() ?? [])]).toEqual(['stuck']);
});

test('a folder that is not there is empty; one that cannot be opened is not', async () => {
  expect(await emptied(undefined)).toEqual([]);
  expect(await emptied(folder({}, { refusesOpen: 0xc0000022 }))).toEqual([[NAME, 0xc0000022]]);
});

test('a tree as deep as paths can be does not end the thread', async () => {
  let top = folder();
  for (let depth = 0; depth < 5_000; depth += 1) top = folder({ d: top });
  expect(await emptied(top)).toEqual([]);
  expect(top.children.size).toBe(0);
});
