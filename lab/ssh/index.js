export { connectSsh, sshAgent } from './connection.ts';
export { fingerprintOf } from './hostKey.ts';
export { createKeyPair } from './keyPair.ts';
