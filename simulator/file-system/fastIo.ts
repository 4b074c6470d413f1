// NTFS's FAST_IO_DISPATCH. What a call comes to is what the request would have come to: the routines of
// the IRP path are shown the call as a request of their own, and a call says "no" where NTFS would have
// to wait, extend a file, or look further than its cache.
// Models: FsRtlCopyRead, FsRtlCopyWrite, FsRtlFastLock and NtfsNetworkOpenCreate, as far as their
// callers can see.
import { FileInformationClass, FileObjectFlag, NtStatus } from '../../contract/windows/index.ts';
import { topOfStack, type DeviceObject } from '../io/deviceObject.ts';
import {
  callFastIo,
  fastIoEntries,
  type FastIoCall,
  type FastIoDispatch,
  type FastIoEntry,
  type FastIoRoutine,
} from '../io/fastIo.ts';
import { IrpRecord } from '../io/irpRecord.ts';
import type { IrpParameters } from '../io/irp.ts';
import { lockControl } from './locks/lockControl.ts';
import { mdlComplete, mdlRead, mdlWriteComplete, prepareMdlWrite } from './mdlTransfer.ts';
import { openOf, type Open } from './open.ts';
import { pending, succeeded, type Outcome } from './outcome.ts';
import { queryInformation } from './queryInformation/queryInformation.ts';
import { openAndQuery } from './queryOpen.ts';
import { read, write } from './readWrite.ts';
import { roundUpToCluster } from './stream.ts';
import type { FileSystemVolume } from './volume.ts';

/** What the routine answers; null for "no". */
type Routine = (
  volume: FileSystemVolume,
  call: FastIoCall,
  device: DeviceObject,
) => Outcome | null | Promise<Outcome | null>;

type Transfer = Extract<IrpParameters, { kind: 'read' | 'write' }>;

/** FILE_WRITE_TO_END_OF_FILE, as a 64-bit offset. */
const END_OF_FILE = -1;

const query =
  (fileInformationClass: number): Routine =>
  (volume, call) =>
    queryInformation(volume, requestOf(volume, call, fileInformationClass));

const routines: Readonly<Partial<Record<FastIoEntry, readonly [name: string, Routine]>>> = {
  FastIoCheckIfPossible: ['NtfsFastIoCheckIfPossible', checkIfPossible],
  FastIoRead: ['NtfsCopyReadA', copyRead],
  FastIoWrite: ['NtfsCopyWriteA', copyWrite],
  FastIoQueryBasicInfo: [
    'NtfsFastQueryBasicInfo',
    query(FileInformationClass.FileBasicInformation),
  ],
  FastIoQueryStandardInfo: [
    'NtfsFastQueryStdInfo',
    query(FileInformationClass.FileStandardInformation),
  ],
  FastIoLock: ['NtfsFastLock', fastLock],
  FastIoUnlockSingle: ['NtfsFastUnlockSingle', fastLock],
  FastIoUnlockAll: ['NtfsFastUnlockAll', fastLock],
  FastIoUnlockAllByKey: ['NtfsFastUnlockAllByKey', fastLock],
  FastIoQueryNetworkOpenInfo: [
    'NtfsFastQueryNetworkOpenInfo',
    query(FileInformationClass.FileNetworkOpenInformation),
  ],
  MdlRead: ['NtfsMdlReadA', mdlRead],
  MdlReadComplete: ['FsRtlMdlReadCompleteDev', mdlComplete],
  PrepareMdlWrite: ['NtfsPrepareMdlWriteA', prepareMdlWrite],
  MdlWriteComplete: ['FsRtlMdlWriteCompleteDev', mdlWriteComplete],
  FastIoQueryOpen: ['NtfsNetworkOpenCreate', byName],
  PreQueryOpen: ['NtfsQueryOpen', byName],
};

/** NTFS takes no device control by this way: there is no FastIoDeviceControl. */
export function fastIoDispatch(
  volumeOf: (device: DeviceObject) => FileSystemVolume,
): FastIoDispatch {
  const entries: Partial<Record<FastIoEntry, FastIoRoutine>> = {};
  for (const [entry, [, routine]] of Object.entries(routines)) {
    entries[entry as FastIoEntry] = (device, call) => {
      const volume = volumeOf(device);
      return answer(call, volume.dismounted ? null : routine(volume, call, device));
    };
  }
  return { nameOf: (entry) => `Ntfs!${routines[entry]?.[0] ?? entry}`, entries };
}

function answer(call: FastIoCall, outcome: ReturnType<Routine>): boolean | Promise<boolean> {
  if (outcome instanceof Promise) return answerLater(call, outcome);
  if (outcome === null) return false;
  call.iosb.status = outcome.status;
  call.iosb.information = outcome.information;
  return true;
}

const answerLater = async (call: FastIoCall, outcome: Promise<Outcome | null>): Promise<boolean> =>
  answer(call, await outcome);

/** The call as the routines of the IRP path read it: at its one stack location, never sent. */
function requestOf(
  volume: FileSystemVolume,
  { entry, fileObject, operation, buffer, requestorMode }: FastIoCall,
  fileInformationClass: number,
): IrpRecord {
  const isQuery = operation.kind === 'query-information';
  const irp = new IrpRecord(0, 1, volume.kernel.scheduler.current, {
    ...fastIoEntries[entry],
    parameters: isQuery ? { ...operation, fileInformationClass } : operation,
    fileObject,
    requestorMode,
    ...(isQuery ? { systemBuffer: buffer } : { userBuffer: buffer }),
  });
  irp.currentLocation = 1;
  return irp;
}

/** `call.buffer`: the structure of the class, which is FILE_NETWORK_OPEN_INFORMATION for fast I/O. */
function byName(volume: FileSystemVolume, call: FastIoCall): Promise<Outcome | null> {
  const { operation } = call;
  const { length, fileInformationClass } =
    operation.kind === 'query-open' ? operation : networkOpen;
  const asked = { kind: 'query-information', length, fileInformationClass } as const;
  const query = { ...call, operation: asked };
  return openAndQuery(volume, call, () =>
    queryInformation(volume, requestOf(volume, query, fileInformationClass)),
  );
}

const networkOpen = {
  fileInformationClass: FileInformationClass.FileNetworkOpenInformation,
  length: 56,
} as const;

/** Byte-range locks make fast I/O questionable, never impossible: NTFS asks from the top of the stack. */
function isPossible(
  volume: FileSystemVolume,
  call: FastIoCall,
  { byteOffset, length, key }: Transfer,
  checkForRead: boolean,
): boolean | Promise<boolean> {
  if (openOf(call.fileObject).stream.locks.isEmpty) return true;
  const operation = {
    kind: 'fast-io-check-if-possible',
    byteOffset,
    length,
    key,
    checkForRead,
  } as const;
  const iosb = { status: NtStatus.STATUS_SUCCESS, information: 0 };
  const check = { ...call, entry: 'FastIoCheckIfPossible', operation, buffer: 0, iosb } as const;
  return callFastIo(volume.kernel, topOfStack(volume.fileSystemDevice), check);
}

/** Models: NtfsFastIoCheckIfPossible: the locks, as FsRtlFastCheckLockForRead and …ForWrite see them. */
function checkIfPossible(volume: FileSystemVolume, { fileObject, operation }: FastIoCall) {
  if (operation.kind !== 'fast-io-check-if-possible') return null;
  const { byteOffset, length, key, checkForRead } = operation;
  const { locks } = openOf(fileObject).stream;
  const owner = { fileObject, process: volume.kernel.scheduler.current.process, key };
  const range = { offset: BigInt(byteOffset), length: BigInt(length) };
  const free = checkForRead ? locks.mayRead(range, owner) : locks.mayWrite(range, owner);
  return free ? succeeded() : null;
}

/** Where oplocks are held a request may have to wait. Models: FsRtlOplockIsFastIoPossible. */
const isCached = ({ cleanedUp, fileObject, stream }: Open): boolean =>
  !cleanedUp && Boolean(fileObject.privateCacheMap) && stream.oplock.isEmpty;

async function copyRead(volume: FileSystemVolume, call: FastIoCall): Promise<Outcome | null> {
  const { operation, fileObject } = call;
  if (operation.kind !== 'read' || !isCached(openOf(fileObject))) return null;
  if (!(await isPossible(volume, call, operation, true))) return null;
  return read(volume, requestOf(volume, call, 0), volume.consequences());
}

/** A write that needs more clusters is a request: only what is allocated is written here. */
async function copyWrite(volume: FileSystemVolume, call: FastIoCall): Promise<Outcome | null> {
  const { operation, fileObject } = call;
  const open = openOf(fileObject);
  if (operation.kind !== 'write' || !isCached(open) || writesThrough(open)) return null;
  const { stream } = open;
  const offset = operation.byteOffset === END_OF_FILE ? stream.size : operation.byteOffset;
  const allocated = Math.max(stream.allocation, roundUpToCluster(stream.size));
  if (offset + operation.length > allocated) return null;
  if (!(await isPossible(volume, call, operation, false))) return null;
  return write(volume, requestOf(volume, call, 0), volume.consequences());
}

const writesThrough = ({ fileObject }: Open): boolean =>
  (fileObject.flags & FileObjectFlag.FO_WRITE_THROUGH) !== 0;

/** A lock that has to wait needs a request to wait in. */
async function fastLock(volume: FileSystemVolume, call: FastIoCall): Promise<Outcome | null> {
  const { operation, entry } = call;
  const { fileObject } = call;
  if (operation.kind !== 'lock' || openOf(fileObject).cleanedUp) return null;
  if (!openOf(fileObject).stream.oplock.isEmpty) return null;
  const waits = entry === 'FastIoLock' && !operation.failImmediately;
  const parameters = waits ? { ...operation, failImmediately: true } : operation;
  const request = requestOf(volume, { ...call, operation: parameters }, 0);
  const consequences = volume.consequences();
  const outcome = lockControl(volume, request, consequences);
  await consequences.happen();
  if (outcome === pending) return null;
  return waits && outcome.status === NtStatus.STATUS_LOCK_NOT_GRANTED ? null : outcome;
}
