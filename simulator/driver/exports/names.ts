// fltmgr: names of files.
import { IrpFlag, NtStatus } from '../../../contract/windows/index.ts';
import type { CallbackData } from '../../filter-manager/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { full, none, partial } from '../binding.ts';
import { parseName } from '../fileNames.ts';
import type { Room } from '../room.ts';
import type { UnicodeString } from '../unicodeString.ts';

const { APC_LEVEL } = Irql;
const FORMAT_MASK = 0xff;
const FLT_FILE_NAME_SHORT = 3;

/** Models: R-FLT-30, as far as the model sends such operations. */
function mayAskForName(room: Room, data: CallbackData): boolean {
  const paging = (data.iopb.irpFlags & IrpFlag.IRP_PAGING_IO) !== 0;
  return !paging && room.kernel.scheduler.current.topLevelIrp === 0;
}

function refuseShort(options: number): void {
  if ((options & FORMAT_MASK) === FLT_FILE_NAME_SHORT) {
    throw new NotModelledSignal('FLT_FILE_NAME_SHORT');
  }
}

const NOTE = 'The normalized name is the name as opened; short names are refused.';

export const nameExports = {
  FltGetFileNameInformation: partial(
    NOTE,
    ['callbackData', 'u32', 'out32'],
    'status',
    (room, data, options, information) => {
      refuseShort(options);
      const file = data.iopb.targetFileObject;
      if (file === null || !mayAskForName(room, data)) {
        return NtStatus.STATUS_FLT_INVALID_NAME_REQUEST;
      }
      const { volume } = data.iopb.targetInstance?.volume ?? data.operation.goesTo;
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
