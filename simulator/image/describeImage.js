// What the loader must know of an image before it instantiates it.
import { assert } from '../../contract/assert.ts';
const RUNTIME_MODULE = 'fltlab';
export function describeImage(module) {
    const addresses = exportedAddresses(module);
    const addressOf = (name) => {
        const address = addresses.get(name);
        assert(address !== undefined, `an image exports ${name}`);
        return address;
    };
    const [base, end] = [addressOf('__global_base'), addressOf('__heap_base')];
    const entries = [...module.tableEntries.keys()];
    const [tableMinimum = 0] = module.imports.flatMap((one) => one.kind === 'table' ? [one.minimum] : []);
    const tableBase = entries.length === 0 ? tableMinimum : Math.min(...entries);
    return {
        base,
        end,
        tableBase,
        tableCount: entries.length,
        tableMinimum,
        routines: module.imports.flatMap((one) => one.kind === 'function' && one.module !== RUNTIME_MODULE
            ? [{ module: one.module, name: one.name, type: one.type }]
            : []),
        variables: new Map([...addresses].filter(([name]) => !name.startsWith('__'))),
        segments: module.data.map(({ name, address, bytes }) => ({
            name,
            start: address,
            end: address + bytes.length,
        })),
    };
}
/** Exported globals hold addresses of data; their indices count the one imported global too. */
function exportedAddresses(module) {
    const importedGlobals = module.imports.filter((one) => one.kind === 'global').length;
    const addresses = new Map();
    for (const one of module.exports) {
        if (one.kind !== 'global')
            continue;
        const value = module.globals[one.index - importedGlobals];
        if (value !== undefined)
            addresses.set(one.name, value);
    }
    return addresses;
}
