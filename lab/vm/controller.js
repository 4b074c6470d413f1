// One machine under the lab's hand. Whatever the hypervisor: changes wait their turn under a lock, each
// has a time limit and obeys a signal, the table of lifecycle.ts decides what a request means, and
// after a change that failed or was cut short the machine is in a state that has a name.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isLabError } from '../../contract/errors/labError.ts';
import { cancelledError, throwIfCancelled, withLimit } from '../data/cancellation.ts';
import { acquireLock } from '../data/lock.ts';
import { lifecycle } from './lifecycle.ts';
import { didNotAnswer, notAble, revertFailed, shutDownIgnored, snapshotExists, snapshotMissing, toolFailed, wrongState, } from './vmErrors.ts';
/** Generous: a limit is for what hangs, not for what is slow. */
export const usualLimits_ms = {
    look: 30_000,
    start: 180_000,
    'shut-down': 180_000,
    'power-off': 60_000,
    revert: 300_000,
    snapshot: 600_000,
};
const LOOK_AGAIN_MS = 100;
const SETTLE_LIMIT_MS = 60_000;
export class VmController {
    description;
    hypervisor;
    dataFolder;
    constructor(parts) {
        this.description = parts.description;
        this.hypervisor = parts.hypervisor;
        this.dataFolder = parts.dataFolder;
    }
    get name() {
        return this.description.name;
    }
    can(ability) {
        return this.hypervisor.abilities.includes(ability);
    }
    state(call) {
        return this.limited(call, 'look', 'say its state', (signal) => this.hypervisor.state(signal));
    }
    snapshots(call) {
        return this.limited(call, 'look', 'list its snapshots', (signal) => this.hypervisor.snapshots(signal));
    }
    /** Resolves when the machine runs; the guest may still be on its way up. */
    start(call) {
        return this.change(call, 'start', 'start', 'start', async (signal) => {
            await this.reach('start', signal);
        });
    }
    /** Asks the guest and waits until it has gone. Errors: `vm.shut-down-ignored` after the limit. */
    shutDown(call) {
        this.demand('shut-down');
        return this.change(call, 'shut-down', 'shut-down', 'shut down', async (signal) => {
            await this.reach('shut-down', signal);
            await this.waitFor('off', signal);
        }).catch((error) => {
            throw isLabError(error) && error.code === 'vm.did-not-answer'
                ? shutDownIgnored(this.name)
                : error;
        });
    }
    powerOff(call) {
        return this.change(call, 'power-off', 'power-off', 'switch off', async (signal) => {
            await this.reach('power-off', signal);
        });
    }
    createSnapshot(name, call) {
        return this.change(call, 'create-snapshot', 'snapshot', 'make a snapshot', async (signal) => {
            const { state } = await this.plan('create-snapshot', signal);
            this.demand(state === 'off' ? 'disk-snapshot' : 'live-snapshot');
            const known = await this.hypervisor.snapshots(signal);
            if (known.some((one) => one.name === name))
                throw snapshotExists(this.name, name);
            await this.hypervisor.createSnapshot(name, signal);
        });
    }
    deleteSnapshot(name, call) {
        return this.change(call, 'delete-snapshot', 'snapshot', 'delete a snapshot', async (signal) => {
            await this.plan('delete-snapshot', signal);
            await this.find(name, signal);
            await this.hypervisor.deleteSnapshot(name, signal);
        });
    }
    /**
     * Puts the machine back and sets it running. A revert that fails is tried once more from power-off;
     * if that fails too the machine is left off. Errors: `vm.snapshot-missing`, `vm.revert-failed`.
     */
    revert(name, call) {
        return this.change(call, 'revert', 'revert', `go back to "${name}"`, async (signal) => {
            await this.plan('revert', signal);
            const snapshot = await this.find(name, signal);
            try {
                await this.revertOnce(snapshot, signal);
            }
            catch (first) {
                if (signal.aborted || isUsage(first))
                    throw first;
                call.progress?.(`revert failed; once more from power-off`);
                await this.hypervisor.powerOff(signal);
                await this.revertOnce(snapshot, signal).catch((second) => {
                    throw signal.aborted ? second : revertFailed(this.name, name, second);
                });
            }
        });
    }
    /** Undefined while the guest has none. Errors: `vm.not-able`. */
    address(call) {
        if (this.description.address !== undefined)
            return Promise.resolve(this.description.address);
        this.demand('address');
        return this.limited(call, 'look', 'say its address', async (signal) => this.hypervisor.address?.(signal));
    }
    serial(call) {
        this.demand('serial');
        return this.limited(call, 'look', 'say where its serial line is', async (signal) => this.hypervisor.serial?.(signal));
    }
    debugChannel(call) {
        this.demand('debug-channel');
        return this.limited(call, 'look', 'say where its debug channel is', async (signal) => this.hypervisor.debugChannel?.(signal));
    }
    /** A hung guest that is set up for it writes a dump and restarts. */
    nmi(call) {
        this.demand('nmi');
        return this.change(call, 'nmi', 'look', 'send an NMI', async (signal) => {
            await this.plan('nmi', signal);
            await this.hypervisor.nmi?.(signal);
        });
    }
    async revertOnce(snapshot, signal) {
        await this.hypervisor.revert(snapshot, signal);
        await this.reach('start', signal);
        await this.waitFor('running', signal);
    }
    async find(name, signal) {
        const known = await this.hypervisor.snapshots(signal);
        const found = known.find((one) => one.name === name);
        if (found === undefined)
            throw snapshotMissing(this.name, name, known);
        return found;
    }
    demand(ability) {
        if (this.can(ability))
            return;
        const lack = this.hypervisor.lacks.find((one) => one.ability === ability);
        throw notAble(this.name, ability, lack?.because ?? 'its hypervisor offers no such thing');
    }
    /** What the table says of the state that the machine is in, once it has come to rest. */
    async plan(request, signal) {
        for (;;) {
            const state = await this.hypervisor.state(signal);
            const plan = lifecycle[request][state];
            if (typeof plan === 'object')
                throw wrongState(this.name, state, request, plan.refuse);
            if (plan !== 'wait')
                return { state, plan };
            await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
            if (signal.aborted)
                throw cancelledError(signal, `waiting for "${this.name}"`);
        }
    }
    async reach(request, signal) {
        const { hypervisor } = this;
        const { plan } = await this.plan(request, signal);
        if (plan === 'nothing')
            return;
        if (plan === 'resume')
            return hypervisor.resume(signal);
        if (plan === 'power-off-first' || request === 'power-off')
            await hypervisor.powerOff(signal);
        if (request === 'start')
            await hypervisor.start(signal);
        if (request === 'shut-down' && plan === 'do')
            await hypervisor.askToShutDown(signal);
    }
    async waitFor(wanted, signal) {
        while ((await this.hypervisor.state(signal)) !== wanted) {
            await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
            if (signal.aborted)
                throw cancelledError(signal, `waiting for "${this.name}"`);
        }
    }
    async limited(call, limit, what, work) {
        const limit_ms = call.limit_ms ?? usualLimits_ms[limit];
        const limited = withLimit(call.signal, limit_ms, () => didNotAnswer(this.name, what, limit_ms));
        try {
            return await work(limited.signal);
        }
        finally {
            limited.done();
        }
    }
    /** Under the lock of the machine; what is cut short is settled before the lock is given up. */
    async change(call, request, limit, what, work) {
        throwIfCancelled(call.signal, `to ${what}: "${this.name}"`);
        const lock = await this.lock(call);
        try {
            await this.limited(call, limit, what, async (signal) => {
                await this.hypervisor.mend?.(signal);
                await work(signal);
            });
        }
        catch (error) {
            if (!isUsage(error) && !isOver(error))
                await this.settle(request);
            throw error;
        }
        finally {
            await lock.release();
        }
    }
    /**
     * After a failure in the middle: a start or a revert that did not end in a running machine ends in one
     * that is off. Other changes leave the machine as the hypervisor has it, which has a name.
     */
    async settle(request) {
        if (request !== 'start' && request !== 'revert')
            return;
        const signal = AbortSignal.timeout(SETTLE_LIMIT_MS);
        const state = await this.hypervisor.state(signal).catch(() => 'changing');
        if (state === 'running' && request === 'start')
            return;
        await this.hypervisor.powerOff(signal).catch((error) => {
            throw toolFailed(this.name, 'switch the machine off after a failure', error.message);
        });
    }
    async lock({ signal, progress }) {
        const folder = path.join(this.dataFolder, 'locks');
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return acquireLock(path.join(folder, `vm-${this.name}.lock`), {
            signal,
            onWait: ({ pid }) => progress?.(`waiting for another FltLab (process ${pid}) at "${this.name}"`),
        });
    }
}
/** Refused before anything was changed. */
const isUsage = (error) => isLabError(error) && error.whose === 'usage' && error.code !== 'run.cancelled';
/** The machine is known to be off. */
const isOver = (error) => isLabError(error) && (error.code === 'vm.start-failed' || error.code === 'vm.revert-failed');
