// Runs the workloads of cases on a target, one after the other, through one agent.
import { connectTarget, holdTarget } from '../targets/index.ts';
import { UndoStack } from '../data/undoStack.ts';
import { AgentOnTarget } from '../run/agentOnTarget.ts';
import { readTrace } from '../run/readTrace.ts';
import type { ConformanceTarget, RunOnTarget } from './conformance.ts';

export interface TargetRunner extends ConformanceTarget {
  /** Leaves the target as it was found. */
  close(): Promise<void>;
}

/** Errors: those of connecting and of starting the agent. */
export async function targetRunner(
  name: string,
  dataFolder: string,
  signal: AbortSignal,
): Promise<TargetRunner> {
  const undo = new UndoStack();
  try {
    const lease = await holdTarget(dataFolder, name, { signal });
    undo.push(`the hold on ${name}`, () => lease.release());
    const target = await connectTarget(name, { dataFolder, signal });
    undo.push(`the connection to ${name}`, () => target.close());
    const onTarget = new AgentOnTarget(target, ['C']);
    undo.push('the agent', (own) => onTarget.leave(own));
    const agent = await onTarget.start(signal);
    let count = 0;
    const run: RunOnTarget = async (document) => {
      const id = `case-${(count += 1)}`;
      await agent.prepare(id, document);
      await agent.start(id);
      const lines: string[] = [];
      for await (const followed of agent.follow(id)) {
        if (followed.kind === 'line') lines.push(`${followed.text}\n`);
        else if (followed.how !== 'completed') {
          return { events: [], problem: `the run ${followed.how}: ${followed.problem ?? ''}` };
        }
      }
      return { events: readTrace(lines.join(''), id).events };
    };
    const close = async (): Promise<void> => {
      const [failure] = await undo.unwind();
      if (failure !== undefined) throw failure.error;
    };
    return { run, profile: target.facts.profile, close };
  } catch (error) {
    await undo.unwind();
    throw error;
  }
}
