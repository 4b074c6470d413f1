// QEMU driven over QMP. The process outlives the lab that started it; whoever comes later finds it by
// its command line. Nothing about a running machine is kept in a file.
import { rm, writeFile, mkdir, chmod } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { isLabError } from '../../../contract/errors/labError.ts';
import type {
  QemuMachine,
  VmDebugChannel,
  VmSnapshot,
  VmState,
  VmStream,
} from '../../../contract/vm.ts';
import { readTextIfThere } from '../../data/atomicFile.ts';
import { cancelledError, throwIfCancelled, withLimit } from '../../data/cancellation.ts';
import { startInBackground } from '../../process/background.ts';
import { endProcesses, listProcesses } from '../../process/processTable.ts';
import type { Hypervisor, VmAddress, VmLack } from '../hypervisor.ts';
import { died, didNotAnswer, inUse, startFailed, toolFailed, toolMissing } from '../vmErrors.ts';
import { probeAccelerator } from './accelerator.ts';
import { commandLine, readCommandLine, type Started } from './commandLine.ts';
import { makeSocketFolder, type QemuLayout } from './layout.ts';
import { Qmp, QmpClosed, QmpRefusal } from './qmp.ts';
import type { SnapshotStore } from './snapshotStore.ts';

export interface QemuParts {
  readonly machine: QemuMachine;
  readonly layout: QemuLayout;
  readonly version: string;
  readonly store: SnapshotStore;
}

interface RunningMachine extends Started {
  readonly pid: number;
}

/** Run states of QEMU (qapi/run-state.json) as states of the lab. */
const stateOfStatus: Readonly<Record<string, VmState>> = {
  running: 'running',
  paused: 'paused',
  debug: 'paused',
  prelaunch: 'paused',
  inmigrate: 'changing',
  postmigrate: 'paused',
  'finish-migrate': 'changing',
  'restore-vm': 'changing',
  'save-vm': 'changing',
  suspended: 'paused',
  watchdog: 'crashed',
  // The host's disk is full or failing: the guest stands still in the middle of a write.
  'io-error': 'crashed',
  'internal-error': 'crashed',
  'guest-panicked': 'crashed',
  shutdown: 'crashed',
};

const START_LIMIT_MS = 30_000;
const QMP_LIMIT_MS = 10_000;

export class QemuHypervisor implements Hypervisor {
  readonly kind = 'qemu';
  readonly version: string;
  readonly abilities;
  readonly lacks: readonly VmLack[];
  readonly machine: QemuMachine;
  readonly layout: QemuLayout;
  private readonly store: SnapshotStore;

  constructor({ machine, layout, version, store }: QemuParts) {
    this.machine = machine;
    this.layout = layout;
    this.version = version;
    this.store = store;
    this.abilities = [
      ...store.abilities,
      'shut-down' as const,
      'serial' as const,
      'debug-channel' as const,
      'nmi' as const,
      'memory-dump' as const,
      ...(machine.network === undefined ? [] : (['address'] as const)),
    ];
    this.lacks = [
      ...store.lacks,
      ...(machine.network === undefined
        ? [{ ability: 'address' as const, because: 'its description has no network' }]
        : []),
    ];
  }

  async state(signal: AbortSignal): Promise<VmState> {
    if ((await this.running()) === undefined) return 'off';
    try {
      return await this.talk('say its state', signal, async (qmp) => {
        const { status } = (await qmp.command('query-status', {}, signal)) as { status: string };
        return stateOfStatus[status] ?? 'changing';
      });
    } catch (error) {
      // It ended between the two looks.
      if (isLabError(error) && error.code === 'vm.died') return 'off';
      throw error;
    }
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.launch(undefined, signal);
  }

  async resume(signal: AbortSignal): Promise<void> {
    await this.talk('go on', signal, (qmp) => qmp.command('cont', {}, signal));
  }

  async askToShutDown(signal: AbortSignal): Promise<void> {
    await this.talk('ask it to shut down', signal, (qmp) =>
      qmp.command('system_powerdown', {}, signal),
    );
  }

  async nmi(signal: AbortSignal): Promise<void> {
    await this.talk('send an NMI', signal, (qmp) => qmp.command('inject-nmi', {}, signal));
  }

  async dumpMemory(file: string, signal: AbortSignal): Promise<void> {
    await this.talk("save the machine's memory", signal, (qmp) =>
      qmp.command('dump-guest-memory', { paging: false, protocol: `file:${file}` }, signal),
    );
  }

  /** QMP's `quit` lets QEMU close its images in order; a QEMU that does not obey is killed. */
  async powerOff(signal: AbortSignal): Promise<void> {
    const running = await this.running();
    if (running === undefined) return this.clean();
    const polite = AbortSignal.any([signal, AbortSignal.timeout(QMP_LIMIT_MS)]);
    await this.talk('quit', polite, (qmp) => qmp.command('quit', {}, polite)).catch(
      (error: unknown) => {
        // Gone, deaf or busy: either way it is killed below if it is still there.
        if (!isLabError(error)) throw error;
      },
    );
    const left = await endProcesses(async () => {
      const now = await this.running();
      return now === undefined ? [] : [now.pid];
    });
    if (left.length > 0) {
      throw toolFailed(this.machine.name, 'end its process', `process ${left[0] ?? '?'} remains`);
    }
    await this.clean();
  }

  async snapshots(signal: AbortSignal): Promise<readonly VmSnapshot[]> {
    return this.store.list(signal);
  }

  async createSnapshot(name: string, signal: AbortSignal): Promise<void> {
    if ((await this.running()) === undefined) return this.store.create(name, signal);
    await this.job('snapshot-save', name, signal);
  }

  async deleteSnapshot(name: string, signal: AbortSignal): Promise<void> {
    if ((await this.running()) === undefined || !this.store.internal) {
      return this.store.remove(name, signal);
    }
    await this.job('snapshot-delete', name, signal);
  }

  async revert(snapshot: VmSnapshot, signal: AbortSignal): Promise<void> {
    const state = await this.state(signal);
    if (snapshot.live === true && (state === 'running' || state === 'paused')) {
      return this.loadLive(snapshot.name, signal);
    }
    // A machine that crashed may be in a state that QEMU itself cannot leave: it starts anew.
    await this.powerOff(signal);
    if (snapshot.live === true) await this.launch(snapshot.name, signal);
    else await this.store.revert(snapshot.name, signal);
  }

  async address(): Promise<VmAddress | undefined> {
    const port = (await this.running())?.hostPort;
    return port === undefined ? undefined : { host: '127.0.0.1', port };
  }

  async serial(): Promise<VmStream | undefined> {
    if ((await this.running()) === undefined) return undefined;
    return { kind: 'unix', path: this.layout.serial };
  }

  async debugChannel(): Promise<VmDebugChannel | undefined> {
    if ((await this.running()) === undefined) return undefined;
    return { protocol: 'gdb', at: { kind: 'unix', path: this.layout.gdb } };
  }

  async mend(signal: AbortSignal): Promise<void> {
    if ((await this.running()) === undefined) await this.clean();
    await this.store.mend(signal);
  }

  /** The process of this machine, whoever started it. */
  async running(): Promise<RunningMachine | undefined> {
    const mark = `path=${this.layout.qmp.replaceAll(',', ',,')},server=on`;
    const found = (await listProcesses()).find(({ command }) => command.includes(mark));
    return found === undefined ? undefined : { pid: found.pid, ...readCommandLine(found.command) };
  }

  private async loadLive(name: string, signal: AbortSignal): Promise<void> {
    await this.talk(`go back to "${name}"`, signal, async (qmp) => {
      await qmp.command('stop', {}, signal);
      await runJob(qmp, 'snapshot-load', this.jobArguments(name), signal);
      await qmp.command('cont', {}, signal);
    });
  }

  private async job(kind: string, name: string, signal: AbortSignal): Promise<void> {
    const args =
      kind === 'snapshot-delete'
        ? { tag: name, devices: this.store.nodes }
        : this.jobArguments(name);
    await this.talk(`${kind.replace('-', ' ')} "${name}"`, signal, (qmp) =>
      runJob(qmp, kind, args, signal),
    );
  }

  private jobArguments(name: string): Record<string, unknown> {
    return { tag: name, vmstate: this.store.nodes[0], devices: this.store.nodes };
  }

  /** One operation over QMP, with what can go wrong in the words of the lab. */
  private async talk<T>(
    what: string,
    signal: AbortSignal,
    work: (qmp: Qmp) => Promise<T>,
  ): Promise<T> {
    const { name } = this.machine;
    const greeting = withLimit(signal, QMP_LIMIT_MS, () =>
      inUse(name, 'another program is connected to its control socket'),
    );
    let qmp: Qmp | undefined;
    try {
      qmp = await Qmp.open(this.layout.qmp, greeting.signal);
      greeting.done();
      return await work(qmp);
    } catch (error) {
      if (error instanceof QmpRefusal) throw toolFailed(name, what, error.message);
      if (!(error instanceof QmpClosed)) throw error;
      if ((await this.running()) === undefined) throw died(name, what, await this.lastWords());
      throw toolFailed(name, what, `its control socket ${this.layout.qmp}: ${error.message}`);
    } finally {
      greeting.done();
      qmp?.close();
    }
  }

  private async launch(load: string | undefined, signal: AbortSignal): Promise<void> {
    const { machine, layout } = this;
    await mkdir(layout.folder, { recursive: true, mode: 0o700 });
    await makeSocketFolder(layout);
    await this.clean();
    const { accelerator } =
      machine.accelerator === 'auto'
        ? await probeAccelerator(machine.program, signal)
        : { accelerator: machine.accelerator };
    const hostPort =
      machine.network === undefined ? undefined : (machine.network.hostPort ?? (await freePort()));
    const disk = await this.store.disk(signal);
    await writeFile(layout.serialLog, '', { mode: 0o600 });
    await chmod(layout.serialLog, 0o600);
    const args = commandLine(machine, layout, { accelerator, hostPort, load, disk });
    throwIfCancelled(signal, `starting "${machine.name}"`);
    const qemu = startInBackground(machine.program, args, process.env, { logFile: layout.log });
    try {
      await this.untilUp(qemu.ended, signal);
    } catch (error) {
      qemu.kill();
      await qemu.end;
      await this.clean();
      throw error;
    }
  }

  private async untilUp(ended: () => string | undefined, signal: AbortSignal): Promise<void> {
    const { name, program } = this.machine;
    const give_up_at = performance.now() + START_LIMIT_MS;
    for (;;) {
      const how = ended();
      if (how === 'ENOENT' || how === 'EACCES') throw toolMissing(program, INSTALL, how);
      if (how !== undefined) throw await this.whyNotStarted(how);
      const qmp = await Qmp.open(this.layout.qmp, signal).catch((error: unknown) => {
        if (error instanceof QmpClosed) return undefined;
        throw error;
      });
      if (qmp !== undefined) return qmp.close();
      if (performance.now() > give_up_at) throw didNotAnswer(name, 'start', START_LIMIT_MS);
      await pause(15);
      if (signal.aborted) throw cancelledError(signal, `starting "${name}"`);
    }
  }

  private async whyNotStarted(how: string): Promise<Error> {
    const { name } = this.machine;
    const said = await this.lastWords();
    if (said.includes('Failed to get') && said.includes('lock')) {
      return inUse(name, 'another program holds its disk', said);
    }
    if (said.includes('Could not set up host forwarding rule')) {
      return inUse(name, 'another program listens at its port', said);
    }
    return startFailed(name, `QEMU ended at once (${how})`, said);
  }

  private async lastWords(): Promise<string> {
    const text = (await readTextIfThere(this.layout.log)) ?? '';
    return text.trim().split('\n').slice(-10).join('\n');
  }

  /** Sockets of a process that is gone: nobody answers there, and QEMU would trip over them. */
  private async clean(): Promise<void> {
    for (const socket of [this.layout.qmp, this.layout.serial, this.layout.gdb]) {
      await rm(socket, { force: true });
    }
  }
}

export const INSTALL = 'Install QEMU 6.0 or later (Debian: qemu-system-x86 and qemu-utils).';

/** A long operation of QEMU: started, awaited, its error read, and dismissed. */
async function runJob(
  qmp: Qmp,
  kind: string,
  args: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  const id = `fltlab-${kind}`;
  const concluded = qmp.event(
    ({ event, data }) =>
      event === 'JOB_STATUS_CHANGE' && data?.['id'] === id && data['status'] === 'concluded',
    signal,
  );
  // A refused command leaves the wait for its event behind; its end is not news.
  concluded.catch(() => undefined);
  await qmp.command(kind, { 'job-id': id, ...args }, signal);
  await concluded;
  const jobs = (await qmp.command('query-jobs', {}, signal)) as { id: string; error?: string }[];
  const error = jobs.find((job) => job.id === id)?.error;
  await qmp.command('job-dismiss', { id }, signal);
  if (error !== undefined) throw new QmpRefusal(kind, { class: 'GenericError', desc: error });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
