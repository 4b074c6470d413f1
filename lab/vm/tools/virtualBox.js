// VirtualBox through VBoxManage. Source: the VirtualBox User Manual, chapter VBoxManage; the names of
// states are those of `showvminfo --machinereadable`.
import { setTimeout as pause } from 'node:timers/promises';
import { throwIfCancelled } from '../../data/cancellation.ts';
import { toolTooOld } from '../vmErrors.ts';
import { SLOW_MS, Tool } from './tool.ts';
const SSH_PORT = 22;
/** Earlier ones lack snapshots' --machinereadable in the form that is read here. */
const OLDEST_MAJOR = 6;
/** After a power-off the session of the machine stays locked for a moment. */
const UNLOCK_ATTEMPTS = 50;
const UNLOCK_PAUSE_MS = 200;
export async function openVirtualBox(machine, host, signal) {
    const tool = new Tool({
        host,
        vm: machine.name,
        program: 'VBoxManage',
        install: 'Install VirtualBox 6 or later; its folder need not be in the PATH on Windows.',
        machine: machine.machine,
        unknown: /VBOX_E_OBJECT_NOT_FOUND|Could not find a registered machine/,
    });
    const version = (await tool.run('say its version', ['--version'], signal)).trim();
    // "7.0.20r163906"; warnings about the kernel module may stand before it.
    const plain = /^(\d+)\.\d+\.\d+/m.exec(version);
    if (plain === null || Number(plain[1]) < OLDEST_MAJOR) {
        throw toolTooOld('VirtualBox', version, '6.0');
    }
    return new VirtualBox(machine, tool, plain[0]);
}
class VirtualBox {
    kind = 'virtualbox';
    version;
    abilities = [
        'live-snapshot',
        'disk-snapshot',
        'shut-down',
        'address',
        'serial',
        'nmi',
    ];
    lacks = [
        {
            ability: 'debug-channel',
            because: 'VirtualBox has no debugger stub that the lab drives: use the serial line with kd',
        },
    ];
    machine;
    tool;
    constructor(machine, tool, version) {
        this.machine = machine;
        this.tool = tool;
        this.version = version;
    }
    async state(signal) {
        return stateOf(await this.info(signal));
    }
    async start(signal) {
        await this.whenUnlocked('start', ['startvm', this.id, '--type', 'headless'], signal);
    }
    async resume(signal) {
        await this.tool.run('go on', ['controlvm', this.id, 'resume'], signal);
    }
    async askToShutDown(signal) {
        const args = ['controlvm', this.id, 'acpipowerbutton'];
        await this.tool.run('ask it to shut down', args, signal);
    }
    async powerOff(signal) {
        const state = await this.state(signal);
        if (state === 'off')
            return;
        const saved = state === 'saved';
        const args = saved ? ['discardstate', this.id] : ['controlvm', this.id, 'poweroff'];
        await this.whenUnlocked('switch off', args, signal);
    }
    async snapshots(signal) {
        return snapshotsIn(await this.info(signal));
    }
    async createSnapshot(name, signal) {
        const args = ['snapshot', this.id, 'take', name];
        await this.whenUnlocked('make a snapshot', args, signal);
    }
    async deleteSnapshot(name, signal) {
        const args = ['snapshot', this.id, 'delete', name];
        await this.whenUnlocked('delete a snapshot', args, signal);
    }
    /** Only of a machine that is off; one whose snapshot holds memory is then `saved`. */
    async revert({ name }, signal) {
        await this.powerOff(signal);
        await this.whenUnlocked('revert', ['snapshot', this.id, 'restore', name], signal);
    }
    /** A forwarded port of this machine where there is one, else what the Guest Additions report. */
    async address(signal) {
        const forwarded = forwardedPort(await this.info(signal), SSH_PORT);
        if (forwarded !== undefined)
            return forwarded;
        const property = '/VirtualBox/GuestInfo/Net/0/V4/IP';
        const args = ['guestproperty', 'get', this.id, property];
        const host = /^Value: (\S+)/m.exec(await this.tool.run('say its address', args, signal))?.[1];
        return host === undefined ? undefined : { host, port: SSH_PORT };
    }
    async serial(signal) {
        return serialOf(await this.info(signal), this.tool.parts.host.windows);
    }
    async nmi(signal) {
        await this.tool.run('send an NMI', ['debugvm', this.id, 'injectnmi'], signal);
    }
    get id() {
        return this.machine.machine;
    }
    async info(signal) {
        const args = ['showvminfo', this.id, '--machinereadable'];
        return parseMachineReadable(await this.tool.run('describe it', args, signal));
    }
    async whenUnlocked(what, args, signal) {
        for (let attempt = 1;; attempt += 1) {
            const output = await this.tool.ask(what, args, signal, SLOW_MS);
            if (output.code === 0)
                return;
            if (!isLocked(output) || attempt === UNLOCK_ATTEMPTS)
                throw this.tool.refusal(what, output);
            await pause(UNLOCK_PAUSE_MS, undefined, { signal }).catch(() => undefined);
            throwIfCancelled(signal, what);
        }
    }
}
const isLocked = ({ stderr }) => /already locked (for a session|by a session)|VBOX_E_INVALID_OBJECT_STATE/.test(stderr);
const states = {
    poweroff: 'off',
    aborted: 'off',
    'aborted-saved': 'saved',
    saved: 'saved',
    running: 'running',
    paused: 'paused',
    gurumeditation: 'crashed',
    stuck: 'crashed',
};
/** Whatever is not in the table is one of the many states on the way. */
const stateOf = (info) => states[info.get('VMState') ?? ''] ?? 'changing';
/**
 * `name="value"` or `name=value`, one a line; a name may itself be quoted. Quotes in names are escaped;
 * backslashes are not, or a pipe would have eight.
 */
export function parseMachineReadable(text) {
    const found = new Map();
    for (const line of text.split(/\r?\n/)) {
        const [, name, value] = /^"?([^"=]+)"?=(.*)$/.exec(line) ?? [];
        if (name === undefined || value === undefined)
            continue;
        found.set(name, value.replace(/^"(.*)"$/, '$1').replaceAll('\\"', '"'));
    }
    return found;
}
/** SnapshotName, SnapshotName-1, SnapshotName-1-2: the tree is in the suffix. */
export function snapshotsIn(info) {
    const current = info.get('CurrentSnapshotUUID');
    return [...info]
        .filter(([key]) => /^SnapshotName(-\d+)*$/.test(key))
        .map(([key, name]) => ({
        name,
        made_s: null,
        live: null,
        current: info.get(key.replace('SnapshotName', 'SnapshotUUID')) === current,
    }));
}
/** Forwarding(0)="ssh,tcp,127.0.0.1,2222,,22": name, protocol, host address and port, guest's. */
export function forwardedPort(info, guestPort) {
    for (const [key, value] of info) {
        if (!key.startsWith('Forwarding('))
            continue;
        const [, protocol, host, port, , guest] = value.split(',');
        if (protocol !== 'tcp' || Number(guest) !== guestPort || port === undefined)
            continue;
        return { host: host === undefined || host === '' ? '127.0.0.1' : host, port: Number(port) };
    }
    return undefined;
}
/** uartmode1="server,\\.\pipe\com1", "tcpserver,2023", "client,…"; "disconnected" is no line. */
export function serialOf(info, windows) {
    const [, mode, where] = /^(server|client|tcpserver),(.+)$/.exec(info.get('uartmode1') ?? '') ?? [];
    if (mode === undefined || where === undefined)
        return undefined;
    if (mode === 'tcpserver')
        return { kind: 'tcp', host: '127.0.0.1', port: Number(where) };
    return { kind: windows ? 'pipe' : 'unix', path: where };
}
