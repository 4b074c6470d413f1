// Goal: what osslsigncode prints is understood, and never taken for more than it says.
// Method: the texts are those of osslsigncode 2.9, shortened; a fake runner stands for the program.
import { expect, test } from 'vitest';
import type { ProgramResult } from '../process/index.ts';
import type { LabCertificate } from './certificate.ts';
import { osslsigncode, readVerification } from './osslsigncode.ts';
import type { Verification } from './signer.ts';

const subject = 'CN=FltLab test signing 1a2b3c4d';

const text = (change: {
  readonly digest?: string;
  readonly name?: string;
  readonly end?: string;
}) =>
  [
    'PE checksum   : 0000C3F5',
    '',
    'Signature Index: 0  (Primary Signature)',
    '',
    'Message digest algorithm  : SHA256',
    'Current message digest    : EE72',
    `Calculated message digest : ${change.digest ?? 'EE72'}`,
    '',
    'Page hash algorithm  : SHA256',
    'Page hash            : 0000000035266CDF ...',
    '',
    "Signer's certificate:",
    '\tSigner #0:',
    `\t\tSubject: ${change.name ?? '/CN=FltLab test signing 1a2b3c4d'}`,
    `\t\tIssuer : ${change.name ?? '/CN=FltLab test signing 1a2b3c4d'}`,
    '',
    change.end ?? 'Signature verification: ok\n\nNumber of verified signatures: 1\nSucceeded',
  ].join('\n');

const good: Verification = {
  verified: true,
  subject,
  digestAlgorithm: 'SHA256',
  pageHashes: true,
};

const failed = 'Signature verification: failed\n\nNumber of verified signatures: 1\nFailed';

const rows: readonly [string, number, string, Verification['verified'] | string][] = [
  ['a good signature', 0, text({}), true],
  ['no signature', 1, 'PE checksum   : 0000BB00\n\nNo signature found\nFailed', 'not-signed'],
  ['another digest', 1, text({ digest: 'AEE1     MISMATCH!!!' }), 'content-changed'],
  ['another signer', 1, text({ name: '/CN=Somebody', end: failed }), 'another-certificate'],
  ['another signer that verifies', 0, text({ name: '/CN=Somebody' }), 'another-certificate'],
  [
    'the same name, another key',
    1,
    text({ end: `\tError: self-signed certificate\n${failed}` }),
    'another-certificate',
  ],
  ['a damaged signature', 1, text({ end: failed }), 'signature-invalid'],
  ['success that it does not state', 0, text({ end: 'Succeeded' }), 'signature-invalid'],
  ['a failing code beside a good text', 1, text({}), 'signature-invalid'],
  ['nothing at all', 0, '', 'signature-invalid'],
];

test.each(rows)('%s', (_title, code, said, expected) => {
  const verification = readVerification({ code, text: said }, subject);
  if (expected === true) expect(verification).toEqual(good);
  else expect(verification).toEqual({ verified: false, reason: expected, detail: said });
});

const certificate: LabCertificate = {
  certificatePath: '/data/c.pem',
  keyPath: '/data/k.pem',
  subject,
  thumbprint: '00',
  validFrom: new Date('2026-10-22T08:31:40Z'),
  validTo: new Date('2046-10-22'),
};
const signal = new AbortController().signal;
const request = { unsigned: '/a.sys', signed: '/b.sys', certificate };

function signerThat(answers: Partial<Extract<ProgramResult, { kind: 'exited' }>>) {
  const started: (readonly string[])[] = [];
  const signer = osslsigncode({
    find: async () => '/usr/bin/osslsigncode',
    run: async (_program, args) => {
      started.push(args);
      return { kind: 'exited', code: 0, stdout: '', stderr: '', truncated: false, ...answers };
    },
  });
  return { signer, started };
}

test('the command line: SHA-256, page hashes, a time that does not depend on the clock', async () => {
  const { signer, started } = signerThat({});
  await signer.sign(request, signal);
  expect(started[0]?.join(' ')).toBe(
    'sign -certs /data/c.pem -key /data/k.pem -h sha256 -ph -time 1792657900 -in /a.sys -out /b.sys',
  );
});

test('a failure carries what the program said', async () => {
  const { signer } = signerThat({ code: 1, stderr: 'Unsupported file type' });
  await expect(signer.sign(request, signal)).rejects.toMatchObject({
    code: 'sign.failed',
    detail: 'Unsupported file type',
  });
});

test('without the program the package is named', async () => {
  const signer = osslsigncode({ find: async () => undefined });
  expect(await signer.probe(signal)).toMatchObject({
    available: false,
    missing: [{ part: 'osslsigncode', package: 'osslsigncode' }],
  });
  for (const tried of [signer.sign(request, signal), signer.verify('/a', certificate, signal)]) {
    await expect(tried).rejects.toMatchObject({
      code: 'build.toolchain-missing',
      remedy: 'Install it, on Debian with: apt-get install osslsigncode',
    });
  }
});

test('the version is told', async () => {
  const { signer } = signerThat({ stdout: 'osslsigncode 2.9, using:\n\tOpenSSL 3.0.13\n' });
  expect(await signer.probe(signal)).toEqual({ available: true, version: '2.9', missing: [] });
});
