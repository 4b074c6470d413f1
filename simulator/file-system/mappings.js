import { FileInformationClass, FltMajor, fltMajorName, IrpMajor, NtStatus, SectionSyncType, } from '../../contract/windows/index.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
import { otherwise, synchronized } from '../io/fsFilter.ts';
import { currentStackLocation } from '../io/irp.ts';
import { isUserMapped } from '../io/sections/controlArea.ts';
import { isAtLeast } from '../windows/profiles.ts';
import { isOurs, openOf } from './open.ts';
const acquires = new Set([
    FltMajor.IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION,
    FltMajor.IRP_MJ_ACQUIRE_FOR_MOD_WRITE,
    FltMajor.IRP_MJ_ACQUIRE_FOR_CC_FLUSH,
]);
/** Acquire takes the stream's resource exclusively, release gives it back: bug check 0xE3 else. */
export async function answerFsFilter(volume, { majorFunction, file, parameters, passedBy }) {
    const { kernel } = volume;
    if (!isOurs(file)) {
        reportForeign(kernel, file, fltMajorName(majorFunction), passedBy);
        return NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
    }
    const { stream } = openOf(file);
    const resource = resourceOf(kernel, stream);
    if (!acquires.has(majorFunction)) {
        if (!resource.owners.has(kernel.scheduler.current)) {
            kernel.report({
                id: 'release-without-acquire',
                message: `${fltMajorName(majorFunction)} for ${displayNameOf(file)} reached the file system, which ` +
                    'never saw the acquire: it releases a resource that this thread does not own.',
                evidence: 'I',
                stack: passedBy === undefined ? [] : [passedBy],
            });
        }
        resource.release(kernel.scheduler.current);
        return NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
    }
    await resource.acquire('exclusive', true);
    const creates = parameters.kind === 'acquire-section' &&
        parameters.syncType === SectionSyncType.SyncTypeCreateSection;
    return creates ? lockedWith(kernel, stream) : NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
}
/** Before Vista nobody is told about writers (R-SECTION-11; which version changed it is grade U). */
function lockedWith({ profile }, { share }) {
    if (!isAtLeast(profile, '6.0'))
        return NtStatus.STATUS_SUCCESS;
    return share.hasWriters
        ? NtStatus.STATUS_FILE_LOCKED_WITH_WRITERS
        : NtStatus.STATUS_FILE_LOCKED_WITH_ONLY_READERS;
}
function resourceOf(kernel, stream) {
    stream.resource ??= kernel.createResource();
    return stream.resource;
}
/** Somebody opened a file object by himself and then sent it down to us. */
export function reportForeign(kernel, file, operation, passedBy) {
    const name = file === null ? 'a file' : displayNameOf(file);
    kernel.report({
        id: 'unopened-file-object',
        message: `${operation} for ${name} reached the file system, which did not open it: its FsContext is ` +
            "a filter's, and the file system takes it for its own.",
        evidence: 'I',
        stack: passedBy === undefined ? [] : [passedBy],
    });
}
/** Null where nothing of the stream is mapped, or nothing can be: the way of nearly every request. */
export function sectionsOf(file) {
    const pointers = file?.sectionObjectPointer ?? null;
    return pointers === null || (pointers.data === null && pointers.image === null) ? null : pointers;
}
/**
 * What a request on a mapped stream does before and after: sizes change between acquire and release
 * (R-SECTION-6), a flush writes the mapping's pages first. Undefined where it needs nothing.
 */
export function synchronizeWithMapping({ kernel, io }, irp, { data }) {
    const { majorFunction, fileObject, parameters } = currentStackLocation(irp);
    if (fileObject === null)
        return undefined;
    if (majorFunction === IrpMajor.IRP_MJ_FLUSH_BUFFERS && data !== null) {
        return async (body) => {
            await io.flushMapping(data);
            await body();
        };
    }
    const sizes = parameters.kind === 'set-information' &&
        (parameters.fileInformationClass === FileInformationClass.FileEndOfFileInformation ||
            parameters.fileInformationClass === FileInformationClass.FileAllocationInformation);
    if (!sizes)
        return undefined;
    return (body) => synchronized(kernel, fileObject, 'section', otherwise, async () => {
        await body();
        return NtStatus.STATUS_SUCCESS;
    });
}
export const canBeTruncated = ({ sections }) => !isUserMapped(sections.data) && !isUserMapped(sections.image);
/** The file is mapped as an image. */
export const isRunning = ({ main }) => isUserMapped(main.sections.image);
/**
 * An image stops the deletion of the last name, or of any when the caller says so (R-SECTION-31); a
 * data mapping stops every one. Grade I: also one that nobody can write through.
 */
export function canBeDeleted({ stream, file }, forceImageCheck) {
    if (isUserMapped(stream.sections.data))
        return false;
    if (!isUserMapped(stream.sections.image))
        return true;
    return file.links.length > 1 && !forceImageCheck;
}
