// Where the bytes of a completed notification go: the caller's own buffer, an MDL's, a system buffer
// that somebody above has provided, or a new one that the I/O manager copies and frees.
import { IrpFlag } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { USER_LIMIT } from '../../kernel/memory.ts';
/** Pool tag of the run-time library of file systems, as poolmon shows it. */
const POOL_TAG = 'FSrN';
/** Bytes that the request has room for. */
export function requestLength(irp) {
    const { parameters } = currentStackLocation(irp);
    return parameters.kind === 'notify-directory' ? parameters.length : 0;
}
/**
 * Puts the list where the requestor will find it and says which rule that was.
 * Precondition: the list fits the request. `issuing`: this is still the call that brought the request.
 * Models: R-NOTIFY-55 (a new system buffer of the request's length, flags 0x70), R-NOTIFY-56 (copied
 * straight to the caller in the issuing thread; grade 2, I), R-NOTIFY-60 (an MDL is used when there is
 * one). A system buffer that was there on the way down is written in place, whoever put it there.
 */
export function deliver(kernel, irp, entries, issuing) {
    const length = entries.byteLength;
    const write = (address) => entries.encodeInto(kernel.memory.bytes(address, length));
    if (irp.systemBuffer !== 0) {
        write(irp.systemBuffer);
        return 'R-NOTIFY-55';
    }
    if (irp.mdl !== null) {
        write(irp.mdl.address);
        return 'R-NOTIFY-60';
    }
    if (issuing && isReachable(kernel, irp.userBuffer)) {
        write(irp.userBuffer);
        return 'R-NOTIFY-56';
    }
    const capacity = requestLength(irp);
    irp.systemBuffer = kernel.pool.allocate('paged', capacity, POOL_TAG, 'system');
    irp.systemBufferLength = capacity;
    irp.flags |=
        IrpFlag.IRP_BUFFERED_IO | IrpFlag.IRP_INPUT_OPERATION | IrpFlag.IRP_DEALLOCATE_BUFFER;
    write(irp.systemBuffer);
    return 'R-NOTIFY-55';
}
/** A filter may have sent the request on from a thread of another process: not the caller's then. */
function isReachable(kernel, address) {
    if (address >= USER_LIMIT)
        return true;
    return kernel.user.ownerOf(address) === kernel.scheduler.current.process;
}
