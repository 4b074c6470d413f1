// Makes what a workload wants to find: before the driver is there, and without a trace.
import { LabError } from '../../contract/errors/labError.ts';
import type { ActingStep, ExpandedWorkload } from '../../contract/expandWorkload.ts';
import type { SetUpItem } from '../../contract/workload.ts';
import {
  AccessAlias,
  CreateOption,
  Disposition,
  ntError,
  ntStatusName,
} from '../../contract/windows/index.ts';
import { HandleTables, type IoCore } from '../io/index.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Process } from '../kernel/thread.ts';
import { Names } from './names.ts';
import { performStep } from './performStep.ts';
import type { Stage } from './stage.ts';

type Distribute<Step> = Step extends unknown ? Omit<Step, 'id' | 'actor'> : never;
type WithoutPlace = Distribute<ActingStep>;

/** Runs on the current simulated thread, whose process becomes the owner of the handles meanwhile. */
export async function performSetUp(
  machine: Machine,
  io: IoCore,
  workload: ExpandedWorkload,
): Promise<void> {
  const { trace, scheduler } = machine;
  trace.enabled = false;
  const stage: Stage = {
    machine,
    services: { io, handles: new HandleTables() },
    names: new Names(workload.volumes[0] ?? ''),
    tellsCompletions: false,
    messages: new Map(),
    startedThreads: new Set(),
  };
  const maker = new Maker(stage, scheduler.current.process);
  for (const item of workload.setup) await maker.make(item);
  trace.enabled = true;
}

class Maker {
  private readonly stage: Stage;
  private readonly process: Process;
  private readonly folders = new Set<string>();

  constructor(stage: Stage, process: Process) {
    this.stage = stage;
    this.process = process;
  }

  /** Folders on the way are made where they are missing. */
  async make(item: SetUpItem): Promise<void> {
    const path = 'mkdir' in item ? item.mkdir : item.file;
    const parents = path.split('\\').slice(0, -1);
    for (let depth = 1; depth <= parents.length; depth += 1) {
      await this.makeFolder(item.volume, parents.slice(0, depth).join('\\'), undefined);
    }
    if ('mkdir' in item) await this.makeFolder(item.volume, path, item.attributes);
    else await this.makeFile(path, item);
  }

  private async makeFolder(
    volume: string | undefined,
    path: string,
    attributes: number | undefined,
  ): Promise<void> {
    const key = `${volume ?? ''}:${path}`;
    if (this.folders.has(key) && attributes === undefined) return;
    this.folders.add(key);
    await this.open(volume, path, {
      disposition: Disposition.FILE_OPEN_IF,
      options: CreateOption.FILE_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
      attributes: 0,
    });
    if (attributes !== undefined) await this.step(path, { do: 'set-basic', handle, attributes });
    await this.step(path, { do: 'close', handle });
  }

  private async makeFile(path: string, item: Extract<SetUpItem, { file: string }>): Promise<void> {
    await this.open(item.volume, path, {
      disposition: Disposition.FILE_OVERWRITE_IF,
      options: CreateOption.FILE_NON_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
      attributes: item.attributes ?? 0,
    });
    const { data } = item;
    if (data !== undefined) await this.step(path, { do: 'write', handle, data, offset: 0 });
    await this.step(path, { do: 'close', handle });
  }

  private open(
    volume: string | undefined,
    path: string,
    how: { disposition: number; options: number; attributes: number },
  ): Promise<void> {
    const access = AccessAlias.FILE_GENERIC_READ | AccessAlias.FILE_GENERIC_WRITE;
    const step = { do: 'create', path, access, share: 7, as: handle, ...how } as const;
    return this.step(path, volume === undefined ? step : { ...step, volume });
  }

  private async step(path: string, step: WithoutPlace): Promise<void> {
    const doer = {
      step: { ...step, id: 'setup', actor: 'setup' } as ActingStep,
      process: this.process,
    };
    const { status } = await performStep(this.stage, doer);
    if (!ntError(status)) return;
    throw new LabError('workload.invalid', {
      problem: `The set-up of "${path}" failed: ${step.do} gave ${ntStatusName(status)}.`,
      remedy: 'Mend the set-up of the workload; docs/formats.md describes it.',
    });
  }
}

/** The name that the set-up keeps its one open handle under. */
const handle = 'it';
