// What of this machine is missing, and for what: one line a program or folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath } from './assets.ts';
import { isLabError } from '../contract/errors/labError.ts';
import { openDataFolder } from './data/dataFolder.ts';
import { defaultToolchain } from './build/index.ts';
import { ptyIsBuilt } from './kd/index.ts';
import { findProgram } from './process/index.ts';
import { osslsigncode } from './sign/index.ts';
import { findWinePrograms } from './targets/index.ts';
/** Everything that is looked at, in the order of use. */
export async function diagnose(signal) {
    const folder = await dataFolder();
    return [
        nodeVersion(),
        folder,
        compiler(),
        ...(await toolchain(folder.found, signal)),
        ...(await signer(signal)),
        await wine(),
        ...(await machinePrograms()),
        terminal(),
    ];
}
function nodeVersion() {
    const ok = Number(process.versions.node.split('.')[0]) >= 24;
    return {
        what: 'Node',
        ok,
        found: process.versions.node,
        neededFor: 'everything',
        ...(ok ? {} : { remedy: 'Run FltLab through its launcher, or install Node 24.' }),
    };
}
async function dataFolder() {
    const base = { what: 'data folder', neededFor: 'targets, certificates, kept runs' };
    try {
        return { ...base, ok: true, found: await openDataFolder() };
    }
    catch (error) {
        if (!isLabError(error))
            throw error;
        return { ...base, ok: false, found: error.problem, remedy: error.remedy };
    }
}
function compiler() {
    const path = join(assetPath('node_modules'), '@yowasp', 'clang', 'package.json');
    const ok = existsSync(path);
    return {
        what: 'embedded clang',
        ok,
        found: ok ? '@yowasp/clang' : 'not installed',
        neededFor: 'simulation',
        ...(ok ? {} : { remedy: 'Run `npm ci` in the folder of FltLab.' }),
    };
}
/** What the toolchain says of itself: each part that it found, and each that it misses. */
async function toolchain(folder, signal) {
    const probe = await defaultToolchain(folder).probe(signal);
    const neededFor = 'building drivers for Windows';
    const found = probe.found.map(({ part, path, version }) => ({
        what: part,
        ok: true,
        found: version === undefined ? path : `${path} ${version}`,
        neededFor,
    }));
    return [...found, ...probe.missing.map(missingPart)];
}
async function signer(signal) {
    const probe = await osslsigncode().probe(signal);
    if (!probe.available)
        return probe.missing.map(missingPart);
    return [{ what: 'osslsigncode', ok: true, found: probe.version, neededFor: 'signing drivers' }];
}
const missingPart = ({ part, need, install }) => ({
    what: part,
    ok: false,
    found: 'not found',
    neededFor: need,
    remedy: install,
});
async function wine() {
    const base = { what: 'Wine and sshd', neededFor: 'the target "wine"' };
    try {
        const { wine, sshd } = await findWinePrograms();
        return { ...base, ok: true, found: `${wine}, ${sshd}` };
    }
    catch (error) {
        if (!isLabError(error))
            throw error;
        return { ...base, ok: false, found: error.problem, remedy: error.remedy };
    }
}
/** Hypervisors and debuggers: each is needed only by who has a machine of its kind. */
const programsForMachines = [
    ['qemu-system-x86_64', 'virtual machines of QEMU', 'Install QEMU (Debian: qemu-system-x86).'],
    ['qemu-img', 'disks of virtual machines', 'Install qemu-img (Debian: qemu-utils).'],
    ['virsh', 'virtual machines of libvirt', 'Install the clients (Debian: libvirt-clients).'],
    ['VBoxManage', 'virtual machines of VirtualBox', 'Install VirtualBox.'],
    ['vmrun', 'virtual machines of VMware', 'Install VMware Workstation or Fusion.'],
    ['gdb', "gdb on a hypervisor's stub", 'Install gdb.'],
    ['kd', 'kd sessions from this machine', 'Install the Debugging Tools for Windows.'],
];
async function machinePrograms() {
    return Promise.all(programsForMachines.map(async ([what, neededFor, remedy]) => {
        const found = await findProgram(what);
        return found === undefined
            ? { what, ok: false, found: 'not found', neededFor, remedy, optional: true }
            : { what, ok: true, found, neededFor };
    }));
}
function terminal() {
    const base = { what: 'node-pty', neededFor: 'debugger sessions' };
    if (ptyIsBuilt())
        return { ...base, ok: true, found: 'built' };
    const remedy = 'Install a C++ compiler and run `npm rebuild node-pty` in the folder of FltLab.';
    return { ...base, ok: false, found: 'not built', remedy };
}
