// Handles: per process, each with the access that it was granted.
import { NtStatus } from '../../contract/windows/index.ts';
import type { Process } from '../kernel/thread.ts';
import type { FileObject } from './fileObject.ts';

export interface Handle {
  readonly file: FileObject;
  readonly grantedAccess: number;
}

interface Table {
  readonly handles: Map<number, Handle>;
  /** Values of closed handles, used again as Windows does: the last one first. */
  readonly free: number[];
  next: number;
}

export class HandleTables {
  private readonly tables = new Map<Process, Table>();

  /** A new handle; the file object counts it. */
  insert(process: Process, file: FileObject, grantedAccess: number): number {
    const table = this.tableOf(process);
    const handle = table.free.pop() ?? table.next;
    if (handle === table.next) table.next += 4;
    table.handles.set(handle, { file, grantedAccess });
    file.handleCount += 1;
    return handle;
  }

  /** ObReferenceObjectByHandle, without the reference: what the handle stands for, or a status. */
  lookUp(process: Process, handle: number, access: number): Handle | NtStatus {
    const found = this.tables.get(process)?.handles.get(handle);
    if (found === undefined) return NtStatus.STATUS_INVALID_HANDLE;
    if ((access & ~found.grantedAccess) !== 0) return NtStatus.STATUS_ACCESS_DENIED;
    return found;
  }

  /** Takes the handle out of its table; the file object still counts it. */
  remove(process: Process, handle: number): FileObject | null {
    const table = this.tables.get(process);
    const found = table?.handles.get(handle);
    if (table === undefined || found === undefined) return null;
    table.handles.delete(handle);
    table.free.push(handle);
    return found.file;
  }

  /** Open handles of a process, in the order in which they were made. */
  openHandles(process: Process): readonly number[] {
    return [...(this.tables.get(process)?.handles.keys() ?? [])];
  }

  private tableOf(process: Process): Table {
    const known = this.tables.get(process);
    if (known !== undefined) return known;
    const table: Table = { handles: new Map<number, Handle>(), free: [], next: 4 };
    this.tables.set(process, table);
    return table;
  }
}
