// Reads a trace that an agent wrote, or that a person kept: text whose first line carries the version.
import { LabError } from '../../contract/errors/labError.ts';
import { TraceEvent, traceFormat } from '../../contract/trace.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
/** Parses a whole trace; `what` names it in errors. A line cut at the very end is told, not refused. */
export function readTrace(text, what) {
    const lines = text.split('\n');
    const cut = lines.at(-1) !== '';
    if (!cut)
        lines.pop();
    const [first, ...rest] = lines;
    const header = parseOrThrow(traceFormat, parseLine(first ?? '', 1, what), what);
    const whole = cut ? rest.slice(0, -1) : rest;
    const events = whole.map((line, index) => parseEvent(line, index + 2, what));
    return { header, events, cut };
}
function parseEvent(line, number, what) {
    const parsed = TraceEvent.safeParse(parseLine(line, number, what));
    if (parsed.success)
        return parsed.data;
    const issue = parsed.error.issues[0];
    throw damaged(what, number, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}
function parseLine(line, number, what) {
    try {
        return JSON.parse(line);
    }
    catch (error) {
        throw damaged(what, number, error instanceof Error ? error.message : 'not JSON');
    }
}
const damaged = (what, number, why) => new LabError('file.invalid', {
    problem: `${what}: line ${number} is not an event of a trace: ${why}.`,
    remedy: 'Name a trace that FltLab wrote, complete and unchanged.',
});
