// The operations of oplocks: asking for one, answering its break, and steps that may block on it.
import { legacyOplocks, OplockCaching } from '../../contract/oplock.ts';
import { isRecord } from './case.ts';
import { flagsOf } from './fields.ts';
/** Answers breaks while the main actor blocks in the call that has caused them. */
export const HOLDER = 'holder';
/** Breaks of one handle that can follow one another: from read-write-handle down to nothing. */
const BREAKS_MAX = 3;
const isLegacy = (level) => legacyOplocks.includes(level);
export const oplockLevel = (text, where) => isLegacy(text) ? text : flagsOf(text, OplockCaching, 'OPLOCK_LEVEL_', where);
/** The request that an operation names, or one named after its handle. */
export function requestOplock(fields, writer) {
    const handle = fields.text('h');
    const as = fields.optionalText('as') ?? `${handle}.oplock.${writer.oplocksOf(handle).length + 1}`;
    const level = oplockLevel(fields.text('level'), 'request_oplock');
    writer.requests.push(as);
    writer.oplocks.push({ handle, request: as, level });
    writer.add({ do: 'request-oplock', handle, level, as });
}
/**
 * The field "oplock" of a create: asked for right after the open, as an SMB 2 server does. A refused
 * LEVEL_1 or BATCH is asked for again as LEVEL_2; one that has been granted refuses the second.
 */
export function oplockOfCreate(text, handle, writer) {
    const level = oplockLevel(text, 'oplock');
    const levels = level === 'LEVEL_1' || level === 'BATCH' ? [level, 'LEVEL_2'] : [level];
    levels.forEach((asked, index) => {
        const request = `${handle}.oplock.${index + 1}`;
        writer.oplocks.push({ handle, request, level: asked });
        writer.requests.push(request);
        writer.addAs(request, { do: 'request-oplock', handle, level: asked, as: request });
    });
}
export function onBreak(fields, writer) {
    const text = fields.text('reply');
    const reply = replyOf(text, fields);
    const as = fields.optionalText('as');
    const held = fields.has('req')
        ? writer.oplocks.filter(({ request }) => request === fields.text('req'))
        : writer.oplocksOf(fields.text('h'));
    if (held.length === 0)
        fields.refuse('nobody has asked for that oplock');
    writer.actors[HOLDER] ??= { process: 'main' };
    for (const { handle, request, level } of held) {
        // Level 2 is lost without an answer.
        if (level === 'LEVEL_2')
            continue;
        let awaited = request;
        const rounds = typeof level === 'number' && as === undefined ? BREAKS_MAX : 1;
        for (let round = 1; round <= rounds; round += 1) {
            const answered = as ?? `${request}.ack.${round}`;
            writer.oplocks.push({ handle, request: answered, level: 'LEVEL_2' });
            writer.requests.push(answered);
            writer.add({ do: 'on-break', actor: HOLDER, request: awaited, reply, as: answered });
            awaited = answered;
        }
    }
}
function replyOf(text, fields) {
    if (text === 'close')
        return 'close';
    const level = /^ack(?: (.+))?$/.exec(text);
    if (level === null)
        return fields.refuse(`the reply "${text}" is not understood`);
    const wanted = level[1];
    if (wanted === undefined || wanted === 'LEVEL_2')
        return 'acknowledge';
    return wanted === 'NONE' ? 'none' : flagsOf(wanted, OplockCaching, 'OPLOCK_LEVEL_', 'reply');
}
/** { op: start, do: step }: the step is issued and not waited for. */
export function start(fields, writer, write) {
    const inner = fields.take('do');
    if (!isRecord(inner))
        fields.refuse('"do" is not a step');
    else
        writer.starting(() => write(inner, writer));
}
