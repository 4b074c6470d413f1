// The SFTP channel of a connection, and the single operations on it.
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { baseNameOf, sftpPath, type WindowsPath } from '../targets/windowsPath.ts';
import type { CallOptions, Done } from './link.ts';
import type { Shell } from './remoteProcess.ts';
import { fileFailed, isNoSuchFile, requestRefused } from './sshErrors.ts';

export interface FileOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface RemoteEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly size_bytes: number;
  /** Seconds since 1970, as SFTP counts. */
  readonly modified_s: number;
}

/** Opened when first needed, again when the server ended it. */
export class SftpSession {
  readonly #shell: Shell;
  #opening: Promise<SFTPWrapper> | undefined;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  get at() {
    return this.#shell.at;
  }

  count(): void {
    this.#shell.link.count('files');
  }

  /** Shared by all who wait, so one caller's abort must not end it. */
  sftp(): Promise<SFTPWrapper> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<SFTPWrapper> {
    const { at, client, link } = this.#shell;
    const sftp = await link.call<SFTPWrapper>(
      { what: 'opening SFTP', fails: (error) => requestRefused(at, 'open SFTP', error) },
      (done) => client.sftp(done),
    );
    sftp.once('close', () => (this.#opening = undefined));
    sftp.on('error', () => (this.#opening = undefined));
    return sftp;
  }

  /** One packet and its answer. */
  packet<T>(
    what: string,
    options: FileOptions,
    begin: (done: Done<T>) => void,
    more: Partial<CallOptions<T>> = {},
  ): Promise<T> {
    const fails = (error: Error): Error => fileFailed(this.at, what, error);
    return this.#shell.link.call<T>({ what, fails, signal: options.signal, ...more }, begin);
  }

  async stat(file: WindowsPath, options: FileOptions): Promise<RemoteEntry | undefined> {
    this.count();
    const sftp = await this.sftp();
    const stats = await this.packet<Stats | undefined>(`look at ${file}`, options, (done) =>
      sftp.stat(sftpPath(file), (error, found) =>
        error && isNoSuchFile(error) ? done(null, undefined) : done(error, found),
      ),
    );
    return stats && entryOf(baseNameOf(file), stats);
  }

  async list(folder: WindowsPath, options: FileOptions): Promise<RemoteEntry[] | undefined> {
    this.count();
    const sftp = await this.sftp();
    const entries = await this.packet<FileEntryWithStats[] | undefined>(
      `list ${folder}`,
      options,
      (done) =>
        sftp.readdir(sftpPath(folder), (error, found) =>
          error && isNoSuchFile(error) ? done(null, undefined) : done(error, found),
        ),
    );
    return entries
      ?.filter(({ filename }) => filename !== '.' && filename !== '..')
      .map(({ filename, attrs }) => entryOf(filename, attrs))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  async remove(file: WindowsPath, options: FileOptions): Promise<boolean> {
    const found = await this.stat(file, options);
    if (found === undefined) return false;
    this.count();
    const sftp = await this.sftp();
    const path = sftpPath(file);
    await this.packet<void>(`remove ${file}`, options, (done) =>
      found.kind === 'folder' ? sftp.rmdir(path, done) : sftp.unlink(path, done),
    );
    return true;
  }

  async rename(from: WindowsPath, to: WindowsPath, options: FileOptions): Promise<void> {
    this.count();
    const sftp = await this.sftp();
    await this.packet<void>(`rename ${from} to ${to}`, options, (done) =>
      // Version 3 of SFTP refuses to replace; this extension of OpenSSH does replace.
      sftp.ext_openssh_rename(sftpPath(from), sftpPath(to), done),
    );
  }
}

const entryOf = (name: string, stats: Stats): RemoteEntry => ({
  name,
  kind: stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other',
  size_bytes: stats.size,
  modified_s: stats.mtime,
});
