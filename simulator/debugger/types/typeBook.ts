// Every type that the debugger can name, and where each comes from.
import type { Profile } from '../../windows/profile.ts';
import type { DriverTypes } from './driverTypes.ts';
import { InternalTypes } from './internalTypes.ts';
import { PublicTypes, type LayoutTable } from './publicTypes.ts';
import type { Field, MachineKind, Structure, Type } from './type.ts';

export interface Layouts {
  readonly x86: LayoutTable;
  readonly amd64: LayoutTable;
}

export type FoundType =
  | { readonly kind: 'found'; readonly structure: Structure }
  /** Known, but not for this machine: nobody outside Microsoft can tell its offsets. */
  | { readonly kind: 'not-on-amd64'; readonly name: string }
  | { readonly kind: 'unknown' };

export class TypeBook {
  private readonly x86: PublicTypes;
  private readonly amd64: PublicTypes;
  private readonly internal: InternalTypes;
  private readonly driver: () => DriverTypes | null;

  constructor(layouts: Layouts, profile: Profile, driver: () => DriverTypes | null) {
    this.x86 = new PublicTypes(layouts.x86);
    this.amd64 = new PublicTypes(layouts.amd64);
    this.internal = new InternalTypes(profile, (name) => this.x86.find(name));
    this.driver = driver;
  }

  /** `name` with or without the underscore in front, without a module. */
  find(name: string, machine: MachineKind): FoundType {
    const full = name.startsWith('_') ? name : `_${name}`;
    if (machine === 'amd64') {
      const structure = this.amd64.find(full);
      if (structure !== undefined) return { kind: 'found', structure };
      const known = InternalTypes.isInternal(full) || this.driver()?.find(full) !== undefined;
      return known ? { kind: 'not-on-amd64', name: full } : { kind: 'unknown' };
    }
    const driver = this.driver();
    const structure =
      this.x86.find(full) ??
      this.internal.find(full) ??
      driver?.find(full) ??
      driver?.find(name.replace(/^_/, ''));
    return structure === undefined ? { kind: 'unknown' } : { kind: 'found', structure };
  }

  /** The one that has fields, where the given one is only a name. */
  whole(structure: Structure): Structure {
    if (structure.size > 0 && structure.fields.length > 0 && !this.isPublic(structure.name)) {
      return structure;
    }
    const found = this.find(structure.name, 'x86');
    return found.kind === 'found' ? found.structure : structure;
  }

  /** Headers know more fields than a driver's own debug information may say. */
  private isPublic(name: string): boolean {
    return this.x86.find(name) !== undefined;
  }

  enumText(type: Type & { kind: 'enum' }, value: number): string {
    const values = type.values.size > 0 ? type.values : this.driver()?.enumeration(type.name);
    return values?.get(value) ?? 'No matching name';
  }

  isInternal(name: string): boolean {
    return InternalTypes.isInternal(name.startsWith('_') ? name : `_${name}`);
  }

  names(): readonly string[] {
    return [...this.x86.names, ...(this.driver()?.structureNames ?? [])];
  }

  /** A member by its path ("IoStatus.Status"); undefined when there is none. */
  member(structure: Structure, path: string): Field | undefined {
    let within = this.whole(structure);
    let offset = 0;
    const names = path.split('.');
    for (const [index, name] of names.entries()) {
      const field = within.fields.find((one) => one.name === name);
      if (field === undefined) return undefined;
      offset += field.offset;
      if (index === names.length - 1) return { ...field, offset };
      if (field.type.kind !== 'struct') return undefined;
      within = this.whole(field.type);
    }
    return undefined;
  }
}
