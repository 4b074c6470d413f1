import { breakOplocks } from '../oplocks/oplockCheck.ts';
/** A link leaves the file's own names alone; what is not to be replaced collides instead. */
export function breakForNewName(request, { directory, name }, how) {
    const { open } = request;
    const replaced = how.replaces ? directory.directory?.find(name)?.file : undefined;
    const isOther = replaced !== undefined && replaced !== open.file;
    const streams = [...(how.renames ? [open.stream] : []), ...(isOther ? [replaced.main] : [])];
    return breakAll(request, streams);
}
export function breakBelow(request, { directory }) {
    let waits = null;
    for (const { file } of directory?.entries() ?? []) {
        const own = file.openCount === 0 ? null : breakAll(request, [file.main, ...file.named.values()]);
        waits = own ?? waits;
        waits = breakBelow(request, file) ?? waits;
    }
    return waits;
}
/** All of them break at once; the operation then waits for one after the other. */
function breakAll(request, streams) {
    let waits = null;
    for (const stream of streams) {
        waits = breakOplocks(request, stream, 'new-name', request.open.oplockKey) ?? waits;
    }
    return waits;
}
