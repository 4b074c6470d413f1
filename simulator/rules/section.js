// Section synchronization and mapped I/O.
import { all } from './rule.ts';
export const sectionRules = {
    family: 'SECTION',
    title: 'Section synchronization and mapped I/O',
    groups: [
        {
            title: 'The two operations',
            rules: [
                {
                    id: 'R-SECTION-1',
                    title: 'Neither an IRP nor fast I/O',
                    text: 'IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION (0xFF) and ' +
                        'IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION (0xFE) are FSFilter callbacks: ' +
                        'Data->Flags has FLTFL_CALLBACK_DATA_FS_FILTER_OPERATION (4).',
                    versions: all,
                    sources: [
                        'Windows driver docs: ifs/flt-parameters-for-irp-mj-acquire-for-section-synchronization',
                        'fltKernel.h',
                    ],
                    grades: ['D'],
                },
                {
                    id: 'R-SECTION-2',
                    title: 'Parameters of acquire and release',
                    text: 'Acquire carries SyncType (0 SyncTypeOther, 1 SyncTypeCreateSection) and ' +
                        'PageProtection, which is 0 for SyncTypeOther. Windows 10 added ' +
                        'OutputInformation, later also Flags and AllocationAttributes. Release has no ' +
                        'parameters.',
                    versions: { text: 'XP to 11, OutputInformation on 10 and later' },
                    sources: [
                        'Windows driver docs: ifs/flt-parameters-for-irp-mj-acquire-for-section-synchronization',
                        'Windows driver docs: ifs/fs-filter-acquire-for-section-synchronization2',
                    ],
                    grades: ['D'],
                },
                {
                    id: 'R-SECTION-3',
                    title: 'What a file system answers',
                    text: 'To SyncTypeOther a file system answers STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY ' +
                        '0x126. To SyncTypeCreateSection it answers STATUS_FILE_LOCKED_WITH_ONLY_READERS ' +
                        '0x12A while nobody has the file open for writing (no Writers in the share ' +
                        'access), else STATUS_FILE_LOCKED_WITH_WRITERS 0x12B. All three are success ' +
                        'codes.',
                    versions: all,
                    sources: [
                        'WDK samples: filesys/fastfat/resrcsup.c, FatFilterCallbackAcquireForCreateSection',
                    ],
                    grades: ['C'],
                },
                {
                    id: 'R-SECTION-4',
                    title: 'A read-only file system',
                    text: 'CDFS answers every SyncTypeCreateSection with 0x12A.',
                    versions: all,
                    sources: ['WDK samples: filesys/cdfs/resrcsup.c'],
                    grades: ['C'],
                },
                {
                    id: 'R-SECTION-5',
                    title: 'The resource behind it',
                    text: 'FastFat takes the main resource of the FCB exclusively in acquire. For a file ' +
                        'system without a release callback, FsRtl releases it by default.',
                    versions: all,
                    sources: [
                        'WDK samples: filesys/fastfat/resrcsup.c',
                        'DDI: FsRtlRegisterFileSystemFilterCallbacks',
                    ],
                    grades: ['D', 'C'],
                },
                {
                    id: 'R-SECTION-6',
                    title: 'What triggers them',
                    text: 'NtCreateSection on a file acquires with SyncTypeCreateSection and the ' +
                        'protection, and releases afterwards. Flush, purge, truncation, making a data ' +
                        'section coherent, lazy changes of the file size and re-checks of the loader ' +
                        'acquire with SyncTypeOther and release.',
                    versions: all,
                    sources: [
                        'Windows driver docs: ifs/fs-filter-acquire-for-section-synchronization2',
                        'public ProcMon logs',
                    ],
                    grades: ['D', '2'],
                },
                {
                    id: 'R-SECTION-7',
                    title: 'Which acquire may fail',
                    text: 'SyncTypeOther cannot be failed. SyncTypeCreateSection can; the documented status ' +
                        'is STATUS_INSUFFICIENT_RESOURCES 0xC000009A. An older wording says that any ' +
                        'status of the pre-callback that is no success fails the operation.',
                    versions: all,
                    sources: [
                        'Windows driver docs: ifs/flt-parameters-for-irp-mj-acquire-for-section-synchronization',
                        'Windows driver docs: ifs/fs-filter-acquire-for-section-synchronization2',
                    ],
                    grades: ['D'],
                },
                {
                    id: 'R-SECTION-8',
                    title: 'Legacy callbacks',
                    text: 'A legacy FS_FILTER pre-callback that returns STATUS_SUCCESS lets the operation ' +
                        'go on down. STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY, 0x12A and 0x12B say that ' +
                        'it is done and nothing lower is called; an error fails it, except for ' +
                        'SyncTypeOther. Post-callbacks return nothing, and the status of a release ' +
                        'pre-callback is ignored.',
                    versions: all,
                    sources: ['DDI: FsRtlRegisterFileSystemFilterCallbacks'],
                    grades: ['D'],
                },
                {
                    id: 'R-SECTION-9',
                    title: 'A minifilter that completes them',
                    text: 'A minifilter completes acquire with FLT_PREOP_COMPLETE and one of 0x126, 0x12A, ' +
                        '0x12B or, for SyncTypeCreateSection, an error. Nothing below is called then, so ' +
                        'the filter has to exclude others itself, and has to complete the release that ' +
                        'belongs to it as well.',
                    versions: { text: 'not stated by the source' },
                    sources: ['"Section sync in a mini-filter" (forum thread)'],
                    grades: ['S', 'I'],
                },
                {
                    id: 'R-SECTION-10',
                    title: 'Returns that are not allowed',
                    text: 'FLT_PREOP_PENDING, FLT_PREOP_SYNCHRONIZE and FLT_PREOP_DISALLOW_FASTIO are wrong ' +
                        'here, where there is neither an IRP nor fast I/O. FLT_PREOP_SYNCHRONIZE then ' +
                        'acts as FLT_PREOP_SUCCESS_WITH_CALLBACK.',
                    versions: all,
                    sources: [
                        'Windows driver docs: ifs/flt-parameters-for-irp-mj-acquire-for-section-synchronization',
                    ],
                    grades: ['D'],
                },
            ],
        },
        {
            title: 'What is seen above',
            rules: [
                {
                    id: 'R-SECTION-11',
                    title: 'Statuses by version',
                    text: 'On XP a filter above sees success for both kinds in its post-operation. Later ' +
                        'versions show STATUS_FILE_LOCKED_WITH_ONLY_READERS or ' +
                        'STATUS_FILE_LOCKED_WITH_WRITERS for SyncTypeCreateSection and success for ' +
                        'SyncTypeOther. Which version changed it is unsure.',
                    versions: { text: 'XP differs from later versions; where it changed is unsure' },
                    sources: ['public ProcMon logs of XP and of 7 to 10'],
                    grades: ['2', 'U'],
                },
                {
                    id: 'R-SECTION-12',
                    title: '0x126 is visible above',
                    text: 'When a minifilter completed with 0x126 or 0x12A, the monitor above showed 0x126 ' +
                        'as it was. The author took it for an error at first and ended with no known ' +
                        'problem: the memory manager accepts it.',
                    versions: { text: 'about 7' },
                    sources: ['"Section sync in a mini-filter" (forum thread)'],
                    grades: ['S'],
                },
                {
                    id: 'R-SECTION-13',
                    title: 'An error that was another one',
                    text: 'The Win32 error 0x80070057 of that report had nothing to do with sections: a ' +
                        'Win32 path of 254 characters caused it.',
                    versions: { text: 'not stated by the source' },
                    sources: ['"Section sync in a mini-filter" (forum thread)'],
                    grades: ['S'],
                },
            ],
        },
        {
            title: 'APCs, resources and hangs',
            rules: [
                {
                    id: 'R-SECTION-14',
                    title: 'The critical region around it',
                    text: 'FsRtl enters a critical region before the pre-callbacks, which disables normal ' +
                        'kernel APCs, and FsRtlReleaseFile leaves it. Between acquire and release the ' +
                        'thread runs without normal kernel APCs; where acquire fails, the region is left ' +
                        'at once.',
                    versions: all,
                    sources: ['ReactOS: ntoskrnl/fsrtl/fastio.c', 'WDK samples: filesys/fastfat (comment)'],
                    grades: ['C', '2'],
                },
                {
                    id: 'R-SECTION-15',
                    title: 'Resources in acquire',
                    text: 'ExAcquireResourceExclusiveLite inside acquire, without a KeEnterCriticalRegion ' +
                        "of one's own, is right only because of that region. FltAcquireResourceExclusive " +
                        'enters one and acquires; it is paired with FltReleaseResource, and over the two ' +
                        'pre-operations the counts have to balance.',
                    versions: all,
                    sources: [
                        'DDI: FltAcquireResourceExclusive',
                        '"Section sync in a mini-filter" (forum thread)',
                    ],
                    grades: ['D', 'S'],
                },
                {
                    id: 'R-SECTION-16',
                    title: 'The hang of synchronous reads',
                    text: 'ZwReadFile on a synchronous handle waits, where a lower layer pended it, for a ' +
                        'completion whose second stage is a special kernel APC in the issuing thread. ' +
                        'Where those are held back (a guarded region, APC_LEVEL) the IRP is finished and ' +
                        'the wait in IopSynchronousServiceTail never ends. A critical region holds back ' +
                        'normal kernel APCs only and does not cause this hang. A request that was ' +
                        'completed inline queues no such APC, which is why the hang comes only now and ' +
                        'then.',
                    versions: all,
                    sources: [
                        '"Section sync in a mini-filter" (forum thread)',
                        'DDI: ZwReadFile',
                        'DDI: KeEnterCriticalRegion',
                        'public re-implementation of the I/O manager',
                    ],
                    grades: ['D', 'S', '2'],
                },
                {
                    id: 'R-SECTION-17',
                    title: 'How to recognise it',
                    text: 'The IRP is no longer outstanding and the thread still waits: then APCs are ' +
                        'disabled. The APC counters in KTHREAD and !apc show it.',
                    versions: { text: 'not stated by the source' },
                    sources: ['"Section sync in a mini-filter" (forum thread)'],
                    grades: ['S'],
                },
                {
                    id: 'R-SECTION-18',
                    title: 'FltReadFile instead',
                    text: 'FltReadFile does not hang this way, since callback data complete through an ' +
                        'event of their own. Driver Verifier still objects when APCs are disabled: it ' +
                        'demands PASSIVE_LEVEL with APCs enabled, while the DDI page names the IRQL only.',
                    versions: { text: 'not stated by the source' },
                    sources: ['"Section sync in a mini-filter" (forum thread)', 'DDI: FltReadFile'],
                    grades: ['D', 'S'],
                },
                {
                    id: 'R-SECTION-19',
                    title: 'Leave it to a worker',
                    text: 'The way out that was accepted: where APCs are disabled (KeAreAllApcsDisabled, ' +
                        'KeAreApcsDisabled) the I/O is posted to a worker thread, which the filter waits ' +
                        'for. The NameChanger sample makes the same test and also asks IoGetTopLevelIrp.',
                    versions: { text: 'not stated by the source' },
                    sources: [
                        '"Section sync in a mini-filter" (forum thread)',
                        'WDK samples: filesys/miniFilter/NameChanger',
                    ],
                    grades: ['C', 'S'],
                },
                {
                    id: 'R-SECTION-20',
                    title: 'What cannot be posted',
                    text: 'FltQueueDeferredIoWorkItem refuses fast I/O, FSFilter operations, paging I/O and ' +
                        'operations under a top-level IRP with STATUS_FLT_NOT_SAFE_TO_POST_OPERATION ' +
                        '0xC01C0006; for FSFilter operations that status is inferred. While the instance ' +
                        'is torn down it answers STATUS_FLT_DELETING_OBJECT 0xC01C000B.',
                    versions: all,
                    sources: ['DDI: FltQueueDeferredIoWorkItem'],
                    grades: ['D', 'I'],
                },
                {
                    id: 'R-SECTION-21',
                    title: "IRQL of I/O of one's own",
                    text: 'FltPerformSynchronousIo may be called at APC_LEVEL or below. FltReadFile needs ' +
                        'PASSIVE_LEVEL, except in its asynchronous form with a callback.',
                    versions: all,
                    sources: ['DDI: FltPerformSynchronousIo', 'DDI: FltReadFile'],
                    grades: ['D'],
                },
            ],
        },
        {
            title: 'Output and oplocks',
            rules: [
                {
                    id: 'R-SECTION-22',
                    title: 'OutputInformation',
                    text: 'OutputInformation holds StructureSize, SizeReturned, Flags and ' +
                        'DesiredReadAlignment. The flags are 1 SUPPORTS_ASYNC_PARALLEL_IO, 2 ' +
                        'SUPPORTS_DIRECT_MAP_DATA, 4 SUPPORTS_DIRECT_MAP_IMAGE; the file system sets them ' +
                        'before it completes.',
                    versions: { text: '10 and later', since: 'win10' },
                    sources: ['DDI: _FS_FILTER_SECTION_SYNC_OUTPUT'],
                    grades: ['D'],
                },
                {
                    id: 'R-SECTION-23',
                    title: 'Oplocks and writable sections',
                    text: 'A section with a writable protection (PAGE_READWRITE, PAGE_EXECUTE_READWRITE) ' +
                        'breaks oplocks of the Read kind to None, and nobody waits for an ' +
                        'acknowledgement.',
                    versions: { text: '7 and later', since: 'win7' },
                    sources: ['Windows driver docs: ifs (oplocks)'],
                    grades: ['D'],
                },
                {
                    id: 'R-SECTION-24',
                    title: 'The load of an image',
                    text: 'Loading an image typically looks like this from a filter: CREATE with Execute ' +
                        'and Synchronize, acquire with SyncTypeCreateSection and PAGE_EXECUTE, query of ' +
                        'the standard information by fast I/O, release, acquire with SyncTypeOther, ' +
                        'release, CLEANUP and CLOSE, then paging reads.',
                    versions: { text: '7 and later', since: 'win7' },
                    sources: ['public ProcMon logs'],
                    grades: ['2'],
                },
                {
                    id: 'R-SECTION-25',
                    title: 'Readers and writers',
                    text: 'A volume that cannot be written, or a file opened without write access, gives ' +
                        '0x12A. A second handle with FILE_WRITE_DATA or FILE_APPEND_DATA gives 0x12B.',
                    versions: all,
                    sources: ['WDK samples: filesys/fastfat/resrcsup.c'],
                    grades: ['C'],
                },
            ],
        },
        {
            title: 'Sections and the operations on their files',
            rules: [
                {
                    id: 'R-SECTION-26',
                    title: 'Sections that cannot be made',
                    text: 'On an empty file: STATUS_MAPPED_FILE_SIZE_ZERO 0xC000011E. On a directory: ' +
                        'STATUS_INVALID_FILE_FOR_SECTION 0xC0000020. PAGE_READONLY with an explicit size ' +
                        'beyond the end of file: STATUS_SECTION_TOO_BIG 0xC0000040. PAGE_READWRITE on a ' +
                        'handle without FILE_WRITE_DATA: STATUS_ACCESS_DENIED.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/mmap.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-SECTION-27',
                    title: 'Byte-range locks',
                    text: 'Byte-range locks do not keep the owner of the lock from making and mapping a ' +
                        'section through its handle. STATUS_FILE_LOCK_CONFLICT 0xC0000054 is documented ' +
                        'as possible, for another owner.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/mmap.cpp', 'DDI: FltCreateSectionForDataScan'],
                    grades: ['T', 'D'],
                },
                {
                    id: 'R-SECTION-28',
                    title: 'Views and reads see the same',
                    text: 'Mapped views and cached reads and writes of a file are coherent both ways.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/mmap.cpp', 'WinFsp: tst/winfsp-tests/rdwr-test.c'],
                    grades: ['T'],
                },
                {
                    id: 'R-SECTION-29',
                    title: 'While a data section exists',
                    text: 'Shrinking the file, to 0 or below its present size, fails with ' +
                        'STATUS_USER_MAPPED_FILE 0xC0000243; extending works. Marking for deletion fails ' +
                        'with STATUS_CANNOT_DELETE 0xC0000121 while a writable data section exists. ' +
                        'Rename and link over the mapped file work once all of its handles are closed, ' +
                        'and so does a new section on a file whose deletion is pending.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/mmap.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-SECTION-30',
                    title: 'While an image section exists',
                    text: 'Truncation fails with STATUS_USER_MAPPED_FILE; extending works. An open with ' +
                        'FILE_OVERWRITE fails with STATUS_SHARING_VIOLATION and deletion with ' +
                        'STATUS_CANNOT_DELETE. Rename, POSIX rename and link over the file fail with ' +
                        'STATUS_ACCESS_DENIED.',
                    versions: { text: 'all, POSIX rename on 10 and later' },
                    sources: [
                        'btrfs test suite: src/tests/mmap.cpp',
                        'btrfs test suite: src/tests/rename.cpp',
                    ],
                    grades: ['T'],
                },
                {
                    id: 'R-SECTION-31',
                    title: 'Deleting one of two links',
                    text: 'FileDispositionInformationEx on a file with two hard links succeeds in spite of ' +
                        'an image section, since only one name goes. With FORCE_IMAGE_SECTION_CHECK (4) ' +
                        'it fails with STATUS_CANNOT_DELETE.',
                    versions: { text: '10 1709 and later', since: 'win10' },
                    sources: ['btrfs test suite: src/tests/delete.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-SECTION-32',
                    title: 'FltCreateSectionForDataScan',
                    text: 'FltCreateSectionForDataScan answers STATUS_END_OF_FILE for size 0, ' +
                        'STATUS_FILE_LOCK_CONFLICT for a lock in the way, STATUS_INVALID_FILE_FOR_SECTION ' +
                        'where there is no data stream, and STATUS_INVALID_PARAMETER_8 or ' +
                        'STATUS_INVALID_PARAMETER_9 for bad attributes. It needs a section context and a ' +
                        'SectionNotificationCallback.',
                    versions: { text: '8 and later', since: 'win81' },
                    sources: ['DDI: FltCreateSectionForDataScan'],
                    grades: ['D'],
                },
                {
                    id: 'R-SECTION-33',
                    title: 'A view outlives the handle',
                    text: 'The handle may be closed after MapViewOfFile: the view keeps the section, and ' +
                        'its dirty pages are flushed by paging writes on the original stream.',
                    versions: all,
                    sources: ['WinFsp: tst/winfsp-tests/rdwr-test.c'],
                    grades: ['T'],
                },
            ],
        },
    ],
};
