// Handles: per process, each with the access that it was granted, to a file or to a section.
import { NtStatus } from '../../contract/windows/index.ts';
/** Kernel handles have the high bit set; they are good in every process. */
const KERNEL_HANDLE = 0x8000_0000;
const FIRST_KERNEL_HANDLE = 0x8001_0000;
export class HandleTables {
    tables = new Map();
    kernel = { handles: new Map(), free: [], next: FIRST_KERNEL_HANDLE };
    /** A new handle; the file object counts it. */
    insert(process, file, grantedAccess) {
        file.handleCount += 1;
        return this.add(process, { file, grantedAccess });
    }
    insertSection(process, section, grantedAccess) {
        section.handles += 1;
        return this.add(process, { section, grantedAccess });
    }
    add(process, what) {
        const table = this.tableOf(process);
        const handle = table.free.pop() ?? table.next;
        if (handle === table.next)
            table.next += 4;
        table.handles.set(handle, what);
        return handle;
    }
    /** ObReferenceObjectByHandle, without the reference: what the handle stands for, or a status. */
    lookUp(process, handle, access) {
        const found = this.find(process, handle, access);
        if (typeof found === 'number')
            return found;
        return 'file' in found ? found : NtStatus.STATUS_OBJECT_TYPE_MISMATCH;
    }
    /** The same for a section. */
    lookUpSection(process, handle, access) {
        const found = this.find(process, handle, access);
        if (typeof found === 'number')
            return found;
        return 'section' in found ? found : NtStatus.STATUS_OBJECT_TYPE_MISMATCH;
    }
    find(process, handle, access) {
        const found = this.tableFor(process, handle)?.handles.get(handle);
        if (found === undefined)
            return NtStatus.STATUS_INVALID_HANDLE;
        if ((access & ~found.grantedAccess) !== 0)
            return NtStatus.STATUS_ACCESS_DENIED;
        return found;
    }
    /** Takes the handle out of its table; the object still counts it. */
    remove(process, handle) {
        const table = this.tableFor(process, handle);
        const found = table?.handles.get(handle);
        if (table === undefined || found === undefined)
            return null;
        table.handles.delete(handle);
        table.free.push(handle);
        return 'file' in found ? found.file : found.section;
    }
    /** Open handles of a process, in the order in which they were made. */
    openHandles(process) {
        return [...(this.tables.get(process)?.handles.keys() ?? [])];
    }
    /** OBJ_KERNEL_HANDLE: a handle of the System process, whichever process asks for it. */
    insertKernel(file, grantedAccess) {
        const handle = this.kernel.free.pop() ?? this.kernel.next;
        if (handle === this.kernel.next)
            this.kernel.next += 4;
        this.kernel.handles.set(handle, { file, grantedAccess });
        file.handleCount += 1;
        return handle;
    }
    /** The file that a handle stands for to a driver in the context of `process`. */
    anyOf(process, handle) {
        const found = this.tableFor(process, handle)?.handles.get(handle);
        return found !== undefined && 'file' in found ? found : null;
    }
    tableFor(process, handle) {
        return (handle & KERNEL_HANDLE) === 0 ? this.tables.get(process) : this.kernel;
    }
    tableOf(process) {
        const known = this.tables.get(process);
        if (known !== undefined)
            return known;
        const table = { handles: new Map(), free: [], next: 4 };
        this.tables.set(process, table);
        return table;
    }
}
