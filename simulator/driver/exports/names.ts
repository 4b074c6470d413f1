// fltmgr: names of files.
import {
  FileInformationClass,
  FltMajor,
  IrpFlag,
  ntError,
  NtStatus,
} from '../../../contract/windows/index.ts';
import type { CallbackData } from '../../filter-manager/index.ts';
import type { Volume } from '../../io/deviceObject.ts';
import type { FileObject } from '../../io/fileObject.ts';
import { allApcsDisabled } from '../../kernel/apcBarriers.ts';
import { Irql } from '../../kernel/thread.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { full, none, partial, partialBlocking } from '../binding.ts';
import { parseName } from '../fileNames.ts';
import type { Room } from '../room.ts';
import type { UnicodeString } from '../unicodeString.ts';

const { APC_LEVEL } = Irql;
const FORMAT_MASK = 0xff;
const FLT_FILE_NAME_SHORT = 3;

const METHOD_MASK = 0xff00;
const QUERY_CACHE_ONLY = 0x200;
const QUERY_FILESYSTEM_ONLY = 0x300;
const QUERY_ALWAYS_ALLOW_CACHE_LOOKUP = 0x400;

/** Whether the file system may be asked now. Models: R-FLT-30. */
function isSafeToQuery(room: Room, { iopb, operation }: CallbackData): boolean {
  const { current } = room.kernel.scheduler;
  const releases = iopb.majorFunction === FltMajor.IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION;
  if (releases && operation.hold?.phase === 'pre') return false;
  const paging = (iopb.irpFlags & IrpFlag.IRP_PAGING_IO) !== 0;
  return !paging && current.topLevelIrp === 0 && !allApcsDisabled(current);
}

/** Why there is no name; null where there is one: R-FLT-30 by the four ways to ask. */
function refuseName(
  room: Room,
  data: CallbackData,
  file: FileObject,
  options: number,
): NtStatus | null {
  const method = options & METHOD_MASK;
  const isCached =
    method !== QUERY_FILESYSTEM_ONLY && room.fileNames.isCached(file, options & FORMAT_MASK);
  if (method === QUERY_CACHE_ONLY) {
    return isCached ? null : NtStatus.STATUS_FLT_NAME_CACHE_MISS;
  }
  if (isSafeToQuery(room, data)) return null;
  if (method !== QUERY_ALWAYS_ALLOW_CACHE_LOOKUP) return NtStatus.STATUS_FLT_INVALID_NAME_REQUEST;
  return isCached ? null : NtStatus.STATUS_FLT_NAME_CACHE_MISS;
}

function refuseShort(options: number): void {
  if ((options & FORMAT_MASK) === FLT_FILE_NAME_SHORT) {
    throw new NotModelledSignal('FLT_FILE_NAME_SHORT');
  }
}

/** FILE_NAME_INFORMATION of the longest path. */
const NAME_BYTES = 4 + 2 * 32_767;

/**
 * Of a file that was opened by its id only the file system knows a name, and may keep it to itself
 * (R-IO-14).
 */
async function nameById(
  room: Room,
  asked: {
    readonly instance: Parameters<Room['manager']['io']['query']>[0];
    readonly file: FileObject;
    readonly volume: Volume;
    readonly options: number;
  },
  information: { set(value: number): void },
): Promise<NtStatus> {
  const { instance, file, volume, options } = asked;
  const { pool, memory } = room.kernel;
  const buffer = pool.allocate('paged', NAME_BYTES, 'FMfn', 'system');
  const fileInformationClass = FileInformationClass.FileNameInformation;
  const request = { file, buffer, length: NAME_BYTES, fileInformationClass };
  const { status } = await room.manager.io.query(instance, request);
  const bytes = memory.bytes(buffer, NAME_BYTES);
  const length_bytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const name = ntError(status) ? '' : readWide(bytes.subarray(4, 4 + length_bytes));
  pool.free(buffer);
  if (ntError(status)) return status;
  information.set(room.fileNames.query(file, volume, options, name.replace(/^\\/, '')));
  return NtStatus.STATUS_SUCCESS;
}

function readWide(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  }
  return text;
}

const NOTE = 'The normalized name is the name as opened; short names are refused.';

export const nameExports = {
  FltGetFileNameInformation: partialBlocking(
    NOTE,
    ['callbackData', 'u32', 'out32'],
    'status',
    (room, data, options, information) => {
      refuseShort(options);
      const file = data.iopb.targetFileObject;
      if (file === null) return NtStatus.STATUS_FLT_INVALID_NAME_REQUEST;
      const refusal = refuseName(room, data, file, options);
      if (refusal !== null) return refusal;
      const instance = data.iopb.targetInstance;
      const { volume } = instance?.volume ?? data.operation.goesTo;
      if (file.openedById === true && instance !== null) {
        return nameById(room, { instance, file, volume, options }, information);
      }
      information.set(room.fileNames.query(file, volume, options));
      return NtStatus.STATUS_SUCCESS;
    },
    { irql: APC_LEVEL },
  ),
  FltGetFileNameInformationUnsafe: partial(
    NOTE,
    ['fileObject', 'address', 'u32', 'out32'],
    'status',
    (room, file, _instance, options, information) => {
      refuseShort(options);
      const { volume } = file.device;
      if (volume === null) return NtStatus.STATUS_FLT_INVALID_NAME_REQUEST;
      information.set(room.fileNames.query(file, volume, options));
      return NtStatus.STATUS_SUCCESS;
    },
    { irql: APC_LEVEL },
  ),
  FltReferenceFileNameInformation: full(['address'], 'void', (room, information) => {
    room.fileNames.reference(information);
  }),
  FltReleaseFileNameInformation: full(['address'], 'void', (room, information) => {
    room.fileNames.release(information);
  }),
  FltParseFileNameInformation: full(
    ['address'],
    'status',
    (room, information) => room.fileNames.parse(information),
    { irql: APC_LEVEL },
  ),
  FltParseFileName: full(
    ['unicodeString', 'optionalUnicodeString', 'optionalUnicodeString', 'optionalUnicodeString'],
    'status',
    (_room, name, extension, stream, finalComponent) => {
      const parts = parseName(name.read(), 0);
      describe(name, extension, parts.extension);
      describe(name, stream, parts.stream);
      describe(name, finalComponent, parts.finalComponent);
      return NtStatus.STATUS_SUCCESS;
    },
    { irql: APC_LEVEL },
  ),
  FltGetDestinationFileNameInformation: none('Targets of renames are not named.'),
  FltGetTunneledName: none('Tunnelled names are not modelled.'),
};

/** A part of a name shares the name's buffer. */
function describe(
  name: UnicodeString,
  part: UnicodeString | null,
  [start, end]: readonly [number, number],
): void {
  const bytes = 2 * (end - start);
  part?.describe(bytes === 0 ? 0 : name.buffer + 2 * start, bytes, bytes);
}
