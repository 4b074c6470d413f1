// NTFS names: which are legal, how they compare, how a path and a stream name are taken apart.
// A name is a sequence of UTF-16 units; NTFS does not care whether they form characters (R-IO-15).
/** Longest component and longest stream name, in UTF-16 units. */
const NAME_LIMIT = 255;
/**
 * Where the upcase table of a volume maps letters: pairs of first and last unit. Outside, a unit is
 * its own upper case. Differs: the table of a real volume was fixed when it was formatted and differs
 * a little between Windows versions; scripts that came to Unicode later are left out here.
 */
const casedRanges = [
    [0x61, 0x7a],
    [0xe0, 0x24f],
    [0x370, 0x58f],
    [0x1e00, 0x1fff],
    [0x2170, 0x217f],
    [0x24d0, 0x24e9],
    [0xff41, 0xff5a],
];
/** Mapped one to one by the table, while the general rule would make two letters of them. */
const greekWithIota = [
    [0x1f80, 0x1f87, 8],
    [0x1f90, 0x1f97, 8],
    [0x1fa0, 0x1fa7, 8],
    [0x1fb3, 0x1fb3, 9],
    [0x1fc3, 0x1fc3, 9],
    [0x1ff3, 0x1ff3, 9],
];
/** The upper case of one unit, without any locale. */
function upcaseUnit(unit) {
    if (!casedRanges.some(([first, last]) => unit >= first && unit <= last))
        return unit;
    const iota = greekWithIota.find(([first, last]) => unit >= first && unit <= last);
    if (iota !== undefined)
        return unit + iota[2];
    const upper = String.fromCharCode(unit).toUpperCase();
    const mapped = upper.charCodeAt(0);
    // One unit becomes one unit, and a letter beyond ASCII never becomes an ASCII one.
    return upper.length === 1 && (unit < 0x80 || mapped >= 0x80) ? mapped : unit;
}
const ASCII = /^[\0-\x7f]*$/;
/** What two names have in common when they are the same to a case-insensitive volume. */
export function upcase(name) {
    if (ASCII.test(name))
        return name.toUpperCase();
    let upper = '';
    for (let at = 0; at < name.length; at += 1) {
        upper += String.fromCharCode(upcaseUnit(name.charCodeAt(at)));
    }
    return upper;
}
// eslint-disable-next-line no-control-regex -- NTFS forbids exactly these
const FORBIDDEN_IN_NAME = /[\0-\x1f"*/:<>?\\|]/;
// Wildcards are legal in the name of a stream.
const FORBIDDEN_IN_STREAM = /[\0/:\\]/;
/** Models: R-IO-15. "CON" and trailing dots are legal here: Win32 forbids them, NTFS does not. */
export const isLegalName = (name) => name.length > 0 &&
    name.length <= NAME_LIMIT &&
    name !== '.' &&
    name !== '..' &&
    !FORBIDDEN_IN_NAME.test(name);
export const isLegalStreamName = (name) => name.length <= NAME_LIMIT && !FORBIDDEN_IN_STREAM.test(name);
/** The part behind the first colon: "name", "name:$DATA" or ":$DATA". */
export function parseStream(text) {
    const colon = text.indexOf(':');
    const name = colon === -1 ? text : text.slice(0, colon);
    const type = colon === -1 ? null : text.slice(colon + 1);
    if (!isLegalStreamName(name))
        return { invalid: true };
    if (type === null)
        return name === '' ? { invalid: true } : { name, typed: false };
    if (upcase(type) === '$INDEX_ALLOCATION' && (name === '' || upcase(name) === '$I30')) {
        return { name: '', typed: true, index: true };
    }
    return upcase(type) === '$DATA' ? { name, typed: true } : { invalid: true };
}
/**
 * Takes a path apart, without its leading backslash. Null when a name in it is not legal; the whole
 * path is checked before anything is looked up.
 */
export function parsePath(path) {
    const trailingBackslash = path.endsWith('\\');
    const components = (trailingBackslash ? path.slice(0, -1) : path).split('\\');
    const last = components[components.length - 1] ?? '';
    const colon = last.indexOf(':');
    let stream = null;
    if (colon !== -1) {
        const parsed = parseStream(last.slice(colon + 1));
        if ('invalid' in parsed)
            return null;
        stream = parsed;
        components[components.length - 1] = last.slice(0, colon);
    }
    // ":stream" alone is legal: it names a stream of the file that the path is relative to.
    const onlyStream = stream !== null && components.length === 1 && components[0] === '';
    if (onlyStream)
        return { components: [], stream, trailingBackslash };
    if (!components.every(isLegalName))
        return null;
    return { components, stream, trailingBackslash };
}
