import { SLOW_MS, Tool } from './tool.ts';
const SSH_PORT = 22;
export async function openLibvirt(machine, host, signal) {
    const tool = new Tool({
        host,
        vm: machine.name,
        program: 'virsh',
        install: 'Install the clients of libvirt (Debian: libvirt-clients).',
        machine: machine.domain,
        unknown: /failed to get domain|Domain not found/i,
    });
    const version = (await tool.run('say its version', ['--version'], signal)).trim();
    return new Libvirt(machine, tool, version);
}
class Libvirt {
    kind = 'libvirt';
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
            because: "the lab does not change a domain: give it QEMU's -gdb by <qemu:commandline>",
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
        return parseDomState(await this.virsh('say its state', signal, 'domstate', ['--reason']));
    }
    async start(signal) {
        await this.virsh('start', signal, 'start', [], SLOW_MS);
    }
    async resume(signal) {
        await this.virsh('go on', signal, 'resume');
    }
    async askToShutDown(signal) {
        await this.virsh('ask it to shut down', signal, 'shutdown');
    }
    async powerOff(signal) {
        const state = await this.state(signal);
        if (state === 'saved')
            await this.virsh('forget its memory', signal, 'managedsave-remove');
        else if (state !== 'off')
            await this.virsh('switch off', signal, 'destroy');
    }
    async snapshots(signal) {
        const what = 'list its snapshots';
        const table = await this.virsh(what, signal, 'snapshot-list');
        if (parseSnapshotList(table).length === 0)
            return [];
        // Refused when none of them is current.
        const args = this.arguments('snapshot-current', ['--name']);
        const current = await this.tool.ask(what, args, signal);
        return parseSnapshotList(table, current.code === 0 ? current.stdout.trim() : undefined);
    }
    async createSnapshot(name, signal) {
        const more = ['--name', name, '--atomic'];
        await this.virsh('make a snapshot', signal, 'snapshot-create-as', more, SLOW_MS);
    }
    async deleteSnapshot(name, signal) {
        const more = ['--snapshotname', name];
        await this.virsh('delete a snapshot', signal, 'snapshot-delete', more, SLOW_MS);
    }
    async revert({ name }, signal) {
        const more = ['--snapshotname', name];
        await this.virsh('revert', signal, 'snapshot-revert', more, SLOW_MS);
    }
    /** By the leases of libvirt's own network; else by the agent in the guest. */
    async address(signal) {
        for (const source of ['lease', 'agent']) {
            const args = this.arguments('domifaddr', ['--source', source]);
            const answer = await this.tool.ask('say its address', args, signal);
            const host = answer.code === 0 ? parseInterfaceAddress(answer.stdout) : undefined;
            if (host !== undefined)
                return { host, port: SSH_PORT };
        }
        return undefined;
    }
    async serial(signal) {
        return parseSerial(await this.virsh('show its description', signal, 'dumpxml'));
    }
    async nmi(signal) {
        await this.virsh('send an NMI', signal, 'inject-nmi');
    }
    arguments(command, more) {
        return ['--connect', this.machine.uri, command, '--domain', this.machine.domain, ...more];
    }
    virsh(what, signal, command, more = [], limit_ms) {
        return this.tool.run(what, this.arguments(command, more), signal, limit_ms);
    }
}
const states = {
    running: 'running',
    idle: 'running',
    paused: 'paused',
    pmsuspended: 'paused',
    'in shutdown': 'changing',
    'shut off': 'off',
    crashed: 'crashed',
};
/** "running (booted)", "paused (I/O error)", "shut off (saved)". */
export function parseDomState(output) {
    const [, state = '', reason = ''] = /^([a-z ]+?)(?: \((.*)\))?\s*$/m.exec(output.trim()) ?? [];
    if (state === 'shut off' && reason === 'saved')
        return 'saved';
    if (state === 'paused' && /I\/O error|panicked|crashed/.test(reason))
        return 'crashed';
    if (state === 'paused' && /saving|migrat|dump|starting|snapshot/.test(reason))
        return 'changing';
    return states[state] ?? 'changing';
}
/** Name, time, state; a name may hold blanks. */
export function parseSnapshotList(table, current) {
    const row = /^ (.+?)\s{2,}(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})\s{2,}(\S.*?)\s*$/gm;
    return [...table.matchAll(row)].map(([, name = '', time = '', state = '']) => ({
        name,
        made_s: Date.parse(time.replace(/^(\S+) (\S+) ([+-]\d\d)(\d\d)$/, '$1T$2$3:$4')) / 1_000,
        live: state === 'running' || state === 'paused',
        current: name === current,
    }));
}
export const parseInterfaceAddress = (table) => [...table.matchAll(/\bipv4\s+(\d+\.\d+\.\d+\.\d+)\/\d+/g)]
    .map(([, address]) => address)
    .find((address) => address !== undefined && !address.startsWith('127.'));
/** The first serial line of a domain that is reachable: a socket of this machine, or TCP. */
export function parseSerial(xml) {
    const [, kind, body = ''] = /<serial type=['"](unix|tcp)['"][^>]*>([\s\S]*?)<\/serial>/.exec(xml) ?? [];
    const attribute = (name) => new RegExp(`<source[^>]*\\b${name}=['"]([^'"]+)['"]`).exec(body)?.[1];
    const [path, host, port] = [attribute('path'), attribute('host'), attribute('service')];
    if (kind === 'unix' && path !== undefined)
        return { kind: 'unix', path };
    if (kind === 'tcp' && host !== undefined && port !== undefined) {
        return { kind: 'tcp', host, port: Number(port) };
    }
    return undefined;
}
