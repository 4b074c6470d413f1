// Reads and writes in the cache itself, for callers that want its pages and no copy (the SMB server):
// one call gives an MDL, its completion takes it back.
// Models: FsRtlMdlRead, FsRtlPrepareMdlWrite and their completions.
// Differs: there are no pages to share. The MDL describes a copy; a write reaches the file with its
// completion.
import { NtStatus } from '../../contract/windows/index.ts';
import { noteModified } from './modification.ts';
import { openOf } from './open.ts';
import { failed, succeeded } from './outcome.ts';
import { roundUpToCluster } from './stream.ts';
/** Where the stream is cached and nobody locks it; else the caller has to send requests. */
function cachedOpen({ fileObject }) {
    const open = openOf(fileObject);
    const isFree = Boolean(fileObject.privateCacheMap) && open.stream.locks.isEmpty;
    return isFree && !open.cleanedUp ? open : null;
}
export function mdlRead({ kernel }, call) {
    const { operation, mdl } = call;
    const open = cachedOpen(call);
    if (open === null || mdl === null || operation.kind !== 'mdl-read')
        return null;
    const { stream } = open;
    if (operation.byteOffset >= stream.size)
        return failed(NtStatus.STATUS_END_OF_FILE);
    const length = Math.min(operation.length, stream.size - operation.byteOffset);
    const address = kernel.pool.allocate('nonpaged', length, 'MmMd', 'system');
    stream.read(operation.byteOffset, kernel.memory.bytes(address, length));
    mdl.chain = { address, length };
    return succeeded(length);
}
export function mdlComplete({ kernel }, { mdl }) {
    if (mdl === null || mdl.chain === null)
        return null;
    kernel.pool.free(mdl.chain.address);
    mdl.chain = null;
    return succeeded();
}
/** Only within what is allocated, as for copied writes. */
export function prepareMdlWrite({ kernel }, call) {
    const { operation, mdl } = call;
    const open = cachedOpen(call);
    if (open === null || mdl === null || operation.kind !== 'prepare-mdl-write')
        return null;
    const { length, byteOffset } = operation;
    if (byteOffset + length > roundUpToCluster(open.stream.size))
        return null;
    const address = kernel.pool.allocate('nonpaged', length, 'MmMd', 'system');
    mdl.chain = { address, length };
    return succeeded(length);
}
export function mdlWriteComplete(volume, call) {
    const { operation, mdl, fileObject } = call;
    if (mdl === null || mdl.chain === null || operation.kind !== 'mdl-write-complete')
        return null;
    const { kernel } = volume;
    const { address, length } = mdl.chain;
    const open = openOf(fileObject);
    const sizeBefore = open.stream.size;
    open.stream.write(operation.byteOffset, kernel.memory.bytes(address, length));
    noteModified(open, open.stream.size !== sizeBefore, kernel.clock.now());
    return mdlComplete(volume, call);
}
