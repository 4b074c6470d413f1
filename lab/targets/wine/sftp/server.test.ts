// The SFTP server of a Wine target, packet by packet: what a client of Windows' OpenSSH would see, and
// every way out of the drive closed.
import { PassThrough } from 'node:stream';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { driveMap } from './driveMap.ts';
import { serveSftp, SftpServer } from './server.ts';
import {
  encodePacket,
  MalformedPacket,
  OpenFlag,
  PacketReader,
  PacketSplitter,
  PacketType,
  Status,
  type Field,
} from './wire.ts';

const HOME = '/C:/users/ann';
let scratch: string;
let drive: string;
let server: SftpServer;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'fltlab-sftp-'));
  drive = path.join(scratch, 'drive_c');
  await mkdir(path.join(drive, 'users/ann'), { recursive: true });
  await mkdir(path.join(drive, 'Windows/System32'), { recursive: true });
  await writeFile(path.join(drive, 'Windows/System32/FltMgr.sys'), 'MZ');
  await writeFile(path.join(scratch, 'secret'), 'secret');
  await symlink(scratch, path.join(drive, 'out'));
  await symlink(path.join(scratch, 'secret'), path.join(drive, 'leak.txt'));
  await symlink('Windows', path.join(drive, 'inside'));
  server = new SftpServer(driveMap(drive, HOME));
});
afterAll(async () => {
  await server.closeAll();
  await rm(scratch, { recursive: true });
});

interface Answer {
  readonly type: number;
  readonly status: number | undefined;
  readonly fields: PacketReader;
}

async function ask(type: number, ...fields: Field[]): Promise<Answer> {
  const packet = encodePacket(type, [7, ...fields]);
  const answer = await server.answer(packet.subarray(4));
  const reader = new PacketReader(answer.subarray(5));
  expect(reader.uint32(), 'the request is named in its answer').toBe(7);
  const kind = answer[4] ?? 0;
  return {
    type: kind,
    status: kind === PacketType.STATUS ? reader.uint32() : undefined,
    fields: reader,
  };
}

const none = {};

// Every request that takes a path, with a path that must not work.
const pathRequests: readonly [string, number, (path: string) => Field[]][] = [
  ['open to read', PacketType.OPEN, (asked) => [asked, OpenFlag.READ, none]],
  ['open to write', PacketType.OPEN, (asked) => [asked, OpenFlag.WRITE | OpenFlag.CREAT, none]],
  ['stat', PacketType.STAT, (asked) => [asked]],
  ['lstat', PacketType.LSTAT, (asked) => [asked]],
  ['setstat', PacketType.SETSTAT, (asked) => [asked, { accessed_s: 1, modified_s: 1 }]],
  ['list', PacketType.OPENDIR, (asked) => [asked]],
  ['remove', PacketType.REMOVE, (asked) => [asked]],
  ['make folder', PacketType.MKDIR, (asked) => [`${asked}`, none]],
  ['remove folder', PacketType.RMDIR, (asked) => [asked]],
  ['rename from', PacketType.RENAME, (asked) => [asked, '/C:/users/ann/taken']],
  ['rename to', PacketType.RENAME, (asked) => ['/C:/Windows', asked]],
  ['replace', PacketType.EXTENDED, (asked) => ['posix-rename@openssh.com', '/C:/Windows', asked]],
];
const escapes = [
  '/etc/passwd',
  '/D:/x',
  '/Z:/etc/passwd',
  '/C:/../../secret',
  '/C:/users/../../secret',
  '../../../../secret',
  '/C:/out/secret',
  '/C:/out',
  '/C:/leak.txt',
  '/C:/inside/../../secret',
  '/C:/users\\..\\..\\secret',
  '/C:/users/ann/nul',
  '/C:/users/ann/x:stream',
  '/C:/users/ann/x\0y',
  '/C:/users/ann/trailing.',
];
const refusals: readonly number[] = [Status.NO_SUCH_FILE, Status.PERMISSION_DENIED, Status.FAILURE];

test.each(pathRequests)('%s never leaves the drive', async (_name, type, fields) => {
  for (const escape of escapes) {
    const { status } = await ask(type, ...fields(escape));
    expect([escape, refusals.includes(status ?? -1)]).toEqual([escape, true]);
  }
  expect(await readFile(path.join(scratch, 'secret'), 'utf8')).toBe('secret');
});

test.each([
  ['.', HOME],
  ['', HOME],
  ['x/y', `${HOME}/x/y`],
  ['/', '/'],
  ['/c:', '/C:'],
  ['/c:/Windows/./System32/../x', '/C:/Windows/x'],
  ['..', '/C:/users'],
])('the real path of %j', async (asked, expected) => {
  const { type, fields } = await ask(PacketType.REALPATH, asked);
  expect([type, fields.uint32(), fields.text()]).toEqual([PacketType.NAME, 1, expected]);
});

test('names are found in any case, and links inside the drive are followed', async () => {
  for (const asked of ['/C:/WINDOWS/system32/FLTMGR.SYS', '/c:/inside/System32/fltmgr.sys']) {
    const { fields, type } = await ask(PacketType.STAT, asked);
    expect([asked, type, fields.attributes().size_bytes]).toEqual([asked, PacketType.ATTRS, 2]);
  }
});

test('a new file takes the place of one in another case', async () => {
  await writeTo('/C:/users/ann/Part.sys', 'new');
  await writeTo('/C:/users/ann/Driver.sys', 'old');
  const replace = [
    'posix-rename@openssh.com',
    '/C:/users/ann/part.SYS',
    '/C:/users/ann/DRIVER.sys',
  ];
  expect((await ask(PacketType.EXTENDED, ...replace)).status).toBe(Status.OK);
  expect(await list('/C:/users/ann')).toEqual(['Driver.sys']);
  expect(await readFile(path.join(drive, 'users/ann/Driver.sys'), 'utf8')).toBe('new');
  expect((await ask(PacketType.REMOVE, '/C:/users/ann/driver.sys')).status).toBe(Status.OK);
});

test('a plain rename does not replace, but may change case', async () => {
  await writeTo('/C:/users/ann/a', '1');
  await writeTo('/C:/users/ann/b', '2');
  const rename = async (from: string, to: string) =>
    (await ask(PacketType.RENAME, `/C:/users/ann/${from}`, `/C:/users/ann/${to}`)).status;
  expect([await rename('a', 'B'), await rename('b', 'B')]).toEqual([Status.FAILURE, Status.OK]);
  expect(await list('/C:/users/ann')).toEqual(['B', 'a']);
  for (const name of ['a', 'b']) await ask(PacketType.REMOVE, `/C:/users/ann/${name}`);
});

test('the list of drives holds one, and links that lead out are not listed', async () => {
  expect(await list('/')).toEqual(['C:']);
  expect(await list('/C:')).toEqual(['Windows', 'inside', 'users']);
});

test('a file is read from anywhere up to its end', async () => {
  await writeTo('/C:/users/ann/x', 'hello');
  const handle = await opened('/C:/users/ann/x', OpenFlag.READ);
  const read = (at: number, length: number) => ask(PacketType.READ, handle, 0, at, length);
  expect((await read(1, 3)).fields.text()).toBe('ell');
  expect((await read(3, 100)).fields.text()).toBe('lo');
  expect((await read(5, 100)).status).toBe(Status.EOF);
  expect((await ask(PacketType.CLOSE, handle)).status).toBe(Status.OK);
  expect((await ask(PacketType.CLOSE, handle)).status).toBe(Status.FAILURE);
  expect((await read(0, 1)).status).toBe(Status.FAILURE);
  await ask(PacketType.REMOVE, '/C:/users/ann/x');
});

test.each([
  ['an unknown request', 99, []],
  ['an unknown extension', PacketType.EXTENDED, ['statvfs@openssh.com', '/C:/']],
])('%s is not supported', async (_name, type, fields) => {
  expect((await ask(type, ...fields)).status).toBe(Status.OP_UNSUPPORTED);
});

test('a request that ends before its fields is a bad message, not a crash', async () => {
  expect((await ask(PacketType.OPEN)).status).toBe(Status.BAD_MESSAGE);
  expect((await ask(PacketType.RENAME, '/C:/Windows')).status).toBe(Status.BAD_MESSAGE);
});

test('a stream is cut into packets wherever its chunks end', () => {
  const packets = [encodePacket(1, [3]), encodePacket(17, [9, '/C:/x'])];
  const stream = Buffer.concat(packets);
  for (let size = 1; size <= stream.length; size += 1) {
    const splitter = new PacketSplitter();
    const found: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) {
      found.push(...splitter.push(stream.subarray(at, at + size)));
    }
    expect(found.map((each) => each.toString('hex'))).toEqual(
      packets.map((each) => each.subarray(4).toString('hex')),
    );
  }
});

test.each([0, 0x7fff_ffff])('a packet of %d bytes ends the session', async (length) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  const input = new PassThrough();
  input.end(head);
  const served = serveSftp(driveMap(drive, HOME), input, new PassThrough());
  await expect(served).rejects.toBeInstanceOf(MalformedPacket);
});

async function opened(asked: string, flags: number): Promise<Buffer> {
  const { fields, type } = await ask(PacketType.OPEN, asked, flags, none);
  expect(type).toBe(PacketType.HANDLE);
  return Buffer.from(fields.bytes());
}

async function writeTo(asked: string, text: string): Promise<void> {
  const handle = await opened(asked, OpenFlag.WRITE | OpenFlag.CREAT | OpenFlag.TRUNC);
  expect((await ask(PacketType.WRITE, handle, 0, 0, text)).status).toBe(Status.OK);
  await ask(PacketType.CLOSE, handle);
}

async function list(asked: string): Promise<string[]> {
  const { fields } = await ask(PacketType.OPENDIR, asked);
  const handle = Buffer.from(fields.bytes());
  const names: string[] = [];
  for (;;) {
    const answer = await ask(PacketType.READDIR, handle);
    if (answer.type !== PacketType.NAME) break;
    for (let left = answer.fields.uint32(); left > 0; left -= 1) {
      names.push(answer.fields.text());
      answer.fields.text();
      answer.fields.attributes();
    }
  }
  await ask(PacketType.CLOSE, handle);
  return names.sort();
}
