// Goal: a driver is signed so that osslsigncode proves it, and one changed byte, wherever it lies, is
// seen.
// Method: a real image is signed by the real program; then bytes are flipped all over the file, once
// as they are and once with the checksum put right again, as somebody would who means it.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assetPath } from '../assets.ts';
import { debianClang, readPe } from '../build/index.ts';
import { osslsigncode } from './osslsigncode.ts';
import { signerOf } from '../deploy/signature.ts';
import { signDriver, verifySignature, type SignedDriver } from './signDriver.ts';

const signal = new AbortController().signal;
const progress = (): void => undefined;
let root = '';
let dataFolder = '';
let unsigned = '';
let signed: SignedDriver;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fltlab-sign-'));
  dataFolder = join(root, 'data');
  const built = await debianClang({ libraryFolder: join(root, 'libraries') }).build(
    {
      name: 'idioms',
      folder: assetPath('lab/build/testdata'),
      sources: ['idioms.c'],
      defines: [],
      architecture: 'x64',
      configuration: 'debug',
      outFolder: join(root, 'out'),
    },
    signal,
    progress,
  );
  unsigned = built.sysPath;
  signed = await signDriver({ sysPath: unsigned, dataFolder, signal, progress });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const verify = (file: string) => verifySignature({ file, dataFolder, signal });

test('the program is there', async () => {
  expect(await osslsigncode().probe(signal)).toMatchObject({ available: true });
});

test('signed and proved', async () => {
  expect(signed).toMatchObject({ digestAlgorithm: 'SHA256', pageHashes: true, cached: false });
  expect(await verify(signed.sysPath)).toEqual({
    verified: true,
    subject: signed.certificate.subject,
    digestAlgorithm: 'SHA256',
    pageHashes: true,
  });
  const image = await readPe(signed.sysPath);
  expect(image.checksum.stored).toBe(image.checksum.computed);
  expect(image.certificateTable).toBeDefined();
  const { thumbprint } = signed.certificate;
  expect(signerOf(await readFile(signed.sysPath), 'signed')).toEqual({
    thumbprint: thumbprint.toUpperCase(),
    selfSigned: true,
  });
  expect(signerOf(await readFile(unsigned), 'unsigned')).toBeUndefined();
  // The code is what the linker made: only checksum and certificate table differ.
  expect((await readPe(unsigned)).sections).toEqual(image.sections);
  expect((await readPe(unsigned)).certificateTable).toBeUndefined();
});

test('a second time nothing is signed, and another lab signs anew', async () => {
  const told: string[] = [];
  const say = (text: string): void => void told.push(text);
  const again = await signDriver({ sysPath: unsigned, dataFolder, signal, progress: say });
  expect(again).toEqual({ ...signed, cached: true });
  expect(told).toEqual([]);
  const other = join(root, 'other-data');
  const copy = join(root, 'copy', 'idioms.sys');
  await mkdir(join(root, 'copy'));
  await writeFile(copy, await readFile(unsigned));
  const theirs = await signDriver({ sysPath: copy, dataFolder: other, signal, progress: say });
  expect(told).toEqual([`Signing idioms.sys as ${theirs.certificate.subject}.`]);
  expect(await verify(theirs.sysPath)).toMatchObject({ reason: 'another-certificate' });
});

test('the same driver signed in two folders is the same file', async () => {
  const copy = join(root, 'again', 'idioms.sys');
  await mkdir(join(root, 'again'));
  await writeFile(copy, await readFile(unsigned));
  const again = await signDriver({ sysPath: copy, dataFolder, signal, progress });
  expect(again).toMatchObject({ cached: false, sha256: signed.sha256 });
});

test('a signed file that was damaged since is signed again', async () => {
  await writeFile(signed.sysPath, 'not what it was');
  const again = await signDriver({ sysPath: unsigned, dataFolder, signal, progress });
  expect(again).toMatchObject({ cached: false, sha256: signed.sha256 });
});

test('nothing is left beside the signed file', async () => {
  const names = await readdir(join(root, 'out', 'signed'));
  expect(names.sort()).toEqual(['idioms.sys', 'idioms.sys.made-from']);
  expect((await stat(unsigned)).isFile()).toBe(true);
});

describe('tampered with', () => {
  /** A byte every so often: headers, code, data, certificate table. */
  const places = (size: number): readonly number[] =>
    Array.from({ length: 40 }, (_, index) => Math.floor((index * (size - 1)) / 39));

  async function withByteFlipped(where: number, mend: (bytes: Buffer) => void): Promise<string> {
    const bytes = await readFile(signed.sysPath);
    bytes[where] = (bytes[where] ?? 0) ^ 0x01;
    mend(bytes);
    const file = join(root, `tampered-${where}.sys`);
    await writeFile(file, bytes);
    return file;
  }

  /** As imagehlp computes it; the reader may refuse what was damaged, so it is not asked. */
  function mendChecksum(bytes: Buffer): void {
    const checksumAt = bytes.readUInt32LE(0x3c) + 24 + 64;
    bytes.writeUInt32LE(0, checksumAt);
    let sum = 0;
    for (let at = 0; at < bytes.length; at += 2) {
      sum += at + 1 < bytes.length ? bytes.readUInt16LE(at) : bytes.readUInt8(at);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    bytes.writeUInt32LE(sum + bytes.length, checksumAt);
  }

  /** The reason, or the code of the error: a damaged header is refused before the signature. */
  const seenOf = (file: string): Promise<string | undefined> =>
    verify(file).then(
      (verification) => (verification.verified ? 'verified' : verification.reason),
      (error: { code?: string }) => error.code,
    );

  test('one byte, anywhere', async () => {
    const size = (await stat(signed.sysPath)).size;
    for (const where of places(size)) {
      const file = await withByteFlipped(where, () => undefined);
      const seen = await seenOf(file);
      expect(['content-changed', 'build.not-a-pe'], `byte ${where}`).toContain(seen);
    }
  });

  test('one byte of the sections, with the checksum put right', async () => {
    const { sections } = await readPe(signed.sysPath);
    const stored = sections.filter(({ fileSize_bytes }) => fileSize_bytes > 0);
    for (const { fileOffset, fileSize_bytes, name } of stored) {
      for (const where of [fileOffset, fileOffset + fileSize_bytes - 1]) {
        const file = await withByteFlipped(where, mendChecksum);
        const expected = ['content-changed', 'build.not-a-pe'];
        expect(expected, `${name}, byte ${where}`).toContain(await seenOf(file));
      }
    }
  });

  test('one byte of the signature, with the checksum put right', async () => {
    const { certificateTable } = await readPe(signed.sysPath);
    const start = certificateTable?.offset ?? 0;
    const size = certificateTable?.size_bytes ?? 0;
    for (const share of [0.2, 0.4, 0.6, 0.8, 0.95]) {
      const file = await withByteFlipped(start + Math.floor(size * share), mendChecksum);
      expect(await verify(file), `at ${share}`).toMatchObject({ verified: false });
    }
  });

  test('the signature taken off', async () => {
    expect(await verify(unsigned)).toMatchObject({ verified: false, reason: 'not-signed' });
  });
});

test('what is no image is not signed', async () => {
  const file = join(root, 'text.sys');
  await writeFile(file, 'MZ, but nothing else');
  await expect(signDriver({ sysPath: file, dataFolder, signal, progress })).rejects.toMatchObject({
    code: 'build.not-a-pe',
  });
});

test('without osslsigncode the package is named, and nothing is left', async () => {
  const signer = osslsigncode({ find: async () => undefined });
  const file = join(root, 'bare', 'idioms.sys');
  await mkdir(join(root, 'bare'));
  await writeFile(file, await readFile(unsigned));
  const tried = signDriver({ sysPath: file, dataFolder, signer, signal, progress });
  await expect(tried).rejects.toMatchObject({ code: 'build.toolchain-missing' });
  expect(await readdir(join(root, 'bare', 'signed'))).toEqual([]);
});

test('cancelled: nothing is left', async () => {
  const file = join(root, 'cancelled', 'idioms.sys');
  await mkdir(join(root, 'cancelled'));
  await writeFile(file, await readFile(unsigned));
  const abort = new AbortController();
  const request = {
    sysPath: file,
    dataFolder,
    signal: abort.signal,
    progress: () => abort.abort(),
  };
  await expect(signDriver(request)).rejects.toMatchObject({ code: 'run.cancelled' });
  expect(await readdir(join(root, 'cancelled', 'signed'))).toEqual([]);
});
