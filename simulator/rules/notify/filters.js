// Directory change notification: how watches end, and what filters see of them.
import { all } from '../rule.ts';
export const notifyFilters = [
    {
        title: 'How a watch ends',
        rules: [
            {
                id: 'R-NOTIFY-47',
                title: 'Cleanup of the handle',
                text: 'Cleanup completes every request that waits on the handle with ' +
                    'STATUS_NOTIFY_CLEANUP 0x10B and without data. A test that counts nine changes ' +
                    'after this status looks at what an earlier request left in its structure; that ' +
                    'is inferred, and not modelled.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_dir',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_tree_disconnect_1',
                    'DDI: FsRtlNotifyCleanup',
                ],
                grades: ['T', 'D', 'I'],
            },
            {
                id: 'R-NOTIFY-48',
                title: 'The watched directory is deleted',
                text: 'When the watched directory is deleted, by a disposition and the close of its ' +
                    'last other handle or by rmdir, requests on the handle that still watches end ' +
                    'with STATUS_DELETE_PENDING 0xC0000056.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_rmdir1-4',
                    'WDK samples: filesys/fastfat (FsRtlNotifyFullChangeDirectory with no NotifyIrp)',
                ],
                grades: ['T', 'C'],
            },
            {
                id: 'R-NOTIFY-49',
                title: 'Cancelling',
                text: 'A cancelled request (CancelIo, NtCancelIoFile, an SMB cancel) ends with ' +
                    'STATUS_CANCELLED 0xC0000120 and Information 0. NtCancelIoFile itself returns ' +
                    'STATUS_SUCCESS and says the same in its own I/O status block. On a closed handle ' +
                    'it returns STATUS_INVALID_HANDLE and leaves the block alone.',
                versions: all,
                sources: [
                    'Wine: dlls/ntdll/tests/change.c',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_dir',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-50',
                title: 'Watches over the network',
                text: 'On a server, logoff, a reconnected session and failed re-authentication end ' +
                    'requests with STATUS_NOTIFY_CLEANUP. When the transport is lost, the client ' +
                    'reports STATUS_LOCAL_DISCONNECT.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-51',
                title: 'The volume goes',
                text: 'When a volume is dismounted or locked the file system completes all watches with ' +
                    'FsRtlNotifyCleanupAll.',
                versions: all,
                sources: ['DDI: FsRtlNotifyCleanupAll'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-52',
                title: 'Removing a watched directory',
                text: 'While a handle of the directory is open that does not share delete, ' +
                    'RemoveDirectory fails until it is closed. A watcher that is to see R-NOTIFY-48 ' +
                    'therefore opens with FILE_SHARE_DELETE.',
                versions: all,
                sources: ['Wine: dlls/kernel32/tests/change.c'],
                grades: ['T'],
            },
        ],
    },
    {
        title: 'Security',
        rules: [
            {
                id: 'R-NOTIFY-53',
                title: 'Traverse checks',
                text: 'A file system may give FsRtl a callback that checks traverse access. It is used ' +
                    'only for callers without SeChangeNotifyPrivilege, for each change below the ' +
                    'watched directory and along the path to it, and where it fails the change is ' +
                    'dropped without a word. FastFat passes none.',
                versions: all,
                sources: [
                    'Windows driver docs: ifs/irp-mj-directory-control2',
                    'WDK samples: filesys/fastfat/dirctrl.c',
                ],
                grades: ['D', 'C'],
            },
        ],
    },
    {
        title: 'Buffers as filters see them',
        rules: [
            {
                id: 'R-NOTIFY-54',
                title: 'A raw user address on the way down',
                text: 'A notify request of a user-mode caller reaches filters with METHOD_NEITHER: ' +
                    "DirectoryBuffer is the caller's address, MdlAddress is NULL and there is no " +
                    'system buffer. The kd transcript shows length 0x800, filter 0x15, buffer ' +
                    '0x087a7830 and MDL 0.',
                versions: all,
                sources: ['"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)'],
                grades: ['S'],
            },
            {
                id: 'R-NOTIFY-55',
                title: 'The new system buffer',
                text: 'To complete a request that was pended with neither an MDL nor a system buffer, ' +
                    'FsRtl allocates pool then, puts it into Irp->AssociatedIrp.SystemBuffer and sets ' +
                    'IRP_BUFFERED_IO, IRP_INPUT_OPERATION and IRP_DEALLOCATE_BUFFER (0x10, 0x40 and ' +
                    "0x20, together 0x70). The I/O manager copies it to the caller in the caller's " +
                    'context and frees it.',
                versions: { text: 'all, the mechanism is old' },
                sources: [
                    '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)',
                    'ReactOS: ntoskrnl/fsrtl/notify.c',
                ],
                grades: ['S', '2'],
            },
            {
                id: 'R-NOTIFY-56',
                title: 'Changes that are there already',
                text: 'If buffered changes can be returned in the thread that asks, before the IRP was ' +
                    "pended, they are copied straight to the caller's buffer and there is no new " +
                    'system buffer.',
                versions: all,
                sources: ['ReactOS: ntoskrnl/fsrtl/notify.c'],
                grades: ['2', 'I'],
            },
            {
                id: 'R-NOTIFY-57',
                title: 'FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER',
                text: 'The Filter Manager sets FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER (0x00100000) in ' +
                    'Data->Flags for post-operations when the IRP comes back with a system buffer ' +
                    'that it did not have on the way down. Never in a pre-operation, and for IRPs ' +
                    'only.',
                versions: { text: '7 and later', since: 'win7' },
                sources: [
                    '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)',
                    'DDI: _FLT_CALLBACK_DATA',
                ],
                grades: ['D', 'S'],
            },
            {
                id: 'R-NOTIFY-58',
                title: 'FltGetNewSystemBufferAddress',
                text: 'FltGetNewSystemBufferAddress returns the address of that buffer if the flag is ' +
                    'set, and NULL otherwise. It may be called at DISPATCH_LEVEL or below.',
                versions: { text: '7 and later', since: 'win7' },
                sources: ['DDI: FltGetNewSystemBufferAddress'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-59',
                title: 'Parameters on the way up',
                text: 'A post-operation is shown the parameters of its own pre-operation: ' +
                    "DirectoryBuffer is still the caller's address. Only the flag and the routine " +
                    'lead to the data.',
                versions: { text: 'all, the routine on 7 and later' },
                sources: ['"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)'],
                grades: ['S'],
            },
            {
                id: 'R-NOTIFY-60',
                title: 'Before there was a flag',
                text: 'A filter that has to see the entries prepares for them in its pre-operation: it ' +
                    "locks the caller's buffer with FltLockUserBuffer, and FsRtl then writes through " +
                    'the MDL and makes no system buffer, or it puts a kernel buffer of its own in ' +
                    'place.',
                versions: { text: 'XP to Vista', until: 'vista' },
                sources: [
                    '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)',
                    'WDK samples: filesys/miniFilter/swapBuffers',
                ],
                grades: ['C', 'S'],
            },
            {
                id: 'R-NOTIFY-61',
                title: 'Swapped buffers cannot be drained',
                text: 'A notification whose buffer was swapped cannot be drained: when the instance ' +
                    'detaches, the IRP is cancelled instead. The swapBuffers sample shows this on ' +
                    'purpose.',
                versions: all,
                sources: ['WDK samples: filesys/miniFilter/swapBuffers'],
                grades: ['C'],
            },
            {
                id: 'R-NOTIFY-62',
                title: 'Filters that hide or add names',
                text: 'All of the rules above hold above such a filter too, so it keeps its own state ' +
                    'for each handle: length, filter, tree, entries in waiting. The NameChanger ' +
                    "sample pends the caller's IRP with FLT_PREOP_PENDING and sends up to two " +
                    'requests of its own; it asks again when nothing is left of a list, returns ' +
                    'STATUS_NOTIFY_ENUM_DIR when the translated list does not fit, and ends with ' +
                    'STATUS_CANCELLED or STATUS_NOTIFY_CLEANUP.',
                versions: { text: 'not stated by the source' },
                sources: ['WDK samples: filesys/miniFilter/NameChanger'],
                grades: ['C'],
            },
            {
                id: 'R-NOTIFY-63',
                title: 'Never synchronize a notification',
                text: 'FLT_PREOP_SYNCHRONIZE must not be returned for a change notification, since the ' +
                    'thread could wait for ever. The same holds for oplock FSCTLs and for ' +
                    'IRP_MN_LOCK.',
                versions: all,
                sources: ['Windows driver docs: ifs/returning-flt-preop-synchronize'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-64',
                title: 'What the dispatch routine returned',
                text: 'FltRequestOperationStatusCallback shows what the dispatch routine below ' +
                    'returned; for a notification that is normally STATUS_PENDING. The passThrough ' +
                    'sample asks for it only for notifications and oplock FSCTLs.',
                versions: { text: 'not stated by the source' },
                sources: ['WDK samples: filesys/miniFilter/passThrough'],
                grades: ['C'],
            },
            {
                id: 'R-NOTIFY-65',
                title: 'The flag in the debugger',
                text: 'In kd on Windows 7 x86 the callback data of such a post-operation has Flags ' +
                    '0x00180001, that is NEW_SYSTEM_BUFFER, POST_OPERATION and IRP_OPERATION. The ' +
                    'fltkd of that time does not know the first and prints "+100000!!".',
                versions: { text: '7 (x86)', since: 'win7', until: 'win7' },
                sources: ['"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)'],
                grades: ['S'],
            },
            {
                id: 'R-NOTIFY-66',
                title: 'Notification for names of a filter',
                text: 'FltNotifyFilterChangeDirectory (APC_LEVEL or below) gives a filter the same kind ' +
                    'of list for virtual names of its own, with a FilterCallback that can refuse an ' +
                    'entry.',
                versions: { text: 'not stated by the source' },
                sources: ['DDI: FltNotifyFilterChangeDirectory'],
                grades: ['D'],
            },
        ],
    },
];
