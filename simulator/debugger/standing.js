import { Images } from './images.ts';
import { Records } from './records.ts';
import { Space } from './space.ts';
import { StackView } from './stackView.ts';
import { Symbols } from './symbols.ts';
import { DriverTypes } from './types/driverTypes.ts';
import { TypeBook } from './types/typeBook.ts';
export class Standing {
    still;
    records;
    space;
    symbols;
    book;
    images;
    stacks;
    thread;
    knowledge;
    frameIndex = 0;
    frameCache = new Map();
    constructor(still, knowledge, threadAddress) {
        const { recorder } = still;
        const { machine, driver } = recorder;
        this.still = still;
        this.knowledge = knowledge;
        this.records = new Records(recorder);
        if (driver !== null)
            knowledge.driverTypes ??= new DriverTypes(driver.module);
        const types = knowledge.driverTypes;
        const own = driver === null || types === null ? null : { view: driver, types };
        this.symbols = new Symbols(knowledge.knownRoutines, machine.profile, own);
        this.book = new TypeBook(knowledge.layouts, machine.profile, () => types);
        this.thread = this.chooseThread(threadAddress);
        this.space = new Space(machine, this.thread.process);
        this.images = new Images(this.records, this.book, this.space);
        this.images.putAll();
        this.stacks = new StackView(still, this.symbols, this.space, this.images);
        for (const thread of this.records.threads)
            this.framesOf(thread);
    }
    /** Innermost first. */
    framesOf(thread) {
        let frames = this.frameCache.get(thread);
        if (frames === undefined)
            this.frameCache.set(thread, (frames = this.stacks.framesOf(thread)));
        return frames;
    }
    get frames() {
        return this.framesOf(this.thread);
    }
    display(machine) {
        const { book, space, symbols } = this;
        return { book, space, symbols, machine };
    }
    scope(machine) {
        const { frames, thread, frameIndex } = this;
        const top = frames[frameIndex] ?? null;
        // From a routine of Windows one looks through to the driver that called it.
        const frame = frameIndex === 0 ? (frames.find(({ driver }) => driver !== null) ?? top) : top;
        const pseudo = new Map([
            ['thread', thread.address],
            ['proc', thread.process.address],
            ['ra', frames[0]?.returnAddress ?? 0],
            ['csp', frames[0]?.childEbp ?? 0],
            ['ip', this.instruction],
            ['exentry', 0],
        ]);
        return {
            display: this.display(machine),
            frame,
            driverTypes: this.knowledge.driverTypes,
            pseudo,
        };
    }
    /** Where the thread stands, as an address. */
    get instruction() {
        const [top] = this.frames;
        if (top === undefined)
            return 0;
        const found = this.symbols.find(top.routine);
        return found === undefined ? 0 : this.symbols.addressOfRoutine(found);
    }
    chooseThread(address) {
        const { machine, parkedThread } = this.still.recorder;
        const { all, current } = machine.scheduler;
        const asked = all.find((one) => one.address === address);
        if (asked !== undefined)
            return asked;
        const parked = all.find((one) => one === parkedThread);
        if (parked !== undefined)
            return parked;
        // After a hang: who waits for something real, not for its turn.
        const stuck = all.find(({ state, waiting }) => state === 'waiting' && !BOOKKEEPING.has(waiting?.kind ?? ''));
        return stuck ?? current;
    }
}
const BOOKKEEPING = new Set(['turn', 'workload', 'idle']);
