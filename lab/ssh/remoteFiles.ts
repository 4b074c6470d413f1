// Files of the other machine over SFTP, in Windows' paths.
import { open } from 'node:fs/promises';
import type { Stats } from 'ssh2';
import { isLabError } from '../../contract/errors/labError.ts';
import {
  joinWindows,
  parentOf,
  sftpPath,
  windowsPath,
  type WindowsPath,
} from '../targets/windowsPath.ts';
import type { Shell } from './remoteProcess.ts';
import { SftpSession, type FileOptions, type RemoteEntry } from './sftpSession.ts';
import { copyFailed } from './sshErrors.ts';
import { receiveChunks, sendChunks, type Packet, type TransferProgress } from './transfer.ts';

export interface TransferOptions extends FileOptions {
  readonly progress?: TransferProgress | undefined;
}

export interface RemoteFiles {
  /**
   * Copies a local file (a path) or bytes. The name appears with the last byte, or not at all: a
   * connection cut in the middle leaves a ".fltlab-part", which the next copy replaces.
   */
  put(local: string | Uint8Array, to: string, options?: TransferOptions): Promise<void>;
  get(from: string, local: string, options?: TransferOptions): Promise<void>;
  read(from: string, options?: TransferOptions): Promise<Buffer>;
  /** Undefined when there is no such file. */
  readIfThere(from: string, options?: TransferOptions): Promise<Buffer | undefined>;
  /** Undefined when there is nothing of that name. */
  stat(file: string, options?: FileOptions): Promise<RemoteEntry | undefined>;
  /** Undefined when there is no such folder; sorted by name. */
  list(folder: string, options?: FileOptions): Promise<RemoteEntry[] | undefined>;
  /** A file or an empty folder; false when there was nothing of that name. */
  remove(file: string, options?: FileOptions): Promise<boolean>;
  removeTree(folder: string, options?: FileOptions): Promise<void>;
  /** Replaces what has the new name. */
  rename(from: string, to: string, options?: FileOptions): Promise<void>;
  /** With its parents; fine when it exists. */
  makeFolder(folder: string, options?: FileOptions): Promise<void>;
}

/** What an unfinished copy is called. One lab at a time writes to a target, so one name is enough. */
export const PART = '.fltlab-part';

export function openRemoteFiles(shell: Shell): RemoteFiles {
  const session = new SftpSession(shell);
  const files: RemoteFiles = {
    put: (local, to, options = {}) => put(session, local, windowsPath(to), options),
    get: async (from, local, options = {}) => {
      const file = await open(local, 'w');
      try {
        await receive(session, windowsPath(from), options, (chunk, at) =>
          file.write(chunk, 0, chunk.length, at),
        );
      } finally {
        await file.close();
      }
    },
    read: (from, options = {}) => readWhole(session, windowsPath(from), options),
    readIfThere: async (from, options = {}) =>
      (await session.stat(windowsPath(from), options)) === undefined
        ? undefined
        : readWhole(session, windowsPath(from), options),
    stat: (file, options = {}) => session.stat(windowsPath(file), options),
    list: (folder, options = {}) => session.list(windowsPath(folder), options),
    remove: (file, options = {}) => session.remove(windowsPath(file), options),
    removeTree: (folder, options = {}) => removeTree(files, windowsPath(folder), options),
    rename: (from, to, options = {}) => session.rename(windowsPath(from), windowsPath(to), options),
    makeFolder: (folder, options = {}) => makeFolder(session, windowsPath(folder), options),
  };
  return files;
}

async function put(
  session: SftpSession,
  local: string | Uint8Array,
  to: WindowsPath,
  options: TransferOptions,
): Promise<void> {
  session.count();
  const what = typeof local === 'string' ? local : to;
  const packet =
    (packetOptions: FileOptions): Packet =>
    (begin) =>
      session.packet(`copy to ${to}`, packetOptions, begin, {
        fails: (error) => copyFailed(session.at, what, error),
      });
  const part = windowsPath(`${to}${PART}`);
  const source = typeof local === 'string' ? await openLocal(local) : undefined;
  try {
    const size_bytes = source === undefined ? local.length : (await source.stat()).size;
    const sftp = await session.sftp();
    // Neither is abandoned by an abort: a handle must be known to be closed, a name to be final.
    const surely = packet({});
    const handle = await surely<Buffer>((done) => sftp.open(sftpPath(part), 'w', done));
    try {
      await sendChunks(
        sftp,
        handle,
        source ?? (local as Uint8Array),
        size_bytes,
        packet(options),
        options.progress,
      ).finally(() => surely<void>((done) => sftp.close(handle, done)));
      await surely<void>((done) => sftp.ext_openssh_rename(sftpPath(part), sftpPath(to), done));
    } catch (error) {
      // With the connection gone this fails too; then the next copy takes the leftover away.
      await surely<void>((done) => sftp.unlink(sftpPath(part), done)).catch(() => undefined);
      throw error;
    }
  } finally {
    await source?.close();
  }

  async function openLocal(file: string) {
    return open(file, 'r').catch((error: Error) => {
      throw copyFailed(session.at, what, error);
    });
  }
}

async function receive(
  session: SftpSession,
  from: WindowsPath,
  options: TransferOptions,
  into: (chunk: Uint8Array, at: number) => Promise<unknown>,
  begin: (size_bytes: number) => void = () => undefined,
): Promise<void> {
  session.count();
  const sftp = await session.sftp();
  const packet =
    (packetOptions: FileOptions): Packet =>
    (start) =>
      session.packet(`read ${from}`, packetOptions, start);
  const surely = packet({});
  const handle = await surely<Buffer>((done) => sftp.open(sftpPath(from), 'r', done));
  try {
    const { size } = await surely<Stats>((done) => sftp.fstat(handle, done));
    begin(size);
    await receiveChunks(sftp, handle, into, size, packet(options), options.progress);
  } finally {
    await surely<void>((done) => sftp.close(handle, done)).catch((error: unknown) => {
      if (!isLabError(error)) throw error;
    });
  }
}

async function readWhole(
  session: SftpSession,
  from: WindowsPath,
  options: TransferOptions,
): Promise<Buffer> {
  let whole = Buffer.alloc(0);
  await receive(
    session,
    from,
    options,
    (chunk, at) => Promise.resolve(whole.set(chunk, at)),
    (size_bytes) => (whole = Buffer.alloc(size_bytes)),
  );
  return whole;
}

async function makeFolder(
  session: SftpSession,
  folder: WindowsPath,
  options: FileOptions,
): Promise<void> {
  if ((await session.stat(folder, options))?.kind === 'folder') return;
  const parent = parentOf(folder);
  if (parent !== folder) await makeFolder(session, parent, options);
  session.count();
  const sftp = await session.sftp();
  await session.packet<void>(`make the folder ${folder}`, options, (done) =>
    sftp.mkdir(sftpPath(folder), done),
  );
}

async function removeTree(
  files: RemoteFiles,
  folder: WindowsPath,
  options: FileOptions,
): Promise<void> {
  for (const entry of (await files.list(folder, options)) ?? []) {
    const inside = joinWindows(folder, entry.name);
    if (entry.kind === 'folder') await removeTree(files, inside, options);
    else await files.remove(inside, options);
  }
  await files.remove(folder, options);
}
