// A bench for the Filter Manager: filters written in TypeScript on the whole simulated machine, a
// workload over them, and what happened as lines that a table of expectations can hold.
import { readWorkload } from '../../../contract/expandWorkload.ts';
import type { Prediction } from '../../../contract/prediction.ts';
import type { ProfileName } from '../../../contract/profiles.ts';
import {
  FltMajor,
  FltPostopStatus,
  FltPreopStatus,
  IrpMajor,
  ntStatusName,
} from '../../../contract/windows/index.ts';
import type { IoManager } from '../../io/ioManager.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { PlainMemory } from '../../kernel/memory.ts';
import { simulate, type DriverRoom } from '../../simulate.ts';
import type { CallbackData } from '../callbackData.ts';
import { FilterManager } from '../filterManager.ts';
import type {
  Filter,
  FilterCallbacks,
  OperationCallbacks,
  PostOperation,
  PreOperation,
} from '../filter.ts';

const majors = { ...IrpMajor, ...FltMajor };
export type Major = keyof typeof majors;
export const Pre = FltPreopStatus;
export const Post = FltPostopStatus;

/** What a scripted callback may use besides its arguments. */
export interface Stage {
  readonly kernel: Kernel;
  readonly io: IoManager;
  readonly manager: FilterManager;
  /** Those that have been registered so far. */
  readonly filters: readonly Filter[];
  /** Writes a line into the story. */
  readonly say: (line: string) => void;
}

export interface ScriptedFilter {
  readonly name: string;
  readonly altitude: string;
  /** By major function; `pre` and `post` may be left out as in a real registration. */
  readonly on: (stage: Stage) => Partial<Record<Major, ScriptedOperation>>;
  readonly callbacks?: (stage: Stage) => Partial<FilterCallbacks>;
}

export interface ScriptedOperation {
  readonly flags?: number;
  readonly pre?: PreOperation;
  readonly post?: PostOperation;
}

export interface Told {
  readonly prediction: Prediction;
  /** What the scripted callbacks said, in order. */
  readonly story: readonly string[];
  readonly findings: readonly string[];
}

interface Options {
  readonly profile?: ProfileName;
  readonly seed?: number;
  readonly actors?: object;
  readonly setup?: readonly object[];
  readonly volumes?: readonly string[];
  readonly stack?: object;
  readonly order?: 'written' | 'free';
}

export const withCallback = { status: Pre.FLT_PREOP_SUCCESS_WITH_CALLBACK, completionContext: 0 };
export const noCallback = { status: Pre.FLT_PREOP_SUCCESS_NO_CALLBACK, completionContext: 0 };

/** Runs the steps of a workload over the filters, and tells what happened. */
export async function play(
  filters: readonly ScriptedFilter[],
  steps: readonly object[],
  options: Options = {},
): Promise<Told> {
  const { profile = 'win7', seed = 0, ...more } = options;
  const workload = readWorkload({ workload: 1, name: 'bench', ...more, steps }, 'bench');
  const story: string[] = [];
  const room: DriverRoom = {
    createMemory: () => new PlainMemory(),
    loadDriver: async (kernel, io, _input, stack) => {
      const manager = new FilterManager(kernel, io, stack);
      const registered: Filter[] = [];
      const say = (line: string): void => void story.push(line);
      const stage: Stage = { kernel, io, manager, filters: registered, say };
      for (const scripted of filters) registered.push(await register(stage, scripted));
      const unload = async (): Promise<void> => {
        for (const filter of registered) await manager.unregister(filter);
      };
      const detach = (filter: string, volume: string) => manager.detachByName(filter, volume);
      const connect = manager.ports.connect.bind(manager.ports);
      const stacks = () => manager.stacks();
      return { kind: 'loaded', driver: { unload, detach, connect, stacks, coverage: () => [] } };
    },
  };
  const driver = {
    name: 'bench',
    image: new Uint8Array(),
    foreignFolders: [],
    instances: [],
    neighbours: [],
    without: [],
    callbacksCalled: true,
  };
  const input = { workload, profile, seed, sample: 'bench', variant: 'bench', driver };
  const prediction = await simulate(input, room);
  const findings = prediction.findings.map(({ id }) => id);
  return { prediction, story, findings };
}

async function register(stage: Stage, scripted: ScriptedFilter): Promise<Filter> {
  const { name, altitude } = scripted;
  const operations = Object.entries(scripted.on(stage)).map(
    ([major, { flags = 0, pre = null, post = null }]): OperationCallbacks => ({
      majorFunction: majors[major as Major],
      flags,
      pre,
      post,
    }),
  );
  const callbacks: FilterCallbacks = {
    operations,
    unload: null,
    instanceSetup: null,
    instanceQueryTeardown: null,
    instanceTeardownStart: null,
    instanceTeardownComplete: null,
    ...scripted.callbacks?.(stage),
  };
  const definitions = [{ name: `${name} Instance`, altitude, flags: 0 }];
  const result = stage.manager.register(name, definitions, callbacks);
  if (result.kind === 'refused') throw new RangeError(result.problem);
  await stage.manager.startFiltering(result.filter);
  return result.filter;
}

/** A filter that says "+name" on the way down and "-name" on the way up, for one major function. */
export function speaker(name: string, altitude: string, major: Major): ScriptedFilter {
  return {
    name,
    altitude,
    on: ({ say }) => ({
      [major]: {
        pre: () => {
          say(`+${name}`);
          return withCallback;
        },
        post: (data: CallbackData) => {
          say(`-${name} ${ntStatusName(data.ioStatus.status)}`);
          return Post.FLT_POSTOP_FINISHED_PROCESSING;
        },
      },
    }),
  };
}

/** Unregisters the filter of that name in a worker thread, when a file is flushed. */
export const unloader = (name: string): ScriptedFilter => ({
  name: 'unloader',
  altitude: '1',
  on: ({ kernel, manager, filters }) => ({
    IRP_MJ_FLUSH_BUFFERS: {
      pre: () => {
        const filter = filters.find((one) => one.name === name);
        if (filter !== undefined) {
          kernel.workQueue.queue('unload', () => manager.unregister(filter));
        }
        return noCallback;
      },
    },
  }),
});

const SYNC = 'SYNCHRONOUS_IO_NONALERT';
export const openFile = {
  do: 'create',
  path: 'f',
  disposition: 'OPEN_IF',
  access: 'GENERIC_READ|GENERIC_WRITE|DELETE|SYNCHRONIZE',
  options: SYNC,
  as: 'f',
} as const;
export const closeFile = { do: 'close', handle: 'f' } as const;
export const flushFile = { do: 'flush', handle: 'f', id: 'flush' } as const;
export const openDirectory = {
  do: 'create',
  path: 'w',
  disposition: 'OPEN_IF',
  options: 'DIRECTORY_FILE',
  access: 'FILE_LIST_DIRECTORY|SYNCHRONIZE',
  as: 'd',
} as const;
export const watch = {
  do: 'notify',
  handle: 'd',
  filter: 'FILE_NAME',
  length: 2048,
  as: 'n',
  id: 'watch',
} as const;

/** Status of a step, and what a request ended with, by name. */
export function statusOf({ prediction }: Told, step: string): string {
  const event = prediction.events.find((one) => one.kind === 'step' && one.step === step);
  return event?.kind === 'step' ? ntStatusName(event.status) : 'did not return';
}

export function completionOf({ prediction }: Told, request: string): string {
  const event = prediction.events.find(
    (one) => one.kind === 'completion' && one.request === request,
  );
  return event?.kind === 'completion'
    ? `${ntStatusName(event.status)} ${event.information}`
    : 'did not complete';
}
