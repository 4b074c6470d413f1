// Files of the other machine over SFTP, in Windows' paths.
import { open } from 'node:fs/promises';
import { isLabError } from '../../contract/errors/labError.ts';
import { joinWindows, parentOf, sftpPath, windowsPath, } from '../targets/windowsPath.ts';
import { SftpSession } from './sftpSession.ts';
import { copyFailed } from './sshErrors.ts';
import { receiveChunks, sendChunks } from './transfer.ts';
/** What an unfinished copy is called. One lab at a time writes to a target, so one name is enough. */
export const PART = '.fltlab-part';
export function openRemoteFiles(shell) {
    const session = new SftpSession(shell);
    const files = {
        put: (local, to, options = {}) => put(session, local, windowsPath(to), options),
        get: async (from, local, options = {}) => {
            const file = await open(local, 'w');
            try {
                await receive(session, windowsPath(from), options, (chunk, at) => file.write(chunk, 0, chunk.length, at));
            }
            finally {
                await file.close();
            }
        },
        read: (from, options = {}) => readWhole(session, windowsPath(from), options),
        readIfThere: async (from, options = {}) => (await session.stat(windowsPath(from), options)) === undefined
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
async function put(session, local, to, options) {
    session.count();
    const what = typeof local === 'string' ? local : to;
    const packet = (packetOptions) => (begin) => session.packet(`copy to ${to}`, packetOptions, begin, {
        fails: (error) => copyFailed(session.at, what, error),
    });
    const part = windowsPath(`${to}${PART}`);
    const source = typeof local === 'string' ? await openLocal(local) : undefined;
    try {
        const size_bytes = source === undefined ? local.length : (await source.stat()).size;
        const sftp = await session.sftp();
        // Neither is abandoned by an abort: a handle must be known to be closed, a name to be final.
        const surely = packet({});
        const handle = await surely((done) => sftp.open(sftpPath(part), 'w', done));
        try {
            await sendChunks(sftp, handle, source ?? local, size_bytes, packet(options), options.progress).finally(() => surely((done) => sftp.close(handle, done)));
            await surely((done) => sftp.ext_openssh_rename(sftpPath(part), sftpPath(to), done));
        }
        catch (error) {
            // With the connection gone this fails too; then the next copy takes the leftover away.
            await surely((done) => sftp.unlink(sftpPath(part), done)).catch(() => undefined);
            throw error;
        }
    }
    finally {
        await source?.close();
    }
    async function openLocal(file) {
        return open(file, 'r').catch((error) => {
            throw copyFailed(session.at, what, error);
        });
    }
}
async function receive(session, from, options, into, begin = () => undefined) {
    session.count();
    const sftp = await session.sftp();
    const packet = (packetOptions) => (start) => session.packet(`read ${from}`, packetOptions, start);
    const surely = packet({});
    const handle = await surely((done) => sftp.open(sftpPath(from), 'r', done));
    try {
        const { size } = await surely((done) => sftp.fstat(handle, done));
        begin(size);
        await receiveChunks(sftp, handle, into, size, packet(options), options.progress);
    }
    finally {
        await surely((done) => sftp.close(handle, done)).catch((error) => {
            if (!isLabError(error))
                throw error;
        });
    }
}
async function readWhole(session, from, options) {
    let whole = Buffer.alloc(0);
    await receive(session, from, options, (chunk, at) => Promise.resolve(whole.set(chunk, at)), (size_bytes) => (whole = Buffer.alloc(size_bytes)));
    return whole;
}
async function makeFolder(session, folder, options) {
    if ((await session.stat(folder, options))?.kind === 'folder')
        return;
    const parent = parentOf(folder);
    if (parent !== folder)
        await makeFolder(session, parent, options);
    session.count();
    const sftp = await session.sftp();
    await session.packet(`make the folder ${folder}`, options, (done) => sftp.mkdir(sftpPath(folder), done));
}
async function removeTree(files, folder, options) {
    for (const entry of (await files.list(folder, options)) ?? []) {
        const inside = joinWindows(folder, entry.name);
        if (entry.kind === 'folder')
            await removeTree(files, inside, options);
        else
            await files.remove(inside, options);
    }
    await files.remove(folder, options);
}
