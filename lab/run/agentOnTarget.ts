// The agent of a connected target: started, spoken to through a tunnel, and told to go, also when the
// work that needed it was cancelled or its connection cut.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { startAgent, type AgentClient, type AgentMachine } from '../agentClient/index.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { installAgent } from '../deploy/index.ts';
import { joinWindows, type ConnectedTarget } from '../targets/index.ts';
import { agentBundle, agentFiles } from './agentFiles.ts';

export class AgentOnTarget {
  private readonly target: ConnectedTarget;
  private readonly volumes: readonly string[];
  private machine: MachineOfAgent | undefined;
  private client: AgentClient | undefined;

  /** `volumes`: those of the workload; each has a root of its own on the target. */
  constructor(target: ConnectedTarget, volumes: readonly string[]) {
    this.target = target;
    this.volumes = volumes;
  }

  /**
   * The agent of this FltLab, put there first if another lies on the target. After a lost connection
   * the machine is connected again: the agent and its trace outlive both.
   * Errors: `agent.*`, `deploy.copy-failed`, `ssh.*`, `run.cancelled`.
   */
  async start(signal: AbortSignal): Promise<AgentClient> {
    this.machine = new MachineOfAgent(this.target, signal);
    const state = joinWindows(this.target.paths.root, 'state');
    await this.target.files.makeFolder(state, { signal });
    // One request when it is the one that is there already; a lab that was updated brings its own.
    const files = await agentFiles(this.target.dataFolder, signal);
    await installAgent(this.target, files, { signal });
    this.client = await this.find(this.machine);
    return this.client;
  }

  /**
   * Ends the agent, and with it whatever it was doing. `signal` is this ending's own: that of the work
   * may have fired. Safe when the agent was never started.
   */
  async leave(signal: AbortSignal): Promise<void> {
    const { machine, client } = this;
    if (machine === undefined) return;
    try {
      if (!machine.launched) return;
      if (client !== undefined && !machine.signal.aborted) await client.quit();
      else await this.leaveAnew(signal);
    } finally {
      client?.close();
      await machine.close();
    }
  }

  /** What was said until now may have been cut in the middle: the agent is greeted again. */
  private async leaveAnew(signal: AbortSignal): Promise<void> {
    const machine = new MachineOfAgent(this.target, signal);
    try {
      const client = await this.find(machine);
      await client.quit();
    } finally {
      await machine.close();
    }
  }

  private async find(machine: MachineOfAgent): Promise<AgentClient> {
    const bundle = await readFile(agentBundle());
    const { root, node, agentFolder } = this.target.paths;
    const folder = (volume: string): string => joinWindows(root, `volumes\\${volume}`);
    return startAgent({
      kind: this.target.description.kind,
      node,
      bundle: joinWindows(agentFolder, 'agent.cjs'),
      state: joinWindows(root, 'state'),
      roots: Object.fromEntries(this.volumes.map((volume) => [volume, folder(volume)])),
      build: createHash('sha256').update(bundle).digest('hex'),
      machine,
      signal: machine.signal,
    });
  }
}

class MachineOfAgent implements AgentMachine {
  readonly signal: AbortSignal;
  /** An agent may be there: it was asked for, whatever came back. */
  launched = false;
  private readonly first: ConnectedTarget;
  private live: ConnectedTarget;
  /** Several requests may meet the loss of a connection at once; one makes it anew for all. */
  private making: Promise<void> | undefined;

  constructor(target: ConnectedTarget, signal: AbortSignal) {
    this.first = target;
    this.live = target;
    this.signal = signal;
  }

  async write(path: string, text: string): Promise<void> {
    const { signal } = this;
    await (await this.connected()).put(Buffer.from(text), path, { signal });
  }

  async read(path: string): Promise<string | undefined> {
    const { signal } = this;
    const bytes = await (await this.connected()).files.readIfThere(path, { signal });
    return bytes?.toString('utf8');
  }

  async remove(path: string): Promise<void> {
    const { signal } = this;
    await (await this.connected()).files.remove(path, { signal });
  }

  /** What the command leaves running may keep its streams: the exit of the shell is what counts. */
  async launch(command: string): Promise<void> {
    const target = await this.connected();
    this.launched = true;
    const shell = await target.start(command, { signal: this.signal });
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
    const target = await this.connected();
    return target.forward(port, { signal: this.signal });
  }

  /** The connection that the target came with is its owner's to close. */
  async close(): Promise<void> {
    // Whether it succeeds or not: what it made is closed, too.
    await Promise.allSettled([this.making]);
    await this.drop();
  }

  private async drop(): Promise<void> {
    const { live } = this;
    this.live = this.first;
    if (live !== this.first) await live.close();
  }

  private async connectAnew(): Promise<void> {
    await this.drop();
    this.live = await this.first.reconnect(this.signal);
  }

  private async connected(): Promise<ConnectedTarget> {
    throwIfCancelled(this.signal, 'talking to the agent');
    if (this.live.connection.loss !== undefined) {
      this.making ??= this.connectAnew().finally(() => (this.making = undefined));
      await this.making;
    }
    return this.live;
  }
}
