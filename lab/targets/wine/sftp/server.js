// An SFTP server whose paths are those of OpenSSH for Windows, over one drive of a Wine prefix. It
// runs as the forced command of the target's sshd, so that the code that copies to a Windows machine
// is the code that copies here.
// Differs: a file that a program holds open can be replaced and removed; Windows would refuse.
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rmdir, unlink, utimes, } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import { objectionToName } from '../../windowsPath.ts';
import { Refusal } from './driveMap.ts';
import { encodePacket, MalformedPacket, OpenFlag, PacketReader, PacketSplitter, PacketType, Status, } from './wire.ts';
const OPEN_LIMIT = 256;
const READ_LIMIT_BYTES = 256 * 1024;
const NAMES_PER_REPLY = 100;
const FOLDER_MODE = 0o040_755;
const REPLACING_RENAME = 'posix-rename@openssh.com';
/** Serves until `input` ends. Requests are answered one by one, in the order in which they came. */
export async function serveSftp(drive, input, output) {
    const server = new SftpServer(drive);
    const splitter = new PacketSplitter();
    try {
        for await (const chunk of input) {
            for (const packet of splitter.push(chunk)) {
                if (!output.write(await server.answer(packet)))
                    await once(output, 'drain');
            }
        }
    }
    finally {
        await server.closeAll();
    }
}
export class SftpServer {
    #drive;
    #open = new Map();
    #lastHandle = 0;
    constructor(drive) {
        this.#drive = drive;
    }
    async closeAll() {
        for (const thing of this.#open.values())
            if (thing.kind === 'file')
                await thing.file.close();
        this.#open.clear();
    }
    /** `packet` is without its length; the answer has one. */
    async answer(packet) {
        const type = packet[0];
        const reader = new PacketReader(packet.subarray(1));
        if (type === PacketType.INIT) {
            return encodePacket(PacketType.VERSION, [3, REPLACING_RENAME, '1']);
        }
        const id = reader.uint32();
        const handler = this.#handlers[type ?? 0];
        // The boundary of a request: whatever happens inside becomes its status.
        const reply = await (handler?.(reader) ?? unsupported()).catch(statusOf);
        return encodePacket(reply.type, [id, ...reply.fields]);
    }
    // One row for each request that is understood.
    #handlers = {
        [PacketType.OPEN]: async (packet) => this.#openFile(packet),
        [PacketType.CLOSE]: async (packet) => this.#close(packet),
        [PacketType.READ]: async (packet) => this.#read(packet),
        [PacketType.WRITE]: async (packet) => this.#write(packet),
        [PacketType.STAT]: async (packet) => this.#stat(packet.text()),
        [PacketType.LSTAT]: async (packet) => this.#stat(packet.text()),
        [PacketType.FSTAT]: async (packet) => attributes(attributesOf(await this.#file(packet).stat())),
        [PacketType.SETSTAT]: async (packet) => this.#setStat(packet),
        [PacketType.FSETSTAT]: async (packet) => this.#setFileStat(packet),
        [PacketType.OPENDIR]: async (packet) => this.#openFolder(packet.text()),
        [PacketType.READDIR]: async (packet) => this.#readFolder(packet),
        [PacketType.REMOVE]: async (packet) => this.#remove(packet.text()),
        [PacketType.MKDIR]: async (packet) => this.#makeFolder(packet.text()),
        [PacketType.RMDIR]: async (packet) => this.#removeFolder(packet.text()),
        [PacketType.REALPATH]: async (packet) => names([[this.#drive.normalize(packet.text()), {}]]),
        [PacketType.RENAME]: async (packet) => this.#rename(packet.text(), packet.text(), false),
        [PacketType.EXTENDED]: async (packet) => packet.text() === REPLACING_RENAME
            ? this.#rename(packet.text(), packet.text(), true)
            : unsupported(),
    };
    async #openFile(packet) {
        const [asked, flags] = [packet.text(), packet.uint32()];
        const place = await this.#drive.locate(asked);
        if (place.found?.isDirectory())
            throw new Refusal(Status.FAILURE, 'it is a folder');
        if (place.found !== undefined && !place.found.isFile()) {
            throw new Refusal(Status.PERMISSION_DENIED, 'it is not a plain file');
        }
        if (place.found === undefined && !(flags & OpenFlag.CREAT))
            throw noSuchFile();
        return this.#keep({ kind: 'file', file: await open(place.path, hostFlags(flags), 0o644) });
    }
    async #close(packet) {
        const handle = handleOf(packet);
        const thing = this.#open.get(handle);
        if (thing === undefined)
            throw badHandle();
        this.#open.delete(handle);
        if (thing.kind === 'file')
            await thing.file.close();
        return ok();
    }
    async #read(packet) {
        const file = this.#file(packet);
        const [at, wanted] = [packet.uint64(), packet.uint32()];
        const chunk = Buffer.allocUnsafe(Math.min(wanted, READ_LIMIT_BYTES));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
        if (bytesRead === 0)
            throw new Refusal(Status.EOF, 'end of file');
        return { type: PacketType.DATA, fields: [chunk.subarray(0, bytesRead)] };
    }
    async #write(packet) {
        const file = this.#file(packet);
        const [at, bytes] = [packet.uint64(), packet.bytes()];
        for (let done = 0; done < bytes.length;) {
            done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        }
        return ok();
    }
    async #stat(asked) {
        if (this.#drive.normalize(asked) === '/')
            return attributes({ mode: FOLDER_MODE });
        const { found } = await this.#drive.locate(asked);
        if (found === undefined)
            throw noSuchFile();
        return attributes(attributesOf(found));
    }
    async #setStat(packet) {
        const place = await this.#existing(packet.text());
        const wanted = packet.attributes();
        if (wanted.modified_s !== undefined) {
            await utimes(place.path, wanted.accessed_s ?? wanted.modified_s, wanted.modified_s);
        }
        return ok(); // modes mean nothing on Windows, and OpenSSH there ignores them too
    }
    async #setFileStat(packet) {
        const file = this.#file(packet);
        const wanted = packet.attributes();
        if (wanted.size_bytes !== undefined)
            await file.truncate(wanted.size_bytes);
        if (wanted.modified_s !== undefined) {
            await file.utimes(wanted.accessed_s ?? wanted.modified_s, wanted.modified_s);
        }
        return ok();
    }
    async #openFolder(asked) {
        if (this.#drive.normalize(asked) === '/') {
            return this.#keep({ kind: 'folder', entries: [['C:', { mode: FOLDER_MODE }]] });
        }
        const place = await this.#existing(asked);
        if (!place.found?.isDirectory())
            throw new Refusal(Status.FAILURE, 'it is not a folder');
        const entries = [];
        for (const name of await readdir(place.path)) {
            // A name that Wine itself would show in another form cannot be asked for here.
            if (objectionToName(name) !== undefined)
                continue;
            const inside = await this.#drive.locate(`${asked}/${name}`).catch(onlyRefusal);
            if (inside?.found !== undefined)
                entries.push([name, attributesOf(inside.found)]);
        }
        return this.#keep({ kind: 'folder', entries });
    }
    async #readFolder(packet) {
        const thing = this.#open.get(handleOf(packet));
        if (thing?.kind !== 'folder')
            throw badHandle();
        if (thing.entries.length === 0)
            throw new Refusal(Status.EOF, 'end of the folder');
        return names(thing.entries.splice(0, NAMES_PER_REPLY));
    }
    async #remove(asked) {
        const place = await this.#existing(asked);
        if (place.found?.isDirectory())
            throw new Refusal(Status.FAILURE, 'it is a folder');
        await unlink(place.path);
        return ok();
    }
    async #makeFolder(asked) {
        const place = await this.#drive.locate(asked);
        if (place.found !== undefined)
            throw new Refusal(Status.FAILURE, 'the name is taken');
        await mkdir(place.path);
        return ok();
    }
    async #removeFolder(asked) {
        if (/^\/[^/]*$/.test(this.#drive.normalize(asked))) {
            throw new Refusal(Status.PERMISSION_DENIED, 'a drive stays');
        }
        await rmdir((await this.#existing(asked)).path);
        return ok();
    }
    async #rename(from, to, replaces) {
        const source = await this.#existing(from);
        const target = await this.#drive.locate(to);
        const sameEntry = target.path === source.path; // a change of case only
        if (target.found !== undefined && !replaces && !sameEntry) {
            throw new Refusal(Status.FAILURE, 'the name is taken');
        }
        const wanted = path.join(path.dirname(target.path), to.split('/').at(-1) ?? '');
        await rename(source.path, sameEntry ? wanted : target.path);
        return ok();
    }
    async #existing(asked) {
        const place = await this.#drive.locate(asked);
        if (place.found === undefined)
            throw noSuchFile();
        return place;
    }
    #file(packet) {
        const thing = this.#open.get(handleOf(packet));
        if (thing?.kind !== 'file')
            throw badHandle();
        return thing.file;
    }
    #keep(thing) {
        if (this.#open.size >= OPEN_LIMIT) {
            if (thing.kind === 'file')
                void thing.file.close();
            throw new Refusal(Status.FAILURE, 'too many open handles');
        }
        this.#open.set((this.#lastHandle += 1), thing);
        const handle = Buffer.alloc(4);
        handle.writeUInt32BE(this.#lastHandle);
        return { type: PacketType.HANDLE, fields: [handle] };
    }
}
function handleOf(packet) {
    const bytes = packet.bytes();
    return bytes.length === 4 ? bytes.readUInt32BE(0) : 0;
}
/** The path is resolved already: a link that appears under it now is somebody's trick. */
function hostFlags(flags) {
    const { READ, WRITE, APPEND, CREAT, TRUNC, EXCL } = OpenFlag;
    const access = flags & WRITE ? (flags & READ ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
    return [
        [APPEND, constants.O_APPEND],
        [CREAT, constants.O_CREAT],
        [TRUNC, constants.O_TRUNC],
        [EXCL, constants.O_EXCL],
    ].reduce((host, [asked = 0, bit = 0]) => (flags & asked ? host | bit : host), access | constants.O_NOFOLLOW);
}
const attributesOf = (stats) => ({
    size_bytes: stats.size,
    mode: stats.mode,
    accessed_s: Math.floor(stats.atimeMs / 1000),
    modified_s: Math.floor(stats.mtimeMs / 1000),
});
const status = (code, message) => ({
    type: PacketType.STATUS,
    fields: [code, message, ''],
});
const ok = () => status(Status.OK, '');
const unsupported = async () => status(Status.OP_UNSUPPORTED, 'not supported');
const attributes = (found) => ({ type: PacketType.ATTRS, fields: [found] });
/** The long name of each entry is for people only; the attributes carry the facts. */
const names = (entries) => ({
    type: PacketType.NAME,
    fields: [entries.length, ...entries.flatMap(([name, found]) => [name, name, found])],
});
const noSuchFile = () => new Refusal(Status.NO_SUCH_FILE, 'no such file');
const badHandle = () => new Refusal(Status.FAILURE, 'no such handle');
function onlyRefusal(error) {
    if (!(error instanceof Refusal))
        throw error;
}
function statusOf(error) {
    if (error instanceof Refusal)
        return status(error.status, error.message);
    if (error instanceof MalformedPacket)
        return status(Status.BAD_MESSAGE, 'malformed request');
    const code = error.code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR')
        return status(Status.NO_SUCH_FILE, 'no such file');
    if (code === 'EACCES' || code === 'EPERM')
        return status(Status.PERMISSION_DENIED, 'denied');
    // The errno alone: a message of the host would show its paths.
    return status(Status.FAILURE, code === '' ? 'failed' : code);
}
