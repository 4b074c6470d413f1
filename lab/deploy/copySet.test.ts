// A set of files on a target: what is copied, what is not, and that a set that was cut short, or that
// somebody touched, is never taken for whole.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import type { RemoteFiles } from '../ssh/index.ts';
import { windowsPath } from '../targets/windowsPath.ts';
import { copySet, type DeployFile } from './copySet.ts';

const FOLDER = windowsPath('C:\\FltLab\\agent');

/** One folder of a target in memory. Time goes on with each file. */
class FakeFolder {
  readonly files = new Map<string, { bytes: Buffer; modified_s: number }>();
  readonly requests: string[] = [];
  exists = false;
  cutAt: string | undefined;
  #now_s = 1_700_000_000;

  edit(name: string, text: string): void {
    this.files.set(name, { bytes: Buffer.from(text), modified_s: (this.#now_s += 1) });
  }

  remote(): RemoteFiles {
    const nameOf = (path: string): string => path.slice(FOLDER.length + 1);
    const refuse = async (): Promise<never> => expect.unreachable('not needed');
    return {
      list: async () => {
        this.requests.push('list');
        const entries = [...this.files].map(([name, { bytes, modified_s }]) => ({
          name,
          kind: 'file' as const,
          size_bytes: bytes.length,
          modified_s,
        }));
        return this.exists ? entries : undefined;
      },
      makeFolder: async () => {
        this.requests.push('make');
        this.exists = true;
      },
      put: async (source, to) => {
        const name = nameOf(to);
        this.requests.push(`put ${name.replace(/-set-.*/, '-set')}`);
        if (name === this.cutAt) {
          this.edit(`${name}.fltlab-part`, 'half');
          throw new Error('cut');
        }
        this.edit(name, Buffer.from(source as Uint8Array).toString());
      },
      read: async (from) => this.files.get(nameOf(from))?.bytes ?? refuse(),
      remove: async (file) => this.files.delete(nameOf(file)),
      get: refuse,
      readIfThere: refuse,
      stat: refuse,
      rename: refuse,
      removeTree: refuse,
    };
  }

  async copy(...set: DeployFile[]): Promise<string[]> {
    this.requests.length = 0;
    return [...(await copySet(this.remote(), FOLDER, set)).copied];
  }

  get names(): string[] {
    return [...this.files.keys()].filter((name) => !name.startsWith('.fltlab-set-')).sort();
  }
}

const file = (name: string, text: string): DeployFile => ({ name, source: Buffer.from(text) });
const agent = file('agent.cjs', 'one');
const koffi = file('koffi.node', 'two');

async function deployed(): Promise<FakeFolder> {
  const folder = new FakeFolder();
  expect(await folder.copy(agent, koffi)).toEqual(['agent.cjs', 'koffi.node']);
  return folder;
}

test('the first copy makes the folder; the second is one request', async () => {
  const folder = await deployed();
  expect(folder.requests).toContain('make');
  expect(await folder.copy(koffi, agent)).toEqual([]);
  expect(folder.requests).toEqual(['list']);
});

const touched: readonly [string, (folder: FakeFolder) => unknown, string[]][] = [
  ['edited in place', (folder) => folder.edit('agent.cjs', 'ONE'), ['agent.cjs']],
  ['removed', (folder) => folder.files.delete('koffi.node'), ['koffi.node']],
  ['all removed', (folder) => folder.files.clear(), ['agent.cjs', 'koffi.node']],
];

test.each(touched)(
  'what was %s is copied again, and nothing else',
  async (_name, touch, copied) => {
    const folder = await deployed();
    touch(folder);
    expect(await folder.copy(agent, koffi)).toEqual(copied);
    expect(await folder.copy(agent, koffi)).toEqual([]);
  },
);

test('only what changed here is copied; what is no longer wanted goes', async () => {
  const folder = await deployed();
  folder.edit('notes.txt', "somebody else's");
  expect(await folder.copy(file('agent.cjs', 'new'), file('extra', '3'))).toEqual([
    'agent.cjs',
    'extra',
  ]);
  expect(folder.names).toEqual(['agent.cjs', 'extra', 'notes.txt']);
});

test('a copy that is cut leaves no whole set behind; the next one finishes it', async () => {
  const folder = await deployed();
  folder.cutAt = 'koffi.node';
  const changed = [file('agent.cjs', 'a'), file('koffi.node', 'b')] as const;
  await expect(folder.copy(...changed)).rejects.toThrow('cut');
  expect(folder.names).toContain('koffi.node.fltlab-part');
  folder.cutAt = undefined;
  expect(await folder.copy(...changed)).toEqual(['agent.cjs', 'koffi.node']);
  expect(folder.names).toEqual(['agent.cjs', 'koffi.node']);
  expect(await folder.copy(...changed)).toEqual([]);
});

test('a leftover beside a whole set is removed', async () => {
  const folder = await deployed();
  folder.edit('agent.cjs.fltlab-part', 'half');
  expect(await folder.copy(agent, koffi)).toEqual([]);
  expect(folder.names).toEqual(['agent.cjs', 'koffi.node']);
});

test('a marker that was tampered with proves nothing', async () => {
  const folder = await deployed();
  const [marker] = [...folder.files.keys()].filter((name) => name.startsWith('.fltlab-set-'));
  folder.edit(marker ?? '', 'nonsense');
  folder.edit('agent.cjs', 'ONE');
  expect(await folder.copy(agent, koffi)).toEqual(['agent.cjs', 'koffi.node']);
});

test('a file that is not there any more is an error before anything is touched', async () => {
  const folder = new FakeFolder();
  const gone = { name: 'agent.cjs', source: '/nowhere/agent.cjs' };
  await expect(folder.copy(gone)).rejects.toMatchObject({ code: 'deploy.copy-failed' });
  expect(folder.requests).toEqual([]);
});
