import { InternalTypes } from './internalTypes.ts';
import { PublicTypes } from './publicTypes.ts';
export class TypeBook {
    x86;
    amd64;
    internal;
    driver;
    constructor(layouts, profile, driver) {
        this.x86 = new PublicTypes(layouts.x86);
        this.amd64 = new PublicTypes(layouts.amd64);
        this.internal = new InternalTypes(profile, (name) => this.x86.find(name));
        this.driver = driver;
    }
    /** `name` with or without the underscore in front, without a module. */
    find(name, machine) {
        const full = name.startsWith('_') ? name : `_${name}`;
        if (machine === 'amd64') {
            const structure = this.amd64.find(full);
            if (structure !== undefined)
                return { kind: 'found', structure };
            const known = InternalTypes.isInternal(full) || this.driver()?.find(full) !== undefined;
            return known ? { kind: 'not-on-amd64', name: full } : { kind: 'unknown' };
        }
        const driver = this.driver();
        const structure = this.x86.find(full) ??
            this.internal.find(full) ??
            driver?.find(full) ??
            driver?.find(name.replace(/^_/, ''));
        return structure === undefined ? { kind: 'unknown' } : { kind: 'found', structure };
    }
    /** The one that has fields, where the given one is only a name. */
    whole(structure) {
        if (structure.size > 0 && structure.fields.length > 0 && !this.isPublic(structure.name)) {
            return structure;
        }
        const found = this.find(structure.name, 'x86');
        return found.kind === 'found' ? found.structure : structure;
    }
    /** Headers know more fields than a driver's own debug information may say. */
    isPublic(name) {
        return this.x86.find(name) !== undefined;
    }
    enumText(type, value) {
        const values = type.values.size > 0 ? type.values : this.driver()?.enumeration(type.name);
        return values?.get(value) ?? 'No matching name';
    }
    isInternal(name) {
        return InternalTypes.isInternal(name.startsWith('_') ? name : `_${name}`);
    }
    names() {
        return [...this.x86.names, ...(this.driver()?.structureNames ?? [])];
    }
    /** A member by its path ("IoStatus.Status"); undefined when there is none. */
    member(structure, path) {
        let within = this.whole(structure);
        let offset = 0;
        const names = path.split('.');
        for (const [index, name] of names.entries()) {
            const field = within.fields.find((one) => one.name === name);
            if (field === undefined)
                return undefined;
            offset += field.offset;
            if (index === names.length - 1)
                return { ...field, offset };
            if (field.type.kind !== 'struct')
                return undefined;
            within = this.whole(field.type);
        }
        return undefined;
    }
}
