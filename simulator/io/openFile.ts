// From a name to an open file: the parse of the object manager, the create down the volume's stack, and
// round again for STATUS_REPARSE.
import {
  BugCheck,
  CreateOption,
  IrpFlag,
  IrpMajor,
  NtStatus,
  ntSuccess,
  ReparseTag,
  StackLocation as Sl,
} from '../../contract/windows/index.ts';
import { leaveWith } from '../kernel/callStack.ts';
import { BugcheckSignal } from '../kernel/kernel.ts';
import { andThen, isLater, type MaybeLater } from '../kernel/later.ts';
import { hex } from './completion.ts';
import { fileObjectFlags, isRefused, mapGeneric } from './createChecks.ts';
import { topOfStack, type Volume } from './deviceObject.ts';
import type { StackEntry } from './fileObject.ts';
import type { FileObjectRecord } from './fileObjectRecord.ts';
import { deviceOf, entryOf } from './fileObjects.ts';
import type { IoCore } from './ioCore.ts';
import type { OpenRequest, OpenResult } from './ioManager.ts';
import type { IrpRecord } from './irpRecord.ts';
import { queryOpen } from './queryOpen.ts';
import { reparsedName } from './reparse.ts';
import { parseObjectName } from './objectNamespace.ts';

const CREATE_FLAGS =
  IrpFlag.IRP_CREATE_OPERATION | IrpFlag.IRP_SYNCHRONOUS_API | IrpFlag.IRP_DEFER_IO_COMPLETION;
/** STATUS_REPARSE's Information: parse FileObject->FileName anew, or try the same name again. */
const IO_REPARSE = 0;
const IO_REMOUNT = 1;
/** Resolved by the I/O manager itself (R-REDIRECT-12); symbolic links from Vista on. */
const nameSurrogates: ReadonlySet<number> = new Set([
  ReparseTag.IO_REPARSE_TAG_MOUNT_POINT,
  ReparseTag.IO_REPARSE_TAG_SYMLINK,
]);

/** Where one create goes. */
interface Way {
  readonly volume: Volume;
  readonly rest: string;
  readonly entry: StackEntry | null;
}

interface Attempt {
  readonly status: NtStatus;
  readonly information: number;
  readonly file: FileObjectRecord;
  readonly volume: Volume;
  /** Reparse data that came with STATUS_REPARSE and a tag. */
  readonly auxiliary: Uint8Array | null;
}

const failed = (status: NtStatus): OpenResult => ({ status, information: 0, fileObject: null });

export function openFile(io: IoCore, request: OpenRequest): MaybeLater<OpenResult> {
  if (isRefused(request)) return failed(NtStatus.STATUS_INVALID_PARAMETER);
  // Models: R-IO-14.
  const byFileId = (request.options & CreateOption.FILE_OPEN_BY_FILE_ID) !== 0;
  if (byFileId && request.related === null) return failed(NtStatus.STATUS_INVALID_PARAMETER);
  const { debug } = io.kernel;
  const frame = debug?.enter('nt!IopCreateFile');
  debug?.enter('nt!ObOpenObjectByName');
  debug?.enter('nt!ObpLookupObjectName');
  return leaveWith(debug, frame, parse(io, request));
}

/** Round and round for STATUS_REPARSE: a request that came back with it starts anew. */
function parse(io: IoCore, request: OpenRequest, crossed = 0): MaybeLater<OpenResult> {
  if (crossed > io.kernel.profile.reparseLimit) {
    io.kernel.because('R-REDIRECT-13');
    return failed(NtStatus.STATUS_REPARSE_POINT_NOT_RESOLVED);
  }
  const { name, related, query, requestorMode } = request;
  const parsed = related === null ? parseObjectName(name, io.volumes) : relativeTo(related, name);
  if ('status' in parsed) return failed(parsed.status);
  if (query === undefined) return attemptCreate(io, request, parsed, crossed);
  const answer = queryOpen(io, { related, requestorMode, query }, parsed.volume, parsed.rest);
  return andThen(answer, (answered) =>
    answered === null
      ? attemptCreate(io, request, parsed, crossed)
      : { ...answered, fileObject: null },
  );
}

function attemptCreate(
  io: IoCore,
  request: OpenRequest,
  parsed: Omit<Way, 'entry'>,
  crossed: number,
): MaybeLater<OpenResult> {
  const entry = request.enter?.(parsed.volume) ?? null;
  if (typeof entry === 'number') return failed(entry);
  return andThen(sendCreate(io, request, { ...parsed, entry }), (attempt) =>
    attempt.status === NtStatus.STATUS_REPARSE
      ? parseAgain(io, request, attempt, parsed.rest, crossed)
      : settle(io, attempt),
  );
}

function parseAgain(
  io: IoCore,
  request: OpenRequest,
  attempt: Attempt,
  rest: string,
  crossed: number,
): MaybeLater<OpenResult> {
  const again = nextName(io, attempt, rest);
  if (typeof again === 'number') {
    io.kernel.because('R-REDIRECT-11');
    return andThen(discard(io, attempt, again), failed);
  }
  // Models: R-REDIRECT-5, R-REDIRECT-7: a new parse from the root, a new create from the top.
  const next = again === 'same' ? request : { ...request, name: again.name, related: null };
  return andThen(discard(io, attempt, attempt.status), () => parse(io, next, crossed + 1));
}

function relativeTo(
  related: NonNullable<OpenRequest['related']>,
  name: string,
): { readonly volume: Volume; readonly rest: string } | { readonly status: NtStatus } {
  const { volume } = related.device;
  return volume === null
    ? { status: NtStatus.STATUS_OBJECT_TYPE_MISMATCH }
    : { volume, rest: name };
}

/** Models: IopParseDevice: one file object and one IRP_MJ_CREATE, complete when it returns. */
function sendCreate(
  io: IoCore,
  request: OpenRequest,
  { volume, rest, entry }: Way,
): MaybeLater<Attempt> {
  const file = io.files.create(volume, rest, request.related);
  file.stackEntry = entry;
  file.openedById = (request.options & CreateOption.FILE_OPEN_BY_FILE_ID) !== 0;
  file.flags = fileObjectFlags(request, rest);
  const desiredAccess = mapGeneric(request.desiredAccess);
  file.grantedAccess = desiredAccess;
  const top = deviceOf(file);
  const irp = io.allocateIrp(top, {
    majorFunction: IrpMajor.IRP_MJ_CREATE,
    flags: (request.locationFlags ?? 0) | (request.caseSensitive ? Sl.SL_CASE_SENSITIVE : 0),
    irpFlags: CREATE_FLAGS,
    parameters: {
      kind: 'create',
      desiredAccess,
      options: ((request.disposition << 24) | request.options) >>> 0,
      fileAttributes: request.fileAttributes,
      shareAccess: request.shareAccess,
      ea: request.ea,
      allocationSize: request.allocationSize,
    },
    fileObject: file,
    requestorMode: request.requestorMode,
    entry: entryOf(file),
  });
  irp.issuer = { fileObject: file, iosb: null, event: null, onDelivered: null };
  file.referenceCount += 1;
  const frame = io.kernel.debug?.enter('nt!IopParseDevice', volume.fileSystemDevice.address);
  const sent = io.callDriver(top, irp);
  const arrived = isLater(sent)
    ? sent.then((returned) => untilCreated(io, irp, file, returned))
    : untilCreated(io, irp, file, sent);
  return andThen(leaveWith(io.kernel.debug, frame, arrived), () => {
    const { status, information } = irp.ioStatus;
    return { status, information, file, volume, auxiliary: irp.auxiliaryBuffer };
  });
}

function untilCreated(
  io: IoCore,
  irp: IrpRecord,
  file: FileObjectRecord,
  returned: NtStatus,
): MaybeLater<void> {
  if (irp.delivered) return;
  if (returned === NtStatus.STATUS_PENDING) return waitForCreate(io, irp, file);
  io.deliverHere(irp);
}

async function waitForCreate(io: IoCore, irp: IrpRecord, file: FileObjectRecord): Promise<void> {
  const { scheduler } = io.kernel;
  irp.deliveredEvent = scheduler.createEvent('notification', false);
  await scheduler.waitForEvent(irp.deliveredEvent, {
    kind: 'request',
    what: `completion of IRP_MJ_CREATE of ${file.displayName} (IRP ${hex(irp.address)})`,
  });
}

function settle(io: IoCore, attempt: Attempt): MaybeLater<OpenResult> {
  const { status, information, file, volume } = attempt;
  if (!ntSuccess(status)) return andThen(discard(io, attempt, status), failed);
  io.files.opened(file, volume);
  return { status, information, fileObject: file };
}

/** A create that failed leaves nothing: no cleanup and no close is sent for its file object. */
function discard(io: IoCore, { file }: Attempt, status: NtStatus): MaybeLater<NtStatus> {
  return andThen(io.dereferenceFile(file), () => status);
}

/**
 * What STATUS_REPARSE leads to: another name, the same one again, or an end.
 * Models: R-REDIRECT-1, R-REDIRECT-11, R-REDIRECT-14.
 */
function nextName(
  { kernel: { profile }, reparseWithoutName }: IoCore,
  { file, information, auxiliary }: Attempt,
  rest: string,
): { readonly name: string } | 'same' | NtStatus {
  if (rest === '' && file.relatedFileObject === null) {
    throw new BugcheckSignal(BugCheck.DRIVER_RETURNED_STATUS_REPARSE_FOR_VOLUME_OPEN, [
      hex(file.device.address),
      hex(topOfStack(file.device).address),
      file.fileName,
      hex(information),
    ]);
  }
  if (information === IO_REPARSE) {
    // Choice (R-REDIRECT-4, U): the same file once more, up to the limit.
    const unchanged = file.fileName === rest && reparseWithoutName === 'same-name';
    return unchanged ? 'same' : { name: file.fileName };
  }
  if (information === IO_REMOUNT) return 'same';
  const isSymlink = information === ReparseTag.IO_REPARSE_TAG_SYMLINK;
  if (nameSurrogates.has(information) && !(isSymlink && !profile.symbolicLinks)) {
    const name = auxiliary === null ? undefined : reparsedName(file, auxiliary);
    if (name !== undefined) return { name };
  }
  return NtStatus.STATUS_IO_REPARSE_TAG_NOT_HANDLED;
}
