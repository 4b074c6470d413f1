export const placed = ({ name, type, place }, base) => ({
    name,
    type,
    address: place.kind === 'frame' ? base + place.value : place.value,
});
/** A variable of the frame, or else a global of the driver ("Globals", "dirnotify!Globals"). */
export function findVariable(scope, text) {
    const name = text.includes('!') ? text.slice(text.indexOf('!') + 1) : text;
    const { driver } = scope.frame ?? { driver: null };
    // The innermost block's variable comes last.
    const local = text.includes('!')
        ? undefined
        : driver?.variables.findLast((one) => one.name === name);
    if (local !== undefined && driver !== null)
        return placed(local, driver.base);
    const global = scope.driverTypes?.globals.find((one) => one.name === name);
    return global === undefined ? undefined : placed(global, 0);
}
