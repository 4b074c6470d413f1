// Where the file system meets the memory manager: the FSFilter operations that ask it to hold still,
// and what a mapping forbids. Models: R-SECTION-3, 5, 11, 29, 30, 31; MmCanFileBeTruncated,
// MmFlushImageSection.
import type { SourcePlace } from '../../contract/finding.ts';
import {
  FileInformationClass,
  FltMajor,
  fltMajorName,
  IrpMajor,
  NtStatus,
  PageProtection,
  SectionSyncType,
} from '../../contract/windows/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
import { otherwise, synchronized, type FsFilterRequest } from '../io/fsFilter.ts';
import { currentStackLocation, type Irp } from '../io/irp.ts';
import { isUserMapped, type SectionObjectPointers } from '../io/sections/controlArea.ts';
import type { Kernel, Resource } from '../kernel/kernel.ts';
import { isAtLeast } from '../windows/profiles.ts';
import type { FileRecord } from './fileRecord.ts';
import { isOurs, openOf, type Open } from './open.ts';
import { breakOplocks } from './oplocks/oplockCheck.ts';
import type { Stream } from './stream.ts';
import type { FileSystemVolume } from './volume.ts';

const acquires: ReadonlySet<number> = new Set([
  FltMajor.IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION,
  FltMajor.IRP_MJ_ACQUIRE_FOR_MOD_WRITE,
  FltMajor.IRP_MJ_ACQUIRE_FOR_CC_FLUSH,
]);

/** Acquire takes the stream's resource exclusively, release gives it back: bug check 0xE3 else. */
export async function answerFsFilter(
  volume: FileSystemVolume,
  { majorFunction, file, parameters, passedBy }: FsFilterRequest,
): Promise<NtStatus> {
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
        message:
          `${fltMajorName(majorFunction)} for ${displayNameOf(file)} reached the file system, which ` +
          'never saw the acquire: it releases a resource that this thread does not own.',
        evidence: 'I',
        stack: passedBy === undefined ? [] : [passedBy],
      });
    }
    resource.release(kernel.scheduler.current);
    return NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
  }
  await resource.acquire('exclusive', true);
  const creates =
    parameters.kind === 'acquire-section' &&
    parameters.syncType === SectionSyncType.SyncTypeCreateSection;
  if (!creates) return NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
  if ((parameters.pageProtection & WRITABLE) !== 0) await breakForWriting(volume, openOf(file));
  return lockedWith(kernel, stream);
}

const WRITABLE = PageProtection.PAGE_READWRITE | PageProtection.PAGE_EXECUTE_READWRITE;

/** Who caches what he has read is told that it may change, and not waited for. Models: R-SECTION-23. */
async function breakForWriting(
  volume: FileSystemVolume,
  { stream, oplockKey }: Open,
): Promise<void> {
  const consequences = volume.consequences();
  breakOplocks({ volume, consequences }, stream, 'writable-section', oplockKey);
  await consequences.happen();
}

/** Before Vista nobody is told about writers (R-SECTION-11; which version changed it is grade U). */
function lockedWith({ profile }: Kernel, { share }: Stream): NtStatus {
  if (!isAtLeast(profile, '6.0')) return NtStatus.STATUS_SUCCESS;
  return share.hasWriters
    ? NtStatus.STATUS_FILE_LOCKED_WITH_WRITERS
    : NtStatus.STATUS_FILE_LOCKED_WITH_ONLY_READERS;
}

function resourceOf(kernel: Kernel, stream: Stream): Resource {
  stream.resource ??= kernel.createResource();
  return stream.resource;
}

/** Somebody opened a file object by himself and then sent it down to us. */
export function reportForeign(
  kernel: Kernel,
  file: FileObject | null,
  operation: string,
  passedBy?: SourcePlace,
): void {
  const name = file === null ? 'a file' : displayNameOf(file);
  kernel.report({
    id: 'unopened-file-object',
    message:
      `${operation} for ${name} reached the file system, which did not open it: its FsContext is ` +
      "a filter's, and the file system takes it for its own.",
    evidence: 'I',
    stack: passedBy === undefined ? [] : [passedBy],
  });
}

/** Null where nothing of the stream is mapped, or nothing can be: the way of nearly every request. */
export function sectionsOf(file: FileObject | null): SectionObjectPointers | null {
  const pointers = file?.sectionObjectPointer ?? null;
  return pointers === null || (pointers.data === null && pointers.image === null) ? null : pointers;
}

export type Around = (body: () => Promise<void>) => Promise<unknown>;

/**
 * What a request on a mapped stream does before and after: sizes change between acquire and release
 * (R-SECTION-6), a flush writes the mapping's pages first. Undefined where it needs nothing.
 */
export function synchronizeWithMapping(
  { kernel, io }: FileSystemVolume,
  irp: Irp,
  { data }: SectionObjectPointers,
): Around | undefined {
  const { majorFunction, fileObject, parameters } = currentStackLocation(irp);
  if (fileObject === null) return undefined;
  if (majorFunction === IrpMajor.IRP_MJ_FLUSH_BUFFERS && data !== null) {
    return async (body) => {
      await io.flushMapping(data);
      await body();
    };
  }
  const sizes =
    parameters.kind === 'set-information' &&
    (parameters.fileInformationClass === FileInformationClass.FileEndOfFileInformation ||
      parameters.fileInformationClass === FileInformationClass.FileAllocationInformation);
  if (!sizes) return undefined;
  return (body) =>
    synchronized(kernel, fileObject, 'section', otherwise, async () => {
      await body();
      return NtStatus.STATUS_SUCCESS;
    });
}

export const canBeTruncated = ({ sections }: Stream): boolean =>
  !isUserMapped(sections.data) && !isUserMapped(sections.image);

/** The file is mapped as an image. */
export const isRunning = ({ main }: FileRecord): boolean => isUserMapped(main.sections.image);

/**
 * An image stops the deletion of the last name, or of any when the caller says so (R-SECTION-31); a
 * data mapping stops every one. Grade I: also one that nobody can write through.
 */
export function canBeDeleted({ stream, file }: Open, forceImageCheck: boolean): boolean {
  if (isUserMapped(stream.sections.data)) return false;
  if (!isUserMapped(stream.sections.image)) return true;
  return file.links.length > 1 && !forceImageCheck;
}
