// Where the file system reads what it is given and writes what it answers.
import { assert } from '../../contract/assert.ts';
import { USER_LIMIT } from '../kernel/memory.ts';
/**
 * The buffer of a request that uses neither buffered nor direct I/O (read, write, query directory): an
 * MDL where somebody has made one, else the caller's own address, which is good only in the caller's
 * process. Null when it cannot be reached from here: STATUS_INVALID_USER_BUFFER.
 * Differs: NTFS would lock the buffer and go on in a thread of its own where it has to.
 */
export function callerBuffer(kernel, irp, length) {
    if (length === 0)
        return new Uint8Array(0);
    if (irp.mdl !== null)
        return kernel.memory.bytes(irp.mdl.address, length);
    if (irp.systemBuffer !== 0)
        return kernel.memory.bytes(irp.systemBuffer, length);
    const address = irp.userBuffer;
    if (address === 0)
        return null;
    if (address < USER_LIMIT && kernel.user.ownerOf(address) !== kernel.scheduler.current.process) {
        return null;
    }
    return kernel.memory.bytes(address, length);
}
/** The system buffer of a buffered request (query and set information). */
export function systemBuffer(kernel, irp, length) {
    if (length === 0)
        return new Uint8Array(0);
    assert(irp.systemBuffer !== 0, 'query and set information use a system buffer');
    return kernel.memory.bytes(irp.systemBuffer, length);
}
