// The dispatch table of the file system's driver object. Each routine does its work without waiting,
// then lets the consequences happen, then completes its request.
import {
  FileObjectFlag,
  IrpMajor,
  IrpMinor,
  NtStatus,
  irpMajorName,
} from '../../contract/windows/index.ts';
import type { DeviceObject, Dispatch } from '../io/deviceObject.ts';
import type { FileObject } from '../io/fileObject.ts';
import { currentStackLocation, type Irp } from '../io/irp.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { andThen, type MaybeLater } from '../kernel/later.ts';
import { cleanup, close } from './cleanup.ts';
import type { Consequences } from './consequences.ts';
import { create } from './create/create.ts';
import { notifyChangeDirectory, queryDirectory } from './directory.ts';
import { queryEa, setEa } from './extendedAttributes/eaControl.ts';
import { fileSystemControl } from './fsControl/fsControl.ts';
import { lockControl } from './locks/lockControl.ts';
import { reportForeign, sectionsOf, synchronizeWithMapping, type Around } from './mappings.ts';
import { isOurs } from './open.ts';
import type { Oplock } from './oplocks/oplock.ts';
import { failed, pending, succeeded, type Outcome } from './outcome.ts';
import { queryInformation } from './queryInformation/queryInformation.ts';
import { flush, read, write } from './readWrite.ts';
import { querySecurity, setSecurity } from './securityInformation.ts';
import { setInformation } from './setInformation/setInformation.ts';
import type { FileSystemVolume } from './volume.ts';

type Operation = (volume: FileSystemVolume, irp: Irp, consequences: Consequences) => Outcome;

const operations: readonly (readonly [number, Operation])[] = [
  [IrpMajor.IRP_MJ_CREATE, create],
  [
    IrpMajor.IRP_MJ_CLEANUP,
    (volume, irp, consequences) => {
      const { fileObject } = currentStackLocation(irp);
      if (fileObject !== null) cleanup(volume, fileObject, consequences);
      return succeeded();
    },
  ],
  [
    IrpMajor.IRP_MJ_CLOSE,
    (volume, irp) => {
      const { fileObject } = currentStackLocation(irp);
      if (fileObject !== null) close(volume, fileObject);
      return succeeded();
    },
  ],
  [IrpMajor.IRP_MJ_READ, read],
  [IrpMajor.IRP_MJ_WRITE, write],
  [IrpMajor.IRP_MJ_FLUSH_BUFFERS, flush],
  [IrpMajor.IRP_MJ_LOCK_CONTROL, lockControl],
  [IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL, fileSystemControl],
  [IrpMajor.IRP_MJ_QUERY_EA, queryEa],
  [IrpMajor.IRP_MJ_SET_EA, setEa],
  [IrpMajor.IRP_MJ_QUERY_INFORMATION, queryInformation],
  [IrpMajor.IRP_MJ_SET_INFORMATION, setInformation],
  [IrpMajor.IRP_MJ_QUERY_SECURITY, querySecurity],
  [IrpMajor.IRP_MJ_SET_SECURITY, setSecurity],
];

/** What Windows does and the model does not: refused by name, never answered with a guess. */
const refused: readonly (readonly [number, (irp: Irp) => string])[] = [
  [IrpMajor.IRP_MJ_QUERY_VOLUME_INFORMATION, () => 'query of volume information'],
  [IrpMajor.IRP_MJ_SET_VOLUME_INFORMATION, () => 'setting of volume information'],
  [IrpMajor.IRP_MJ_QUERY_QUOTA, () => 'quotas'],
  [IrpMajor.IRP_MJ_SET_QUOTA, () => 'quotas'],
  [IrpMajor.IRP_MJ_DEVICE_CONTROL, () => irpMajorName(IrpMajor.IRP_MJ_DEVICE_CONTROL)],
];

/** `volumeOf` finds the volume that a device was made for. */
export function dispatchTable(
  volumeOf: (device: DeviceObject) => FileSystemVolume,
): ReadonlyMap<number, Dispatch> {
  const table = new Map<number, Dispatch>();
  for (const [major, operation] of operations) {
    table.set(major, (device, irp) => carryOut(volumeOf(device), irp, operation));
  }
  for (const [major, name] of refused) {
    table.set(major, (_device, irp) => {
      throw new NotModelledSignal(name(irp));
    });
  }
  table.set(IrpMajor.IRP_MJ_DIRECTORY_CONTROL, (device, irp) =>
    directoryControl(volumeOf(device), irp),
  );
  return table;
}

function carryOut(volume: FileSystemVolume, irp: Irp, operation: Operation): MaybeLater<NtStatus> {
  const { fileObject } = currentStackLocation(irp);
  if (volume.dismounted || isVolumeItself(fileObject)) {
    const answer = besideFiles(volume, irp);
    if (answer !== null) return complete(volume, irp, answer);
  }
  if (!isOurs(fileObject)) return refuseForeign(volume, irp);
  const mapped = sectionsOf(fileObject);
  const around = mapped === null ? undefined : synchronizeWithMapping(volume, irp, mapped);
  if (around === undefined) return perform(volume, irp, operation);
  return performAround(volume, irp, operation, around);
}

const isVolumeItself = (file: FileObject | null): boolean =>
  file !== null && (file.flags & FileObjectFlag.FO_VOLUME_OPEN) !== 0;

const endsHandle: ReadonlySet<number> = new Set([IrpMajor.IRP_MJ_CLEANUP, IrpMajor.IRP_MJ_CLOSE]);
const ofVolumes: ReadonlySet<number> = new Set([
  ...endsHandle,
  IrpMajor.IRP_MJ_CREATE,
  IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL,
]);

/**
 * What becomes of a request once the volume is dismounted, and of one on the volume itself; null where
 * it goes its usual way. Differs: instances of filters stay attached.
 */
function besideFiles({ dismounted }: FileSystemVolume, irp: Irp): Outcome | null {
  const { majorFunction } = currentStackLocation(irp);
  if (dismounted && !endsHandle.has(majorFunction)) {
    if (majorFunction !== IrpMajor.IRP_MJ_CREATE) return failed(NtStatus.STATUS_VOLUME_DISMOUNTED);
    throw new NotModelledSignal('a volume that is mounted again after its dismount');
  }
  if (dismounted || ofVolumes.has(majorFunction)) return null;
  throw new NotModelledSignal(`${irpMajorName(majorFunction)} on the volume itself`);
}

async function performAround(
  volume: FileSystemVolume,
  irp: Irp,
  operation: Operation,
  around: Around,
): Promise<NtStatus> {
  let status: NtStatus = NtStatus.STATUS_SUCCESS;
  await around(async () => {
    status = await perform(volume, irp, operation);
  });
  return status;
}

function perform(volume: FileSystemVolume, irp: Irp, operation: Operation): MaybeLater<NtStatus> {
  const consequences = volume.consequences();
  const outcome = operation(volume, irp, consequences);
  if (outcome.waitsFor !== undefined) {
    if (irp.cancel) return complete(volume, irp, failed(NtStatus.STATUS_CANCELLED));
    holdBack(volume, irp, outcome.waitsFor);
  }
  return andThen(consequences.happen(), () =>
    outcome.waitsFor !== undefined || outcome === pending
      ? NtStatus.STATUS_PENDING
      : complete(volume, irp, outcome),
  );
}

/** Grade I: what NTFS makes of an FsContext that is not its own nobody documents. */
function refuseForeign(volume: FileSystemVolume, irp: Irp): MaybeLater<NtStatus> {
  const { fileObject, majorFunction } = currentStackLocation(irp);
  reportForeign(volume.kernel, fileObject, irpMajorName(majorFunction));
  return complete(volume, irp, failed(NtStatus.STATUS_INVALID_PARAMETER));
}

/**
 * The request waits for the end of a break, is carried out anew then, and can be cancelled meanwhile.
 * Models: FsRtlCheckOplock with a completion routine, and the pre-post routine that locks the buffer.
 */
function holdBack({ io }: FileSystemVolume, irp: Irp, oplock: Oplock): void {
  const { parameters } = currentStackLocation(irp);
  if (parameters.kind === 'read' || parameters.kind === 'write') {
    io.lockUserBuffer(irp, parameters.length);
  }
  io.markPending(irp);
  oplock.wait(irp);
  io.setCancelRoutine(irp, async (cancelled) => {
    oplock.forget(cancelled);
    cancelled.ioStatus.status = NtStatus.STATUS_CANCELLED;
    cancelled.ioStatus.information = 0;
    await io.completeRequest(cancelled);
  });
}

/** A notification that has been taken in belongs to the notify list from then on (R-NOTIFY-8). */
async function directoryControl(volume: FileSystemVolume, irp: Irp): Promise<NtStatus> {
  const { minorFunction, fileObject } = currentStackLocation(irp);
  if (volume.dismounted || isVolumeItself(fileObject)) {
    const answer = besideFiles(volume, irp);
    if (answer !== null) return complete(volume, irp, answer);
  }
  if (minorFunction === IrpMinor.IRP_MN_QUERY_DIRECTORY) {
    return complete(volume, irp, queryDirectory(volume, irp));
  }
  const isNotify =
    minorFunction === IrpMinor.IRP_MN_NOTIFY_CHANGE_DIRECTORY ||
    minorFunction === IrpMinor.IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX;
  if (!isNotify) return complete(volume, irp, failed(NtStatus.STATUS_INVALID_DEVICE_REQUEST));
  const result = notifyChangeDirectory(volume, irp);
  return 'status' in result ? complete(volume, irp, result) : result;
}

function complete(volume: FileSystemVolume, irp: Irp, outcome: Outcome): MaybeLater<NtStatus> {
  irp.ioStatus.status = outcome.status;
  irp.ioStatus.information = outcome.information;
  return andThen(volume.io.completeRequest(irp), () => outcome.status);
}
