// A driver from this machine onto a target, and off again. The service is the lab's: made for a run,
// deleted after it. The files stay in the lab's own folder there, so that the next run copies only
// what changed.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LabError } from '../../contract/errors/labError.ts';
import { orUndo, UndoStack } from '../data/undoStack.ts';
import { joinWindows } from '../targets/windowsPath.ts';
import { copySet } from './copySet.ts';
import { createService, deleteService, inspectService, serviceExists, startService, stopService, } from './driverService.ts';
import { attachmentsOf, parseInstances } from './filters.ts';
import { objectionTo } from './policy.ts';
import { preflight } from './preflight.ts';
import { signerOf } from './signature.ts';
import { serviceKey } from './serviceCommands.ts';
/**
 * Checks, copies and creates the service, after it has taken away one that an earlier run left. Fails
 * as a whole: no service remains. The caller holds the target (`holdTarget`).
 * Errors: `build.not-a-pe`, `deploy.*`, `ssh.*`, `run.cancelled`.
 */
export async function deployDriver(target, driver, options = {}) {
    const { signal, progress } = options;
    serviceKey(driver.name); // refuses a name that is none before anything is touched
    progress?.({ step: `check ${driver.name}.sys` });
    const bytes = await readImage(driver);
    if (target.windows !== undefined) {
        const objection = objectionTo(target.windows, candidateOf(driver, bytes));
        if (objection !== undefined)
            throw objection;
    }
    const missing = await preflight(target, bytes, `${driver.name}.sys`, signal);
    const undo = new UndoStack();
    return orUndo(undo, async () => {
        const found = await inspectService(target, driver.name, { signal });
        if (found.exists && !found.ours)
            throw serviceExists(target, driver.name, found.imagePath);
        if (found.exists) {
            progress?.({ step: `remove ${driver.name} of an earlier run` });
            await stopService(target, driver.name, { signal });
            await deleteService(target, driver.name, { signal });
        }
        const folder = joinWindows(target.paths.driversFolder, driver.name);
        const image = joinWindows(folder, `${driver.name}.sys`);
        const set = [{ name: `${driver.name}.sys`, source: bytes }, ...(driver.files ?? [])];
        const { copied } = await copySet(target.files, folder, set, options);
        progress?.({ step: `create the service ${driver.name}` });
        undo.push(`the service ${driver.name}`, (own) => removeDriver(target, driver.name, { signal: own }));
        const hosts = found.hostsNow.filter((host) => !newHosts(found).includes(host));
        await createService(target, driver, image, { run: randomBytes(8).toString('hex'), hosts }, { signal });
        return { service: driver.name, image, copied, missing };
    });
}
const candidateOf = (driver, image) => ({
    driver: driver.name,
    altitudes: driver.instances.map(({ altitude }) => altitude),
    signer: signerOf(image, `${driver.name}.sys`),
    size_bytes: image.length,
});
/** Hosts that an earlier driver of ours had, which are gone once it is stopped. */
const newHosts = (found) => found.hostsBefore.length === 0
    ? []
    : found.hostsNow.filter((host) => !found.hostsBefore.includes(host));
async function readImage({ image, name }) {
    return readFile(image).catch((cause) => {
        throw new LabError('deploy.copy-failed', {
            problem: `${name}.sys cannot be read from ${image}: ${cause.message}.`,
            remedy: 'Build the driver again.',
            cause,
        });
    });
}
/**
 * Loads the driver; resolves once its service is RUNNING. If it is cut short, nobody knows whether
 * the driver was loaded: it is stopped then.
 * Errors: `deploy.load-failed`, `deploy.service-failed`, `ssh.*`, `run.cancelled`.
 */
export async function startDriver(target, service, options = {}) {
    const undo = new UndoStack();
    undo.push(`the driver ${service}`, (own) => stopDriver(target, service, { signal: own }));
    await orUndo(undo, async () => {
        await startService(target, service, options);
        if (target.description.kind === 'windows')
            await proveAttached(target, service, options);
    });
}
/** A filter that is loaded and attached nowhere does nothing, in silence: that is told aloud. */
async function proveAttached(target, service, { signal }) {
    const { code, stdout, stderr } = await target.exec(`fltmc instances -f ${service}`, { signal });
    if (code === 0 && attachmentsOf(parseInstances(stdout), service).length > 0)
        return;
    // Some versions leave the name of the filter out of the table that was asked for by its name.
    if (code === 0 && parseInstances(stdout).length > 0)
        return;
    throw new LabError('deploy.not-attached', {
        problem: `"${service}" is loaded, and no volume of "${target.description.name}" has an instance of it.`,
        remedy: 'Look at InstanceSetupCallback, at the altitude and the flags of the instances, and at ' +
            'SupportedFeatures for DAX volumes.',
        detail: `${stdout}\n${stderr}`.trim().slice(0, 2_000),
    });
}
/** Unloads the driver. Safe when it is not loaded. */
export async function stopDriver(target, service, options = {}) {
    await onLiveTarget(target, options.signal, (live) => stopService(live, service, options));
}
/**
 * Stops and deletes the service if it is ours. Safe to repeat, and after a connection that was cut:
 * the target is connected again for it.
 */
export async function removeDriver(target, service, options = {}) {
    await onLiveTarget(target, options.signal, async (live) => {
        const found = await inspectService(live, service, options);
        if (!found.exists || !found.ours)
            return;
        await stopService(live, service, options);
        await deleteService(live, service, options);
    });
}
/** The target itself, or a connection of its own when that of the target is gone. */
async function onLiveTarget(target, signal, work) {
    if (target.connection.loss === undefined)
        return work(target);
    const again = await target.reconnect(signal ?? new AbortController().signal);
    try {
        await work(again);
    }
    finally {
        await again.close();
    }
}
