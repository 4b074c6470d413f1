// FsRtlIsNameInExpression: does a name match a mask? Masks come upcased, as FsRtl demands.
const STAR = '*';
const QUESTION = '?';
/** DOS_STAR: anything up to the last dot. */
const DOS_STAR = '<';
/** DOS_QM: one character, or nothing before a dot or at the end. */
const DOS_QM = '>';
/** DOS_DOT: a dot, or nothing at the end. */
const DOS_DOT = '"';
/**
 * Models: FsRtlIsNameInExpression with IgnoreCase handled by the caller: both texts are upcased.
 */
export function nameMatches(mask, name) {
    if (mask === STAR)
        return true;
    return matchFrom(mask, 0, name, 0, name.lastIndexOf('.'));
}
function matchFrom(mask, m, name, n, lastDot) {
    let at = m;
    let pos = n;
    for (; at < mask.length; at += 1) {
        const wanted = mask[at];
        const ended = pos >= name.length;
        if (wanted === STAR || wanted === DOS_STAR) {
            return matchStar(mask, at, name, pos, lastDot);
        }
        if (wanted === DOS_QM && (ended || name[pos] === '.'))
            continue;
        if (wanted === DOS_DOT && ended)
            continue;
        if (ended)
            return false;
        const same = wanted === QUESTION ||
            wanted === DOS_QM ||
            (wanted === DOS_DOT ? name[pos] === '.' : name[pos] === wanted);
        if (!same)
            return false;
        pos += 1;
    }
    return pos === name.length;
}
function matchStar(mask, at, name, pos, lastDot) {
    // DOS_STAR may not swallow the last dot; without a dot it behaves as a plain star.
    const limit = mask[at] === DOS_STAR && lastDot >= pos ? lastDot : name.length;
    for (let next = pos; next <= limit; next += 1) {
        if (matchFrom(mask, at + 1, name, next, lastDot))
            return true;
    }
    return false;
}
