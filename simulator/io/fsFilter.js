import { FltMajor, ntError, NtStatus, SectionSyncType } from '../../contract/windows/index.ts';
import { enterRegion, leaveRegion } from '../kernel/apcBarriers.ts';
import { ofSystem } from '../kernel/thread.ts';
import { topOfStack } from './deviceObject.ts';
/** From `device` down: the first driver that takes part answers. */
export function sendFsFilter(device, request) {
    for (let at = device; at !== null; at = at.lower) {
        const dispatch = at.driver.fsFilter;
        if (dispatch !== undefined)
            return dispatch(at, request);
    }
    return NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
}
const none = { kind: 'none' };
const section = {
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
};
/** NtCreateSection on a file, with the protection that it asks for. */
export const creatingSection = (pageProtection) => ({
    kind: 'acquire-section',
    syncType: SectionSyncType.SyncTypeCreateSection,
    pageProtection,
});
/** Everything else that synchronizes with sections; the protection is 0 (R-SECTION-2). */
export const otherwise = {
    kind: 'acquire-section',
    syncType: SectionSyncType.SyncTypeOther,
    pageProtection: 0,
};
/**
 * Acquires, runs `body`, releases; with an error of the acquire neither of the two follows.
 * The thread is in a critical region from before the acquire until after the release (R-SECTION-14).
 */
export async function synchronized({ scheduler, debug }, file, kind, parameters, body) {
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
    if (scheduler.apcDeliverable)
        await scheduler.deliverApcs();
    return status;
}
