export { connectSsh, sshAgent, type SshConnection, type SshOptions } from './connection.ts';
export { fingerprintOf, type Fingerprint, type HostKeyPolicy } from './hostKey.ts';
export { createKeyPair, type KeyPair } from './keyPair.ts';
export type { RequestCount } from './link.ts';
export type { RemoteFiles, TransferOptions } from './remoteFiles.ts';
export type { CommandOptions, CommandResult, RemoteProcess } from './remoteProcess.ts';
export type { RemoteEntry } from './sftpSession.ts';
export type { SshEndpoint } from './sshErrors.ts';
export { greets } from './banner.ts';
