// NtFsControlFile.
import {
  fsControlName,
  IrpMajor,
  IrpMinor,
  type NtStatus,
} from '../../../contract/windows/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import { send } from '../serviceTail.ts';
import {
  handleOf,
  service,
  type AsynchronousArguments,
  type ServiceContext,
} from './serviceContext.ts';

export interface FsControlArguments extends AsynchronousArguments {
  readonly code: number;
  readonly inputBuffer: number;
  readonly inputLength: number;
  readonly outputBuffer: number;
  readonly outputLength: number;
}

const METHOD_MASK = 3;

/** METHOD_BUFFERED: one system buffer for both directions. */
export const ntFsControlFile = (
  context: ServiceContext,
  args: FsControlArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtFsControlFile', args, async () => {
    const { code, inputLength, outputLength } = args;
    const found = handleOf(context, args.handle, 0);
    if (typeof found === 'number') return found;
    if ((code & METHOD_MASK) !== 0) {
      throw new NotModelledSignal(`file-system control ${fsControlName(code)}`);
    }
    return send(context.io, {
      file: found.file,
      majorFunction: IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL,
      minorFunction: IrpMinor.IRP_MN_USER_FS_REQUEST,
      parameters: {
        kind: 'fs-control',
        outputBufferLength: outputLength,
        inputBufferLength: inputLength,
        fsControlCode: code,
      },
      requestorMode: args.mode ?? 'user',
      buffer: args.inputBuffer,
      length: inputLength,
      output: { buffer: args.outputBuffer, length: outputLength },
      method: 'buffered-both',
      synchronousApi: false,
      iosb: args.iosb,
      event: args.event,
      ...(args.onDelivered === undefined ? {} : { onDelivered: args.onDelivered }),
    });
  });
