// One debugger over one simulation: takes commands, answers with text, and moves through time by
// simulating again.
import { isHit, listing } from './breakpoints.ts';
import { lookCommand } from './commands/table.ts';
import { evaluateMasm } from './expression/masm.ts';
import { cannotResolve, hex8, KdError, syntaxError } from './failure.ts';
import { modelRoutines } from './modelRoutines.ts';
import { positionText } from './moments.ts';
import { stepBackCondition, stepCondition } from './motion.ts';
import { play } from './play.ts';
import { placeLines, stopLines } from './stopText.ts';
import { Standing } from './standing.ts';
import { DRIVER_BASE } from './symbols.ts';
export class KdSession {
    subject;
    knowledge;
    /** The whole simulation, watched once to its end. */
    whole;
    still;
    standing;
    /** Where it stands: a moment, or one past the last when it has ended. */
    index;
    machine = 'x86';
    breakpoints = [];
    constructor(options, whole) {
        this.subject = options.subject;
        this.whole = whole;
        this.knowledge = {
            layouts: options.layouts,
            knownRoutines: knownRoutines(options.exports, whole),
            sources: options.sources,
            driverTypes: null,
        };
        this.still = whole;
        this.index = whole.recorder.log.moments.length;
        this.standing = new Standing(whole, this.knowledge, null);
    }
    /** Watches the simulation once, then goes to its first moment. */
    static async start(options) {
        const session = new KdSession(options, await play(options.subject, () => false));
        await session.travel(0);
        return session;
    }
    get position() {
        return this.whole.recorder.log.positionOf(this.index);
    }
    /** What is said first. */
    greeting() {
        const { profile, trace } = {
            profile: this.standing.records.recorder.machine.profile,
            trace: this.whole,
        };
        const { sample, variant, workload } = this.subject;
        const end = trace.end?.outcome ?? 'stopped';
        return [
            `${profile.title} (${profile.build}) UP Free x86 compatible, simulated`,
            `${sample} (${variant}), workload ${workload.name}, seed ${this.subject.seed}: ${trace.recorder.log.events.length} events, ${end}`,
            ...this.where(),
            '',
        ].join('\n');
    }
    /** Carries out one line of commands; what fails is told in kd's words and ends the line. */
    async execute(line) {
        let [text, failed] = ['', false];
        for await (const one of this.commands(line)) {
            text += one.text;
            ({ failed } = one);
        }
        return { text, failed, ...this.stand };
    }
    /** The same, command by command. */
    async *commands(line) {
        for (const command of splitCommands(line)) {
            const { lines, failed } = await this.answer(command);
            yield { command, text: lines.map((one) => `${one}\n`).join(''), failed };
            if (failed)
                return;
        }
    }
    get stand() {
        const [place] = this.standing.frames.flatMap(({ source }) => (source === null ? [] : [source]));
        return {
            position: this.position,
            events: this.whole.recorder.log.events.length,
            place: place ?? null,
        };
    }
    async answer(command) {
        try {
            return { lines: await this.carryOut(command), failed: false };
        }
        catch (error) {
            // The boundary of a command: what it could not do is its answer.
            if (!(error instanceof KdError))
                throw error;
            return { lines: error.message.split('\n'), failed: true };
        }
    }
    async carryOut(command) {
        const [, name = '', args = ''] = /^(\?\??|\S+)\s*(.*)$/s.exec(command) ?? [];
        const motion = motions[name];
        if (motion !== undefined)
            return motion(this, args);
        const look = lookCommand(name);
        if (look !== undefined)
            return look({ standing: this.standing, machine: this.machine }, args);
        throw new KdError(`Couldn't resolve error at '${command}'\nThere is no command "${name}"; ? and .help list what there is.`);
    }
    // --- motion
    /** To the first moment after this one that meets the condition, or to the end. */
    async forward(condition) {
        if (this.still.end !== null && this.index >= this.whole.recorder.log.moments.length) {
            return {
                lines: ['End of trace reached: the simulation is over. g- goes back.', ...this.where()],
            };
        }
        const from = this.index;
        const target = this.whole.recorder.log.moments.findIndex((moment, index) => index > from && (condition(moment, index) || this.isAtBreakpoint(moment)));
        if (target === -1) {
            this.arrive(this.whole, this.whole.recorder.log.moments.length);
            return { lines: stopLines(this.whole) };
        }
        await this.travel(target);
        return { lines: this.arrival() };
    }
    async backward(condition) {
        const { moments } = this.whole.recorder.log;
        for (let index = Math.min(this.index, moments.length) - 1; index >= 0; index -= 1) {
            const moment = moments[index];
            if (!condition(moment, index) && !this.isAtBreakpoint(moment))
                continue;
            await this.travel(index);
            return { lines: this.arrival() };
        }
        await this.travel(0);
        return { lines: ['Beginning of trace reached.', ...this.where()] };
    }
    /** Simulates up to a moment; the machine then stands still there. */
    async travel(target) {
        const still = await play(this.subject, (_moment, index) => index === target);
        this.arrive(still, target);
    }
    arrive(still, index) {
        this.still = still;
        this.index = index;
        this.standing = new Standing(still, this.knowledge, null);
    }
    arrival() {
        const moment = this.moment;
        const hit = moment === null ? undefined : this.breakpoints.find((one) => this.hits(one, moment));
        return [...(hit === undefined ? [] : [`Breakpoint ${hit.id} hit`]), ...this.where()];
    }
    where() {
        return [
            `Time Travel Position: ${positionText(this.position)}`,
            ...placeLines(this.standing, this.moment, this.whole.recorder.log.events),
        ];
    }
    get moment() {
        return this.whole.recorder.log.moments[this.index] ?? null;
    }
    isAtBreakpoint(moment) {
        return this.breakpoints.some((one) => this.hits(one, moment));
    }
    hits(breakpoint, moment) {
        return isHit(breakpoint, moment, this.standing.symbols, this.standing.records.recorder.driver ?? this.whole.recorder.driver);
    }
    async go() {
        return (await this.forward(() => false)).lines;
    }
    async goBack() {
        return (await this.backward(() => false)).lines;
    }
    async step(how, back) {
        const view = this.whole.recorder.driver;
        const { moment } = this;
        if (moment === null)
            return back ? this.fromTheEnd() : this.go();
        return back
            ? (await this.backward(stepBackCondition(moment, how, view))).lines
            : (await this.forward(stepCondition(moment, how, view))).lines;
    }
    async fromTheEnd() {
        return (await this.backward(() => true)).lines;
    }
    /** !tt: "57", "57:3", "start", "end" */
    async timeTravel(text) {
        const { log } = this.whole.recorder;
        const wanted = text.trim();
        if (wanted === '')
            return this.where();
        if (wanted === 'end') {
            this.arrive(this.whole, log.moments.length);
            return stopLines(this.whole);
        }
        const match = /^(start|[0-9]+)(?::([0-9a-f]+))?$/i.exec(wanted);
        if (match === null)
            throw syntaxError(text);
        const event = match[1] === 'start' ? -1 : Number(match[1]);
        const start = event === -1 ? 0 : log.momentOfEvent(event);
        if (start === undefined) {
            throw new KdError(`There is no event ${event}: the trace has events 0 to ${log.events.length - 1}.`);
        }
        const target = start + Number.parseInt(match[2] ?? '0', 16);
        if (target >= log.moments.length)
            throw new KdError(`There is no position ${wanted}.`);
        await this.travel(target);
        return this.where();
    }
    // --- breakpoints
    setBreakpoint(args) {
        const match = /^(?:\/t\s+(\S+)\s+)?(\S.*)$/.exec(args.trim());
        if (match === null)
            throw syntaxError(args);
        const scope = this.standing.scope('x86');
        const thread = match[1] === undefined ? null : evaluateMasm(scope, match[1]);
        const address = this.breakpointAddress((match[2] ?? '').trim());
        const ids = this.breakpoints.map(({ id }) => id);
        let id = 0;
        while (ids.includes(id))
            id += 1;
        const name = this.standing.symbols.nameAt(address) ?? '';
        this.breakpoints.push({ id, address, name, thread, enabled: true });
        this.breakpoints.sort((left, right) => left.id - right.id);
        return [];
    }
    breakpointAddress(text) {
        const line = /^`?(?:[\w]+!)?([\w./\\-]+\.[ch]):(\d+)`?$/i.exec(text);
        if (line !== null)
            return this.lineAddress(line[1] ?? '', Number(line[2]));
        const { symbols } = this.standing;
        const routine = symbols.find(text);
        if (routine !== undefined)
            return symbols.addressOfRoutine(routine);
        if (text.includes('!') && !/[+]/.test(text))
            throw cannotResolve(text);
        return evaluateMasm(this.standing.scope('x86'), text);
    }
    lineAddress(file, line) {
        const lines = this.whole.recorder.driver?.lines ?? [];
        const own = lines.filter((one) => one.file.toLowerCase() === file.toLowerCase());
        if (own.length === 0)
            throw new KdError(`Couldn't resolve error at '${file}:${line}'`);
        // The first line with code at or after the one that was named, as kd does.
        const at = Math.min(...own.filter((one) => one.line >= line).map((one) => one.line));
        const found = own.find((one) => one.line === at);
        if (found === undefined)
            throw new KdError(`No code found at ${file}:${line}`);
        return DRIVER_BASE + found.offset;
    }
    listBreakpoints() {
        return listing(this.breakpoints);
    }
    changeBreakpoints(args, change) {
        const wanted = args.trim();
        if (wanted === '')
            throw syntaxError('');
        for (const word of wanted.split(/[\s,]+/)) {
            if (word !== '*' && !/^\d+$/.test(word))
                throw syntaxError(word);
            const chosen = this.breakpoints.filter(({ id }) => word === '*' || id === Number(word));
            if (chosen.length === 0 && word !== '*')
                throw new KdError(`Breakpoint ${word} does not exist`);
            for (const one of chosen) {
                if (change === 'clear')
                    this.breakpoints.splice(this.breakpoints.indexOf(one), 1);
                else
                    one.enabled = change === 'enable';
            }
        }
        return [];
    }
    // --- contexts
    effectiveMachine(args) {
        const wanted = args.trim().toLowerCase();
        const machine = { x86: 'x86', '.': 'x86', amd64: 'amd64', x64: 'amd64' }[wanted];
        if (wanted !== '' && machine === undefined) {
            throw new KdError(`No such machine: ${args.trim()}; x86 and amd64 are known`);
        }
        this.machine = machine ?? this.machine;
        return [
            this.machine === 'x86'
                ? 'Effective machine: x86 compatible (x86)'
                : 'Effective machine: x64 (AMD64): offsets of public structures; the simulated machine is x86',
        ];
    }
    selectThread(args) {
        if (args.trim() === '') {
            return [
                `Implicit thread is now ${hex8(this.standing.thread.address)} (${this.standing.thread.name})`,
            ];
        }
        const address = evaluateMasm(this.standing.scope('x86'), args);
        if (this.standing.records.threadAt(address) === undefined) {
            throw new KdError(`${hex8(address)} is not a thread object`);
        }
        this.standing = new Standing(this.still, this.knowledge, address);
        return [`Implicit thread is now ${hex8(address)} (${this.standing.thread.name})`];
    }
    selectFrame(args) {
        const wanted = args.trim();
        if (wanted !== '') {
            const index = evaluateMasm(this.standing.scope('x86'), wanted);
            if (index >= this.standing.frames.length)
                throw new KdError('Cannot find frame 0x' + `${index.toString(16)}, previous scope unchanged`);
            this.standing.frameIndex = index;
        }
        const { frameIndex, frames } = this.standing;
        const frame = frames[frameIndex];
        if (frame === undefined)
            throw new KdError('There is no frame');
        const number = frameIndex.toString(16).padStart(2, '0');
        return [`${number} ${hex8(frame.childEbp)} ${hex8(frame.returnAddress)} ${frame.symbol}`];
    }
}
/** At ";" outside quotes and parentheses. */
export function splitCommands(line) {
    const commands = [];
    let [depth, quoted, command] = [0, false, ''];
    for (const letter of line) {
        if (letter === '"')
            quoted = !quoted;
        if (!quoted && letter === '(')
            depth += 1;
        if (!quoted && letter === ')')
            depth -= 1;
        if (letter === ';' && !quoted && depth <= 0) {
            commands.push(command);
            [command, depth] = ['', 0];
        }
        else {
            command += letter;
        }
    }
    // "//" begins a remark, as transcripts have them; "*" makes a whole line one.
    return [...commands, command]
        .map((one) => one.replace(/(^|\s)\/\/.*$/, '').trim())
        .filter((one) => one !== '' && !one.startsWith('*'));
}
function knownRoutines(exports, { recorder }) {
    const seen = recorder.log.moments.flatMap(({ routine }) => (routine === null ? [] : [routine]));
    const module = recorder.driver?.name;
    const ofWindows = seen.filter((one) => module === undefined || !one.startsWith(`${module}!`));
    return new Set([...modelRoutines, ...exports, ...ofWindows]);
}
const motions = {
    g: (session) => session.go(),
    'g-': (session) => session.goBack(),
    p: (session) => session.step('over', false),
    'p-': (session) => session.step('over', true),
    t: (session) => session.step('into', false),
    't-': (session) => session.step('into', true),
    gu: (session) => session.step('out', false),
    'gu-': (session) => session.step('out', true),
    '!tt': (session, args) => session.timeTravel(args),
    bp: (session, args) => session.setBreakpoint(args),
    bu: (session, args) => session.setBreakpoint(args),
    bl: (session) => session.listBreakpoints(),
    bc: (session, args) => session.changeBreakpoints(args, 'clear'),
    bd: (session, args) => session.changeBreakpoints(args, 'disable'),
    be: (session, args) => session.changeBreakpoints(args, 'enable'),
    '.effmach': (session, args) => session.effectiveMachine(args),
    '.thread': (session, args) => session.selectThread(args),
    '.frame': (session, args) => session.selectFrame(args),
};
