// The entry: one driver image, one workload, one profile, one seed → one prediction. A pure function:
// the same input gives the same bytes.
import { assert } from '../contract/assert.ts';
import { evaluateExpectations } from '../contract/expectations.ts';
import { bugCheckName } from '../contract/windows/index.ts';
import { driverRoom } from './driver/index.ts';
import { createFileSystem } from './file-system/index.ts';
import { IoCore } from './io/index.ts';
import { BugcheckSignal, HangSignal, NotModelledSignal } from './kernel/kernel.ts';
import { Machine } from './kernel/machine.ts';
import { PlainMemory } from './kernel/memory.ts';
import { gradeOf } from './rules/grades.ts';
import { profileOf } from './windows/profiles.ts';
import { performSetUp, runWorkload } from './workload/index.ts';
/** Throws LabError `workload.invalid` where the workload cannot be carried out; our bugs otherwise. */
export async function simulate(input, room = driverRoom) {
    return new Simulation(input, room).run();
}
class Simulation {
    input;
    room;
    machine;
    io;
    events = [];
    rules = new Set();
    loaded = null;
    constructor(input, room) {
        this.input = input;
        this.room = room;
        this.machine = new Machine({
            profile: profileOf(input.profile),
            memory: input.driver === undefined ? new PlainMemory() : room.createMemory(),
            seed: input.seed,
            onEvent: (event) => this.keep(event),
            gradeOf: (rule) => gradeOf(rule, input.profile),
        });
        this.io = new IoCore(this.machine);
        const { stack } = input.workload;
        if (stack !== undefined)
            this.io.reparseWithoutName = stack.reparseWithoutName;
        input.attach?.(this.machine, this.io);
    }
    async run() {
        const { scheduler } = this.machine;
        scheduler.createThread(scheduler.systemProcess, 'lab', () => this.carryOut());
        return this.prediction(await this.end());
    }
    async carryOut() {
        const { machine, io, input } = this;
        this.mountVolumes();
        await performSetUp(machine, io, input.workload);
        const loaded = await this.loadDriver();
        if (loaded?.kind === 'failed')
            return;
        await runWorkload(machine, io, input.workload, input.rounds, loaded?.driver.detach);
        await loaded?.driver.unload();
    }
    async loadDriver() {
        const { driver, workload } = this.input;
        if (driver === undefined)
            return null;
        this.loaded = await this.room.loadDriver(this.machine, this.io, driver, workload.stack);
        return this.loaded;
    }
    mountVolumes() {
        const { profile } = this.machine;
        const first = profile.hiddenSystemPartition ? 2 : 1;
        this.input.workload.volumes.forEach((volumeName, index) => {
            const deviceName = `\\Device\\HarddiskVolume${first + index}`;
            this.io.addVolume(createFileSystem(this.machine, this.io, { volumeName, deviceName }));
        });
    }
    async end() {
        try {
            const end = await this.machine.scheduler.run();
            if (end.kind === 'hang')
                return { outcome: 'hang', waitGraph: [...end.waitGraph] };
            return { outcome: this.loaded?.kind === 'failed' ? 'load-failed' : 'completed' };
        }
        catch (error) {
            // The boundary of a simulation: what ends it early is its result; anything else is our bug.
            if (error instanceof BugcheckSignal)
                return this.bugchecked(error);
            if (error instanceof HangSignal)
                return { outcome: 'hang', waitGraph: [...error.lines] };
            if (error instanceof NotModelledSignal) {
                return { outcome: 'not-modelled', notModelled: error.what };
            }
            throw error;
        }
    }
    bugchecked({ code, parameters }) {
        const bugcheck = { code, name: bugCheckName(code), parameters: [...parameters] };
        this.machine.trace.emit({ kind: 'bugcheck', ...bugcheck });
        return { outcome: 'bugcheck', bugcheck };
    }
    keep(event) {
        if (event.rules !== undefined)
            for (const rule of event.rules)
                this.rules.add(rule);
        if (this.input.onEvent === undefined)
            this.events.push(event);
        else
            this.input.onEvent(event);
    }
    misses({ outcome }) {
        if (this.input.onEvent !== undefined)
            return [];
        const endedEarly = outcome !== 'completed';
        return evaluateExpectations(this.input.workload, this.events, { endedEarly });
    }
    prediction(end) {
        const { input, machine, events } = this;
        const findings = [...machine.reported()];
        for (const { rules } of findings)
            for (const rule of rules)
                this.rules.add(rule);
        const coverage = this.loaded?.kind === 'loaded' ? this.loaded.driver.coverage() : this.loaded?.coverage();
        return {
            prediction: 1,
            sample: input.sample,
            variant: input.variant,
            workload: input.workload.name,
            profile: input.profile,
            seed: input.seed,
            ...end,
            findings,
            expectations: this.misses(end),
            events,
            coverage: [...(coverage ?? [])],
            evidence: [...this.rules].map((rule) => {
                const grade = gradeOf(rule, input.profile);
                assert(grade !== undefined, `${rule} is not in the rule book`);
                return [rule, grade];
            }),
        };
    }
}
