// Case of single UTF-16 units, as RtlUpcaseUnicodeChar has it: one unit gives one unit.
// Differs: the table is that of this engine's Unicode, not the one of the Windows version.
/** The upper-case unit, or the unit itself where its upper case is longer than one. */
export function upcaseUnit(unit) {
    const upper = String.fromCharCode(unit).toUpperCase();
    return upper.length === 1 ? upper.charCodeAt(0) : unit;
}
export function downcaseUnit(unit) {
    const lower = String.fromCharCode(unit).toLowerCase();
    return lower.length === 1 ? lower.charCodeAt(0) : unit;
}
export const upcaseText = (text) => mapUnits(text, upcaseUnit);
export const downcaseText = (text) => mapUnits(text, downcaseUnit);
function mapUnits(text, map) {
    let mapped = '';
    for (let index = 0; index < text.length; index += 1) {
        mapped += String.fromCharCode(map(text.charCodeAt(index)));
    }
    return mapped;
}
/** RtlCompareUnicodeString: by code unit; negative, 0 or positive. */
export function compareText(a, b, ignoreCase) {
    const shorter = Math.min(a.length, b.length);
    for (let index = 0; index < shorter; index += 1) {
        let [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
        if (ignoreCase)
            [left, right] = [upcaseUnit(left), upcaseUnit(right)];
        if (left !== right)
            return left - right;
    }
    return a.length - b.length;
}
