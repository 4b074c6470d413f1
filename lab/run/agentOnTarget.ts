// The agent of a connected target: started, spoken to through a tunnel, and told to go.
import type { Duplex } from 'node:stream';
import { startAgent, type AgentClient, type AgentMachine } from '../agentClient/index.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { joinWindows, type ConnectedTarget } from '../targets/index.ts';

export interface RunningAgent {
  readonly client: AgentClient;
  /** Hangs up the connections that were opened anew; the agent goes on. */
  close(): Promise<void>;
}

/**
 * Starts the agent with a root for each volume of the workload. After a lost connection the machine
 * is connected again: the agent and its trace outlive both.
 * Errors: `agent.*`, `ssh.*`, `run.cancelled`.
 */
export async function startAgentOn(
  target: ConnectedTarget,
  volumes: readonly string[],
  signal: AbortSignal,
): Promise<RunningAgent> {
  const { root, node, agentFolder } = target.paths;
  const state = joinWindows(root, 'state');
  await target.files.makeFolder(state, { signal });
  const machine = new MachineOfAgent(target, signal);
  const client = await startAgent({
    kind: target.description.kind,
    node,
    bundle: joinWindows(agentFolder, 'agent.cjs'),
    state,
    roots: Object.fromEntries(
      volumes.map((volume) => [volume, joinWindows(root, `volumes\\${volume}`)]),
    ),
    machine,
    signal,
  }).catch(async (error: unknown) => {
    await machine.close();
    throw error;
  });
  return {
    client,
    close: async () => {
      client.close();
      await machine.close();
    },
  };
}

class MachineOfAgent implements AgentMachine {
  private readonly first: ConnectedTarget;
  private readonly signal: AbortSignal;
  private live: ConnectedTarget;

  constructor(target: ConnectedTarget, signal: AbortSignal) {
    this.first = target;
    this.live = target;
    this.signal = signal;
  }

  write(path: string, text: string): Promise<void> {
    return this.live.put(Buffer.from(text), path, { signal: this.signal });
  }

  async read(path: string): Promise<string | undefined> {
    const bytes = await this.live.files.readIfThere(path, { signal: this.signal });
    return bytes?.toString('utf8');
  }

  async remove(path: string): Promise<void> {
    await this.live.files.remove(path, { signal: this.signal });
  }

  /** What the command leaves running may keep its streams: the exit of the shell is what counts. */
  async launch(command: string): Promise<void> {
    const shell = await this.live.start(command, { signal: this.signal });
    shell.stdout.resume();
    shell.stderr.resume();
    shell.stdin.end();
    try {
      await shell.ended();
    } finally {
      shell.close();
    }
  }

  async forward(port: number): Promise<Duplex> {
    throwIfCancelled(this.signal, 'talking to the agent');
    if (this.live.connection.loss !== undefined) {
      await this.close();
      this.live = await this.first.reconnect(this.signal);
    }
    return this.live.forward(port, { signal: this.signal });
  }

  /** The connection that the target came with is its owner's to close. */
  async close(): Promise<void> {
    if (this.live !== this.first) await this.live.close();
    this.live = this.first;
  }
}
