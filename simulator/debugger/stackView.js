import { isAtLeast } from '../windows/profiles.ts';
import { irpCallCtrlValues } from './images.ts';
import { DRIVER_BASE } from './symbols.ts';
const SWAP = 'nt!KiSwapContext';
const STACKS = 0x80000000;
const STACK_BYTES = 0x4000;
const THREAD_ID_STEP = 4;
/** What a routine of Windows keeps for itself on the stack. */
const OWN_BYTES = 0x20;
const CALL_CTRL_BELOW_EBP = 0x20;
export class StackView {
    recorder;
    symbols;
    space;
    images;
    bugcheck;
    constructor({ recorder, end }, symbols, space, images) {
        this.recorder = recorder;
        this.bugcheck = end?.bugcheck;
        this.symbols = symbols;
        this.space = space;
        this.images = images;
    }
    /** Innermost first. */
    framesOf(thread) {
        const pieces = [
            ...this.bottomOf(thread),
            ...this.piecesOf(thread),
            ...this.waitOf(thread),
            ...this.bugcheckOf(thread),
        ];
        const frames = [];
        let below = null;
        let stack = this.topOf(thread);
        for (const [index, piece] of pieces.entries()) {
            const callee = pieces[index + 1];
            const args = [...piece.arguments];
            if (piece.locals['_IRP_CALL_CTRL'] !== undefined && below !== null) {
                args[0] = this.putCallCtrl(below.ebp, piece.locals['_IRP_CALL_CTRL']);
            }
            stack -= 4 * args.length + 8;
            const ebp = stack;
            const returnAddress = below === null ? 0 : this.returnInto(below.piece, piece);
            this.putFrame(ebp, [below?.ebp ?? 0, returnAddress, ...args]);
            frames.unshift(this.shown(piece, args, ebp, returnAddress, callee));
            stack -= OWN_BYTES;
            below = { piece, ebp };
        }
        return frames;
    }
    topOf(thread) {
        return STACKS + (thread.id / THREAD_ID_STEP) * STACK_BYTES + STACK_BYTES - 0x10;
    }
    shown(piece, args, childEbp, returnAddress, callee) {
        const line = piece.driver === null ? undefined : this.recorder.driver?.lines[piece.driver.row];
        const around = line === undefined ? undefined : this.symbols.functionAround(line.offset);
        const here = callee === undefined ? this.standsAt(piece) : this.returnInto(piece, callee);
        return {
            childEbp,
            returnAddress,
            symbol: this.symbols.nameAt(here) ?? this.symbols.shown(piece.routine),
            routine: piece.routine,
            arguments: args,
            source: line === undefined ? null : { file: line.file, line: line.line },
            driver: piece.driver === null
                ? null
                : { base: piece.driver.base, variables: around?.variables ?? [] },
        };
    }
    standsAt({ routine, driver }) {
        const line = driver === null ? undefined : this.recorder.driver?.lines[driver.row];
        if (line !== undefined)
            return DRIVER_BASE + line.offset;
        // A thread that waits is in the middle of it.
        return routine === SWAP
            ? this.symbols.returnAddress(SWAP, SWAP)
            : this.symbols.addressOfRoutine(routine);
    }
    returnInto(caller, callee) {
        if (caller.driver !== null)
            return this.standsAt(caller);
        return this.symbols.returnAddress(caller.routine, callee.routine);
    }
    /** Outermost first. */
    piecesOf(thread) {
        return (this.recorder.stacks.get(thread) ?? []).flatMap((entry) => this.piecesOfEntry(entry));
    }
    piecesOfEntry({ frame, driver }) {
        const outer = { routine: frame.routine, arguments: frame.arguments, locals: frame.locals };
        if (driver === null || driver.length === 0)
            return [{ ...outer, driver: null }];
        return driver.map((one, index) => {
            if (index === 0)
                return { ...outer, driver: one };
            const name = this.recorder.driver?.module.functionNames.get(one.function) ?? '?';
            const routine = `${this.recorder.driver?.name ?? 'driver'}!${name}`;
            return { routine, arguments: this.parametersOf(one), driver: one, locals: {} };
        });
    }
    parametersOf({ base, row }) {
        const offset = this.recorder.driver?.lines[row]?.offset ?? 0;
        const variables = this.symbols.functionAround(offset)?.variables ?? [];
        return variables.flatMap(({ isParameter, place }) => isParameter ? [this.space.u32(place.value + (place.kind === 'frame' ? base : 0)) ?? 0] : []);
    }
    bottomOf({ process, name, daemon }) {
        const system = process === this.recorder.machine.scheduler.systemProcess;
        if (!system)
            return [];
        const worker = daemon || name.includes('worker') ? ['nt!ExpWorkerThread'] : [];
        return ['nt!KiThreadStartup', 'nt!PspSystemThreadStartup', ...worker].map(routine);
    }
    /** How a thread that waits came to rest; by what the model says that it waits for. */
    waitOf(thread) {
        if (thread.state !== 'waiting' || thread.waiting === null)
            return [];
        const commits = isAtLeast(this.recorder.machine.profile, '6.1')
            ? ['nt!KiCommitThreadWait']
            : [];
        const resource = thread.waiting.kind === 'resource' ? ['nt!ExpWaitForResource'] : [];
        const wait = [...resource, 'nt!KeWaitForSingleObject', ...commits];
        return [...wait, 'nt!KiSwapThread', 'nt!KiSwapContext'].map(routine);
    }
    /** The routine that ends the machine, in the thread that ran. */
    bugcheckOf(thread) {
        const { bugcheck } = this;
        if (bugcheck === undefined || thread !== this.recorder.machine.scheduler.current)
            return [];
        const args = [bugcheck.code, ...bugcheck.parameters.map(Number)];
        return [{ routine: 'nt!KeBugCheckEx', arguments: args, driver: null, locals: {} }];
    }
    /** In the frame of the routine that called. */
    putCallCtrl(ebp, operation) {
        const address = ebp - CALL_CTRL_BELOW_EBP;
        this.space.put(address, this.images.encode('_IRP_CALL_CTRL', irpCallCtrlValues(operation)));
        return address;
    }
    putFrame(ebp, words) {
        const bytes = new Uint8Array(words.length * 4);
        const view = new DataView(bytes.buffer);
        words.forEach((word, index) => view.setUint32(index * 4, word >>> 0, true));
        this.space.put(ebp, bytes);
    }
}
const routine = (name) => ({
    routine: name,
    arguments: [],
    driver: null,
    locals: {},
});
