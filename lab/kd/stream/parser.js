import { LAB_TRACE, parseLabTrace, SequenceWatch } from './labTrace.ts';
/** The most that one DbgPrint sends (documentation of DbgPrint). */
export const DBG_PRINT_LIMIT_BYTES = 512;
/** A line that never ends is cut here, so that memory stays bounded. */
const LINE_LIMIT_BYTES = 64 * 1024;
export class StreamParser {
    tell;
    watch = new SequenceWatch();
    lost = {
        'sequence-gap': 0,
        'print-truncated': 0,
        'trace-damaged': 0,
        'packet-damaged': 0,
        'reading-dropped': 0,
    };
    rest = Buffer.alloc(0);
    place = 0;
    /** What the lines before began and this one may go on with. */
    open;
    /** The rest of this line has been read as a prompt already. */
    prompted = false;
    constructor(options) {
        this.tell = options.tell;
    }
    get losses() {
        return this.lost;
    }
    push(chunk) {
        let from = 0;
        if (this.rest.length > 0) {
            const end = chunk.indexOf(LINE_FEED);
            if (end < 0 && this.rest.length + chunk.length <= LINE_LIMIT_BYTES) {
                this.rest = Buffer.concat([this.rest, chunk]);
                return this.look();
            }
            const stop = end < 0 ? chunk.length : end + 1;
            this.line(Buffer.concat([this.rest, chunk.subarray(0, stop)]));
            this.rest = Buffer.alloc(0);
            from = stop;
        }
        for (;;) {
            const end = chunk.indexOf(LINE_FEED, from);
            if (end < 0)
                break;
            this.line(chunk.subarray(from, end + 1));
            from = end + 1;
        }
        if (from < chunk.length) {
            // A copy: the rest of a large chunk would keep all of it.
            this.rest = Buffer.from(chunk.subarray(from));
            this.look();
        }
    }
    /** Nothing follows: what is unfinished is told as it is. */
    end() {
        if (this.rest.length > 0)
            this.line(this.rest);
        this.rest = Buffer.alloc(0);
        this.finish();
        this.loss('sequence-gap', this.watch.end(), 'LAB_TRACE lines are missing');
    }
    /** A DbgPrint that came as a packet: its length is known, so a cut is certain. */
    debugPrint(text) {
        const cut = text.length >= DBG_PRINT_LIMIT_BYTES;
        for (const line of text.toString('utf8').split(/\r?\n/)) {
            if (line !== '')
                this.printed(line, { at: this.place }, cut);
        }
        if (cut)
            this.loss('print-truncated', 1, 'a DbgPrint of 512 bytes or more');
        this.place += text.length;
    }
    damagedPacket(told) {
        this.loss('packet-damaged', 1, told);
    }
    dropped(count) {
        this.lost['reading-dropped'] += count;
    }
    /** A line without its end may be a question: a prompt stays where it is until it is answered. */
    look() {
        if (this.prompted || this.rest.length > LOOK_LIMIT)
            return;
        const text = withoutEcho(this.rest.toString('latin1'));
        const prompt = PROMPT.exec(text);
        if (prompt !== null && prompt[0].length === text.length) {
            this.finish();
            this.prompted = true;
            const processor = processorOf(prompt);
            this.say({ kind: 'prompt', processor, open: true }, { at: this.place });
        }
        else if (VERIFIER_QUESTION.test(text)) {
            this.ask();
            this.prompted = true;
        }
    }
    line(bytes) {
        const place = { at: this.place };
        this.place += bytes.length;
        let text = withoutEcho(trimEnd(bytes));
        const answered = this.prompted;
        this.prompted = false;
        if (special.has(text.charCodeAt(0)) || this.open !== undefined) {
            const prompt = PROMPT.exec(text);
            if (prompt !== null) {
                const processor = processorOf(prompt);
                if (!answered)
                    this.say({ kind: 'prompt', processor, open: false }, place);
                text = text.slice(prompt[0].length);
            }
            if (VERIFIER_QUESTION.test(text))
                return answered ? undefined : this.ask();
            if (this.known(text, place))
                return;
        }
        const cut = bytes.length > DBG_PRINT_LIMIT_BYTES;
        if (cut)
            this.loss('print-truncated', 1, 'a line of 512 bytes or more');
        if (text !== '')
            this.say({ kind: 'text', text }, place);
    }
    known(text, place) {
        if (this.open?.take(text)) {
            if (this.open.whole())
                this.finish();
            return true;
        }
        this.finish();
        if (text.startsWith(LAB_TRACE)) {
            this.printed(text, place, false);
            return true;
        }
        for (const [pattern, read] of readers) {
            const match = pattern.exec(text);
            if (match === null)
                continue;
            const piece = read(match);
            if ('take' in piece)
                this.open = piece;
            else
                this.say(piece, place);
            if ('take' in piece)
                this.openedAt = place;
            return true;
        }
        return false;
    }
    openedAt = { at: 0 };
    printed(text, place, truncated) {
        if (!text.startsWith(LAB_TRACE)) {
            if (this.known(text, place))
                return;
            return this.say({ kind: 'debug-print', text, truncated }, place);
        }
        const trace = parseLabTrace(text);
        if (trace === undefined) {
            this.say({ kind: 'debug-print', text, truncated: true }, place);
            return this.loss('trace-damaged', 1, text.slice(0, 80));
        }
        const gap = this.watch.see(trace);
        this.loss('sequence-gap', gap, `before line ${trace.sequence} of ${trace.driver}`);
        this.say({ kind: 'trace', ...trace }, place);
    }
    ask() {
        const piece = this.open?.close();
        this.open = undefined;
        if (piece?.kind === 'verifier-stop')
            this.say({ ...piece, asks: true }, this.openedAt);
    }
    finish() {
        const piece = this.open?.close();
        this.open = undefined;
        if (piece !== undefined)
            this.say(piece, this.openedAt);
    }
    loss(what, count, told) {
        if (count === 0)
            return;
        this.lost[what] += count;
        this.say({ kind: 'loss', what, count, told }, { at: this.place });
    }
    say(piece, place) {
        this.tell({ ...piece, ...place });
    }
}
const LINE_FEED = 0x0a;
const LOOK_LIMIT = 200;
/** "1: kd> ", "kd> ", "0: kd:x86> ", "(gdb) ". */
const PROMPT = /^(?:(?:(\d+): )?kd(?::\w+)?> ?|\(gdb\) )/;
const VERIFIER_QUESTION = /^Break, ignore, zap or remove \?/i;
function trimEnd(bytes) {
    let end = bytes.length;
    while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d))
        end -= 1;
    return bytes.toString('utf8', 0, end);
}
/** A terminal shows a Ctrl+C as "^C", wherever the cursor was. */
const withoutEcho = (text) => text.startsWith('^C') ? text.replace(/^(?:\^C)+/, '') : text;
const processorOf = (prompt) => prompt[1] === undefined ? undefined : Number(prompt[1]);
const bugcheckBanner = (match) => {
    const code = Number.parseInt(match[1] ?? '0', 16);
    let parameters = [];
    return {
        take: (line) => {
            const list = /^\s+\((0x[0-9A-F]+(?:,0x[0-9A-F]+){3})\)/i.exec(line)?.[1];
            if (list === undefined || parameters.length > 0)
                return false;
            parameters = list.split(',').map((value) => value.toLowerCase());
            return true;
        },
        whole: () => parameters.length > 0,
        close: () => ({
            kind: 'bugcheck',
            crash: { code, name: `BUGCHECK_${code.toString(16).toUpperCase()}`, parameters },
        }),
    };
};
const verifierStop = (match) => {
    const details = [];
    let filter;
    return {
        take: (line) => {
            if (!/^\s*\(|^\s+\S/.test(line) || details.length >= 20)
                return false;
            details.push(line.trim());
            filter ??= /Filter = [0-9A-Fa-f`x]+ \(([^)]+)\)/.exec(line)?.[1];
            return true;
        },
        whole: () => false,
        close: () => ({
            kind: 'verifier-stop',
            message: match[1] ?? '',
            filter,
            details: details.join('\n'),
            asks: false,
        }),
    };
};
const readers = [
    [/^\*\*\* Fatal System Error: 0x([0-9a-f]+)/i, bugcheckBanner],
    [/^FILTER VERIFIER ERROR: (.*)$/, verifierStop],
    [/^Breakpoint (\d+) hit/, ([, number]) => ({ kind: 'breakpoint', number: Number(number) })],
    [
        /^Breakpoint (\d+), /, // gdb
        ([, number]) => ({ kind: 'breakpoint', number: Number(number) }),
    ],
    [
        / - code ([0-9a-f]{8}) \((first|!!! second) chance( !!!)?\)/,
        ([, code, chance]) => ({
            kind: 'exception',
            code: Number.parseInt(code ?? '0', 16),
            chance: chance === 'first' ? 'first' : 'second',
        }),
    ],
    [/^Waiting to reconnect\.\.\./, () => ({ kind: 'waiting-to-reconnect' })],
    [/^Connected to (Windows .*)$/, ([, system]) => ({ kind: 'connected', system: system ?? '' })],
    [
        /^ModLoad: ([0-9a-f`]+) [0-9a-f`]+ +(.+)$/,
        ([, base, path]) => ({ kind: 'module', loaded: true, path: path ?? '', base: base ?? '' }),
    ],
    [
        /Kernel panic - not syncing: (.*)$/,
        ([, why]) => ({
            kind: 'bugcheck',
            crash: { code: undefined, name: 'Kernel panic', parameters: [why ?? ''] },
        }),
    ],
];
/** First characters of lines that may be something. A letter here costs a few patterns a line. */
const special = new Set(['*', 'F', 'B', 'A', 'W', 'C', 'M', 'L', 'k', '(', '[', 'K', 'S', 'I', ...'0123456789'].map((one) => one.charCodeAt(0)));
