// For tests: steps of a workload carried out on a volume, through the real I/O manager, with what each
// step is expected to return written beside it.
import { evaluateExpectations } from '../../../contract/expectations.ts';
import { readWorkload } from '../../../contract/expandWorkload.ts';
import type { ProfileName } from '../../../contract/profiles.ts';
import type { TraceEvent } from '../../../contract/trace.ts';
import { IoCore } from '../../io/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { Machine } from '../../kernel/machine.ts';
import { PlainMemory } from '../../kernel/memory.ts';
import { profileOf } from '../../windows/profiles.ts';
import { performSetUp, runWorkload } from '../../workload/index.ts';
import { createFileSystem } from '../index.ts';
import type { Step } from './steps.ts';

export interface Run {
  readonly events: readonly TraceEvent[];
  /** Expectations that were not met, one line each. */
  readonly misses: readonly string[];
  /** What the model refused by name, if it did. */
  readonly notModelled: string | null;
}

export interface Stage {
  readonly profile?: ProfileName;
  readonly seed?: number;
  readonly setup?: readonly object[];
  readonly actors?: Readonly<Record<string, object>>;
}

export async function runSteps(steps: readonly Step[], stage: Stage = {}): Promise<Run> {
  const { profile = 'win10', seed = 0, setup = [], actors = { main: {} } } = stage;
  const document = { workload: 1, name: 'test', setup, actors, steps: steps.flat(9) };
  const workload = readWorkload(document, 'the test');
  const events: TraceEvent[] = [];
  const machine = new Machine({
    profile: profileOf(profile),
    memory: new PlainMemory(),
    seed,
    onEvent: (event) => events.push(event),
    gradeOf: () => undefined,
  });
  const io = new IoCore(machine);
  const options = { volumeName: 'C', deviceName: '\\Device\\HarddiskVolume2' };
  io.addVolume(createFileSystem(machine, io, options));
  machine.scheduler.createThread(machine.scheduler.createProcess('test'), 'test', async () => {
    await performSetUp(machine, io, workload);
    await runWorkload(machine, io, workload);
  });
  let notModelled: string | null = null;
  try {
    const end = await machine.scheduler.run();
    if (end.kind !== 'completed') throw new Error(end.waitGraph.join('\n'));
  } catch (error) {
    if (!(error instanceof NotModelledSignal)) throw error;
    notModelled = error.what;
  }
  const misses = evaluateExpectations(workload, events).map(
    ({ step, what, expected, found }) => `${step}: ${what}: expected ${expected}, found ${found}`,
  );
  return { events, misses, notModelled };
}
