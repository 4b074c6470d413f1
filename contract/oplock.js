// Oplocks as the native API speaks of them: the control that asks for a level, what its completion says,
// and the control that answers a break. The simulator and the agent send the same bytes.
import { FsControlCode, ntError } from './windows/index.ts';
/** OPLOCK_LEVEL_CACHE_…, of FSCTL_REQUEST_OPLOCK. */
export const OplockCaching = { CACHE_READ: 1, CACHE_HANDLE: 2, CACHE_WRITE: 4 };
export const legacyOplocks = ['LEVEL_1', 'LEVEL_2', 'BATCH', 'FILTER'];
/** To accept the level that is offered, another one, none; or to close the handle, now or soon. */
export const oplockReplies = ['acknowledge', 'none', 'close', 'close-pending'];
const OUTPUT_BYTES = 24;
const INPUT_BYTES = 12;
const CURRENT_VERSION = 1;
const FLAG_REQUEST = 1;
const FLAG_ACK = 2;
const FLAG_ACK_REQUIRED = 1;
const FILE_OPLOCK_BROKEN_TO_LEVEL_2 = 7;
const FILE_OPLOCK_BROKEN_TO_NONE = 8;
const requestCodes = {
    LEVEL_1: FsControlCode.FSCTL_REQUEST_OPLOCK_LEVEL_1,
    LEVEL_2: FsControlCode.FSCTL_REQUEST_OPLOCK_LEVEL_2,
    BATCH: FsControlCode.FSCTL_REQUEST_BATCH_OPLOCK,
    FILTER: FsControlCode.FSCTL_REQUEST_FILTER_OPLOCK,
};
const replyCodes = {
    acknowledge: FsControlCode.FSCTL_OPLOCK_BREAK_ACKNOWLEDGE,
    none: FsControlCode.FSCTL_OPLOCK_BREAK_ACK_NO_2,
    'close-pending': FsControlCode.FSCTL_OPBATCH_ACK_CLOSE_PENDING,
};
const noInput = new Uint8Array(0);
/** REQUEST_OPLOCK_INPUT_BUFFER. */
function caching(level, flags) {
    const input = new Uint8Array(INPUT_BYTES);
    const view = new DataView(input.buffer);
    view.setUint16(0, CURRENT_VERSION, true);
    view.setUint16(2, INPUT_BYTES, true);
    view.setUint32(4, level, true);
    view.setUint32(8, flags, true);
    return { code: FsControlCode.FSCTL_REQUEST_OPLOCK, input, length: OUTPUT_BYTES };
}
export const oplockRequest = (level) => typeof level === 'number'
    ? caching(level, FLAG_REQUEST)
    : { code: requestCodes[level], input: noInput, length: 0 };
/**
 * What the completion says; null where it is no break (cancelled, or an acknowledgment that left
 * nothing). `held` is the legacy level: level 2 is lost without an acknowledgment.
 */
export function oplockBreak({ status, information, bytes }, held) {
    if (ntError(status))
        return null;
    if (bytes.length >= OUTPUT_BYTES) {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const left = view.getUint32(8, true);
        const acknowledge = (view.getUint32(12, true) & FLAG_ACK_REQUIRED) !== 0;
        return { to: cachingText(left), acknowledge, caching: left };
    }
    const acknowledge = held !== 'LEVEL_2';
    if (information === FILE_OPLOCK_BROKEN_TO_LEVEL_2) {
        return { to: 'LEVEL_2', acknowledge, caching: null };
    }
    return information === FILE_OPLOCK_BROKEN_TO_NONE
        ? { to: 'NONE', acknowledge, caching: null }
        : null;
}
export function cachingText(level) {
    const names = Object.entries(OplockCaching).filter(([, bit]) => (level & bit) !== 0);
    return names.length === 0 ? 'NONE' : names.map(([name]) => name).join('|');
}
/** The control that answers a break; "close" where the handle is closed instead. */
export function oplockReply(broken, reply) {
    if (reply === 'close')
        return 'close';
    if (broken.caching !== null) {
        const level = typeof reply === 'number' ? reply : reply === 'acknowledge' ? broken.caching : 0;
        return caching(level, FLAG_ACK);
    }
    const legacy = typeof reply === 'number' ? 'acknowledge' : reply;
    return { code: replyCodes[legacy], input: noInput, length: 0 };
}
