// Empties the roots and makes what the workload wants to find there, through the native API: so names
// that Win32 would change (a dot at the end, CON) are made as they are written.
import type { ActingStep, ExpandedWorkload } from '../../contract/expandWorkload.ts';
import type { SetUpItem } from '../../contract/workload.ts';
import {
  AccessAlias,
  AccessMask,
  CreateOption,
  Disposition,
  ntError,
  ntStatusName,
} from '../../contract/windows/index.ts';
import type { ActorThread, NativeOutcome, NativeStep } from '../thread/messages.ts';
import { NO_HANDLE } from './names.ts';
import { joinRoot, ntPath, type Roots } from './roots.ts';

/** A set-up or a clean-up that did not come about. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
}

/** Removes everything below the roots. Throws SetUpError with the first thing that stays. */
export async function emptyRoots(thread: ActorThread, roots: Roots): Promise<void> {
  for (const root of roots.values()) {
    const { left } = await thread.ask('empty', { folder: ntPath(root) });
    const first = left[0];
    if (first === undefined) continue;
    const more = left.length > 1 ? ` and ${left.length - 1} more` : '';
    throw new SetUpError(
      `cannot remove ${first.path}${more}: ${ntStatusName(first.status)}; something holds it open`,
    );
  }
}

export async function performSetUp(
  thread: ActorThread,
  workload: ExpandedWorkload,
  roots: Roots,
): Promise<void> {
  const maker = new Maker(thread, roots, workload.volumes[0] ?? '');
  for (const item of workload.setup) await maker.make(item);
}

type Handle = number;

class Maker {
  private readonly thread: ActorThread;
  private readonly roots: Roots;
  private readonly defaultVolume: string;
  private readonly folders = new Set<string>();

  constructor(thread: ActorThread, roots: Roots, defaultVolume: string) {
    this.thread = thread;
    this.roots = roots;
    this.defaultVolume = defaultVolume;
  }

  async make(item: SetUpItem): Promise<void> {
    const volume = item.volume ?? this.defaultVolume;
    const path = 'mkdir' in item ? item.mkdir : item.file;
    const parents = path.split('\\').slice(0, -1);
    for (let depth = 1; depth <= parents.length; depth += 1) {
      await this.makeFolder(volume, parents.slice(0, depth).join('\\'), undefined);
    }
    if ('mkdir' in item) await this.makeFolder(volume, path, item.attributes);
    else await this.makeFile(volume, path, item);
  }

  private async makeFolder(
    volume: string,
    path: string,
    attributes: number | undefined,
  ): Promise<void> {
    const key = `${volume}:${path}`;
    if (this.folders.has(key) && attributes === undefined) return;
    this.folders.add(key);
    const handle = await this.create(volume, path, {
      disposition: Disposition.FILE_OPEN_IF,
      options: CreateOption.FILE_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
    });
    if (attributes !== undefined) {
      await this.step(path, handle, { do: 'set-basic', handle: 'it', attributes });
    }
    await this.thread.ask('close', { handles: [handle] });
  }

  private async makeFile(
    volume: string,
    path: string,
    item: Extract<SetUpItem, { file: string }>,
  ): Promise<void> {
    const handle = await this.create(volume, path, {
      disposition: Disposition.FILE_OVERWRITE_IF,
      options: CreateOption.FILE_NON_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
      attributes: item.attributes ?? 0,
    });
    if (item.data !== undefined) {
      await this.step(path, handle, { do: 'write', handle: 'it', data: item.data, offset: 0 });
    }
    await this.thread.ask('close', { handles: [handle] });
  }

  private async create(
    volume: string,
    path: string,
    given: { disposition: number; options: number; attributes?: number },
  ): Promise<Handle> {
    const access =
      AccessAlias.FILE_GENERIC_READ | AccessAlias.FILE_GENERIC_WRITE | AccessMask.SYNCHRONIZE;
    const step = { do: 'create', path, access, share: 7, attributes: 0, ...given } as const;
    const name = joinRoot(this.roots, volume, path);
    const { handle } = await this.step(path, NO_HANDLE, step, name);
    if (handle === undefined) throw new SetUpError(`set-up of "${path}" gave no handle`);
    return handle;
  }

  private async step(
    path: string,
    handle: Handle,
    step: WithoutNames,
    name = '',
  ): Promise<NativeOutcome> {
    const native: NativeStep = {
      step: { ...step, id: 'setup', actor: 'setup' } as ActingStep,
      handle,
      root: 0,
      name,
      synchronous: true,
      request: null,
    };
    const { outcome } = await this.thread.ask('perform', {
      step: native,
      pending: [],
      release: [],
    });
    if (ntError(outcome.status)) {
      throw new SetUpError(`set-up of "${path}": ${step.do} gave ${ntStatusName(outcome.status)}`);
    }
    return outcome;
  }
}

type WithoutNames = ActingStep extends infer Step
  ? Step extends ActingStep
    ? Omit<Step, 'id' | 'actor'>
    : never
  : never;
