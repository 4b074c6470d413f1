import { isAtLeast } from '../windows/profiles.ts';
const moduleBases = {
    nt: 0xa0000000,
    fltmgr: 0xb0000000,
    Ntfs: 0xb8000000,
    sr: 0xc0000000,
    ntdll: 0x78000000,
};
const OTHER_MODULES = 0xc8000000;
export const DRIVER_BASE = 0xf0000000;
const ROUTINE_SLOTS = 0x400000;
const SLOT_BYTES = 0x10;
/** Where calls lie in a routine: labels, not lengths of code. */
const [FIRST_CALL, CALLS] = [0x11, 0x3e0];
export class Symbols {
    known;
    lowered;
    names = new Map();
    view;
    types;
    fltMgr;
    constructor(known, profile, driver) {
        this.known = known;
        this.view = driver?.view ?? null;
        this.types = driver?.types ?? null;
        // XP's own spelling, as its kd shows it.
        this.fltMgr = isAtLeast(profile, '6.0') ? 'fltmgr' : 'fltMgr';
        this.lowered = new Map([...known].map((name) => [name.toLowerCase(), name]));
        for (const routine of known)
            this.names.set(this.addressOfRoutine(routine), routine);
    }
    /** As this version of Windows shows it. */
    shown(routine) {
        return routine.startsWith('fltmgr!') ? `${this.fltMgr}${routine.slice(6)}` : routine;
    }
    addressOfRoutine(routine) {
        const driver = this.driverFunction(routine);
        if (driver !== undefined)
            return DRIVER_BASE + driver.start;
        const [module = '', name = ''] = routine.split('!');
        const start = moduleBases[module] ?? OTHER_MODULES + (hash(module) % 0x100) * 0x100000;
        return start + (hash(name) % ROUTINE_SLOTS) * SLOT_BYTES;
    }
    /** Where `caller` goes on when `callee` has returned. */
    returnAddress(caller, callee) {
        const address = this.addressOfRoutine(caller) + FIRST_CALL + (hash(callee) % CALLS);
        this.names.set(address, `${caller}+0x${(address - this.addressOfRoutine(caller)).toString(16)}`);
        return address;
    }
    /** "fltmgr!FltpDispatch+0x1d" for an address; undefined where nothing is known to be. */
    nameAt(address) {
        if (address >= DRIVER_BASE)
            return this.driverName(address);
        const name = this.names.get(address);
        return name === undefined ? undefined : this.shown(name);
    }
    /** "module!name", or a name alone; undefined when there is no such symbol. */
    find(text) {
        const wanted = text.toLowerCase().replace(/^ntkrnlpa!|^ntoskrnl!/, 'nt!');
        const known = this.lowered.get(wanted);
        if (known !== undefined)
            return known;
        const own = this.types?.functions.find(({ name }) => this.qualified(name).toLowerCase() === wanted || name.toLowerCase() === wanted);
        if (own !== undefined)
            return this.qualified(own.name);
        if (wanted.includes('!'))
            return undefined;
        return [...this.known].find((one) => one.toLowerCase().endsWith(`!${wanted}`));
    }
    isModule(name) {
        const wanted = name.toLowerCase();
        if (wanted === this.view?.name.toLowerCase())
            return true;
        return [...this.known].some((one) => one.toLowerCase().startsWith(`${wanted}!`));
    }
    driverFunction(routine) {
        const { view } = this;
        if (view === null || !routine.startsWith(`${view.name}!`))
            return undefined;
        const name = routine.slice(view.name.length + 1);
        return this.types?.functions.find((one) => one.name === name);
    }
    /** The driver's function around a module offset. */
    functionAround(offset) {
        return this.types?.functions.find(({ start, end }) => offset >= start && offset < end);
    }
    /** For a function pointer, which is an index of the image's table. */
    nameOfPointer(pointer) {
        const index = this.view?.functionOf(pointer);
        const name = index === undefined ? undefined : this.view?.module.functionNames.get(index);
        return name === undefined ? undefined : this.qualified(name);
    }
    get all() {
        const own = this.types?.functions.map(({ name }) => this.qualified(name)) ?? [];
        return [...new Set([...this.known, ...own])].sort();
    }
    qualified(name) {
        return `${this.view?.name ?? 'driver'}!${name}`;
    }
    driverName(address) {
        const offset = address - DRIVER_BASE;
        const found = this.functionAround(offset);
        if (found === undefined)
            return undefined;
        const beyond = offset - found.start;
        return `${this.qualified(found.name)}${beyond === 0 ? '' : `+0x${beyond.toString(16)}`}`;
    }
}
/** FNV-1a. */
function hash(text) {
    let value = 0x811c9dc5;
    for (let index = 0; index < text.length; index += 1) {
        value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    }
    return value >>> 0;
}
