// The agent of a connected target: started, spoken to through a tunnel, and told to go, also when the
// work that needed it was cancelled or its connection cut.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { startAgent } from '../agentClient/index.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { installAgent } from '../deploy/index.ts';
import { joinWindows } from '../targets/index.ts';
import { agentBundle, agentFiles } from './agentFiles.ts';
export class AgentOnTarget {
    target;
    volumes;
    machine;
    client;
    /** `volumes`: those of the workload; each has a root of its own on the target. */
    constructor(target, volumes) {
        this.target = target;
        this.volumes = volumes;
    }
    /**
     * The agent of this FltLab, put there first if another lies on the target. After a lost connection
     * the machine is connected again: the agent and its trace outlive both.
     * Errors: `agent.*`, `deploy.copy-failed`, `ssh.*`, `run.cancelled`.
     */
    async start(signal) {
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
    async leave(signal) {
        const { machine, client } = this;
        if (machine === undefined)
            return;
        try {
            if (!machine.launched)
                return;
            if (client !== undefined && !machine.signal.aborted)
                await client.quit();
            else
                await this.leaveAnew(signal);
        }
        finally {
            client?.close();
            await machine.close();
        }
    }
    /** What was said until now may have been cut in the middle: the agent is greeted again. */
    async leaveAnew(signal) {
        const machine = new MachineOfAgent(this.target, signal);
        try {
            const client = await this.find(machine);
            await client.quit();
        }
        finally {
            await machine.close();
        }
    }
    async find(machine) {
        const bundle = await readFile(agentBundle());
        const { root, node, agentFolder } = this.target.paths;
        const folder = (volume) => joinWindows(root, `volumes\\${volume}`);
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
class MachineOfAgent {
    signal;
    /** An agent may be there: it was asked for, whatever came back. */
    launched = false;
    first;
    live;
    constructor(target, signal) {
        this.first = target;
        this.live = target;
        this.signal = signal;
    }
    async write(path, text) {
        const { signal } = this;
        await (await this.connected()).put(Buffer.from(text), path, { signal });
    }
    async read(path) {
        const { signal } = this;
        const bytes = await (await this.connected()).files.readIfThere(path, { signal });
        return bytes?.toString('utf8');
    }
    async remove(path) {
        const { signal } = this;
        await (await this.connected()).files.remove(path, { signal });
    }
    /** What the command leaves running may keep its streams: the exit of the shell is what counts. */
    async launch(command) {
        const target = await this.connected();
        this.launched = true;
        const shell = await target.start(command, { signal: this.signal });
        shell.stdout.resume();
        shell.stderr.resume();
        shell.stdin.end();
        try {
            await shell.ended();
        }
        finally {
            shell.close();
        }
    }
    async forward(port) {
        const target = await this.connected();
        return target.forward(port, { signal: this.signal });
    }
    /** The connection that the target came with is its owner's to close. */
    async close() {
        if (this.live !== this.first)
            await this.live.close();
        this.live = this.first;
    }
    async connected() {
        throwIfCancelled(this.signal, 'talking to the agent');
        if (this.live.connection.loss !== undefined) {
            await this.close();
            this.live = await this.first.reconnect(this.signal);
        }
        return this.live;
    }
}
