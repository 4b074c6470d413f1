// TargetFileObject, TargetInstance, fast I/O, and reparse points on NTFS.
import { all } from '../rule.ts';
export const targetRules = [
    {
        title: 'TargetFileObject and TargetInstance',
        rules: [
            {
                id: 'R-REDIRECT-28',
                title: 'Another file object',
                text: 'Changing Iopb->TargetFileObject and marking the data dirty makes everything ' +
                    'below work with the new file object.',
                versions: all,
                sources: ['"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-29',
                title: 'Another instance',
                text: 'Iopb->TargetInstance may become only an instance of the same filter at the same ' +
                    'altitude in the same frame on another volume; anything else is not supported. ' +
                    'TargetFileObject has to live on that volume. The DDI page asks for a stack size ' +
                    "of the new device that is not smaller than the original's; the blog text and the " +
                    'purpose of the three redirection routines need the opposite, which is followed ' +
                    'here and marked unsure.',
                versions: { text: 'all; the direction of the stack condition unsure' },
                sources: [
                    '"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)',
                    'DDI: _FLT_IO_PARAMETER_BLOCK',
                ],
                grades: ['D', 'S', 'U'],
            },
            {
                id: 'R-REDIRECT-30',
                title: 'A file object of that volume',
                text: 'Redirection to another volume needs a file object that was opened there. A ' +
                    'foreign file object breaks NTFS in undefined ways.',
                versions: all,
                sources: ['"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-31',
                title: 'Stack locations run out',
                text: 'An IRP has as many stack locations as the top device of its source asked for. If ' +
                    "the target's stack below the frame is deeper the IRP may run out of them: bug " +
                    'check 0x35 NO_MORE_IRP_STACK_LOCATIONS.',
                versions: all,
                sources: [
                    '"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)',
                    'Windows driver docs: debugger/bug-check-0x35',
                ],
                grades: ['D', 'S'],
            },
            {
                id: 'R-REDIRECT-32',
                title: 'Arithmetic of stack locations',
                text: 'StackSize of a device is StackSize of the device below plus 1. Each attached ' +
                    'legacy filter and each frame of the Filter Manager adds 1; minifilter instances ' +
                    'add 0, since all instances of a frame share its device. To go on at frame F of ' +
                    'the target an IRP needs as many remaining locations as StackSize of the device ' +
                    "under F's device there.",
                versions: all,
                sources: ['"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)', 'wdm.h'],
                grades: ['S', 'I'],
            },
            {
                id: 'R-REDIRECT-33',
                title: 'FltIsIoRedirectionAllowed',
                text: "FltIsIoRedirectionAllowed says TRUE if the source's stack is large enough for " +
                    'all I/O to the target. STATUS_NOT_SUPPORTED says that the pair cannot be used at ' +
                    'all (another altitude or frame). DISPATCH_LEVEL or below.',
                versions: { text: '7 and later', since: 'win7' },
                sources: ['DDI: FltIsIoRedirectionAllowed'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-34',
                title: 'FltIsIoRedirectionAllowedForOperation',
                text: 'FltIsIoRedirectionAllowedForOperation looks at the locations that this IRP has ' +
                    'left (RedirectionAllowedThisIo) and, if asked, at the relation of the devices ' +
                    '(RedirectionAllowedAllIo). It has to be called before TargetInstance is changed.',
                versions: { text: '7 and later', since: 'win7' },
                sources: ['DDI: FltIsIoRedirectionAllowedForOperation'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-35',
                title: 'FltAdjustDeviceStackSizeForIoRedirection',
                text: 'It raises StackSize of the source device and says whether it changed anything. ' +
                    'STATUS_INVALID_PARAMETER if the size would become too large. IRPs that are ' +
                    'already allocated keep their old size.',
                versions: { text: '7 and later', since: 'win7' },
                sources: ['DDI: FltAdjustDeviceStackSizeForIoRedirection'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-36',
                title: 'When redirection is not allowed',
                text: 'Then the filter allocates callback data of its own for the target instance ' +
                    '(FltAllocateCallbackData), copies the parameters, performs it ' +
                    '(FltPerformSynchronousIo or FltPerformAsynchronousIo) and completes the ' +
                    'original. The Filter Manager has no automatic way.',
                versions: all,
                sources: ['"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-37',
                title: 'Who does not see redirected I/O',
                text: "On the target volume the filters above the redirecting filter's altitude, and " +
                    'all higher frames, do not see the redirected I/O.',
                versions: all,
                sources: ['"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-38',
                title: "FltObjects stay the original's",
                text: "The FltObjects of the redirecting filter's callbacks keep the original instance " +
                    'and file object; they, and not Iopb->TargetInstance and TargetFileObject, are ' +
                    'what to use after a change. Lower filters get FltObjects of the new target.',
                versions: all,
                sources: ['"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-39',
                title: 'Restored on the way up',
                text: 'On the way up each filter finds its Iopb (TargetInstance, TargetFileObject, ' +
                    'parameters) as its own pre-operation received it.',
                versions: all,
                sources: [
                    '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)',
                    'Windows driver docs: ifs/modifying-the-parameters-for-an-i-o-operation',
                ],
                grades: ['D', 'S'],
            },
        ],
    },
    {
        title: 'Fast I/O and redirection',
        rules: [
            {
                id: 'R-REDIRECT-40',
                title: 'Fast I/O has no stack locations',
                text: 'Fast I/O calls are nested and have no limit of stack locations; only the ' +
                    "thread's stack bounds them.",
                versions: all,
                sources: ['"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-41',
                title: 'TargetInstance is ignored in fast I/O',
                text: 'FltpPassThroughFastIo takes the device from IRP_CALL_CTRL->Volume, which a ' +
                    'changed TargetInstance never updates: fast I/O goes to the original volume ' +
                    'although the Iopb says otherwise. It was seen for IRP_MJ_NETWORK_QUERY_OPEN, ' +
                    'with STATUS_OBJECT_NAME_NOT_FOUND, on XP SP3; since the routine is generic it is ' +
                    'very likely so for all fast I/O.',
                versions: { text: 'XP; Server 2003 probable but unsure', until: 'win2003' },
                sources: ['"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)'],
                grades: ['S', 'U'],
                extended: { win2003: 'U' },
            },
            {
                id: 'R-REDIRECT-42',
                title: 'TargetInstance is followed',
                text: 'Windows 7 takes the device from IRP_CTRL.DeviceObject (+0x3C on x86), which ' +
                    'follows TargetInstance, so fast I/O is redirected.',
                versions: { text: '7 and later; Vista was not tried and is unsure', since: 'win7' },
                sources: ['"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)'],
                grades: ['S', 'U'],
                extended: { vista: 'U', win81: 'I', win10: 'I', win11: 'I' },
            },
            {
                id: 'R-REDIRECT-43',
                title: 'The way round it on XP',
                text: 'Return FLT_PREOP_DISALLOW_FASTIO for the operation and redirect the ' +
                    'IRP_MJ_CREATE path that follows. The pseudo-code of the text returns ' +
                    'STATUS_FLT_DISALLOW_FAST_IO from the pre-operation; the legal value is ' +
                    'FLT_PREOP_DISALLOW_FASTIO (3), and the Filter Manager itself puts 0xC01C0004 ' +
                    'into IoStatus (inferred).',
                versions: { text: 'XP; Server 2003 unsure', until: 'win2003' },
                sources: ['"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)'],
                grades: ['S', 'I'],
            },
            {
                id: 'R-REDIRECT-44',
                title: 'luafv on clients',
                text: 'luafv (altitude 135000, below a usual redirecting filter) always refuses ' +
                    'IRP_MJ_NETWORK_QUERY_OPEN on stacks that it is attached to. Filters above see ' +
                    'their pre-operation, a post-operation with STATUS_FLT_DISALLOW_FAST_IO and then ' +
                    'the IRP path. Servers have no luafv.',
                versions: { text: 'Vista and 7, clients only', since: 'vista', until: 'win7' },
                sources: [
                    '"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)',
                    'published fltmc lists',
                ],
                grades: ['S', '2'],
                extended: { win81: 'I', win10: 'I', win11: 'I' },
            },
        ],
    },
    {
        title: 'NETWORK_QUERY_OPEN and QUERY_OPEN',
        rules: [
            {
                id: 'R-REDIRECT-45',
                title: 'IRP_MJ_NETWORK_QUERY_OPEN',
                text: 'IRP_MJ_NETWORK_QUERY_OPEN (0xF2) is FastIoQueryOpen: it carries a pointer to an ' +
                    'IRP and a FILE_NETWORK_OPEN_INFORMATION buffer. Its file object lives on the ' +
                    'stack: it must not be referenced or kept, and takes no contexts.',
                versions: { text: 'XP to the early versions of 10' },
                sources: ['Windows driver docs: ifs/flt-parameters-for-irp-mj-network-query-open'],
                grades: ['D'],
                extended: { win10: 'I', win11: 'I' },
            },
            {
                id: 'R-REDIRECT-46',
                title: 'Refusing it',
                text: 'It can be refused in the pre-operation only, by FLT_PREOP_DISALLOW_FASTIO; the ' +
                    'I/O manager then opens, queries and closes with IRPs. It cannot be reparsed, so ' +
                    'filters that redirect by reparse refuse it.',
                versions: all,
                sources: ['WDK samples: filesys/miniFilter/simrep'],
                grades: ['C'],
            },
            {
                id: 'R-REDIRECT-47',
                title: 'IRP_MJ_QUERY_OPEN',
                text: 'IRP_MJ_QUERY_OPEN (0xF9) is an FSFilter callback for queries by name (the ' +
                    'classes FileStat, FileStatLx, CaseSensitive and StatBasic). It is refused with ' +
                    'FLT_PREOP_DISALLOW_FSFILTER_IO (6) or, from the post-operation, ' +
                    'FLT_POSTOP_DISALLOW_FSFILTER_IO (2), and the slow path follows. The value of ' +
                    'STATUS_FLT_DISALLOW_FSFILTER_IO is in no public header that was found: unsure.',
                versions: { text: '10 and later', since: 'win10' },
                sources: ['Windows driver docs: ifs/flt-parameters-for-irp-mj-query-open'],
                grades: ['D', 'U'],
            },
        ],
    },
    {
        title: 'Reparse points on NTFS',
        rules: [
            {
                id: 'R-REDIRECT-48',
                title: 'Setting a reparse point',
                text: 'FSCTL_SET_REPARSE_POINT needs FILE_WRITE_DATA or FILE_WRITE_ATTRIBUTES, else ' +
                    'STATUS_ACCESS_DENIED. A symbolic link also needs SeCreateSymbolicLinkPrivilege, ' +
                    'else STATUS_PRIVILEGE_NOT_HELD 0xC0000061. Mount points and other tags need no ' +
                    'privilege.',
                versions: { text: 'all, symbolic links on Vista and later' },
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-49',
                title: 'Symbolic links on what is there',
                text: 'A symbolic link cannot be set on a file with data: ' +
                    'STATUS_IO_REPARSE_DATA_INVALID 0xC0000278. Writing through the handle that is ' +
                    'still open, after it was set, is allowed. Setting it on a directory, on a file ' +
                    'with extended attributes or with a target that does not exist works.',
                versions: { text: '10 and later', since: 'win10' },
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-50',
                title: 'Mount points',
                text: 'On what is no directory, or on a stream: STATUS_NOT_A_DIRECTORY 0xC0000103. On a ' +
                    'directory that is not empty: STATUS_DIRECTORY_NOT_EMPTY 0xC0000101. Replacing ' +
                    'one of the same tag works; with another tag it fails with ' +
                    'STATUS_IO_REPARSE_TAG_MISMATCH 0xC0000277.',
                versions: all,
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-51',
                title: 'Deleting and querying',
                text: 'Deleting with another tag fails with STATUS_IO_REPARSE_TAG_MISMATCH, deleting or ' +
                    'querying where there is none with STATUS_NOT_A_REPARSE_POINT 0xC0000275. A ' +
                    'third-party tag without a GUID is STATUS_IO_REPARSE_DATA_INVALID; the wrong GUID ' +
                    'is STATUS_REPARSE_ATTRIBUTE_CONFLICT 0xC00002B2.',
                versions: all,
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-52',
                title: 'Tags for directories',
                text: 'Tags with the D bit (0x10000000) may be set on a directory that is not empty, ' +
                    'and do not stand in the way of normal opens.',
                versions: { text: '10 and later', since: 'win10' },
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-53',
                title: 'How a reparse point looks',
                text: 'FILE_ATTRIBUTE_REPARSE_POINT 0x400 replaces FILE_ATTRIBUTE_NORMAL. EaSize in ' +
                    'directory entries shows the tag, while FileEaInformation on the handle shows 0.',
                versions: all,
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-54',
                title: 'FILE_OVERWRITE',
                text: 'FILE_OVERWRITE through a symbolic link overwrites its target. With ' +
                    'FILE_OPEN_REPARSE_POINT it overwrites the link and removes the reparse point.',
                versions: all,
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-55',
                title: 'FltTagFile',
                text: 'FltTagFile fails as the FSCTL does (STATUS_IO_REPARSE_TAG_INVALID, ' +
                    'STATUS_IO_REPARSE_TAG_MISMATCH and others), passes the filters above by and runs ' +
                    'at PASSIVE_LEVEL.',
                versions: all,
                sources: ['DDI: FltTagFile'],
                grades: ['D'],
            },
        ],
    },
];
