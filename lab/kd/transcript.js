// A transcript of a real session, dropped in as a file: the same reading as that of a live one, and the
// commands with their answers, so that they can be laid beside those of the simulated debugger.
import { createReadStream } from 'node:fs';
import { LabError } from '../../contract/errors/labError.ts';
import { withAnalysis } from './crash.ts';
import { StreamParser } from './stream/parser.ts';
/** What is kept of a transcript; beyond it, readings are dropped and counted. */
const ITEM_LIMIT = 200_000;
const PROMPT = /^(?:\d+: )?(?:kd(?::\w+)?>|\(gdb\)) ?(.*)$/;
/** Errors: `file.unreadable`. */
export async function readTranscript(file) {
    const items = [];
    const commands = [];
    const parser = new StreamParser({
        tell: (item) => {
            if (item.kind === 'text')
                return;
            if (items.length < ITEM_LIMIT)
                items.push(item);
            else
                parser.dropped(1);
        },
    });
    let rest = '';
    let bytes = 0;
    const decoder = new TextDecoder();
    try {
        for await (const chunk of createReadStream(file)) {
            const piece = chunk;
            bytes += piece.length;
            parser.push(piece);
            const rows = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n/);
            rest = rows.pop() ?? '';
            for (const row of rows)
                addRow(commands, row);
        }
    }
    catch (cause) {
        throw new LabError('file.unreadable', {
            problem: `${file} cannot be read: ${cause.code ?? String(cause)}.`,
            remedy: 'Name a text file: a log of kd, WinDbg or a session of the lab.',
            cause,
        });
    }
    parser.end();
    addRow(commands, rest);
    const answered = commands.map(({ command, answer }) => ({
        command,
        answer: answer.join('\n').trimEnd(),
    }));
    return {
        bytes,
        commands: answered,
        items,
        crashes: crashesOf(items, answered),
        losses: parser.losses,
    };
}
function addRow(commands, row) {
    const typed = PROMPT.exec(row)?.[1];
    if (typed === undefined)
        commands.at(-1)?.answer.push(row);
    // An empty line at the prompt is no command.
    else if (typed.trim() !== '')
        commands.push({ command: typed.trim(), answer: [] });
}
function crashesOf(items, commands) {
    const crashes = items.flatMap((item) => (item.kind === 'bugcheck' ? [item.crash] : []));
    const analysis = commands.find(({ command }) => command.startsWith('!analyze'))?.answer;
    if (analysis === undefined)
        return crashes;
    const [first, ...others] = crashes;
    // A transcript of a dump has an analysis and no banner.
    const bare = { code: undefined, name: 'unknown', parameters: [] };
    const analysed = withAnalysis(first ?? bare, analysis);
    const code = /\(([0-9a-f]+)\)\s*$/m.exec(analysis)?.[1];
    const known = analysed.code ?? (code === undefined ? undefined : Number.parseInt(code, 16));
    return [{ ...analysed, code: known }, ...others];
}
/**
 * The same commands of two transcripts laid side by side: addresses, identifiers and blanks differ from
 * machine to machine and are not compared.
 */
export function compareTranscripts(left, right) {
    const waiting = [...right];
    const different = [];
    const unpaired = [];
    let same = 0;
    for (const one of left) {
        const at = waiting.findIndex(({ command }) => shape(command) === shape(one.command));
        const [other] = at < 0 ? [] : waiting.splice(at, 1);
        if (other === undefined)
            unpaired.push(one.command);
        else if (shape(one.answer) === shape(other.answer))
            same += 1;
        else
            different.push({ command: one.command, left: one.answer, right: other.answer });
    }
    return { same, different, unpaired: [...unpaired, ...waiting.map(({ command }) => command)] };
}
/** Addresses become one word; which of them are equal to which is kept by their order of appearance. */
export function shape(text) {
    const names = new Map();
    return text
        .replace(/\b(?:0x)?[0-9a-f]{8}(?:`?[0-9a-f]{8})?\b/gi, (address) => {
        const plain = address.toLowerCase().replace(/^0x|`/g, '');
        if (/^0+$/.test(plain))
            return 'NULL';
        const known = names.get(plain) ?? `@${names.size + 1}`;
        names.set(plain, known);
        return known;
    })
        .replace(/[ \t]+/g, ' ')
        .replace(/ *\n */g, '\n')
        .trim();
}
