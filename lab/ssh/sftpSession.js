import { baseNameOf, sftpPath } from '../targets/windowsPath.ts';
import { fileFailed, isNoSuchFile, requestRefused } from './sshErrors.ts';
/** Opened when first needed, again when the server ended it. */
export class SftpSession {
    #shell;
    #opening;
    constructor(shell) {
        this.#shell = shell;
    }
    get at() {
        return this.#shell.at;
    }
    count() {
        this.#shell.link.count('files');
    }
    /** Shared by all who wait, so one caller's abort must not end it. */
    sftp() {
        this.#opening ??= this.#open().catch((error) => {
            this.#opening = undefined;
            throw error;
        });
        return this.#opening;
    }
    async #open() {
        const { at, client, link } = this.#shell;
        const sftp = await link.call({ what: 'opening SFTP', fails: (error) => requestRefused(at, 'open SFTP', error) }, (done) => client.sftp(done));
        sftp.once('close', () => (this.#opening = undefined));
        sftp.on('error', () => (this.#opening = undefined));
        return sftp;
    }
    /** One packet and its answer. */
    packet(what, options, begin, more = {}) {
        const fails = (error) => fileFailed(this.at, what, error);
        return this.#shell.link.call({ what, fails, signal: options.signal, ...more }, begin);
    }
    async stat(file, options) {
        this.count();
        const sftp = await this.sftp();
        const stats = await this.packet(`look at ${file}`, options, (done) => sftp.stat(sftpPath(file), (error, found) => error && isNoSuchFile(error) ? done(null, undefined) : done(error, found)));
        return stats && entryOf(baseNameOf(file), stats);
    }
    async list(folder, options) {
        this.count();
        const sftp = await this.sftp();
        const entries = await this.packet(`list ${folder}`, options, (done) => sftp.readdir(sftpPath(folder), (error, found) => error && isNoSuchFile(error) ? done(null, undefined) : done(error, found)));
        return entries
            ?.filter(({ filename }) => filename !== '.' && filename !== '..')
            .map(({ filename, attrs }) => entryOf(filename, attrs))
            .sort((left, right) => (left.name < right.name ? -1 : 1));
    }
    async remove(file, options) {
        const found = await this.stat(file, options);
        if (found === undefined)
            return false;
        this.count();
        const sftp = await this.sftp();
        const path = sftpPath(file);
        await this.packet(`remove ${file}`, options, (done) => found.kind === 'folder' ? sftp.rmdir(path, done) : sftp.unlink(path, done));
        return true;
    }
    async rename(from, to, options) {
        this.count();
        const sftp = await this.sftp();
        await this.packet(`rename ${from} to ${to}`, options, (done) => 
        // Version 3 of SFTP refuses to replace; this extension of OpenSSH does replace.
        sftp.ext_openssh_rename(sftpPath(from), sftpPath(to), done));
    }
}
const entryOf = (name, stats) => ({
    name,
    kind: stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other',
    size_bytes: stats.size,
    modified_s: stats.mtime,
});
