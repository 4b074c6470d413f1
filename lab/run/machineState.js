// A target that lives in a virtual machine begins each run from its clean snapshot and is put back to it
// after: what a crash, a leftover device or a full disk left behind is gone, whoever caused it.
import { setTimeout as pause } from 'node:timers/promises';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
/** Undefined for a target that lives in no machine of the lab. */
export async function machineBehind(target, room) {
    const description = (await room.list()).find((one) => one.target === target);
    if (description === undefined)
        return undefined;
    const { name, cleanSnapshot } = description;
    return {
        name,
        snapshot: cleanSnapshot,
        putBack: async (signal, progress) => {
            const { vm, close } = await room.open(name, signal);
            try {
                if (cleanSnapshot === undefined)
                    await vm.start({ signal, progress });
                else
                    await vm.revert(cleanSnapshot, { signal, progress });
            }
            finally {
                await close();
            }
        },
    };
}
const ASK_AGAIN_MS = 250;
/** A machine without memory in its snapshot has to start Windows first. */
const REACH_LIMIT_MS = 180_000;
/** Connects as soon as the guest answers. Errors: `vm.guest-unreachable`, and all that is no refusal. */
export async function whenReached(vm, connect, signal, limit_ms = REACH_LIMIT_MS) {
    const give_up_at = performance.now() + limit_ms;
    for (;;) {
        try {
            return await connect();
        }
        catch (error) {
            if (!isLabError(error) || error.code !== 'ssh.refused')
                throw error;
            if (performance.now() > give_up_at)
                throw unreachable(vm, limit_ms, error);
        }
        await pause(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
        throwIfCancelled(signal, `waiting for the guest of "${vm}"`);
    }
}
const unreachable = (vm, limit_ms, cause) => new LabError('vm.guest-unreachable', {
    problem: `The machine "${vm}" runs, and its guest did not answer within ${limit_ms / 1_000} s.`,
    remedy: `Look at it: fltlab kd serial ${vm}, or the window of its hypervisor.`,
    detail: cause.problem,
    cause,
});
/** What the machine adds to what the target can show. */
export const withRevert = (facts) => ({
    ...facts,
    has: [...new Set([...facts.has, 'revert'])],
    lacks: facts.lacks.filter(({ capability }) => capability !== 'revert'),
});
