// The commands that look, by name. What kd has and a model without machine code cannot have is refused
// with the reason.
import { KdError } from '../failure.ts';
import { analyze } from './analyze.ts';
import { callbackData } from './callbackData.ts';
import { deviceObject, deviceStack, driverObject, fileObject, irp } from './devices.ts';
import { filter, filters, frameList, instance, volume, volumes } from './filters.ts';
import { help } from './help.ts';
import { displayMemory, displaySymbols, displayText, displayUnicodeString, examineSymbols, listNear, } from './memory.ts';
import { pool } from './pool.ts';
import { stackCommand } from './stack.ts';
import { apcs, locks, openFiles, processes, thread } from './threads.ts';
import { displayType, displayVariables, evaluate, evaluateTyped } from './types.ts';
/** u: what is looked for in the code of a routine of Windows is told from the model, where it knows. */
const noDisassembly = ({ standing }, text) => {
    const told = /FltpPassThroughFastIo/i.test(text)
        ? passedDevice[standing.records.recorder.machine.profile.fastIoDevice]
        : 'Source lines stand beside the frames of k; dt, dp and kb show what a routine works on.';
    throw new KdError(`No code to disassemble: the driver runs as WebAssembly under a model of Windows.\n${told}`);
};
/** R-REDIRECT-41, 42. */
const passedDevice = {
    IRP_CALL_CTRL: 'What the model does here: FltpPerformFastIoCall gets the device of\n' +
        'IRP_CALL_CTRL.Volume (+0x000) ->DeviceObject (+0x01c): a changed TargetInstance is not followed.',
    IRP_CTRL: 'What the model does here: FltpPerformFastIoCall gets the device of\n' +
        'IRP_CTRL.DeviceObject (+0x03c): a changed TargetInstance is followed.',
};
const noRegisters = () => {
    throw new KdError('No registers: the driver runs as WebAssembly under a model of Windows, and there is no machine code.\n' +
        'kb shows the arguments of every frame, dv and ?? the variables of the driver.');
};
const fltkd = {
    cbd: callbackData,
    filters,
    filter,
    instance,
    volumes,
    volume,
    frames: frameList,
};
const commands = {
    dt: displayType,
    '??': evaluateTyped,
    '?': (looking, text) => (text.trim() === '' ? help(looking, '') : evaluate(looking, text)),
    dv: displayVariables,
    dp: displayMemory('dp'),
    dd: displayMemory('dd'),
    dw: displayMemory('dw'),
    dq: displayMemory('dq'),
    db: displayMemory('db'),
    dps: displaySymbols,
    dds: displaySymbols,
    da: displayText(1),
    du: displayText(2),
    dS: displayUnicodeString,
    ln: listNear,
    x: examineSymbols,
    '!devstack': deviceStack,
    '!devobj': deviceObject,
    '!drvobj': driverObject,
    '!fileobj': fileObject,
    '!irp': irp,
    '!thread': thread,
    '!process': processes,
    '!apc': apcs,
    '!locks': locks,
    '!pool': pool,
    '!analyze': analyze,
    '!files': openFiles,
    '.help': help,
    u: noDisassembly,
    ub: noDisassembly,
    uf: noDisassembly,
    r: noRegisters,
};
export function lookCommand(name) {
    if (Object.hasOwn(commands, name))
        return commands[name];
    const extension = /^(?:!fltkd\.|!|\.)(\w+)$/.exec(name)?.[1] ?? '';
    if (Object.hasOwn(fltkd, extension))
        return fltkd[extension];
    const stack = /^k([bcnvpL]*)$/.exec(name);
    return stack === null ? undefined : stackCommand(stack[1] ?? '');
}
