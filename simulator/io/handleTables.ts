// Handles: per process, each with the access that it was granted, to a file, a section or a port.
import { NtStatus } from '../../contract/windows/index.ts';
import type { Process } from '../kernel/thread.ts';
import type { FileObject } from './fileObject.ts';
import type { PortEnd } from './portEnd.ts';
import type { Section } from './sections/sectionObject.ts';

export interface Handle {
  readonly file: FileObject;
  readonly grantedAccess: number;
}

export interface SectionHandle {
  readonly section: Section;
  readonly grantedAccess: number;
}

export interface PortHandle {
  readonly port: PortEnd;
  readonly grantedAccess: number;
}

type Known = Handle | SectionHandle | PortHandle;

/** Kernel handles have the high bit set; they are good in every process. */
const KERNEL_HANDLE = 0x8000_0000;
const FIRST_KERNEL_HANDLE = 0x8001_0000;

interface Table {
  readonly handles: Map<number, Known>;
  /** Values of closed handles, used again as Windows does: the last one first. */
  readonly free: number[];
  next: number;
}

export class HandleTables {
  private readonly tables = new Map<Process, Table>();
  private readonly kernel: Table = { handles: new Map(), free: [], next: FIRST_KERNEL_HANDLE };

  /** A new handle; the file object counts it. */
  insert(process: Process, file: FileObject, grantedAccess: number): number {
    file.handleCount += 1;
    return this.add(process, { file, grantedAccess });
  }

  insertSection(process: Process, section: Section, grantedAccess: number): number {
    section.handles += 1;
    return this.add(process, { section, grantedAccess });
  }

  insertPort(process: Process, port: PortEnd): number {
    return this.add(process, { port, grantedAccess: 0 });
  }

  private add(process: Process, what: Known): number {
    const table = this.tableOf(process);
    const handle = table.free.pop() ?? table.next;
    if (handle === table.next) table.next += 4;
    table.handles.set(handle, what);
    return handle;
  }

  /** ObReferenceObjectByHandle, without the reference: what the handle stands for, or a status. */
  lookUp(process: Process, handle: number, access: number): Handle | NtStatus {
    const found = this.find(process, handle, access);
    if (typeof found === 'number') return found;
    return 'file' in found ? found : NtStatus.STATUS_OBJECT_TYPE_MISMATCH;
  }

  /** The same for a section. */
  lookUpSection(process: Process, handle: number, access: number): SectionHandle | NtStatus {
    const found = this.find(process, handle, access);
    if (typeof found === 'number') return found;
    return 'section' in found ? found : NtStatus.STATUS_OBJECT_TYPE_MISMATCH;
  }

  /** The same for a port. */
  lookUpPort(process: Process, handle: number): PortEnd | NtStatus {
    const found = this.find(process, handle, 0);
    if (typeof found === 'number') return found;
    return 'port' in found ? found.port : NtStatus.STATUS_OBJECT_TYPE_MISMATCH;
  }

  private find(process: Process, handle: number, access: number): Known | NtStatus {
    const found = this.tableFor(process, handle)?.handles.get(handle);
    if (found === undefined) return NtStatus.STATUS_INVALID_HANDLE;
    if ((access & ~found.grantedAccess) !== 0) return NtStatus.STATUS_ACCESS_DENIED;
    return found;
  }

  /** Takes the handle out of its table; the object still counts it. */
  remove(process: Process, handle: number): FileObject | Section | PortEnd | null {
    const table = this.tableFor(process, handle);
    const found = table?.handles.get(handle);
    if (table === undefined || found === undefined) return null;
    table.handles.delete(handle);
    table.free.push(handle);
    if ('port' in found) return found.port;
    return 'file' in found ? found.file : found.section;
  }

  /** Open handles of a process, in the order in which they were made. */
  openHandles(process: Process): readonly number[] {
    return [...(this.tables.get(process)?.handles.keys() ?? [])];
  }

  /** OBJ_KERNEL_HANDLE: a handle of the System process, whichever process asks for it. */
  insertKernel(file: FileObject, grantedAccess: number): number {
    const handle = this.kernel.free.pop() ?? this.kernel.next;
    if (handle === this.kernel.next) this.kernel.next += 4;
    this.kernel.handles.set(handle, { file, grantedAccess });
    file.handleCount += 1;
    return handle;
  }

  /** The file that a handle stands for to a driver in the context of `process`. */
  anyOf(process: Process, handle: number): Handle | null {
    const found = this.tableFor(process, handle)?.handles.get(handle);
    return found !== undefined && 'file' in found ? found : null;
  }

  private tableFor(process: Process, handle: number): Table | undefined {
    return (handle & KERNEL_HANDLE) === 0 ? this.tables.get(process) : this.kernel;
  }

  private tableOf(process: Process): Table {
    const known = this.tables.get(process);
    if (known !== undefined) return known;
    const table: Table = { handles: new Map<number, Known>(), free: [], next: 4 };
    this.tables.set(process, table);
    return table;
  }
}
