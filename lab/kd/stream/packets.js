// Packets of the kernel debugger on a serial line. A Windows that was booted with debugging on talks them
// whether a debugger answers or not; so what DbgPrint said and how it crashed can be read from a
// plain serial log. Text between the packets (firmware, boot loader, another system) is text.
//
// Models: the KDCOM framing as public material describes it: a leader of four equal bytes, type, length,
// id, checksum (sum of the bytes of the data), data, and one trailing byte AAh.
const LEADER_DATA = 0x30303030;
const LEADER_CONTROL = 0x69696969;
const HEADER_BYTES = 16;
const TRAILER = 0xaa;
/** PACKET_MAX_SIZE of the protocol. */
const DATA_LIMIT_BYTES = 4000;
export const KdPacketType = {
    STATE_CHANGE32: 1,
    STATE_MANIPULATE: 2,
    DEBUG_IO: 3,
    ACKNOWLEDGE: 4,
    RESEND: 5,
    RESET: 6,
    STATE_CHANGE64: 7,
    POLL_BREAKIN: 8,
    TRACE_IO: 9,
    CONTROL_REQUEST: 10,
    FILE_IO: 11,
};
const DbgKdPrintStringApi = 0x3230;
const DbgKdExceptionStateChange = 0x3030;
const DbgKdLoadSymbolsStateChange = 0x3031;
export class PacketDecoder {
    tell;
    rest = Buffer.alloc(0);
    /** Of the last data packet: one that is not acknowledged is sent again, as it was. */
    last;
    constructor(tell) {
        this.tell = tell;
    }
    push(chunk) {
        let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
        for (;;) {
            const start = findLeader(bytes);
            if (start > 0)
                this.text(bytes.subarray(0, start));
            bytes = bytes.subarray(start);
            const taken = this.packet(bytes);
            if (taken === 0)
                break;
            bytes = bytes.subarray(taken);
        }
        this.rest = Buffer.from(bytes);
    }
    end() {
        if (this.rest.length >= 4)
            this.tell({ kind: 'damaged', told: 'the stream ended in a packet' });
        else if (this.rest.length > 0)
            this.text(this.rest);
        this.rest = Buffer.alloc(0);
    }
    text(bytes) {
        this.tell({ kind: 'text', bytes });
    }
    /** How many bytes were read; 0 when more must come first. */
    packet(bytes) {
        if (bytes.length < HEADER_BYTES)
            return 0;
        const leader = bytes.readUInt32LE(0);
        const type = bytes.readUInt16LE(4);
        const length = bytes.readUInt16LE(6);
        const id = bytes.readUInt32LE(8);
        const checksum = bytes.readUInt32LE(12);
        if (type === 0 || type > KdPacketType.FILE_IO || length > DATA_LIMIT_BYTES) {
            // "0000" in a text, or a header that was damaged: go on behind its first byte.
            this.text(bytes.subarray(0, 1));
            return 1;
        }
        if (leader === LEADER_CONTROL) {
            this.tell({ kind: 'control', type, id });
            return HEADER_BYTES;
        }
        const whole = HEADER_BYTES + length + 1;
        if (bytes.length < whole)
            return 0;
        const data = bytes.subarray(HEADER_BYTES, HEADER_BYTES + length);
        if (bytes[whole - 1] !== TRAILER || sum(data) !== checksum) {
            this.tell({ kind: 'damaged', told: `a packet of type ${type} with a wrong checksum` });
            return HEADER_BYTES;
        }
        const again = this.last?.id === id && this.last.checksum === checksum;
        this.last = { id, checksum };
        if (!again)
            this.tell(readData(type, id, data));
        return whole;
    }
}
/** Where a packet may begin, also when only part of its leader is there yet; else the length. */
function findLeader(bytes) {
    for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at];
        if (byte !== 0x30 && byte !== 0x69)
            continue;
        const left = Math.min(4, bytes.length - at);
        let same = 1;
        while (same < left && bytes[at + same] === byte)
            same += 1;
        if (same === left)
            return at;
    }
    return bytes.length;
}
function sum(data) {
    let total = 0;
    for (const byte of data)
        total = (total + byte) >>> 0;
    return total;
}
function readData(type, id, data) {
    const api = data.length >= 4 ? data.readUInt32LE(0) : 0;
    if (type === KdPacketType.DEBUG_IO && api === DbgKdPrintStringApi && data.length >= 16) {
        const length = data.readUInt32LE(8);
        return { kind: 'print', id, bytes: Buffer.from(data.subarray(16, 16 + length)) };
    }
    if (type === KdPacketType.STATE_CHANGE64)
        return readStateChange(id, api, data);
    return { kind: 'other', type, id };
}
/** DBGKD_ANY_WAIT_STATE_CHANGE of a 64-bit target. */
function readStateChange(id, api, data) {
    const union = 32;
    if (api === DbgKdExceptionStateChange && data.length >= union + 32) {
        const FIRST_CHANCE = union + 152;
        return {
            kind: 'exception',
            id,
            code: data.readUInt32LE(union),
            address: data.readBigUInt64LE(union + 16),
            first: data.length < FIRST_CHANCE + 4 || data.readUInt32LE(FIRST_CHANCE) !== 0,
        };
    }
    if (api === DbgKdLoadSymbolsStateChange && data.length >= union + 40) {
        const UNLOAD = union + 32;
        const nameLength = data.readUInt32LE(union);
        const path = data.subarray(data.length - nameLength).toString('latin1');
        return {
            kind: 'module',
            id,
            loaded: data[UNLOAD] === 0,
            base: data.readBigUInt64LE(union + 8),
            path: path.replace(/\0.*$/s, ''),
        };
    }
    return { kind: 'other', type: KdPacketType.STATE_CHANGE64, id };
}
/** The answer that keeps the target talking: "received". */
export function acknowledge(id) {
    const SYNC = 0x800;
    return control(KdPacketType.ACKNOWLEDGE, (id & ~SYNC) >>> 0);
}
export const reset = () => control(KdPacketType.RESET, 0);
function control(type, id) {
    const packet = Buffer.alloc(HEADER_BYTES);
    packet.writeUInt32LE(LEADER_CONTROL, 0);
    packet.writeUInt16LE(type, 4);
    packet.writeUInt32LE(id, 8);
    return packet;
}
/** For tests and for a simulated line: a data packet as a target sends it. */
export function dataPacket(type, id, data) {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(LEADER_DATA, 0);
    header.writeUInt16LE(type, 4);
    header.writeUInt16LE(data.length, 6);
    header.writeUInt32LE(id, 8);
    header.writeUInt32LE(sum(data), 12);
    return Buffer.concat([header, data, Buffer.from([TRAILER])]);
}
export function printPacket(id, text) {
    const string = Buffer.from(text);
    const head = Buffer.alloc(16);
    head.writeUInt32LE(DbgKdPrintStringApi, 0);
    head.writeUInt32LE(string.length, 8);
    return dataPacket(KdPacketType.DEBUG_IO, id, Buffer.concat([head, string]));
}
