// DER, as far as an X.509 certificate needs it (ITU-T X.690). Writing only: reading is node's.
const tag = {
    integer: 0x02,
    bitString: 0x03,
    octetString: 0x04,
    objectIdentifier: 0x06,
    utf8String: 0x0c,
    sequence: 0x30,
    set: 0x31,
    utcTime: 0x17,
    generalizedTime: 0x18,
    boolean: 0x01,
};
/** [number] EXPLICIT of the context class. */
export const explicit = (number, content) => element(0xa0 | number, content);
/** [number] IMPLICIT of the context class, primitive. */
export const implicit = (number, content) => element(0x80 | number, content);
export const sequence = (...parts) => element(tag.sequence, Buffer.concat(parts));
export const set = (...parts) => element(tag.set, Buffer.concat(parts));
export const boolean = (value) => element(tag.boolean, Buffer.from([value ? 0xff : 0]));
/** Not negative, big-endian. */
export function integer(bytes) {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0)
        start++;
    const digits = bytes.subarray(start);
    const negative = ((digits[0] ?? 0) & 0x80) !== 0;
    return element(tag.integer, negative ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}
/** Whole bytes, or a last byte of which `unused` low bits do not count. */
export const bitString = (bytes, unused = 0) => element(tag.bitString, Buffer.concat([Buffer.from([unused]), bytes]));
export const octetString = (bytes) => element(tag.octetString, bytes);
export const utf8String = (text) => element(tag.utf8String, Buffer.from(text, 'utf8'));
export function objectIdentifier(dotted) {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    const bytes = [first * 40 + second, ...rest].flatMap(base128);
    return element(tag.objectIdentifier, Buffer.from(bytes));
}
function base128(value) {
    const digits = [value & 0x7f];
    for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
        digits.unshift((left & 0x7f) | 0x80);
    }
    return digits;
}
/** UTCTime up to 2049, GeneralizedTime from 2050 on, as RFC 5280 wants it; to the second. */
export function time(date) {
    const digits = date
        .toISOString()
        .replace(/\.\d+Z$/, 'Z')
        .replace(/[-:T]/g, '');
    return date.getUTCFullYear() < 2050
        ? element(tag.utcTime, Buffer.from(digits.slice(2), 'latin1'))
        : element(tag.generalizedTime, Buffer.from(digits, 'latin1'));
}
function element(tagByte, content) {
    const { length } = content;
    if (length < 0x80)
        return Buffer.concat([Buffer.from([tagByte, length]), content]);
    const digits = [];
    for (let left = length; left > 0; left >>>= 8)
        digits.unshift(left & 0xff);
    return Buffer.concat([Buffer.from([tagByte, 0x80 | digits.length, ...digits]), content]);
}
