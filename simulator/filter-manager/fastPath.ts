// Fast I/O at a frame's device: the same callbacks without an IRP, all in the caller's thread.
// Models: R-FLT-20, R-FLT-32, R-FLT-33; R-REDIRECT-40.
// Differs: FastIoQueryBasicInfo and FastIoQueryStandardInfo are not offered, so that those queries
// always arrive as IRPs.
import { IrpMajor, NtStatus } from '../../contract/windows/index.ts';
import type { DeviceObject } from '../io/deviceObject.ts';
import type { FastIoDispatch, FastTransfer } from '../io/fastIo.ts';
import type { IoStatusBlock } from '../io/irp.ts';
import type { IoParameterBlock } from './callbackData.ts';
import type { FltVolume } from './filter.ts';
import { beginOperation, endOperation, wantedBy, type Context } from './operation.ts';
import { ascend } from './postOperation.ts';
import { descend } from './preOperation.ts';

/** The entry points that every frame's device has. */
export function fastIoDispatch(
  context: Context,
  volumeOf: (device: DeviceObject) => FltVolume,
): FastIoDispatch {
  const transfer =
    (kind: 'read' | 'write', majorFunction: number): FastTransfer =>
    (device, targetFileObject, byteOffset, length, buffer, iosb) => {
      const iopb: IoParameterBlock = {
        irpFlags: 0,
        majorFunction,
        minorFunction: 0,
        operationFlags: 0,
        targetFileObject,
        targetInstance: null,
        parameters: { operation: { kind, length, key: 0, byteOffset }, buffer, mdl: null },
      };
      return pass(context, volumeOf(device), iopb, iosb);
    };
  return {
    read: transfer('read', IrpMajor.IRP_MJ_READ),
    write: transfer('write', IrpMajor.IRP_MJ_WRITE),
  };
}

/** False tells the I/O manager to build an IRP (R-FLT-33). */
function pass(
  context: Context,
  volume: FltVolume,
  iopb: IoParameterBlock,
  iosb: IoStatusBlock,
): boolean | Promise<boolean> {
  const below = volume.device.lower;
  if (below === null) return false;
  if (!volume.instances.some((one) => wantedBy(one, iopb, 'fast-io') !== undefined)) {
    return sendBelow(below, iopb, iosb);
  }
  return passFiltered(context, volume, iopb, iosb);
}

async function passFiltered(
  context: Context,
  volume: FltVolume,
  iopb: IoParameterBlock,
  iosb: IoStatusBlock,
): Promise<boolean> {
  const operation = beginOperation(context, volume, { iopb });
  const { data } = operation;
  const descent = await descend(context, operation);
  let taken = descent === 'completed';
  if (descent === 'passed') {
    const below = operation.goesTo.device.lower;
    taken = below !== null && (await sendBelow(below, data.iopb, iosb));
    data.ioStatus.status = taken ? iosb.status : NtStatus.STATUS_FLT_DISALLOW_FAST_IO;
    data.ioStatus.information = taken ? iosb.information : 0;
  }
  await ascend(context, operation);
  endOperation(context, operation);
  iosb.status = data.ioStatus.status;
  iosb.information = data.ioStatus.information;
  return taken;
}

function sendBelow(
  below: DeviceObject,
  { parameters, targetFileObject }: IoParameterBlock,
  iosb: IoStatusBlock,
): boolean | Promise<boolean> {
  const { operation, buffer } = parameters;
  if (operation.kind !== 'read' && operation.kind !== 'write') return false;
  const entry = below.driver.fastIo?.[operation.kind];
  if (entry === undefined || targetFileObject === null) return false;
  return entry(below, targetFileObject, operation.byteOffset, operation.length, buffer, iosb);
}
