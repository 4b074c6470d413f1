// What goes wrong with virtual machines, said once for all hypervisors.
import { LabError } from '../../contract/errors/labError.ts';
export const toolMissing = (tool, install, detail) => new LabError('vm.tool-missing', {
    problem: `The program ${tool} is not there or does not start.`,
    remedy: install,
    ...(detail === undefined ? {} : { detail }),
});
export const toolTooOld = (tool, found, wanted) => new LabError('vm.tool-too-old', {
    problem: `${tool} is version ${found}; the lab needs ${wanted} or later.`,
    remedy: `Install ${tool} ${wanted} or later.`,
});
export const toolFailed = (vm, what, detail) => new LabError('vm.tool-failed', {
    problem: `"${vm}": the hypervisor could not ${what}.`,
    remedy: 'Mend what it says, then repeat; `fltlab vm state` shows how the machine was left.',
    detail: detail.trim().slice(-2_000),
});
export const unknownToHypervisor = (vm, known, detail) => new LabError('vm.unknown-to-hypervisor', {
    problem: `"${vm}": the hypervisor knows no machine "${known}".`,
    remedy: 'Mend the name in the description of the machine, or create it there.',
    detail: detail.trim().slice(-2_000),
});
export const didNotAnswer = (vm, what, limit_ms) => new LabError('vm.did-not-answer', {
    problem: `"${vm}" did not ${what} within ${limit_ms / 1_000} s.`,
    remedy: 'Look at the machine in its hypervisor; `fltlab vm off` pulls the plug.',
});
export const notAble = (vm, ability, because) => new LabError('vm.not-able', {
    problem: `"${vm}" cannot do "${ability}": ${because}.`,
    remedy: '`fltlab vm facts` lists what this machine can do.',
});
export const wrongState = (vm, state, what, why) => new LabError('vm.wrong-state', {
    problem: `"${vm}" is ${state}; ${what} has no meaning there: ${why}.`,
    remedy: 'Start it, switch it off, or revert it first.',
});
export const snapshotMissing = (vm, wanted, found) => new LabError('vm.snapshot-missing', {
    problem: `"${vm}" has no snapshot "${wanted}"; it has: ${found.map(({ name }) => name).join(', ') || 'none'}.`,
    remedy: `Make it with \`fltlab vm snapshot ${vm} ${wanted}\`, or name another.`,
});
export const snapshotExists = (vm, name) => new LabError('vm.snapshot-exists', {
    problem: `"${vm}" has a snapshot "${name}" already.`,
    remedy: 'Delete it first, or choose another name.',
});
export const inUse = (vm, by, detail) => new LabError('vm.in-use', {
    problem: `"${vm}" is in use: ${by}.`,
    remedy: 'End the other program, or wait for it, then repeat.',
    ...(detail === undefined ? {} : { detail }),
});
export const startFailed = (vm, why, detail) => new LabError('vm.start-failed', {
    problem: `"${vm}" did not start: ${why}.`,
    remedy: 'Mend what it says; nothing of the machine runs now.',
    detail: detail.trim().slice(-2_000),
});
export const died = (vm, what, detail) => new LabError('vm.died', {
    problem: `The process of "${vm}" ended while the lab wanted to ${what}.`,
    remedy: 'Start or revert the machine again; snapshots are untouched.',
    detail: detail.trim().slice(-2_000),
});
export const revertFailed = (vm, snapshot, cause) => new LabError('vm.revert-failed', {
    problem: `"${vm}" could not be put back to "${snapshot}", also not from power-off.`,
    remedy: 'It is off now. Look at the snapshot with `fltlab vm snapshots`, and revert again.',
    detail: cause.message,
    cause,
});
export const shutDownIgnored = (vm) => new LabError('vm.shut-down-ignored', {
    problem: `The guest of "${vm}" was asked to shut down and did not.`,
    remedy: 'Wait longer, or pull the plug with `fltlab vm off`.',
});
