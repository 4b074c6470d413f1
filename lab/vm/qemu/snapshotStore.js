// Two ways in which a QEMU machine remembers. Internal: inside its qcow2, memory included. Overlay: a
// chain of disks, one file each, with the machine off; for disks that are not ours to write to.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { isMissing } from '../../data/atomicFile.ts';
import { snapshotMissing } from '../vmErrors.ts';
import { DISK_NODE, VARIABLES_NODE } from './commandLine.ts';
import { imageInfo, imageTool, makeOverlay, snapshotsOf } from './images.ts';
export function snapshotStore(machine, layout, program) {
    const tool = { vm: machine.name, program };
    const { disk } = machine;
    if (disk === undefined)
        return noStore();
    if (machine.snapshots === 'overlay')
        return overlayStore(tool, disk.file, layout);
    const variables = machine.uefi?.variables;
    return internalStore(tool, disk.file, variables);
}
function noStore() {
    const because = 'its description has no disk';
    const nothing = () => Promise.resolve();
    return {
        internal: false,
        abilities: [],
        lacks: [
            { ability: 'live-snapshot', because },
            { ability: 'disk-snapshot', because },
        ],
        nodes: [],
        disk: () => Promise.resolve(undefined),
        list: () => Promise.resolve([]),
        create: nothing,
        remove: nothing,
        revert: nothing,
        mend: nothing,
    };
}
function internalStore(tool, file, variables) {
    const files = [file, ...(variables === undefined ? [] : [variables])];
    const each = async (flag, name, signal) => {
        for (const one of files) {
            const args = ['snapshot', flag, name, one];
            await imageTool(tool, args, `${flag} the snapshot "${name}"`, signal);
        }
    };
    return {
        internal: true,
        abilities: ['live-snapshot', 'disk-snapshot'],
        lacks: [],
        nodes: [DISK_NODE, ...(variables === undefined ? [] : [VARIABLES_NODE])],
        disk: () => Promise.resolve(file),
        list: async (signal) => snapshotsOf(await imageInfo(tool, file, signal)),
        create: (name, signal) => each('-c', name, signal),
        remove: (name, signal) => each('-d', name, signal),
        revert: (name, signal) => each('-a', name, signal),
        mend: () => Promise.resolve(),
    };
}
const SUFFIX = '.qcow2';
function overlayStore(tool, base, layout) {
    const fileOf = (name) => path.join(layout.snapshots, `${name}${SUFFIX}`);
    const names = async () => {
        const found = await readdir(layout.snapshots).catch((error) => {
            if (isMissing(error))
                return [];
            throw error;
        });
        return found
            .filter((file) => file.endsWith(SUFFIX) && !file.startsWith('.'))
            .map((file) => file.slice(0, -SUFFIX.length))
            .sort();
    };
    const backingOf = async (file, signal) => (await imageInfo(tool, file, signal))['full-backing-filename'];
    const current = async (signal) => {
        await mkdir(layout.snapshots, { recursive: true, mode: 0o700 });
        if (!existsSync(layout.overlay))
            await makeOverlay(tool, base, layout.overlay, signal);
        return layout.overlay;
    };
    return {
        internal: false,
        abilities: ['disk-snapshot'],
        lacks: [
            { ability: 'live-snapshot', because: 'overlays hold disks, so the machine must be off' },
        ],
        nodes: [],
        disk: current,
        list: async (signal) => {
            const under = existsSync(layout.overlay) ? await backingOf(layout.overlay, signal) : base;
            return (await names()).map((name) => {
                return { name, made_s: null, live: false, current: under === fileOf(name) };
            });
        },
        create: async (name, signal) => {
            // The disk becomes the snapshot; between the two steps `mend` finds a disk missing.
            await rename(await current(signal), fileOf(name));
            await makeOverlay(tool, fileOf(name), layout.overlay, signal);
        },
        remove: async (name, signal) => {
            const dependants = [];
            for (const other of (await names()).filter((each) => each !== name)) {
                if ((await backingOf(fileOf(other), signal)) === fileOf(name))
                    dependants.push(other);
            }
            const under = existsSync(layout.overlay) && (await backingOf(layout.overlay, signal));
            if (under === fileOf(name))
                dependants.push('the disk that the machine uses now');
            if (dependants.length > 0)
                throw needed(tool.vm, name, dependants);
            await rm(fileOf(name));
        },
        revert: async (name, signal) => {
            if (!(await names()).includes(name))
                throw snapshotMissing(tool.vm, name, []);
            await makeOverlay(tool, fileOf(name), layout.overlay, signal);
        },
        // A lab that was killed between the two steps of `create`: the newest snapshot has no disk on it.
        mend: async (signal) => {
            if (existsSync(layout.overlay))
                return;
            const known = await names();
            const backings = new Set();
            for (const name of known)
                backings.add(await backingOf(fileOf(name), signal));
            const top = known.filter((name) => !backings.has(fileOf(name)));
            const [only] = top;
            if (top.length === 1 && only !== undefined) {
                await makeOverlay(tool, fileOf(only), layout.overlay, signal);
            }
        },
    };
}
const needed = (vm, name, by) => new LabError('vm.snapshot-needed', {
    problem: `"${name}" of "${vm}" cannot be deleted: on it is built ${by.join(', ')}.`,
    remedy: 'Delete those first, or revert to another snapshot.',
});
