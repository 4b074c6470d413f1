// FSFilter operations: what the memory and cache managers ask of a file system before they create a
// section, write modified pages or flush. No IRP and no fast I/O: a call down the device stack that
// any driver on it may answer. Models: FsRtlAcquireFileExclusive and its like; R-SECTION-1, 6, 8, 14.
import type { SourcePlace } from '../../contract/finding.ts';
import { FltMajor, ntError, NtStatus, SectionSyncType } from '../../contract/windows/index.ts';
import { enterRegion, leaveRegion } from '../kernel/apcBarriers.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { ofSystem } from '../kernel/thread.ts';
import { topOfStack, type DeviceObject } from './deviceObject.ts';
import type { FileObject } from './fileObject.ts';
import type { IrpParameters } from './irp.ts';

export interface FsFilterRequest {
  /** IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION … IRP_MJ_RELEASE_FOR_CC_FLUSH. */
  readonly majorFunction: number;
  readonly file: FileObject;
  readonly parameters: IrpParameters;
  /** Where the driver stands that saw the request last and let it pass; for findings. */
  readonly passedBy?: SourcePlace | undefined;
}

/** A driver's answer at its own device. It passes the request on with `sendFsFilter` to the lower one. */
export type FsFilterDispatch = (
  device: DeviceObject,
  request: FsFilterRequest,
) => NtStatus | Promise<NtStatus>;

/** From `device` down: the first driver that takes part answers. */
export function sendFsFilter(
  device: DeviceObject | null,
  request: FsFilterRequest,
): NtStatus | Promise<NtStatus> {
  for (let at = device; at !== null; at = at.lower) {
    const dispatch = at.driver.fsFilter;
    if (dispatch !== undefined) return dispatch(at, request);
  }
  return NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
}

const none: IrpParameters = { kind: 'none' };

interface Pair {
  readonly acquire: number;
  readonly release: number;
  readonly acquireRoutine: string;
  readonly releaseRoutine: string;
}

const section: Pair = {
  acquire: FltMajor.IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION,
  release: FltMajor.IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION,
  acquireRoutine: 'nt!FsRtlAcquireFileExclusiveCommon',
  releaseRoutine: 'nt!FsRtlReleaseFile',
};
const pairs = {
  section,
  'mod-write': {
    acquire: FltMajor.IRP_MJ_ACQUIRE_FOR_MOD_WRITE,
    release: FltMajor.IRP_MJ_RELEASE_FOR_MOD_WRITE,
    acquireRoutine: 'nt!FsRtlAcquireFileForModWriteEx',
    releaseRoutine: 'nt!FsRtlReleaseFileForModWrite',
  },
  'cc-flush': {
    acquire: FltMajor.IRP_MJ_ACQUIRE_FOR_CC_FLUSH,
    release: FltMajor.IRP_MJ_RELEASE_FOR_CC_FLUSH,
    acquireRoutine: 'nt!FsRtlAcquireFileForCcFlushEx',
    releaseRoutine: 'nt!FsRtlReleaseFileForCcFlush',
  },
} as const satisfies Readonly<Record<string, Pair>>;

/** NtCreateSection on a file, with the protection that it asks for. */
export const creatingSection = (pageProtection: number): IrpParameters => ({
  kind: 'acquire-section',
  syncType: SectionSyncType.SyncTypeCreateSection,
  pageProtection,
});

/** Everything else that synchronizes with sections; the protection is 0 (R-SECTION-2). */
export const otherwise: IrpParameters = {
  kind: 'acquire-section',
  syncType: SectionSyncType.SyncTypeOther,
  pageProtection: 0,
};

/**
 * Acquires, runs `body`, releases; with an error of the acquire neither of the two follows.
 * The thread is in a critical region from before the acquire until after the release (R-SECTION-14).
 */
export async function synchronized(
  { scheduler, debug }: Kernel,
  file: FileObject,
  kind: keyof typeof pairs,
  parameters: IrpParameters,
  body: () => Promise<NtStatus>,
): Promise<NtStatus> {
  const thread = scheduler.current;
  const pair = pairs[kind];
  const top = topOfStack(file.device);
  const culprit = ofSystem(pair.acquireRoutine);
  enterRegion(thread, 'critical region', culprit);
  let frame = debug?.enter(pair.acquireRoutine, file.address);
  const acquired = await sendFsFilter(top, { majorFunction: pair.acquire, file, parameters });
  debug?.leave(frame);
  let status = acquired;
  if (!ntError(acquired)) {
    status = await body();
    frame = debug?.enter(pair.releaseRoutine, file.address);
    await sendFsFilter(top, { majorFunction: pair.release, file, parameters: none });
    debug?.leave(frame);
  }
  leaveRegion(thread, 'critical region', culprit);
  if (scheduler.apcDeliverable) await scheduler.deliverApcs();
  return status;
}
