export function encodeBytes(written) {
    if ('text' in written)
        return encodeUtf8(written.text);
    if ('utf16' in written)
        return encodeUtf16(written.utf16);
    if ('hex' in written)
        return decodeHex(written.hex);
    return new Uint8Array(written.length).fill(written.fill);
}
const REPLACEMENT_CHARACTER = 0xfffd;
function encodeUtf8(text) {
    const bytes = [];
    for (const character of text) {
        const code = character.codePointAt(0) ?? 0;
        // A lone surrogate has no encoding.
        appendUtf8(bytes, code >= 0xd800 && code <= 0xdfff ? REPLACEMENT_CHARACTER : code);
    }
    return Uint8Array.from(bytes);
}
function appendUtf8(bytes, code) {
    const rest = (shift) => 0x80 | ((code >> shift) & 0x3f);
    if (code < 0x80)
        bytes.push(code);
    else if (code < 0x800)
        bytes.push(0xc0 | (code >> 6), rest(0));
    else if (code < 0x10000)
        bytes.push(0xe0 | (code >> 12), rest(6), rest(0));
    else
        bytes.push(0xf0 | (code >> 18), rest(12), rest(6), rest(0));
}
export function encodeUtf16(text) {
    const bytes = new Uint8Array(text.length * 2);
    for (let at = 0; at < text.length; at += 1) {
        const unit = text.charCodeAt(at);
        bytes[at * 2] = unit & 0xff;
        bytes[at * 2 + 1] = unit >> 8;
    }
    return bytes;
}
function decodeHex(hex) {
    const bytes = new Uint8Array(hex.length / 2);
    for (let at = 0; at < bytes.length; at += 1) {
        bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
    }
    return bytes;
}
const hexOfByte = Array.from({ length: 256 }, (_unused, byte) => byte.toString(16).padStart(2, '0'));
export function toHex(bytes) {
    let text = '';
    for (const byte of bytes)
        text += hexOfByte[byte];
    return text;
}
