// Variables that ntoskrnl exports: every image has its own copy, filled before DriverEntry.
import { assert } from '../../contract/assert.ts';
import { addressSpace, HIGHEST_USER_ADDRESS } from '../image/index.ts';
const OBJECT_TYPE_BYTES = 0x40;
const USER_PROBE_ADDRESS = HIGHEST_USER_ADDRESS + 1;
/** A variable of type POBJECT_TYPE in the kernel, whose address the image's variable holds. */
function objectType({ kernel, memory }) {
    const type = kernel.allocateObject('ObjT', OBJECT_TYPE_BYTES);
    const variable = kernel.allocateObject('ObjT', 8);
    memory.write32(variable, type);
    return variable;
}
const values = {
    MmHighestUserAddress: () => HIGHEST_USER_ADDRESS,
    MmSystemRangeStart: () => addressSpace.systemBase,
    MmUserProbeAddress: () => USER_PROBE_ADDRESS,
    IoFileObjectType: objectType,
    IoDriverObjectType: objectType,
    IoDeviceObjectType: objectType,
    ExEventObjectType: objectType,
    ExSemaphoreObjectType: objectType,
    PsProcessType: objectType,
    PsThreadType: objectType,
    SeTokenObjectType: objectType,
    PsInitialSystemProcess: ({ kernel }) => kernel.scheduler.current.process.address,
    InitSafeBootMode: ({ kernel }) => kernel.allocateObject('Boot', 8),
    KeNumberProcessors: () => 1,
};
/** Fills them at the addresses that the image exports. */
export function fillSystemVariables(machine, variables) {
    for (const [name, address] of variables) {
        const value = values[name];
        assert(value !== undefined, `the loader knows the exported variable ${name}`);
        if (name === 'KeNumberProcessors')
            machine.memory.write8(address, value(machine));
        else
            machine.memory.write32(address, value(machine));
    }
}
