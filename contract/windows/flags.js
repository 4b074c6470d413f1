// Reading and writing flag words by name, the way a person writes them: "FILE_LIST_DIRECTORY|0x100000".
/**
 * The value of names and numbers joined by `|`. A name may leave out `prefix`.
 * Returns the first word that is not understood as `{ unknown }`.
 */
export function parseFlags(text, table, prefix = '') {
    let value = 0;
    for (const word of text.split('|').map((part) => part.trim())) {
        if (word === '')
            continue;
        const bits = flagBits(word, table, prefix);
        if (bits === undefined)
            return { unknown: word };
        value = (value | bits) >>> 0;
    }
    return { value };
}
function flagBits(word, table, prefix) {
    if (Object.hasOwn(table, word))
        return table[word];
    if (Object.hasOwn(table, prefix + word))
        return table[prefix + word];
    if (/^0x[0-9a-f]{1,8}$/i.test(word))
        return Number.parseInt(word, 16);
    if (/^[0-9]{1,10}$/.test(word) && Number(word) <= 0xffffffff)
        return Number(word);
    return undefined;
}
/** "FILE_SHARE_READ|FILE_SHARE_WRITE"; bits without a name follow as one hex number; 0 is "0". */
export function formatFlags(value, table) {
    const words = [];
    let rest = value >>> 0;
    const entries = Object.entries(table).sort((a, b) => bitCount(b[1]) - bitCount(a[1]));
    for (const [name, bits] of entries) {
        if (bits !== 0 && (rest & bits) >>> 0 === bits >>> 0) {
            words.push(name);
            rest = (rest & ~bits) >>> 0;
        }
    }
    if (rest !== 0)
        words.push(`0x${rest.toString(16).toUpperCase()}`);
    return words.length === 0 ? '0' : words.join('|');
}
function bitCount(value) {
    let count = 0;
    for (let rest = value >>> 0; rest !== 0; rest &= rest - 1)
        count += 1;
    return count;
}
