// Goal: a file is opened by its reference number, and a handle made so knows no name (R-IO-14).
// Method: the system services directly: the workload language has no file ids.
import { expect, test } from 'vitest';
import {
  CreateOption,
  Disposition,
  FileInformationClass,
  NtStatus,
  ntStatusName,
} from '../../../contract/windows/index.ts';
import {
  HandleTables,
  IoCore,
  newIosb,
  ntClose,
  ntCreateFile,
  ntQueryInformationFile,
  ntSetInformationFile,
  type ServiceContext,
} from '../../io/index.ts';
import { Machine } from '../../kernel/machine.ts';
import { PlainMemory } from '../../kernel/memory.ts';
import { profileOf } from '../../windows/profiles.ts';
import { createFileSystem } from '../index.ts';

const ROOT = '\\??\\C:\\';
const { FILE_OPEN, FILE_CREATE, FILE_OPEN_IF, FILE_OVERWRITE, FILE_SUPERSEDE } = Disposition;
const { FILE_DIRECTORY_FILE, FILE_NON_DIRECTORY_FILE, FILE_DELETE_ON_CLOSE } = CreateOption;
const MAXIMUM_ALLOWED = 0x02000000;
const DELETE = 0x10000;

/** The eight bytes of the number in place of a name. */
const idUnits = (id: bigint): string =>
  String.fromCharCode(...[0n, 16n, 32n, 48n].map((shift) => Number((id >> shift) & 0xffffn)));

class Bench {
  readonly context: ServiceContext;
  readonly machine: Machine;
  root = 0;

  constructor(machine: Machine) {
    this.machine = machine;
    const io = new IoCore(machine);
    this.context = { io, handles: new HandleTables() };
    io.addVolume(
      createFileSystem(machine, io, { volumeName: 'C', deviceName: '\\Device\\HarddiskVolume2' }),
    );
  }

  async open(
    name: string,
    root: number | null,
    disposition: number,
    options: number,
    access = MAXIMUM_ALLOWED,
  ) {
    return ntCreateFile(this.context, {
      object: { name, root, caseSensitive: false },
      desiredAccess: access,
      shareAccess: 7,
      disposition,
      options,
      fileAttributes: 0,
      allocationSize: 0,
      iosb: newIosb(),
    });
  }

  async openId(id: bigint, disposition: number, options = 0) {
    const byId = options | CreateOption.FILE_OPEN_BY_FILE_ID;
    return this.open(idUnits(id), this.root, disposition, byId);
  }

  async query(handle: number, fileInformationClass: number, length: number): Promise<Uint8Array> {
    const { machine, context } = this;
    const buffer = machine.user.allocate(machine.scheduler.current.process, length);
    const iosb = newIosb();
    const args = { handle, iosb, fileInformationClass, buffer, length };
    await ntQueryInformationFile(context, args);
    return machine.memory.bytes(buffer, iosb.information).slice();
  }

  async idOf(handle: number): Promise<bigint> {
    const bytes = await this.query(handle, FileInformationClass.FileInternalInformation, 8);
    return new DataView(bytes.buffer).getBigUint64(0, true);
  }

  async set(handle: number, fileInformationClass: number, bytes: Uint8Array): Promise<NtStatus> {
    const { machine, context } = this;
    const { length } = bytes;
    const buffer = machine.user.allocate(machine.scheduler.current.process, length);
    machine.memory.bytes(buffer, length).set(bytes);
    const args = { handle, iosb: newIosb(), fileInformationClass, buffer, length };
    return ntSetInformationFile(context, args);
  }
}

async function onBench(body: (bench: Bench) => Promise<void>): Promise<void> {
  const machine = new Machine({
    profile: profileOf('win10'),
    memory: new PlainMemory(),
    seed: 0,
    onEvent: () => undefined,
    gradeOf: () => undefined,
  });
  const bench = new Bench(machine);
  let done = false;
  machine.scheduler.createThread(machine.scheduler.createProcess('bench'), 'bench', async () => {
    ({ handle: bench.root } = await bench.open(ROOT, null, FILE_OPEN, FILE_DIRECTORY_FILE, 0x80));
    await body(bench);
    done = true;
  });
  await machine.scheduler.run();
  expect(done, 'the body came to its end').toBe(true);
}

const rows: readonly (readonly [
  string,
  'file' | 'directory' | 'unknown',
  number,
  number,
  string,
])[] = [
  ['a file', 'file', FILE_OPEN, 0, 'STATUS_SUCCESS'],
  ['a file, or else make it', 'file', FILE_OPEN_IF, 0, 'STATUS_SUCCESS'],
  ['a file, emptied', 'file', FILE_OVERWRITE, 0, 'STATUS_SUCCESS'],
  ['a file, replaced', 'file', FILE_SUPERSEDE, 0, 'STATUS_SUCCESS'],
  ['a file cannot be made', 'file', FILE_CREATE, 0, 'STATUS_OBJECT_NAME_COLLISION'],
  ['a file is no directory', 'file', FILE_OPEN, FILE_DIRECTORY_FILE, 'STATUS_NOT_A_DIRECTORY'],
  ['a directory', 'directory', FILE_OPEN, FILE_DIRECTORY_FILE, 'STATUS_SUCCESS'],
  [
    'a directory is no file',
    'directory',
    FILE_OPEN,
    FILE_NON_DIRECTORY_FILE,
    'STATUS_FILE_IS_A_DIRECTORY',
  ],
  ['nothing', 'unknown', FILE_OPEN, 0, 'STATUS_INVALID_PARAMETER'],
  ['nothing cannot be made', 'unknown', FILE_CREATE, 0, 'STATUS_INVALID_PARAMETER'],
];

test.each(rows)('%s', (_title, what, disposition, options, status) =>
  onBench(async (bench) => {
    const kind = what === 'directory' ? FILE_DIRECTORY_FILE : FILE_NON_DIRECTORY_FILE;
    const { handle } = await bench.open(`${ROOT}x`, null, FILE_CREATE, kind, 0x80);
    const id = what === 'unknown' ? 0x7n : await bench.idOf(handle);
    const found = await bench.openId(id, disposition, options);
    expect(ntStatusName(found.status)).toBe(status);
  }),
);

test('a root handle is needed', () =>
  onBench(async (bench) => {
    const { handle } = await bench.open(`${ROOT}x`, null, FILE_CREATE, 0, 0x80);
    const id = await bench.idOf(handle);
    const name = ROOT + idUnits(id);
    const found = await bench.open(name, null, FILE_OPEN, CreateOption.FILE_OPEN_BY_FILE_ID);
    expect(ntStatusName(found.status)).toBe('STATUS_INVALID_PARAMETER');
  }));

test('a handle without a name neither renames nor deletes, not even when it is closed', () =>
  onBench(async (bench) => {
    const { context } = bench;
    const { handle } = await bench.open(`${ROOT}x`, null, FILE_CREATE, 0, 0x80);
    const byId = await bench.openId(await bench.idOf(handle), FILE_OPEN, FILE_DELETE_ON_CLOSE);
    const one = Uint8Array.of(1);
    const { FileDispositionInformation, FileRenameInformation, FileNameInformation } =
      FileInformationClass;
    expect(await bench.set(byId.handle, FileDispositionInformation, one)).toBe(
      NtStatus.STATUS_INVALID_PARAMETER,
    );
    const toY = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0x79, 0, 0, 0);
    expect(await bench.set(byId.handle, FileRenameInformation, toY)).toBe(
      NtStatus.STATUS_INVALID_PARAMETER,
    );
    const name = Buffer.from(await bench.query(byId.handle, FileNameInformation, 64));
    expect(name.subarray(4).toString('utf16le')).toBe('\\x');
    await ntClose(context, byId.handle);
    await ntClose(context, handle);
    expect((await bench.open(`${ROOT}x`, null, FILE_OPEN, 0, 0x80)).status).toBe(0);
  }));

test('a file that has lost its last name is going away', () =>
  onBench(async (bench) => {
    const { context } = bench;
    const first = await bench.open(`${ROOT}x`, null, FILE_CREATE, 0);
    const second = await bench.open(`${ROOT}x`, null, FILE_OPEN, 0, DELETE);
    const id = await bench.idOf(first.handle);
    const posixDelete = Uint8Array.of(3, 0, 0, 0);
    await bench.set(second.handle, FileInformationClass.FileDispositionInformationEx, posixDelete);
    await ntClose(context, second.handle);
    expect((await bench.openId(id, FILE_OPEN)).status).toBe(NtStatus.STATUS_DELETE_PENDING);
    await ntClose(context, first.handle);
    expect((await bench.openId(id, FILE_OPEN)).status).toBe(NtStatus.STATUS_INVALID_PARAMETER);
  }));
