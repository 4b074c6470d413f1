// How kd.exe is started for each kind of machine. The rules are those of Microsoft's page "Setting Up
// Kernel-Mode Debugging of a Virtual Machine": pipes of Hyper-V and VirtualBox lose bytes and are made
// anew, so `resets=0,reconnect`; VMware's must have neither, and after a reset the debugger is started
// anew. KDNET is first choice everywhere: the serial transports are slower by thousands.
import { LabError } from '../../../contract/errors/labError.ts';
import { findProgram } from '../../process/index.ts';
const pipeOptions = {
    hyperv: ',resets=0,reconnect',
    virtualbox: ',resets=0,reconnect',
    libvirt: ',resets=0,reconnect',
    qemu: ',resets=0,reconnect',
    vmware: '',
};
/** After a revert of such a machine kd must be started again: it does not find its way back. */
export const restartsWithMachine = (transport) => transport.kind === 'pipe' && transport.hypervisor === 'vmware';
/** Arguments of kd.exe. With `breakAtStart` the target stops as soon as it is reached. */
export function kdArguments(transport, options = {}) {
    return [
        '-k',
        connection(transport),
        ...(options.breakAtStart === true ? ['-b'] : []),
        ...(options.symbols === undefined ? [] : ['-y', options.symbols]),
        '-lines',
    ];
}
function connection(transport) {
    switch (transport.kind) {
        case 'net': {
            const { port, key, target } = transport;
            return `net:port=${port},key=${key}${target === undefined ? '' : `,target=${target}`}`;
        }
        case 'pipe':
            return `com:pipe,port=${transport.path}${pipeOptions[transport.hypervisor]}`;
        case 'com':
            return `com:port=${transport.port},baud=${transport.baud}`;
    }
}
/** For a log or a screen: without the key. */
export const shownArguments = (args) => args.join(' ').replace(/\bkey=[^,\s]+/g, 'key=…');
/** A key of KDNET has four groups of base 36. */
export const isKdnetKey = (key) => /^[0-9a-z]{1,13}(\.[0-9a-z]{1,13}){3}$/.test(key);
/** Where the Debugging Tools are, beside the PATH. */
export const kdPlaces = [
    'kd',
    'C:\\Program Files (x86)\\Windows Kits\\10\\Debuggers\\x64\\kd.exe',
    'C:\\Program Files (x86)\\Windows Kits\\10\\Debuggers\\arm64\\kd.exe',
];
/** Errors: `kd.not-started`. */
export async function kdProgram(wanted) {
    for (const place of wanted === undefined ? kdPlaces : [wanted]) {
        const found = await findProgram(place);
        if (found !== undefined)
            return found;
    }
    throw new LabError('kd.not-started', {
        problem: `kd.exe was not found (${wanted ?? 'in the PATH and the Windows Kits'}).`,
        remedy: 'Install the Debugging Tools for Windows, or name kd.exe with --program.',
    });
}
/** gdb on a stub of QEMU or VMware. */
export const gdbArguments = (stub) => [
    ...['-q', '-nx', '-ex', 'set pagination off', '-ex', 'set confirm off', '-ex', 'set width 0'],
    ...['-ex', `target remote ${stub}`],
];
