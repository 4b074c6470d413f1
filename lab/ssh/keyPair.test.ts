// Goal: a key that was made is one that OpenSSH takes. Method: its halves are looked at; a maker that cuts
// a zero off, as ssh2 does with one key of 256.
import { expect, test } from 'vitest';
import { createKeyPair } from './keyPair.ts';

const blob = (publicKey: string): Buffer => Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');

test('a key has 32 bytes, and its comment', () => {
  const { publicKey, privateKey } = createKeyPair('lab');
  expect([blob(publicKey).length, publicKey.split(' ')[2]]).toEqual([51, 'lab']);
  expect(privateKey).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----/);
});

test('a key whose first byte was cut off is not taken', () => {
  const whole = createKeyPair('lab');
  const cut = blob(whole.publicKey).subarray(0, 50).toString('base64');
  const made = [{ ...whole, publicKey: `ssh-ed25519 ${cut} lab` }, whole];
  expect(createKeyPair('lab', () => made.shift() ?? whole)).toBe(whole);
});
