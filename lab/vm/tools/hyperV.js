// Hyper-V through its PowerShell module, on this machine or on the host over SSH. Source: the reference
// of the Hyper-V module. Names are compared, never given as -Name, for that takes wildcards.
import { z } from 'zod';
import { toolFailed, toolMissing } from '../vmErrors.ts';
import { quoted } from '../../process/powershell.ts';
import { SLOW_MS, Tool } from './tool.ts';
const SSH_PORT = 22;
const INSTALL = 'Turn on the Windows feature Hyper-V with its PowerShell module, and put the account into ' +
    'the group Hyper-V Administrators.';
export async function openHyperV(machine, host, signal) {
    const tool = new Tool({
        host,
        vm: machine.name,
        program: 'powershell.exe',
        install: INSTALL,
        machine: machine.machine,
        unknown: /fltlab: no such machine/,
    });
    const script = 'Get-Module -ListAvailable Hyper-V | Select-Object -First 1 | ForEach-Object { "$($_.Version)" }';
    const version = (await tool.powershell('say its version', script, signal)).trim();
    if (version === '')
        throw toolMissing('the Hyper-V module of PowerShell', INSTALL);
    return new HyperV(machine, tool, version);
}
class HyperV {
    kind = 'hyperv';
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
            because: 'Hyper-V has no debugger stub; use KDNET, or COM 1 as a pipe (a machine of the ' +
                'second generation has none until Set-VMComPort gives it one and it is started cold)',
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
        return stateOf((await this.with('say its state', '"$($vm.State)"', signal)).trim());
    }
    async start(signal) {
        await this.with('start', 'Start-VM -VM $vm', signal, SLOW_MS);
    }
    async resume(signal) {
        await this.with('go on', 'Resume-VM -VM $vm', signal);
    }
    async askToShutDown(signal) {
        await this.with('ask it to shut down', 'Stop-VM -VM $vm -Force', signal, SLOW_MS);
    }
    async powerOff(signal) {
        const state = await this.state(signal);
        if (state === 'off')
            return;
        const script = state === 'saved' ? 'Remove-VMSavedState -VM $vm' : 'Stop-VM -VM $vm -TurnOff -Force';
        await this.with('switch off', script, signal);
    }
    async snapshots(signal) {
        const script = [
            '$all = @(Get-VMSnapshot -VM $vm | ForEach-Object { @{ name = $_.Name;',
            'made = [long]($_.CreationTime.ToUniversalTime() - [datetime]"1970-01-01").TotalSeconds;',
            'state = "$($_.State)"; current = ($_.Id -eq $vm.ParentSnapshotId) } })',
            'ConvertTo-Json -Compress -InputObject $all',
        ].join(' ');
        return this.parse(await this.with('list its snapshots', script, signal));
    }
    async createSnapshot(name, signal) {
        const script = `Checkpoint-VM -VM $vm -SnapshotName ${quoted(name)}`;
        await this.with('make a snapshot', script, signal, SLOW_MS);
    }
    async deleteSnapshot(name, signal) {
        const script = `${find(name)} Remove-VMSnapshot -VMSnapshot $snapshot -Confirm:$false`;
        await this.with('delete a snapshot', script, signal, SLOW_MS);
    }
    async revert({ name }, signal) {
        const script = `${find(name)} Restore-VMSnapshot -VMSnapshot $snapshot -Confirm:$false`;
        await this.with('revert', script, signal, SLOW_MS);
    }
    /** What the integration services in the guest report. */
    async address(signal) {
        const script = '(Get-VMNetworkAdapter -VM $vm).IPAddresses -join " "';
        const all = (await this.with('say its address', script, signal)).trim().split(/\s+/);
        const host = all.find((one) => /^\d+\.\d+\.\d+\.\d+$/.test(one) && !one.startsWith('169.254.'));
        return host === undefined ? undefined : { host, port: SSH_PORT };
    }
    /** A pipe of the host: reachable for programs that run there. */
    async serial(signal) {
        const script = '(Get-VMComPort -VM $vm -Number 1).Path';
        const path = (await this.with('say where its serial line is', script, signal)).trim();
        return path === '' ? undefined : { kind: 'pipe', path };
    }
    async nmi(signal) {
        await this.with('send an NMI', 'Debug-VM -VM $vm -InjectNonMaskableInterrupt -Force', signal);
    }
    with(what, script, signal, limit_ms) {
        const name = quoted(this.machine.machine);
        const lines = [
            `$vm = @(Get-VM | Where-Object { $_.Name -eq ${name} })`,
            'if ($vm.Count -eq 0) { throw "fltlab: no such machine" }',
            'if ($vm.Count -gt 1) { throw "fltlab: several machines have that name" }',
            '$vm = $vm[0]',
            script,
        ];
        return this.tool.powershell(what, lines.join('\n'), signal, limit_ms);
    }
    parse(text) {
        try {
            return parseSnapshots(text);
        }
        catch (error) {
            throw toolFailed(this.machine.name, 'list its snapshots', `${error.message}\n${text}`);
        }
    }
}
const find = (name) => `$snapshot = @(Get-VMSnapshot -VM $vm | Where-Object { $_.Name -eq ${quoted(name)} }); ` +
    'if ($snapshot.Count -ne 1) { throw "fltlab: not one snapshot of that name" };';
const states = {
    Off: 'off',
    Running: 'running',
    Paused: 'paused',
    Saved: 'saved',
    FastSaved: 'saved',
    // The host's disk is full or away: the machine stands still.
    RunningCritical: 'crashed',
    PausedCritical: 'crashed',
    OffCritical: 'crashed',
    SavedCritical: 'crashed',
};
/** Starting, Stopping, Saving, Pausing, Resuming and the rest are states on the way. */
export const stateOf = (name) => states[name] ?? 'changing';
const Rows = z.array(z.object({ name: z.string(), made: z.number(), state: z.string(), current: z.boolean() }));
/** Windows PowerShell writes an array of one as the element itself. */
export function parseSnapshots(text) {
    if (text.trim() === '')
        return [];
    const parsed = JSON.parse(text);
    return Rows.parse(Array.isArray(parsed) ? parsed : [parsed]).map((row) => ({
        name: row.name,
        made_s: row.made,
        live: row.state !== 'Off',
        current: row.current,
    }));
}
