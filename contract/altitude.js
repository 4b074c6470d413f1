// Altitudes are decimal strings of any precision ("370000.5"), compared as numbers and never
// converted to one: two filters may differ in a digit that a double cannot hold.
// Models: R-FLT-3.
/** Whether FltMgr can read it: digits, optionally a fraction. */
export const isAltitude = (text) => /^[0-9]+(\.[0-9]+)?$/.test(text);
/** Negative when `a` is below `b`, 0 when they are the same altitude, positive when above. */
export function compareAltitudes(a, b) {
    const [aWhole, aFraction] = parts(a);
    const [bWhole, bFraction] = parts(b);
    if (aWhole.length !== bWhole.length)
        return aWhole.length - bWhole.length;
    if (aWhole !== bWhole)
        return aWhole < bWhole ? -1 : 1;
    if (aFraction === bFraction)
        return 0;
    // Digit by digit from the point: a proper prefix is the smaller fraction, as in text order.
    return aFraction < bFraction ? -1 : 1;
}
function parts(altitude) {
    const [whole = '', fraction = ''] = altitude.split('.');
    return [whole.replace(/^0+/, ''), fraction.replace(/0+$/, '')];
}
