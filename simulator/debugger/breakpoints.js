import { DRIVER_BASE } from './symbols.ts';
import { hex8 } from './failure.ts';
/** The address at which a moment is; null where it has none of its own (an event). */
export function addressOf(moment, symbols, view) {
    switch (moment.kind) {
        case 'enter':
            return moment.routine === null ? null : symbols.addressOfRoutine(moment.routine);
        case 'return':
            if (moment.caller === null || moment.routine === null)
                return null;
            // Back in the driver: the statement that called is where it still stands.
            if (view !== null && moment.caller.startsWith(`${view.name}!`))
                return null;
            return symbols.returnAddress(moment.caller, moment.routine);
        case 'line': {
            const line = view?.lines[moment.row];
            return line === undefined ? null : DRIVER_BASE + line.offset;
        }
        case 'event':
            return null;
    }
}
export function isHit(breakpoint, moment, symbols, view) {
    if (!breakpoint.enabled)
        return false;
    if (breakpoint.thread !== null && breakpoint.thread !== moment.thread.address)
        return false;
    const { address } = breakpoint;
    if (address >= DRIVER_BASE && moment.kind === 'enter')
        return false;
    if (addressOf(moment, symbols, view) === address)
        return true;
    // A function of the driver is met at its first statement, where its parameters are in place.
    if (!moment.begins || view === null)
        return false;
    const line = view.lines[moment.row];
    const around = line === undefined ? undefined : symbols.functionAround(line.offset);
    return around !== undefined && DRIVER_BASE + around.start === address;
}
/** As `bl` prints them. */
export function listing(breakpoints) {
    return breakpoints.flatMap(({ id, enabled, address, name, thread }) => [
        ` ${id} ${enabled ? 'e' : 'd'} ${hex8(address)}     0001 (0001) ${name}`,
        ...(thread === null ? [] : [`     Match thread data ${hex8(thread)}`]),
    ]);
}
