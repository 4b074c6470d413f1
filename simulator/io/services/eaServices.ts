// NtQueryEaFile and NtSetEaFile.
import {
  AccessMask,
  IrpMajor,
  NtStatus,
  StackLocation as Sl,
} from '../../../contract/windows/index.ts';
import { decodeEaNames, decodeFullEas } from '../../../contract/extendedAttributes.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import { send } from '../serviceTail.ts';
import { handleOf, service, type ServiceArguments, type ServiceContext } from './serviceContext.ts';

export interface QueryEaArguments extends ServiceArguments {
  readonly buffer: number;
  readonly length: number;
  readonly returnSingleEntry: boolean;
  readonly restartScan: boolean;
  /** FILE_GET_EA_INFORMATION; empty for none. */
  readonly eaList: Uint8Array;
  /** Null where the caller gave no EaIndex. */
  readonly eaIndex: number | null;
}

/** The list of names is checked before any driver sees it. Models: DDI ZwQueryEaFile. */
export const ntQueryEaFile = (
  context: ServiceContext,
  args: QueryEaArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtQueryEaFile', args, async () => {
    const { eaList, eaIndex } = args;
    if (eaList.length > 0 && 'badOffset' in decodeEaNames(eaList)) {
      return NtStatus.STATUS_EA_LIST_INCONSISTENT;
    }
    const found = handleOf(context, args.handle, AccessMask.FILE_READ_EA);
    if (typeof found === 'number') return found;
    return send(context.io, {
      file: found.file,
      majorFunction: IrpMajor.IRP_MJ_QUERY_EA,
      flags:
        (args.restartScan ? Sl.SL_RESTART_SCAN : 0) |
        (args.returnSingleEntry ? Sl.SL_RETURN_SINGLE_ENTRY : 0) |
        (eaIndex === null ? 0 : Sl.SL_INDEX_SPECIFIED),
      parameters: { kind: 'query-ea', length: args.length, eaList, eaIndex: eaIndex ?? 0 },
      requestorMode: args.mode ?? 'user',
      buffer: args.buffer,
      length: args.length,
      method: 'read',
      synchronousApi: true,
      iosb: args.iosb,
      event: null,
    });
  });

export interface SetEaArguments extends ServiceArguments {
  readonly buffer: number;
  readonly length: number;
}

export const ntSetEaFile = (context: ServiceContext, args: SetEaArguments): MaybeLater<NtStatus> =>
  service(context, 'NtSetEaFile', args, async () => {
    const bytes = context.io.kernel.memory.bytes(args.buffer, args.length);
    if ('badOffset' in decodeFullEas(bytes)) return NtStatus.STATUS_EA_LIST_INCONSISTENT;
    const found = handleOf(context, args.handle, AccessMask.FILE_WRITE_EA);
    if (typeof found === 'number') return found;
    return send(context.io, {
      file: found.file,
      majorFunction: IrpMajor.IRP_MJ_SET_EA,
      parameters: { kind: 'set-ea', length: args.length },
      requestorMode: args.mode ?? 'user',
      buffer: args.buffer,
      length: args.length,
      method: 'write',
      synchronousApi: true,
      iosb: args.iosb,
      event: null,
    });
  });
