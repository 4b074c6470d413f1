// A lock between labs on one machine: a file that names its holder. A holder that was killed leaves
// the file; the next lab sees that the process is gone and takes over.
import { randomBytes } from 'node:crypto';
import { link, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { assert } from '../../contract/assert.ts';
import { isMissing, readTextIfThere } from './atomicFile.ts';
import { cancelledError, throwIfCancelled } from './cancellation.ts';
import { identityOf, isSameProcess } from './processIdentity.ts';
/** What this process holds: tells our own claim from that of an earlier process with our number,
 * where the platform does not say when a process started. */
const ours = new Set();
const RETRY_MS = 50;
/** Waits until the lock is free, as long as `signal` allows. Not re-entrant. */
export async function acquireLock(file, options = {}) {
    const { signal, onWait } = options;
    const self = await identityOf(process.pid);
    assert(self !== undefined, 'this process is alive');
    const claim = { ...self, token: randomBytes(12).toString('hex') };
    const beside = `${file}.${claim.token}`;
    await writeFile(beside, JSON.stringify(claim), { mode: 0o600, flag: 'wx' });
    try {
        for (let told = false; !(await tryLink(beside, file));) {
            throwIfCancelled(signal, 'waiting for another FltLab');
            const holder = await readClaim(file);
            if (holder !== undefined && !(await isHeld(holder))) {
                await removeStale(file, holder);
                continue;
            }
            if (!told && holder !== undefined)
                onWait?.(holder);
            told = true;
            await waitABit(signal);
        }
        ours.add(claim.token);
    }
    finally {
        await rm(beside, { force: true });
    }
    return { release: () => release(file, claim) };
}
/** link() fails when the name is taken, also on network file systems where O_EXCL may not. */
async function tryLink(beside, file) {
    try {
        await link(beside, file);
        return true;
    }
    catch (error) {
        if (error.code === 'EEXIST')
            return false;
        throw error;
    }
}
async function isHeld(claim) {
    if (claim.pid === process.pid && claim.started === null)
        return ours.has(claim.token);
    return isSameProcess(claim);
}
/** Undefined when the lock was released meanwhile. A damaged file is a claim that nobody holds. */
async function readClaim(file) {
    const text = await readTextIfThere(file);
    if (text === undefined)
        return undefined;
    const [pid, started, token] = [/"pid":(\d+)/, /"started":"(\d+)"/, /"token":"(\w+)"/].map((pattern) => pattern.exec(text)?.[1]);
    return { pid: Number(pid ?? 0), started: started ?? null, token: token ?? '' };
}
/**
 * Takes the file of a dead holder away. Two labs may see the same dead holder at once: the rename
 * lets one of them win, and whoever then finds a living claim in its hand puts it back.
 */
async function removeStale(file, dead) {
    const aside = `${file}.${randomBytes(6).toString('hex')}.stale`;
    try {
        await rename(file, aside);
    }
    catch (error) {
        if (isMissing(error))
            return;
        throw error;
    }
    const taken = await readClaim(aside);
    if (taken !== undefined && taken.token !== dead.token)
        await tryLink(aside, file);
    await rm(aside, { force: true });
}
async function release(file, claim) {
    if (!ours.delete(claim.token))
        return;
    const holder = await readClaim(file);
    if (holder?.token === claim.token)
        await unlink(file);
}
async function waitABit(signal) {
    try {
        await pause(RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
    catch (error) {
        if (signal?.aborted)
            throw cancelledError(signal, 'waiting for another FltLab');
        throw error;
    }
}
