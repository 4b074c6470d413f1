// NtQueryAttributesFile, NtQueryFullAttributesFile and NtQueryInformationByName: attributes by name, for
// callers that want no handle.
import {
  FileInformationClass as C,
  IrpFlag,
  IrpMajor,
  NtStatus,
  ntSuccess,
} from '../../../contract/windows/index.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import type { FastIoEntry } from '../fastIo.ts';
import type { FileObject } from '../fileObject.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { classRule } from '../informationClasses.ts';
import { queryOnlyOpen } from '../queryOpen.ts';
import { send } from '../serviceTail.ts';
import { openRequest, type ObjectName } from './createClose.ts';
import { tryFastIo } from './fastServices.ts';
import type { InformationArguments } from './informationServices.ts';
import { service, writeIosb, type ServiceContext } from './serviceContext.ts';

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
  /** Null where the class has none. */
  readonly entry: FastIoEntry | null;
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
): MaybeLater<NtStatus> =>
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
  const fast = { entry: 'FastIoQueryOpen', buffer: information } as const;
  const opened = await io.openFile({ ...request, query: fast });
  const { status, fileObject } = opened;
  if (fileObject === null) {
    if (ntSuccess(status) && !wantsAll) toBasic(context, information);
    return status;
  }
  return queryAndClose(context, fileObject, wantsAll ? full : basic, information);
}

async function queryAndClose(
  context: ServiceContext,
  file: FileObject,
  wanted: Wanted,
  buffer: number,
): Promise<NtStatus> {
  const status = await queryOpenFile(context, file, wanted, buffer);
  await context.io.cleanupFile(file);
  await context.io.dereferenceFile(file);
  return status;
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
  const fast =
    entry === null ? null : await tryFastIo(io, { entry, file, operation, buffer, mode });
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

export interface QueryByNameArguments extends Omit<InformationArguments, 'handle'> {
  readonly object: ObjectName;
}

/**
 * Windows 10 and later. Models: R-REDIRECT-47: IRP_MJ_QUERY_OPEN first; refused by a filter or the file
 * system, a create, a query and a close.
 * Differs: FileStatInformation alone; the other classes that can be asked for are refused by name.
 */
export const ntQueryInformationByName = (
  context: ServiceContext,
  args: QueryByNameArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtQueryInformationByName', { ...args, handle: 0 }, async () => {
    const { profile, memory, pool } = context.io.kernel;
    if (!profile.queryByName) {
      throw new NotModelledSignal(`NtQueryInformationByName, which ${profile.title} does not have`);
    }
    const { fileInformationClass, length, buffer, iosb } = args;
    const rule = classRule('by-name', fileInformationClass, profile);
    if (rule === undefined) return NtStatus.STATUS_INVALID_INFO_CLASS;
    if (length < rule.length) return NtStatus.STATUS_INFO_LENGTH_MISMATCH;
    const information = pool.allocate('nonpaged', rule.length + ULONG_BYTES, 'Io  ', 'system');
    const status = await queryByName(context, args, rule.length, information);
    if (ntSuccess(status)) {
      memory.bytes(buffer, rule.length).set(memory.bytes(information, rule.length));
      writeIosb(iosb, status, rule.length);
    }
    pool.free(information);
    return status;
  });

const ULONG_BYTES = 4;

async function queryByName(
  context: ServiceContext,
  { object, fileInformationClass, mode = 'user' }: QueryByNameArguments,
  length: number,
  buffer: number,
): Promise<NtStatus> {
  const { io } = context;
  const request = openRequest(context, { ...queryOnlyOpen, object, iosb: null, mode });
  if (typeof request === 'number') return request;
  const lengthAddress = buffer + length;
  io.kernel.memory.bytes(lengthAddress, 1)[0] = length;
  const query = {
    entry: 'PreQueryOpen',
    buffer,
    length,
    lengthAddress,
    fileInformationClass,
  } as const;
  const { status, fileObject } = await io.openFile({ ...request, query });
  if (fileObject === null) return status;
  const wanted = { entry: null, fileInformationClass, length };
  return queryAndClose(context, fileObject, wanted, buffer);
}
