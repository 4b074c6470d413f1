// What is shown where the machine comes to a stop.
import { eventSummary } from './eventSummary.ts';
import { hex8 } from './failure.ts';
/** The routine that the thread is in, and the statement or the event at which it stands. */
export function placeLines(standing, moment, events) {
    if (moment === null)
        return [];
    const [top] = standing.frames;
    const lines = [];
    if (moment.kind === 'event') {
        const { event } = standing.still.recorder.log.positionOf(standing.still.recorder.log.moments.length - 1);
        const shown = events[event];
        if (shown !== undefined)
            lines.push(`event ${event}: ${eventSummary(shown)}`);
    }
    if (top === undefined)
        return lines;
    if (moment.kind === 'line' && top.source !== null) {
        const { file, line } = top.source;
        const text = standing.knowledge.sources.get(file)?.split('\n')[line - 1];
        lines.push(`${top.symbol} [${file} @ ${line}]:`);
        if (text !== undefined)
            lines.push(`>${String(line).padStart(5)}: ${text.trimEnd()}`);
        return lines;
    }
    const how = moment.kind === 'return' && moment.routine !== null
        ? `  ${standing.symbols.shown(moment.routine)} has returned`
        : '';
    const address = moment.kind === 'return' && moment.caller !== null && moment.routine !== null
        ? standing.symbols.returnAddress(moment.caller, moment.routine)
        : standing.instruction;
    lines.push(`${standing.symbols.nameAt(address) ?? top.symbol}:`);
    lines.push(`${hex8(address)}${how}`);
    return lines;
}
/** The simulation is over. */
export function stopLines({ end, recorder }) {
    if (end?.bugcheck !== undefined) {
        const { code, parameters } = end.bugcheck;
        const values = [0, 1, 2, 3].map((index) => `0x${hex8(Number(parameters[index] ?? 0))}`);
        return [
            '',
            `*** Fatal System Error: 0x${hex8(code)}`,
            `                       (${values.join(',')})`,
            '',
            'Use !analyze -v to get detailed debugging information.',
        ];
    }
    if (end?.outcome === 'hang') {
        return [
            'Nothing can run any more: the simulation hangs.',
            'Use !analyze -v to get detailed debugging information.',
        ];
    }
    const what = end?.notModelled === undefined
        ? (end?.outcome ?? 'stopped')
        : `${end.outcome}: ${end.notModelled}`;
    return [`End of trace reached after ${recorder.log.events.length} events: ${what}.`];
}
