// Directory change notification: requests, what the first one fixes, and the queue behind it.
import { all } from '../rule.ts';
export const notifyRequests = [
    {
        title: 'Requests and how long they live',
        rules: [
            {
                id: 'R-NOTIFY-1',
                title: 'The request',
                text: 'A watch is IRP_MJ_DIRECTORY_CONTROL (0x0C) with the minor ' +
                    'IRP_MN_NOTIFY_CHANGE_DIRECTORY (2), and always an IRP: there is no fast I/O for ' +
                    'it. Whether the tree below counts is no parameter but SL_WATCH_TREE (1) in the ' +
                    'flags of the stack location, which a filter reads as Iopb->OperationFlags.',
                versions: all,
                sources: [
                    'Windows driver docs: ifs/flt-parameters-for-irp-mj-directory-control',
                    '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)',
                    'wdm.h',
                ],
                grades: ['D', 'S'],
            },
            {
                id: 'R-NOTIFY-2',
                title: 'The extended minor code',
                text: 'IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX (3) asks for entries of a chosen layout: ' +
                    'DirectoryNotifyInformationClass is 1 (basic), 2 (extended) or 3 (full) and ' +
                    'stands where Spare1 was.',
                versions: {
                    text: '10 1709 and later for the extended class, the full class later; exact builds unsure',
                    since: 'win10',
                },
                sources: ['DDI: _FILE_NOTIFY_EXTENDED_INFORMATION', 'DDI: _FILE_NOTIFY_FULL_INFORMATION'],
                grades: ['U'],
            },
            {
                id: 'R-NOTIFY-3',
                title: 'No I/O status block',
                text: 'NtNotifyChangeDirectoryFile without an IO_STATUS_BLOCK fails with ' +
                    'STATUS_ACCESS_VIOLATION 0xC0000005.',
                versions: all,
                sources: ['Wine: dlls/ntdll/tests/change.c'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-4',
                title: 'Completion filter out of range',
                text: 'A completion filter of 0, or with bits that are not defined (0xFFFFFFFF for ' +
                    'instance), is refused when the request is made: STATUS_INVALID_PARAMETER.',
                versions: all,
                sources: ['Wine: dlls/ntdll/tests/change.c', 'Wine: dlls/kernel32/tests/change.c'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-5',
                title: 'Access that a watch needs',
                text: 'The handle must have been opened with FILE_LIST_DIRECTORY. With ' +
                    'FILE_READ_ATTRIBUTES alone the request fails with STATUS_ACCESS_DENIED.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_handle_permissions'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-6',
                title: 'Watching something that is no directory',
                text: 'A notify request on a handle of a file fails with STATUS_INVALID_PARAMETER: ' +
                    'FastFat refuses it because the open is not that of a user directory, and servers ' +
                    'answer the same.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_file',
                    'WDK samples: filesys/fastfat/dirctrl.c, FatNotifyChangeDirectory',
                ],
                grades: ['T', 'C'],
            },
            {
                id: 'R-NOTIFY-7',
                title: 'What an accepted request returns',
                text: 'An accepted request returns STATUS_PENDING. Its I/O status block stays as it was ' +
                    'and its event is reset; both change only when the request completes.',
                versions: all,
                sources: ['Wine: dlls/ntdll/tests/change.c'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-8',
                title: 'The file system never waits',
                text: 'FsRtl marks the IRP pending and the dispatch routine of FastFat returns ' +
                    'STATUS_PENDING, even when the IRP has been completed before it returns.',
                versions: all,
                sources: ['WDK samples: filesys/fastfat/dirctrl.c'],
                grades: ['C'],
            },
            {
                id: 'R-NOTIFY-9',
                title: 'A request after cleanup',
                text: 'Where the file object is past its cleanup (FO_CLEANUP_COMPLETE 0x4000) the IRP ' +
                    'is completed at once with STATUS_NOTIFY_CLEANUP 0x10B.',
                versions: all,
                sources: ['DDI: FsRtlNotifyFullChangeDirectory'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-10',
                title: 'A request on a directory that is being deleted',
                text: 'FastFat answers a new request on a directory that is marked for deletion with ' +
                    'STATUS_DELETE_PENDING. That NTFS does the same is inferred.',
                versions: { text: 'all, stated for FAT' },
                sources: ['WDK samples: filesys/fastfat/dirctrl.c'],
                grades: ['C', 'I'],
            },
            {
                id: 'R-NOTIFY-11',
                title: 'Limits of the buffer length',
                text: 'A server refuses a buffer longer than the transaction size that was negotiated ' +
                    'with STATUS_INVALID_PARAMETER. A local NTFS volume has no such limit up to the ' +
                    'range of a ULONG; the 64 KiB that Win32 names are for network paths.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_valid_request'],
                grades: ['T'],
            },
        ],
    },
    {
        title: 'What the first request fixes',
        rules: [
            {
                id: 'R-NOTIFY-12',
                title: 'The first request decides',
                text: 'The first request on a handle fixes three things until the handle is cleaned up: ' +
                    'the completion filter, whether the tree below is watched, and how many bytes of ' +
                    'changes are kept while nobody waits. Later requests may carry another filter or ' +
                    'another tree flag, even filter 0; they are ignored.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask_change',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_recursive',
                    'Wine: dlls/kernel32/tests/change.c',
                    'Wine: dlls/ntdll/tests/change.c',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-13',
                title: 'A watch belongs to the file object',
                text: 'Filter, buffer and queue belong to one FILE_OBJECT, since FsRtl tells watches ' +
                    'apart by the FsContext that the file system passes, its record of the handle. ' +
                    'Two handles of one directory have nothing in common.',
                versions: all,
                sources: [
                    'DDI: FsRtlNotifyFullChangeDirectory',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_dir',
                ],
                grades: ['T', 'D'],
            },
            {
                id: 'R-NOTIFY-14',
                title: 'A watch that began with no room',
                text: 'If the first request has length 0, or too little for any entry, no list of ' +
                    'changes is ever kept. Every later request on that handle, however large its ' +
                    'buffer, ends with STATUS_NOTIFY_ENUM_DIR 0x10C and Information 0.',
                versions: all,
                sources: [
                    'Wine: dlls/kernel32/tests/change.c',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_valid_request',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-15',
                title: 'One request that is too short',
                text: 'If the first request had a usable length and a later one has not (0 or 0x10), ' +
                    'only that one ends with STATUS_NOTIFY_ENUM_DIR and Information 0. Delivering it ' +
                    'clears the overflow, and the next request with room works as before.',
                versions: all,
                sources: [
                    'Wine: dlls/kernel32/tests/change.c',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_valid_request',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-16',
                title: 'Cancelling ends the request, not the watch',
                text: 'When the only pending request is cancelled, the handle goes on collecting ' +
                    'changes and hands them to the next request at once. To send a request and cancel ' +
                    'it is a usual way to arm a watch.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_tree',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_recursive',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-17',
                title: 'What happened before',
                text: 'A handle never sees changes from before its first request.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_dir'],
                grades: ['T'],
            },
        ],
    },
    {
        title: 'Queue, buffer, overflow',
        rules: [
            {
                id: 'R-NOTIFY-18',
                title: 'Changes that nobody waits for',
                text: 'While no request is pending, changes that match are appended to the buffer of ' +
                    'the handle. The next request returns at once with all of them: four buffered ' +
                    'creations and removals of directories make one completion with four entries.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_dir'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-19',
                title: 'Changes that somebody waits for',
                text: 'The first matching change completes a pending request. That completion normally ' +
                    'tells of this one change; a rename inside one directory makes two entries.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_dir',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-20',
                title: 'Several requests on one handle',
                text: 'Several requests may wait on one handle, first come, first served: a change ' +
                    'completes the first only, so two that wait get one change each. The DDI page ' +
                    'speaks of completing all pending IRPs; what was measured goes before it. Ends of ' +
                    'the watch (errors, cleanup) do complete them all.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_double',
                    'DDI: FsRtlNotifyFullReportChange',
                ],
                grades: ['T', 'D'],
            },
            {
                id: 'R-NOTIFY-21',
                title: 'More changes than fit',
                text: 'When the changes that were kept no longer fit, the list is dropped and the ' +
                    'request ends with STATUS_NOTIFY_ENUM_DIR and Information 0: a hundred creations ' +
                    'against a watch of 1000 bytes end so, with no entry.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_overflow'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-22',
                title: 'Success codes that carry no data',
                text: 'STATUS_NOTIFY_ENUM_DIR 0x10C and STATUS_NOTIFY_CLEANUP 0x10B are success codes: ' +
                    'NT_SUCCESS is true for them, and ReadDirectoryChangesW returns TRUE with 0 ' +
                    'bytes.',
                versions: all,
                sources: ['ntstatus.h', 'Wine: dlls/kernel32/tests/change.c'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-23',
                title: 'FindFirstChangeNotification',
                text: 'The Win32 routine FindFirstChangeNotification asks without a buffer. Its handle ' +
                    'stays signalled until FindNextChangeNotification sends the next request.',
                versions: all,
                sources: ['Wine: dlls/kernel32/tests/change.c'],
                grades: ['T'],
            },
        ],
    },
];
