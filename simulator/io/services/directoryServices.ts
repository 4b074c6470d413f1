// NtNotifyChangeDirectoryFile and NtQueryDirectoryFile.
import {
  AccessAlias,
  IrpFlag,
  IrpMajor,
  IrpMinor,
  NtStatus,
  StackLocation as Sl,
} from '../../../contract/windows/index.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import { classRule } from '../informationClasses.ts';
import { send } from '../serviceTail.ts';
import {
  because,
  handleOf,
  service,
  type AsynchronousArguments,
  type ServiceContext,
} from './serviceContext.ts';

export interface NotifyArguments extends AsynchronousArguments {
  readonly buffer: number;
  readonly length: number;
  readonly completionFilter: number;
  readonly watchTree: boolean;
}

/** FILE_NOTIFY_VALID_MASK. */
const VALID_FILTER = 0xfff;

/** Models: R-NOTIFY-1, 3, 4, 5, 7, 54: the buffer goes down as the raw address of the caller. */
export const ntNotifyChangeDirectoryFile = (
  context: ServiceContext,
  args: NotifyArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtNotifyChangeDirectoryFile', args, async () => {
    if (args.iosb === null) return because(context, NtStatus.STATUS_ACCESS_VIOLATION, 'R-NOTIFY-3');
    const { completionFilter } = args;
    if (completionFilter === 0 || (completionFilter & ~VALID_FILTER) !== 0) {
      return because(context, NtStatus.STATUS_INVALID_PARAMETER, 'R-NOTIFY-4');
    }
    const found = handleOf(context, args.handle, AccessAlias.FILE_LIST_DIRECTORY);
    if (typeof found === 'number') {
      return found === NtStatus.STATUS_ACCESS_DENIED
        ? because(context, found, 'R-NOTIFY-5')
        : found;
    }
    const status = await send(context.io, {
      file: found.file,
      majorFunction: IrpMajor.IRP_MJ_DIRECTORY_CONTROL,
      minorFunction: IrpMinor.IRP_MN_NOTIFY_CHANGE_DIRECTORY,
      flags: args.watchTree ? Sl.SL_WATCH_TREE : 0,
      parameters: { kind: 'notify-directory', length: args.length, completionFilter },
      requestorMode: args.mode ?? 'user',
      buffer: args.buffer,
      length: args.length,
      method: 'neither',
      synchronousApi: false,
      iosb: args.iosb,
      event: args.event,
      ...(args.onDelivered === undefined ? {} : { onDelivered: args.onDelivered }),
    });
    return status === NtStatus.STATUS_PENDING ? because(context, status, 'R-NOTIFY-7') : status;
  });

export interface QueryDirectoryArguments extends AsynchronousArguments {
  readonly buffer: number;
  readonly length: number;
  readonly fileInformationClass: number;
  readonly fileName: string | null;
  readonly returnSingleEntry: boolean;
  readonly restartScan: boolean;
}

export const ntQueryDirectoryFile = (
  context: ServiceContext,
  args: QueryDirectoryArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtQueryDirectoryFile', args, async () => {
    const { fileInformationClass, length } = args;
    const rule = classRule('directory', fileInformationClass, context.io.kernel.profile);
    if (rule === undefined) return NtStatus.STATUS_INVALID_INFO_CLASS;
    if (length < rule.length) return NtStatus.STATUS_INFO_LENGTH_MISMATCH;
    const found = handleOf(context, args.handle, AccessAlias.FILE_LIST_DIRECTORY);
    if (typeof found === 'number') return found;
    return send(context.io, {
      file: found.file,
      majorFunction: IrpMajor.IRP_MJ_DIRECTORY_CONTROL,
      minorFunction: IrpMinor.IRP_MN_QUERY_DIRECTORY,
      flags:
        (args.restartScan ? Sl.SL_RESTART_SCAN : 0) |
        (args.returnSingleEntry ? Sl.SL_RETURN_SINGLE_ENTRY : 0),
      irpFlags: IrpFlag.IRP_DEFER_IO_COMPLETION,
      parameters: {
        kind: 'query-directory',
        length,
        fileName: args.fileName,
        fileInformationClass,
        fileIndex: 0,
      },
      requestorMode: args.mode ?? 'user',
      buffer: args.buffer,
      length,
      method: 'neither',
      synchronousApi: false,
      iosb: args.iosb,
      event: args.event,
      ...(args.onDelivered === undefined ? {} : { onDelivered: args.onDelivered }),
    });
  });
