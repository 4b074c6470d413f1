// NtQueryAttributesFile and NtQueryFullAttributesFile: attributes by name, for callers that want no
// handle.
import {
  FileInformationClass as C,
  IrpFlag,
  IrpMajor,
  ntSuccess,
  type NtStatus,
} from '../../../contract/windows/index.ts';
import type { FastIoEntry } from '../fastIo.ts';
import type { FileObject } from '../fileObject.ts';
import { queryOnlyOpen } from '../queryOpen.ts';
import { send } from '../serviceTail.ts';
import { openRequest, type ObjectName } from './createClose.ts';
import { tryFastIo } from './fastServices.ts';
import { service, type ServiceContext } from './serviceContext.ts';

export interface QueryAttributesArguments {
  readonly object: ObjectName;
  /** FILE_NETWORK_OPEN_INFORMATION instead of FILE_BASIC_INFORMATION. */
  readonly full: boolean;
  readonly buffer: number;
  readonly mode?: 'user' | 'kernel';
}

const NETWORK_OPEN_LENGTH = 56;
const BASIC_LENGTH = 40;
/** Both structures begin with the four times; where FileAttributes stand. */
const TIMES_LENGTH = 32;
const NETWORK_OPEN_ATTRIBUTES = 48;

interface Wanted {
  readonly entry: FastIoEntry;
  readonly fileInformationClass: number;
  readonly length: number;
}

const basic: Wanted = {
  entry: 'FastIoQueryBasicInfo',
  fileInformationClass: C.FileBasicInformation,
  length: BASIC_LENGTH,
};
const full: Wanted = {
  entry: 'FastIoQueryNetworkOpenInfo',
  fileInformationClass: C.FileNetworkOpenInformation,
  length: NETWORK_OPEN_LENGTH,
};

/**
 * Models: IopParseDevice for a query: FastIoQueryOpen first; where that says "no", a create, a query
 * (fast again, if it can be), cleanup and close. R-REDIRECT-44, 45, 46.
 */
export const ntQueryAttributesFile = (
  context: ServiceContext,
  args: QueryAttributesArguments,
): Promise<NtStatus> =>
  service(
    context,
    args.full ? 'NtQueryFullAttributesFile' : 'NtQueryAttributesFile',
    args,
    async () => {
      const { memory, pool } = context.io.kernel;
      const information = pool.allocate('nonpaged', NETWORK_OPEN_LENGTH, 'Io  ', 'system');
      const status = await query(context, args, information);
      if (ntSuccess(status)) {
        const { length } = args.full ? full : basic;
        memory.bytes(args.buffer, length).set(memory.bytes(information, length));
      }
      pool.free(information);
      return status;
    },
  );

async function query(
  context: ServiceContext,
  { object, full: wantsAll, mode = 'user' }: QueryAttributesArguments,
  information: number,
): Promise<NtStatus> {
  const { io } = context;
  const request = openRequest(context, { ...queryOnlyOpen, object, iosb: null, mode });
  if (typeof request === 'number') return request;
  const opened = await io.openFile({ ...request, networkInformation: information });
  const { status, fileObject } = opened;
  if (fileObject === null) {
    if (ntSuccess(status) && !wantsAll) toBasic(context, information);
    return status;
  }
  const queried = await queryOpenFile(context, fileObject, wantsAll ? full : basic, information);
  await io.cleanupFile(fileObject);
  await io.dereferenceFile(fileObject);
  return queried;
}

/** The fast way always brings FILE_NETWORK_OPEN_INFORMATION. */
function toBasic({ io }: ServiceContext, information: number): void {
  const { memory } = io.kernel;
  const attributes = memory.bytes(information + NETWORK_OPEN_ATTRIBUTES, 4).slice();
  memory.bytes(information + TIMES_LENGTH, 8).fill(0);
  memory.bytes(information + TIMES_LENGTH, 4).set(attributes);
}

async function queryOpenFile(
  { io }: ServiceContext,
  file: FileObject,
  { entry, fileInformationClass, length }: Wanted,
  buffer: number,
): Promise<NtStatus> {
  const operation = { kind: 'query-information', length, fileInformationClass } as const;
  const mode = 'kernel';
  const fast = await tryFastIo(io, { entry, file, operation, buffer, mode });
  if (fast !== null) return fast.status;
  return send(io, {
    file,
    majorFunction: IrpMajor.IRP_MJ_QUERY_INFORMATION,
    irpFlags: IrpFlag.IRP_DEFER_IO_COMPLETION,
    parameters: operation,
    requestorMode: mode,
    buffer,
    length,
    method: 'buffered-output',
    synchronousApi: true,
    iosb: null,
    event: null,
  });
}
