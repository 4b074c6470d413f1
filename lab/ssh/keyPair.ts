// Key pairs of the lab's own: for the servers that it runs itself, and for itself towards targets.
import ssh2 from 'ssh2';
import { assert } from '../../contract/assert.ts';
import { fingerprintOf, type Fingerprint } from './hostKey.ts';

export interface KeyPair {
  /** OpenSSH form, unencrypted: belongs in a file that only the user can read, and nowhere else. */
  readonly privateKey: string;
  /** "ssh-ed25519 AAAA… comment", a line of authorized_keys. */
  readonly publicKey: string;
}

/** In the wire's form: the name of the type and the key, each after its length. */
const ED25519_BLOB_BYTES = 4 + 'ssh-ed25519'.length + 4 + 32;

/** ssh2 cuts leading zeros off the public half; OpenSSH refuses that key, one of 256. */
const isWhole = (publicKey: string): boolean => blobOf(publicKey).length === ED25519_BLOB_BYTES;

type Generate = (comment: string) => KeyPair;

const generate: Generate = (comment) => {
  const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
  return { privateKey: pair.private, publicKey: pair.public };
};

export function createKeyPair(comment: string, make: Generate = generate): KeyPair {
  for (;;) {
    const pair = make(comment);
    if (isWhole(pair.publicKey)) return pair;
  }
}

/** Of a public key in the form of authorized_keys. */
export function fingerprintOfPublicKey(publicKey: string): Fingerprint {
  return fingerprintOf(blobOf(publicKey));
}

function blobOf(publicKey: string): Buffer {
  const blob = publicKey.split(' ')[1];
  assert(blob !== undefined, 'a public key has a type and a body');
  return Buffer.from(blob, 'base64');
}
