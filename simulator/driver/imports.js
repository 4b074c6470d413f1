import { NtStatus } from '../../contract/windows/index.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { exhausted, reportUnhandled, smashed, unhandled, unsupported } from './ends.ts';
import { exportTables, windowsModules } from './exports/index.ts';
import { isExported, typeOf } from './routines.ts';
const isWindowsModule = (module) => windowsModules.includes(module);
/** The row of a routine; a routine without one is refused by name. */
function rowOf({ module, name }) {
    const table = isWindowsModule(module) ? exportTables[module] : undefined;
    const row = table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
    if (row === undefined)
        throw new NotModelledSignal(module === 'env' ? name : `${module}!${name}`);
    return row;
}
const sameType = (a, b) => a.parameters.join() === b.parameters.join() && a.results.join() === b.results.join();
export function bindImports(room, routines, machine, description) {
    // First what the model refuses, then what Windows refuses: a name that is not modelled is told even
    // where another import is missing.
    const rows = description.routines.map((routine) => [routine, rowOf(routine)]);
    const { version } = room.kernel.profile;
    const missing = rows.find(([, row]) => !isExported(row, version));
    if (missing !== undefined)
        return { kind: 'missing', missing: missing[0] };
    const imports = {
        env: {
            memory: machine.memory,
            __indirect_function_table: machine.table,
            __stack_pointer: machine.stackPointer,
            __c_longjmp: machine.longjmpTag,
        },
        fltlab: runtimeImports(room),
    };
    for (const [{ module, name, type }, row] of rows) {
        const declared = typeOf(row);
        if (declared !== null && !sameType(declared, type)) {
            throw new NotModelledSignal(`${module}!${name} declared with another prototype`);
        }
        (imports[module] ??= {})[name] = routines.bind(module, name, row);
    }
    return { kind: 'bound', imports: imports };
}
/** runtime/README.md, "What the image imports". */
function runtimeImports(room) {
    const { kernel } = room;
    const place = () => room.place();
    return {
        report: (address, size, isWrite, bad) => {
            const access = { address: address >>> 0, size: size >>> 0, isWrite: isWrite !== 0 };
            const faults = room.judge({ ...access, bad: bad >>> 0 });
            return faults ? NtStatus.STATUS_ACCESS_VIOLATION | 0 : 0;
        },
        exhausted: (kind) => {
            throw exhausted(kernel, kind, place());
        },
        smashed: () => {
            throw smashed(kernel, place());
        },
        unhandled: (code, address) => {
            const status = code >>> 0;
            // The access itself has been told at its line: that no handler takes it is no second mistake.
            const told = room.toldFault && status === NtStatus.STATUS_ACCESS_VIOLATION;
            if (!told)
                reportUnhandled(kernel, status, place());
            throw unhandled(kernel, status, address);
        },
        probe: (row) => room.input.watcher?.line(row),
        unsupported: (kind) => {
            throw unsupported(kind);
        },
    };
}
