// The checklist carried out: looked at in one request, mended item by item, taken back to what it was
// before the lab came. What was there before is kept once, in the folder of the target, and survives
// any number of repetitions.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { X509Certificate } from 'node:crypto';
import { LabError } from '../../contract/errors/labError.ts';
import { readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { powershellCommand } from '../process/powershell.ts';
import { targetFolder } from '../targets/registry.ts';
import { WindowsAnswer } from '../targets/windows/facts.ts';
import { checklist, } from './checklist.ts';
/** No request: all of it is in the answer that the connection began with. */
export async function lookAt(machine, options) {
    const input = await inputFor(machine, options);
    return checklist.map(({ id, title, state, restart }) => {
        return { id, title, state: state(input), restart };
    });
}
/** One request for all that is missing; none when nothing is. Errors: `target.provision-failed`. */
export async function mend(machine, wanted, options) {
    const input = await inputFor(machine, options);
    const items = itemsFor(wanted).filter((item) => {
        const state = item.state(input);
        if (state.kind === 'blocked' && wanted !== 'all')
            throw blocked(machine, item, state.because);
        return state.kind === 'missing';
    });
    if (items.length === 0)
        return { mended: [], restartFor: [] };
    await rememberBefore(machine, options);
    await carryOut(machine, items.map((item) => [item, item.mend(input)]), options);
    return {
        mended: items.map(({ id }) => id),
        restartFor: items.filter(({ restart }) => restart).map(({ id }) => id),
    };
}
/** Puts back what was there before the first mending. Nothing is done where nothing was mended. */
export async function takeBack(machine, wanted, options) {
    const before = await readBefore(machine, options);
    if (before === undefined)
        return { mended: [], restartFor: [] };
    const input = await inputFor(machine, options);
    const items = itemsFor(wanted)
        .map((item) => [item, item.undo(before, input)])
        .filter(([item, script]) => script !== '' && item.state({ ...input, machine: before }).kind !== 'not-asked')
        .reverse();
    await carryOut(machine, items, options);
    return {
        mended: items.map(([{ id }]) => id),
        restartFor: items.filter(([{ restart }]) => restart).map(([{ id }]) => id),
    };
}
async function carryOut({ name, exec }, steps, { signal, progress }) {
    if (steps.length === 0)
        return;
    throwIfCancelled(signal, `provisioning "${name}"`);
    progress?.(steps.map(([{ id }]) => id).join(', '));
    // Each item tells its name when it is done, so that a failure is known by what was last told.
    const script = steps
        .map(([{ id }, one]) => `${one}\nWrite-Output 'fltlab-done ${id}'`)
        .join('\n');
    const result = await exec(powershellCommand(script), { signal });
    const done = [...result.stdout.matchAll(/^fltlab-done (\S+)/gm)].map(([, id]) => id);
    const failed = steps.find(([{ id }]) => !done.includes(id));
    if (failed === undefined)
        return;
    throw new LabError('target.provision-failed', {
        problem: `"${name}": the item "${failed[0].id}" could not be set (${failed[0].title}).`,
        remedy: `Mend what it says and repeat; done are: ${done.join(', ') || 'none'}.`,
        detail: `${result.stderr}\n${result.stdout}`.trim().slice(-2_000),
    });
}
function itemsFor(wanted) {
    if (wanted === 'all')
        return checklist;
    return wanted.map((id) => {
        const item = checklist.find((one) => one.id === id);
        if (item !== undefined)
            return item;
        throw new LabError('usage.bad-argument', {
            problem: `There is no item "${id}" in the checklist.`,
            remedy: `Choose from: ${checklist.map((one) => one.id).join(', ')}.`,
        });
    });
}
async function inputFor({ windows: machine }, { certificatePath, driver, debug }) {
    const certificate = new X509Certificate(await readFile(certificatePath));
    return {
        machine,
        thumbprint: certificate.fingerprint.replaceAll(':', ''),
        certificate: certificate.raw.toString('base64'),
        driver,
        debug,
    };
}
const beforeFile = ({ name }, { dataFolder }) => path.join(targetFolder(dataFolder, name), 'before-provisioning.json');
/** Once: a second mending must not take the first for what was there before. */
async function rememberBefore(machine, options) {
    const file = beforeFile(machine, options);
    if ((await readTextIfThere(file)) !== undefined)
        return;
    await writeFileAtomic(file, `${JSON.stringify(machine.windows, null, 2)}\n`);
}
async function readBefore(machine, options) {
    const text = await readTextIfThere(beforeFile(machine, options));
    return text === undefined ? undefined : WindowsAnswer.parse(JSON.parse(text));
}
const blocked = ({ name }, { id }, because) => new LabError('target.provision-failed', {
    problem: `"${name}": the item "${id}" cannot be set from here: ${because}.`,
    remedy: 'Do that on the machine itself, then repeat.',
});
