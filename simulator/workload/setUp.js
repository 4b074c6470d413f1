// Makes what a workload wants to find: before the driver is there, and without a trace.
import { LabError } from '../../contract/errors/labError.ts';
import { AccessAlias, CreateOption, Disposition, ntError, ntStatusName, } from '../../contract/windows/index.ts';
import { HandleTables } from '../io/index.ts';
import { Names } from './names.ts';
import { performStep } from './performStep.ts';
/** Runs on the current simulated thread, whose process becomes the owner of the handles meanwhile. */
export async function performSetUp(machine, io, workload) {
    const { trace, scheduler } = machine;
    trace.enabled = false;
    const stage = {
        machine,
        services: { io, handles: new HandleTables() },
        names: new Names(workload.volumes[0] ?? ''),
        tellsCompletions: false,
        startedThreads: new Set(),
    };
    const maker = new Maker(stage, scheduler.current.process);
    for (const item of workload.setup)
        await maker.make(item);
    trace.enabled = true;
}
class Maker {
    stage;
    process;
    folders = new Set();
    constructor(stage, process) {
        this.stage = stage;
        this.process = process;
    }
    /** Folders on the way are made where they are missing. */
    async make(item) {
        const path = 'mkdir' in item ? item.mkdir : item.file;
        const parents = path.split('\\').slice(0, -1);
        for (let depth = 1; depth <= parents.length; depth += 1) {
            await this.makeFolder(item.volume, parents.slice(0, depth).join('\\'), undefined);
        }
        if ('mkdir' in item)
            await this.makeFolder(item.volume, path, item.attributes);
        else
            await this.makeFile(path, item);
    }
    async makeFolder(volume, path, attributes) {
        const key = `${volume ?? ''}:${path}`;
        if (this.folders.has(key) && attributes === undefined)
            return;
        this.folders.add(key);
        await this.open(volume, path, {
            disposition: Disposition.FILE_OPEN_IF,
            options: CreateOption.FILE_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
            attributes: 0,
        });
        if (attributes !== undefined)
            await this.step(path, { do: 'set-basic', handle, attributes });
        await this.step(path, { do: 'close', handle });
    }
    async makeFile(path, item) {
        await this.open(item.volume, path, {
            disposition: Disposition.FILE_OVERWRITE_IF,
            options: CreateOption.FILE_NON_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
            attributes: item.attributes ?? 0,
        });
        const { data } = item;
        if (data !== undefined)
            await this.step(path, { do: 'write', handle, data, offset: 0 });
        await this.step(path, { do: 'close', handle });
    }
    open(volume, path, how) {
        const access = AccessAlias.FILE_GENERIC_READ | AccessAlias.FILE_GENERIC_WRITE;
        const step = { do: 'create', path, access, share: 7, as: handle, ...how };
        return this.step(path, volume === undefined ? step : { ...step, volume });
    }
    async step(path, step) {
        const doer = {
            step: { ...step, id: 'setup', actor: 'setup' },
            process: this.process,
        };
        const { status } = await performStep(this.stage, doer);
        if (!ntError(status))
            return;
        throw new LabError('workload.invalid', {
            problem: `The set-up of "${path}" failed: ${step.do} gave ${ntStatusName(status)}.`,
            remedy: 'Mend the set-up of the workload; docs/formats.md describes it.',
        });
    }
}
/** The name that the set-up keeps its one open handle under. */
const handle = 'it';
