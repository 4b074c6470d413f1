// VMware Workstation, Fusion and Player through vmrun. Source: Using vmrun to Control Virtual Machines.
// vmrun tells less than others: a machine is in its list of running ones, or it is not.
import type {
  VmAbility,
  VmDebugChannel,
  VmSnapshot,
  VmState,
  VmStream,
  VmwareMachine,
} from '../../../contract/vm.ts';
import type { Hypervisor, VmAddress, VmLack } from '../hypervisor.ts';
import type { Host } from './host.ts';
import { SLOW_MS, Tool } from './tool.ts';

const SSH_PORT = 22;
/** Where Workstation's and Fusion's stub for 64-bit guests listens. */
const GDB_PORT = 8864;
const READ_LIMIT_MS = 30_000;

export async function openVmware(
  machine: VmwareMachine,
  host: Host,
  signal: AbortSignal,
): Promise<Hypervisor> {
  const tool = new Tool({
    host,
    vm: machine.name,
    program: 'vmrun',
    install: 'Install VMware Workstation or Fusion; vmrun comes with it.',
    machine: machine.vmx,
    unknown: /Cannot open VM|The virtual machine cannot be found|The file does not exist/i,
  });
  // Without arguments it prints its version and its usage, and calls that a failure.
  const { stdout, stderr } = await tool.ask('say its version', [], signal);
  const version = /vmrun version (\S+)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown';
  return new Vmware(machine, tool, version);
}

class Vmware implements Hypervisor {
  readonly kind = 'vmware';
  readonly version: string;
  readonly abilities: readonly VmAbility[];
  readonly lacks: readonly VmLack[];
  private readonly machine: VmwareMachine;
  private readonly tool: Tool;

  constructor(machine: VmwareMachine, tool: Tool, version: string) {
    this.machine = machine;
    this.tool = tool;
    this.version = version;
    const snapshots: readonly VmAbility[] = ['live-snapshot', 'disk-snapshot'];
    const player = machine.product === 'player';
    this.abilities = [
      ...(player ? [] : snapshots),
      'shut-down',
      'address',
      'serial',
      'debug-channel',
    ];
    this.lacks = [
      ...(player
        ? snapshots.map((ability) => ({ ability, because: 'VMware Player has no snapshots' }))
        : []),
      { ability: 'nmi', because: 'vmrun cannot send one' },
    ];
  }

  async state(signal: AbortSignal): Promise<VmState> {
    const running = parseRunning(await this.vmrun('say its state', ['list'], signal));
    return running.some((vmx) => samePath(vmx, this.machine.vmx)) ? 'running' : 'off';
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.vmrun('start', ['start', this.machine.vmx, 'nogui'], signal, SLOW_MS);
  }

  async resume(signal: AbortSignal): Promise<void> {
    await this.vmrun('go on', ['unpause', this.machine.vmx], signal);
  }

  async askToShutDown(signal: AbortSignal): Promise<void> {
    await this.vmrun('ask it to shut down', ['stop', this.machine.vmx, 'soft'], signal, SLOW_MS);
  }

  async powerOff(signal: AbortSignal): Promise<void> {
    if ((await this.state(signal)) === 'off') return;
    await this.vmrun('switch off', ['stop', this.machine.vmx, 'hard'], signal);
  }

  async snapshots(signal: AbortSignal): Promise<readonly VmSnapshot[]> {
    if (this.machine.product === 'player') return [];
    const text = await this.vmrun('list them', ['listSnapshots', this.machine.vmx], signal);
    return parseSnapshots(text);
  }

  async createSnapshot(name: string, signal: AbortSignal): Promise<void> {
    const args = ['snapshot', this.machine.vmx, name];
    await this.vmrun('make a snapshot', args, signal, SLOW_MS);
  }

  async deleteSnapshot(name: string, signal: AbortSignal): Promise<void> {
    const args = ['deleteSnapshot', this.machine.vmx, name];
    await this.vmrun('delete a snapshot', args, signal, SLOW_MS);
  }

  async revert({ name }: VmSnapshot, signal: AbortSignal): Promise<void> {
    const args = ['revertToSnapshot', this.machine.vmx, name];
    await this.vmrun('revert', args, signal, SLOW_MS);
  }

  /** What VMware Tools in the guest report. */
  async address(signal: AbortSignal): Promise<VmAddress | undefined> {
    const args = this.arguments(['getGuestIPAddress', this.machine.vmx]);
    const { code, stdout } = await this.tool.ask('say its address', args, signal);
    const host = /^(\d+\.\d+\.\d+\.\d+)\s*$/m.exec(stdout)?.[1];
    return code !== 0 || host === undefined ? undefined : { host, port: SSH_PORT };
  }

  async serial(signal: AbortSignal): Promise<VmStream | undefined> {
    return serialIn(await this.settings(signal), this.tool.parts.host.windows);
  }

  async debugChannel(signal: AbortSignal): Promise<VmDebugChannel | undefined> {
    const stub = (await this.settings(signal)).get('debugstub.listen.guest64');
    if (stub?.toUpperCase() !== 'TRUE') return undefined;
    return { protocol: 'gdb', at: { kind: 'tcp', host: '127.0.0.1', port: GDB_PORT } };
  }

  private async settings(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const options = { signal, timeout_ms: READ_LIMIT_MS };
    return parseVmx((await this.tool.parts.host.readText(this.machine.vmx, options)) ?? '');
  }

  private arguments(args: readonly string[]): readonly string[] {
    return ['-T', this.machine.product, ...args];
  }

  private vmrun(
    what: string,
    args: readonly string[],
    signal: AbortSignal,
    limit_ms?: number,
  ): Promise<string> {
    return this.tool.run(what, this.arguments(args), signal, limit_ms);
  }
}

/** "Total running VMs: 1" and a path a line. */
export const parseRunning = (text: string): string[] => rowsAfter(text, /^Total running VMs: \d+/);

export const parseSnapshots = (text: string): VmSnapshot[] =>
  rowsAfter(text, /^Total snapshots: \d+/).map((name) => {
    return { name, made_s: null, live: null, current: false };
  });

function rowsAfter(text: string, heading: RegExp): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const at = lines.findIndex((line) => heading.test(line));
  return lines.slice(at + 1).filter((line) => line !== '');
}

/** Paths of Windows have no case, and vmrun does not keep the one it was given. */
const samePath = (left: string, right: string): boolean => {
  const plain = (text: string): string => text.replaceAll('\\', '/').toLowerCase();
  return plain(left) === plain(right);
};

/** `name = "value"`, names without case. */
export function parseVmx(text: string): ReadonlyMap<string, string> {
  const rows = text.matchAll(/^\s*([\w.:]+)\s*=\s*"(.*)"\s*$/gm);
  return new Map([...rows].map(([, name = '', value = '']) => [name.toLowerCase(), value]));
}

export function serialIn(vmx: ReadonlyMap<string, string>, windows: boolean): VmStream | undefined {
  const path = vmx.get('serial0.filename');
  const present = vmx.get('serial0.present')?.toUpperCase() === 'TRUE';
  if (!present || path === undefined || vmx.get('serial0.filetype') !== 'pipe') return undefined;
  return { kind: windows ? 'pipe' : 'unix', path };
}
