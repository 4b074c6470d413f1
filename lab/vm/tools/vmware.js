import { SLOW_MS, Tool } from './tool.ts';
const SSH_PORT = 22;
/** Where Workstation's and Fusion's stub for 64-bit guests listens. */
const GDB_PORT = 8864;
const READ_LIMIT_MS = 30_000;
export async function openVmware(machine, host, signal) {
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
class Vmware {
    kind = 'vmware';
    version;
    abilities;
    lacks;
    machine;
    tool;
    constructor(machine, tool, version) {
        this.machine = machine;
        this.tool = tool;
        this.version = version;
        const snapshots = ['live-snapshot', 'disk-snapshot'];
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
    async state(signal) {
        const running = parseRunning(await this.vmrun('say its state', ['list'], signal));
        return running.some((vmx) => samePath(vmx, this.machine.vmx)) ? 'running' : 'off';
    }
    async start(signal) {
        await this.vmrun('start', ['start', this.machine.vmx, 'nogui'], signal, SLOW_MS);
    }
    async resume(signal) {
        await this.vmrun('go on', ['unpause', this.machine.vmx], signal);
    }
    async askToShutDown(signal) {
        await this.vmrun('ask it to shut down', ['stop', this.machine.vmx, 'soft'], signal, SLOW_MS);
    }
    async powerOff(signal) {
        if ((await this.state(signal)) === 'off')
            return;
        await this.vmrun('switch off', ['stop', this.machine.vmx, 'hard'], signal);
    }
    async snapshots(signal) {
        if (this.machine.product === 'player')
            return [];
        const text = await this.vmrun('list them', ['listSnapshots', this.machine.vmx], signal);
        return parseSnapshots(text);
    }
    async createSnapshot(name, signal) {
        const args = ['snapshot', this.machine.vmx, name];
        await this.vmrun('make a snapshot', args, signal, SLOW_MS);
    }
    async deleteSnapshot(name, signal) {
        const args = ['deleteSnapshot', this.machine.vmx, name];
        await this.vmrun('delete a snapshot', args, signal, SLOW_MS);
    }
    async revert({ name }, signal) {
        const args = ['revertToSnapshot', this.machine.vmx, name];
        await this.vmrun('revert', args, signal, SLOW_MS);
    }
    /** What VMware Tools in the guest report. */
    async address(signal) {
        const args = this.arguments(['getGuestIPAddress', this.machine.vmx]);
        const { code, stdout } = await this.tool.ask('say its address', args, signal);
        const host = /^(\d+\.\d+\.\d+\.\d+)\s*$/m.exec(stdout)?.[1];
        return code !== 0 || host === undefined ? undefined : { host, port: SSH_PORT };
    }
    async serial(signal) {
        return serialIn(await this.settings(signal), this.tool.parts.host.windows);
    }
    async debugChannel(signal) {
        const stub = (await this.settings(signal)).get('debugstub.listen.guest64');
        if (stub?.toUpperCase() !== 'TRUE')
            return undefined;
        return { protocol: 'gdb', at: { kind: 'tcp', host: '127.0.0.1', port: GDB_PORT } };
    }
    async settings(signal) {
        const options = { signal, timeout_ms: READ_LIMIT_MS };
        return parseVmx((await this.tool.parts.host.readText(this.machine.vmx, options)) ?? '');
    }
    arguments(args) {
        return ['-T', this.machine.product, ...args];
    }
    vmrun(what, args, signal, limit_ms) {
        return this.tool.run(what, this.arguments(args), signal, limit_ms);
    }
}
/** "Total running VMs: 1" and a path a line. */
export const parseRunning = (text) => rowsAfter(text, /^Total running VMs: \d+/);
export const parseSnapshots = (text) => rowsAfter(text, /^Total snapshots: \d+/).map((name) => {
    return { name, made_s: null, live: null, current: false };
});
function rowsAfter(text, heading) {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const at = lines.findIndex((line) => heading.test(line));
    return lines.slice(at + 1).filter((line) => line !== '');
}
/** Paths of Windows have no case, and vmrun does not keep the one it was given. */
const samePath = (left, right) => {
    const plain = (text) => text.replaceAll('\\', '/').toLowerCase();
    return plain(left) === plain(right);
};
/** `name = "value"`, names without case. */
export function parseVmx(text) {
    const rows = text.matchAll(/^\s*([\w.:]+)\s*=\s*"(.*)"\s*$/gm);
    return new Map([...rows].map(([, name = '', value = '']) => [name.toLowerCase(), value]));
}
export function serialIn(vmx, windows) {
    const path = vmx.get('serial0.filename');
    const present = vmx.get('serial0.present')?.toUpperCase() === 'TRUE';
    if (!present || path === undefined || vmx.get('serial0.filetype') !== 'pipe')
        return undefined;
    return { kind: windows ? 'pipe' : 'unix', path };
}
