// Section objects and their views, and the life of the control area behind them.
import { ntError } from '../../../contract/windows/index.ts';
import { displayNameOf } from '../fileObjectRecord.ts';
import { synchronized } from '../fsFilter.ts';
import { ControlArea } from './controlArea.ts';
import { writeDirty } from './paging.ts';
const CONTROL_AREA_LENGTH = 0x50;
/** The control area of the stream, or a new one, with one user more. */
export function useControlArea(io, file, pointers, image) {
    const kind = image === null ? 'data' : 'image';
    let area = pointers[kind];
    if (area === null) {
        const address = io.kernel.allocateObject('MmCa', CONTROL_AREA_LENGTH);
        area = new ControlArea(kind, address, file, pointers, image?.segments);
        pointers[kind] = area;
        io.referenceFile(file);
    }
    area.users += 1;
    return area;
}
/**
 * A user less. With the last one the pages are written back and the file object goes, in a thread of
 * the system. Models: MiDereferenceSegmentThread and the mapped page writer; R-SECTION-33.
 * Grade I: Windows keeps an unused control area for a while; the model lets it go at once.
 */
export function leaveControlArea(io, area) {
    area.users -= 1;
    if (area.users > 0)
        return;
    io.kernel.workQueue.queue(`the unused mapping of ${displayNameOf(area.file)}`, () => retire(io, area));
}
async function retire(io, area) {
    if (area.users > 0 || area.pointers[area.kind] !== area)
        return;
    if (area.kind === 'data' && area.dirtyPages.length > 0) {
        const status = await writeBack(io, area);
        // What cannot be written is lost, as Windows tells the user in a balloon.
        if (ntError(status))
            for (const [, page] of area.dirtyPages)
                page.dirty = false;
        if (area.users > 0)
            return;
    }
    area.pointers[area.kind] = null;
    for (const { address } of area.pages.values())
        io.kernel.pool.free(address);
    area.pages.clear();
    io.kernel.freeObject(area.address);
    await io.dereferenceFile(area.file);
}
/** What the mapped page writer does: R-SECTION-6, the two operations for modified pages. */
function writeBack(io, area) {
    const last = area.dirtyPages.at(-1)?.[0] ?? 0;
    const endingOffset = (last + 1) * 4096;
    const parameters = { kind: 'acquire-mod-write', endingOffset };
    return synchronized(io.kernel, area.file, 'mod-write', parameters, () => writeDirty(io, area));
}
