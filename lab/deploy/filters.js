// What the Filter Manager of a machine has loaded, as `fltmc instances` prints it, and what follows from
// it for a driver that is to be loaded beside.
/**
 * The table of `fltmc instances`: its columns are where the rule under the headings has its gaps, in
 * every language. Volume names may hold blanks, and a column may be empty.
 */
export function parseInstances(text) {
    const lines = text.split(/\r?\n/);
    const at = lines.findIndex((line) => /^-{3,}( +-{3,}){3,}\s*$/.test(line));
    const rule = lines[at];
    if (rule === undefined)
        return [];
    const columns = [...rule.matchAll(/-+/g)].map(({ index }) => index);
    return lines.slice(at + 1).flatMap((line) => {
        if (line.trim() === '')
            return [];
        const cell = (one) => line.slice(columns[one], columns[one + 1]).trim();
        const byRule = {
            filter: cell(0),
            volume: cell(1),
            altitude: cell(2),
            instance: cell(3),
            frame: cell(4),
        };
        // A name longer than its column pushes the rest to the right: then the altitude is found by its form.
        if (/^\d+(\.\d+)?$/.test(byRule.altitude))
            return [byRule];
        const [, filter, volume, altitude, rest] = /^(\S+)\s+(.*?)\s+(\d+(?:\.\d+)?)\s{2,}(.*)$/.exec(line) ?? [];
        if (filter === undefined || altitude === undefined || rest === undefined)
            return [];
        const [instance = '', frame = ''] = rest.split(/\s{2,}/);
        return [{ filter, volume: volume ?? '', altitude, instance, frame }];
    });
}
/** A filter of another name at an altitude that ours asks for: FltRegisterFilter would refuse ours. */
export function altitudeCollision(attached, driver, altitudes) {
    return attached.find((one) => one.filter.toLowerCase() !== driver.toLowerCase() &&
        altitudes.some((altitude) => sameAltitude(altitude, one.altitude)));
}
/** "370030" and "370030.0" are one; altitudes are decimals of any length. */
function sameAltitude(left, right) {
    const plain = (text) => text
        .replace(/^0+(?=\d)/, '')
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '');
    return plain(left) === plain(right);
}
export const attachmentsOf = (attached, driver) => attached.filter(({ filter }) => filter.toLowerCase() === driver.toLowerCase());
