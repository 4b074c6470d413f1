// The SFTP protocol, version 3 (draft-ietf-secsh-filexfer-02), as far as OpenSSH's clients and ssh2
// use it: numbers, and reading and writing of its fields.
export const PacketType = {
    INIT: 1,
    VERSION: 2,
    OPEN: 3,
    CLOSE: 4,
    READ: 5,
    WRITE: 6,
    LSTAT: 7,
    FSTAT: 8,
    SETSTAT: 9,
    FSETSTAT: 10,
    OPENDIR: 11,
    READDIR: 12,
    REMOVE: 13,
    MKDIR: 14,
    RMDIR: 15,
    REALPATH: 16,
    STAT: 17,
    RENAME: 18,
    STATUS: 101,
    HANDLE: 102,
    DATA: 103,
    NAME: 104,
    ATTRS: 105,
    EXTENDED: 200,
};
export const Status = {
    OK: 0,
    EOF: 1,
    NO_SUCH_FILE: 2,
    PERMISSION_DENIED: 3,
    FAILURE: 4,
    BAD_MESSAGE: 5,
    OP_UNSUPPORTED: 8,
};
/** Bits of OPEN's pflags. */
export const OpenFlag = { READ: 1, WRITE: 2, APPEND: 4, CREAT: 8, TRUNC: 16, EXCL: 32 };
/** Bits that say which attributes follow. */
export const AttributeFlag = { SIZE: 1, UIDGID: 2, PERMISSIONS: 4, ACMODTIME: 8 };
/** OpenSSH's client sends and asks for up to this much; a longer packet is not SFTP at all. */
export const PACKET_LIMIT_BYTES = 256 * 1024 + 1024;
/** A packet that ends before its fields do. */
export class MalformedPacket extends Error {
}
export class PacketReader {
    #bytes;
    #at = 0;
    constructor(bytes) {
        this.#bytes = bytes;
    }
    uint32() {
        return this.#take(4).readUInt32BE(0);
    }
    /** Exact up to 2^53; a file is not larger. */
    uint64() {
        return this.uint32() * 0x1_0000_0000 + this.uint32();
    }
    bytes() {
        return this.#take(this.uint32());
    }
    text() {
        return this.bytes().toString('utf8');
    }
    attributes() {
        const flags = this.uint32();
        const found = {};
        if (flags & AttributeFlag.SIZE)
            found.size_bytes = this.uint64();
        if (flags & AttributeFlag.UIDGID)
            this.#take(8);
        if (flags & AttributeFlag.PERMISSIONS)
            found.mode = this.uint32();
        if (flags & AttributeFlag.ACMODTIME) {
            found.accessed_s = this.uint32();
            found.modified_s = this.uint32();
        }
        return found;
    }
    #take(length) {
        if (this.#at + length > this.#bytes.length)
            throw new MalformedPacket();
        return this.#bytes.subarray(this.#at, (this.#at += length));
    }
}
/** A whole packet, with its length in front. `id` is undefined for VERSION only. */
export function encodePacket(type, fields) {
    const parts = fields.map(encodeField);
    const length = 1 + parts.reduce((sum, part) => sum + part.length, 0);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(length, 0);
    head[4] = type;
    return Buffer.concat([head, ...parts], 4 + length);
}
function encodeField(field) {
    if (typeof field === 'number')
        return uint32(field);
    if (typeof field === 'string' || field instanceof Uint8Array) {
        const bytes = Buffer.from(field);
        return Buffer.concat([uint32(bytes.length), bytes]);
    }
    return encodeAttributes(field);
}
function encodeAttributes(found) {
    const { size_bytes, mode, accessed_s, modified_s } = found;
    const parts = [];
    let flags = 0;
    if (size_bytes !== undefined) {
        flags |= AttributeFlag.SIZE;
        parts.push(uint32(Math.floor(size_bytes / 0x1_0000_0000)), uint32(size_bytes % 0x1_0000_0000));
    }
    if (mode !== undefined) {
        flags |= AttributeFlag.PERMISSIONS;
        parts.push(uint32(mode));
    }
    if (accessed_s !== undefined && modified_s !== undefined) {
        flags |= AttributeFlag.ACMODTIME;
        parts.push(uint32(accessed_s), uint32(modified_s));
    }
    return Buffer.concat([uint32(flags), ...parts]);
}
function uint32(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value >>> 0, 0);
    return bytes;
}
/** Cuts a stream of bytes into packets (without their length). Throws MalformedPacket. */
export class PacketSplitter {
    #chunks = [];
    #held = 0;
    *push(chunk) {
        this.#chunks.push(chunk);
        this.#held += chunk.length;
        for (;;) {
            if (this.#held < 4)
                return;
            if ((this.#chunks[0]?.length ?? 0) < 4)
                this.#join();
            const length = this.#chunks[0]?.readUInt32BE(0) ?? 0;
            if (length < 1 || length > PACKET_LIMIT_BYTES)
                throw new MalformedPacket();
            if (this.#held < 4 + length)
                return;
            this.#join();
            const whole = this.#chunks[0];
            this.#chunks = [whole.subarray(4 + length)];
            this.#held -= 4 + length;
            yield whole.subarray(4, 4 + length);
        }
    }
    #join() {
        if (this.#chunks.length > 1)
            this.#chunks = [Buffer.concat(this.#chunks)];
    }
}
