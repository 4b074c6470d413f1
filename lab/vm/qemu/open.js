// From a description to a QEMU that can be driven: its programs found and asked for their version.
import path from 'node:path';
import { findProgram, runProgram } from '../../process/index.ts';
import { toolMissing, toolTooOld } from '../vmErrors.ts';
import { qemuLayout } from './layout.ts';
import { INSTALL, QemuHypervisor } from './qemu.ts';
import { snapshotStore } from './snapshotStore.ts';
/** `snapshot-save` of QMP is as old as this. */
const OLDEST = '6.0';
/** Errors: `vm.tool-missing`, `vm.tool-too-old`. */
export async function openQemu(machine, dataFolder, signal) {
    if (process.platform === 'win32') {
        throw toolMissing(machine.program, 'QEMU is driven over Unix sockets, which Node lacks on Windows: use Hyper-V, VMware or ' +
            'VirtualBox there, or a libvirt host on Linux.');
    }
    const program = await findProgram(machine.program);
    if (program === undefined)
        throw toolMissing(machine.program, INSTALL);
    const version = await versionOf(program, signal);
    const tool = await findImageTool(program);
    const layout = qemuLayout(dataFolder, machine.name);
    const store = snapshotStore(machine, layout, tool);
    return new QemuHypervisor({ machine: { ...machine, program }, layout, version, store });
}
async function versionOf(program, signal) {
    const result = await runProgram(program, ['--version'], { signal, timeout_ms: 10_000 });
    const version = result.kind === 'exited' ? parseQemuVersion(result.stdout) : undefined;
    if (version === undefined)
        throw toolMissing(program, INSTALL);
    if (olderThan(version, OLDEST))
        throw toolTooOld('QEMU', version, OLDEST);
    return version;
}
/** "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)". */
export const parseQemuVersion = (output) => /\bversion (\d+\.\d+(\.\d+)?)/.exec(output)?.[1];
export function olderThan(version, wanted) {
    const [left, right] = [version, wanted].map((text) => text.split('.').map(Number));
    for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
        const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
        if (difference !== 0)
            return difference < 0;
    }
    return false;
}
/** Beside QEMU itself where it is an unpacked one, else by the PATH. */
async function findImageTool(program) {
    const beside = await findProgram(path.join(path.dirname(program), 'qemu-img'));
    const found = beside ?? (await findProgram('qemu-img'));
    if (found === undefined)
        throw toolMissing('qemu-img', INSTALL);
    return found;
}
