// Routines of Windows that the model can be in, so that a breakpoint can be set before the first call.
const names = {
    nt: 'KeBugCheckEx KiThreadStartup PspSystemThreadStartup ExpWorkerThread KiFastCallEntry KiDeliverApc KiSwapContext ' +
        'KiSwapThread KiCommitThreadWait KeWaitForSingleObject ExpWaitForResource IofCallDriver ' +
        'IopfCompleteRequest IopCompleteRequest IopAbortRequest IopSynchronousServiceTail IopCreateFile ' +
        'IopParseDevice ObOpenObjectByName ObpLookupObjectName IopCloseFile IopDeleteFile IopLoadDriver ' +
        'FsRtlNotifyCompleteIrp NtCreateFile NtClose NtReadFile NtWriteFile NtNotifyChangeDirectoryFile ' +
        'NtQueryDirectoryFile NtQueryInformationFile NtSetInformationFile NtFsControlFile ' +
        'NtQueryAttributesFile NtQueryFullAttributesFile',
    fltmgr: 'FltpCreate FltpDispatch FltpFsControl FltpPassThrough FltpPassThroughFastIo FltpPerformFastIoCall ' +
        'FltpPerformPreCallbacks FltpPerformPostCallbacks FltpPassThroughCompletion ' +
        'FltpProcessIoCompletion FltpFastIoQueryOpen',
    Ntfs: 'NtfsFsdCreate NtfsFsdClose NtfsFsdRead NtfsFsdWrite NtfsFsdCleanup NtfsFsdSetInformation ' +
        'NtfsFsdDirectoryControl NtfsFsdFileSystemControl NtfsFsdFlushBuffers NtfsFsdLockControl ' +
        'NtfsFsdDispatchWait NtfsNetworkOpenCreate',
};
export const modelRoutines = Object.entries(names).flatMap(([module, list]) => list.split(' ').map((name) => `${module}!${name}`));
