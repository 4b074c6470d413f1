// Key pairs of the lab's own: for the servers that it runs itself, and for itself towards targets.
import ssh2 from 'ssh2';
import { assert } from '../../contract/assert.ts';
import { fingerprintOf } from './hostKey.ts';
export function createKeyPair(comment) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    return { privateKey: pair.private, publicKey: pair.public };
}
/** Of a public key in the form of authorized_keys. */
export function fingerprintOfPublicKey(publicKey) {
    const blob = publicKey.split(' ')[1];
    assert(blob !== undefined, 'a public key has a type and a body');
    return fingerprintOf(Buffer.from(blob, 'base64'));
}
