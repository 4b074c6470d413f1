// Goal: the certificate is made once, is good for signing code and nothing else, and what is there is
// never overwritten, however broken.
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labCertificate } from './certificate.ts';

const signal = new AbortController().signal;
const now = new Date('2026-11-21T12:00:00Z');
let root = '';
let made = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fltlab-certificate-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const newLab = (): string => join(root, `lab-${++made}`);
const pathsOf = (lab: string) => ({
  certificate: join(lab, 'signing', 'certificate.pem'),
  key: join(lab, 'signing', 'private-key.pem'),
});

test('a new lab makes one, and uses it from then on', async () => {
  const lab = newLab();
  const first = await labCertificate(lab, { signal, now });
  const second = await labCertificate(lab, { signal, now: new Date('2030-01-01') });
  expect(second).toEqual(first);
  expect(first.subject).toMatch(/^CN=FltLab test signing [0-9a-f]{8}$/);
  const other = await labCertificate(newLab(), { signal, now });
  expect(other.thumbprint).not.toBe(first.thumbprint);
});

test('it is self-signed, for signing code, no authority, and its key fits', async () => {
  const lab = newLab();
  const told = await labCertificate(lab, { signal, now });
  const pem = await readFile(told.certificatePath, 'utf8');
  const certificate = new X509Certificate(pem);
  const key = createPrivateKey(await readFile(told.keyPath, 'utf8'));
  expect(certificate.verify(createPublicKey(key))).toBe(true);
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.checkPrivateKey(key)).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.3']);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(told.thumbprint).toBe(certificate.fingerprint.replaceAll(':', '').toLowerCase());
  expect(told.validFrom.toISOString()).toBe('2026-10-22T12:00:00.000Z');
  expect(told.validTo.getUTCFullYear()).toBe(2046);
});

test.skipIf(process.platform === 'win32')('the key is for the user alone', async () => {
  const { keyPath } = await labCertificate(newLab(), { signal, now });
  expect((await stat(keyPath)).mode & 0o777).toBe(0o600);
  expect((await stat(join(keyPath, '..'))).mode & 0o777).toBe(0o700);
});

test('two that ask at once get the same', async () => {
  const lab = newLab();
  const all = await Promise.all([1, 2, 3].map(() => labCertificate(lab, { signal, now })));
  expect(new Set(all.map(({ thumbprint }) => thumbprint)).size).toBe(1);
});

test('killed between key and certificate: the certificate is made for that key', async () => {
  const lab = newLab();
  await labCertificate(lab, { signal, now });
  const { certificate, key } = pathsOf(lab);
  const before = await readFile(key, 'utf8');
  await rm(certificate);
  const again = await labCertificate(lab, { signal, now });
  expect(await readFile(key, 'utf8')).toBe(before);
  const fits = new X509Certificate(await readFile(again.certificatePath, 'utf8')).checkPrivateKey(
    createPrivateKey(before),
  );
  expect(fits).toBe(true);
});

describe('a pair that cannot be used is an error, and stays as it was', () => {
  const rows: readonly [string, (lab: string) => Promise<void>, RegExp, Date?][] = [
    ['the key is gone', (lab) => rm(pathsOf(lab).key), /private key is missing/],
    [
      'the key is damaged',
      (lab) => writeFile(pathsOf(lab).key, 'SECRET-TEXT'),
      /private key is damaged/,
    ],
    [
      'the key is that of another lab',
      async (lab) => {
        const other = await labCertificate(newLab(), { signal, now });
        await writeFile(pathsOf(lab).key, await readFile(other.keyPath));
      },
      /not that of the certificate/,
    ],
    [
      'the certificate is damaged',
      (lab) => writeFile(pathsOf(lab).certificate, 'no certificate'),
      /certificate is damaged/,
    ],
    ['it has ended', async () => undefined, /ended on Nov 16/, new Date('2046-12-01')],
  ];

  test.each(rows)('%s', async (_title, damage, problem, later) => {
    const lab = newLab();
    await labCertificate(lab, { signal, now });
    await damage(lab);
    const before = await textsOf(lab);
    const error: unknown = await labCertificate(lab, { signal, now: later ?? now }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'sign.failed', whose: 'your lab' });
    expect(String(error)).toMatch(problem);
    expect(String(error)).not.toContain('SECRET-TEXT');
    expect(await textsOf(lab)).toEqual(before);
  });

  const textsOf = (lab: string): Promise<readonly string[]> =>
    Promise.all(Object.values(pathsOf(lab)).map((file) => readFile(file, 'utf8').catch(() => '')));
});

test('a folder that is a file is an error, not a loop', async () => {
  const lab = newLab();
  await mkdir(lab);
  await writeFile(join(lab, 'signing'), '');
  await expect(labCertificate(lab, { signal, now })).rejects.toMatchObject({ code: 'EEXIST' });
});
