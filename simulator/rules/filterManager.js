// What the Filter Manager does, and what it allows a minifilter.
import { all } from './rule.ts';
export const filterManagerRules = {
    family: 'FLT',
    title: 'Filter Manager',
    groups: [
        {
            title: 'Registration and attachment',
            rules: [
                {
                    id: 'R-FLT-1',
                    title: 'The array of operations',
                    text: 'The array ends with IRP_MJ_OPERATION_END (0x80). An operation may have a ' +
                        'pre-operation only or a post-operation only. IRP_MJ_SHUTDOWN takes no ' +
                        'post-operation, IRP_MJ_VOLUME_MOUNT and IRP_MJ_VOLUME_DISMOUNT have restrictions ' +
                        'too, and IRP_MJ_POWER and IRP_MJ_DEVICE_CHANGE cannot be registered.',
                    versions: all,
                    sources: ['DDI: _FLT_OPERATION_REGISTRATION'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-2',
                    title: 'Flags of an operation',
                    text: 'SKIP_PAGING_IO 1 (IRPs only); SKIP_CACHED_IO 2 (reads and writes; it leaves out ' +
                        'all fast I/O as well, since that is cached); SKIP_NON_DASD_IO 4 (everything that ' +
                        'is not on a handle of the volume); SKIP_NON_CACHED_NON_PAGING_IO 8 (reads and ' +
                        'writes).',
                    versions: { text: 'all, some newer' },
                    sources: ['DDI: _FLT_OPERATION_REGISTRATION'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-3',
                    title: 'Altitudes',
                    text: 'An altitude is a decimal string of any precision, compared as a number: ' +
                        '"370000.5" is above "370000". It is unique on a volume: a second instance there ' +
                        'fails with STATUS_FLT_INSTANCE_ALTITUDE_COLLISION 0xC01C0011, a second instance ' +
                        'of one name with STATUS_FLT_INSTANCE_NAME_COLLISION 0xC01C0012.',
                    versions: all,
                    sources: [
                        'Windows driver docs: ifs/load-order-groups-and-altitudes-for-minifilter-drivers',
                    ],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-4',
                    title: 'Order of callbacks',
                    text: 'Pre-operations run from the highest altitude to the lowest, post-operations from ' +
                        'the lowest to the highest. Frames lie between legacy filters; frame 0 is the ' +
                        'lowest.',
                    versions: all,
                    sources: [
                        'Windows driver docs: ifs/load-order-groups-and-altitudes-for-minifilter-drivers',
                        '"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)',
                    ],
                    grades: ['D', 'S'],
                },
                {
                    id: 'R-FLT-5',
                    title: 'Altitudes of load order groups',
                    text: 'Each load order group of file system filters has a range of altitudes.',
                    table: [
                        ['group', 'from', 'to'],
                        ['Filter', '420000', '429999'],
                        ['FSFilter Top', '400000', '409999'],
                        ['FSFilter Activity Monitor', '360000', '389999'],
                        ['FSFilter Undelete', '340000', '349999'],
                        ['FSFilter Anti-Virus', '320000', '329999'],
                        ['FSFilter Replication', '300000', '309999'],
                        ['FSFilter Continuous Backup', '280000', '289999'],
                        ['FSFilter Content Screener', '260000', '269999'],
                        ['FSFilter Quota Management', '240000', '249999'],
                        ['FSFilter System Recovery', '220000', '229999'],
                        ['FSFilter Cluster File System', '200000', '209999'],
                        ['FSFilter HSM', '180000', '189999'],
                        ['FSFilter Imaging', '170000', '175000'],
                        ['FSFilter Compression', '160000', '169999'],
                        ['FSFilter Encryption', '140000', '149999'],
                        ['FSFilter Virtualization', '130000', '139999'],
                        ['FSFilter Physical Quota Management', '120000', '129999'],
                        ['FSFilter Open File', '100000', '109999'],
                        ['FSFilter Security Enhancer', '80000', '89999'],
                        ['FSFilter Copy Protection', '60000', '69999'],
                        ['FSFilter Bottom', '40000', '49999'],
                        ['FSFilter System', '20000', '29999'],
                        ['FSFilter Infrastructure', 'below 20000', ''],
                    ],
                    versions: { text: 'all; older copies of the page end some ranges at 9998' },
                    sources: [
                        'Windows driver docs: ifs/load-order-groups-and-altitudes-for-minifilter-drivers',
                    ],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-6',
                    title: 'FltRegisterFilter',
                    text: 'It fails with STATUS_INVALID_PARAMETER (Version is not FLT_REGISTRATION_VERSION, ' +
                        'or name provider routines are given in part or wrongly), ' +
                        'STATUS_INSUFFICIENT_RESOURCES, STATUS_FLT_NOT_INITIALIZED 0xC01C0007 (the Filter ' +
                        'Manager is not loaded) or STATUS_OBJECT_NAME_NOT_FOUND (no service key, or no ' +
                        'instance in it).',
                    versions: all,
                    sources: ['DDI: FltRegisterFilter'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-7',
                    title: 'Flags of an instance',
                    text: 'In the instance\'s "Flags" of the INF, bit 0 (1) keeps it from being attached ' +
                        'automatically and bit 1 (2) from being attached by hand. The samples nullFilter ' +
                        'and minispy use 1.',
                    versions: { text: 'not stated by the source' },
                    sources: ['WDK samples: filesys/miniFilter/nullFilter, minispy (INF files)'],
                    grades: ['C'],
                },
                {
                    id: 'R-FLT-8',
                    title: 'InstanceSetup that refuses',
                    text: 'An InstanceSetup callback that returns STATUS_FLT_DO_NOT_ATTACH 0xC01C000F, or ' +
                        'any error, keeps the instance from being attached, and nobody is told.',
                    versions: all,
                    sources: ['DDI: PFLT_INSTANCE_SETUP_CALLBACK'],
                    grades: ['D'],
                },
            ],
        },
        {
            title: 'Parameters and completion nodes',
            rules: [
                {
                    id: 'R-FLT-9',
                    title: 'Pre and post see the same',
                    text: 'The pre-operation and the post-operation of an instance see the same Iopb ' +
                        'contents, which its COMPLETION_NODE keeps, apart from fields that are documented ' +
                        'as outputs.',
                    versions: all,
                    sources: [
                        '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)',
                        'Windows driver docs: ifs/modifying-the-parameters-for-an-i-o-operation',
                    ],
                    grades: ['D', 'S'],
                },
                {
                    id: 'R-FLT-10',
                    title: "Where the post-operation's Iopb is",
                    text: 'In a post-operation Data->Iopb points into the completion node of that instance ' +
                        '(node+0x18), not to the working IOPB. The transcript has node 92448380, Iopb ' +
                        '92448398 and working IOPB 92448354.',
                    versions: { text: '7 (x86)', since: 'win7', until: 'win7' },
                    sources: ['"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)'],
                    grades: ['S'],
                },
                {
                    id: 'R-FLT-11',
                    title: 'Completion nodes',
                    text: 'The nodes are an array that is allocated with the IRP_CTRL (Size=5 in the ' +
                        'transcript). Index 0 belongs to the first, highest instance. NextCompletion ' +
                        'counts the used nodes that are still to run, and fltkd prints the highest index ' +
                        'first.',
                    versions: { text: 'not stated by the source; seen on 7' },
                    sources: ['"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)'],
                    grades: ['S'],
                },
                {
                    id: 'R-FLT-12',
                    title: 'Dirty or ignored',
                    text: 'A change that a pre-operation makes is seen by lower instances and the file ' +
                        'system, and only if FltSetCallbackDataDirty follows; else it is ignored. A ' +
                        'changed IoStatus needs no such call, and does not make other changes visible ' +
                        '(inferred). A changed TargetFileObject or TargetInstance, marked dirty, replaces ' +
                        'FltObjects->FileObject and FltObjects->Instance for lower filters. ' +
                        'FLTFL_CALLBACK_DATA_DIRTY is 0x80000000.',
                    versions: all,
                    sources: ['DDI: FltSetCallbackDataDirty'],
                    grades: ['D', 'I'],
                },
                {
                    id: 'R-FLT-13',
                    title: 'What may be changed',
                    text: 'MajorFunction and Reserved must not be changed, MinorFunction with care; a ' +
                        'buffer and its MDL are changed together. The Filter Manager frees an MDL that ' +
                        'was swapped in, after the post-operation of the filter that did so; the filter ' +
                        'frees its buffer.',
                    versions: all,
                    sources: [
                        'Windows driver docs: ifs/modifying-the-parameters-for-an-i-o-operation',
                        'WDK samples: filesys/miniFilter/swapBuffers',
                    ],
                    grades: ['D', 'C'],
                },
                {
                    id: 'R-FLT-14',
                    title: 'Changes on the way up',
                    text: 'Parameters that a post-operation changes are never passed on upwards. Changes of ' +
                        'IoStatus are.',
                    versions: all,
                    sources: ['Windows driver docs: ifs/modifying-the-parameters-for-an-i-o-operation'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-15',
                    title: 'FilterContext and TagData',
                    text: 'FilterContext[0..3] and QueueContext in the callback data belong to the filter ' +
                        'that owns the operation at the time. TagData is valid only in a post-create with ' +
                        'STATUS_REPARSE.',
                    versions: all,
                    sources: ['DDI: _FLT_CALLBACK_DATA'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-16',
                    title: 'Flags of the callback data',
                    text: 'Exactly one of IRP_OPERATION 1, FAST_IO_OPERATION 2 and FS_FILTER_OPERATION 4 is ' +
                        'set. SYSTEM_BUFFER 8 is valid only for IRPs with buffered I/O. GENERATED_IO ' +
                        '0x10000 marks I/O that a filter started; DRAINING_IO is 0x40000 and ' +
                        'POST_OPERATION 0x80000.',
                    versions: { text: 'all, NEW_SYSTEM_BUFFER on 7 and later' },
                    sources: ['DDI: _FLT_CALLBACK_DATA'],
                    grades: ['D'],
                },
            ],
        },
        {
            title: 'What a pre-operation may return',
            rules: [
                {
                    id: 'R-FLT-17',
                    title: 'Returns by kind of operation',
                    text: 'What a pre-operation may return depends on the kind of operation.',
                    table: [
                        ['value', 'IRP', 'fast I/O', 'FSFilter', 'notes'],
                        [
                            '0 SUCCESS_WITH_CALLBACK',
                            'yes',
                            'yes',
                            'yes',
                            'needs a registered post-operation, else bug check 0xF5 with code 0x66',
                        ],
                        ['1 SUCCESS_NO_CALLBACK', 'yes', 'yes', 'yes', 'CompletionContext has to be NULL'],
                        [
                            '2 PENDING',
                            'if it can be asynchronous',
                            'no',
                            'no',
                            'FltCompletePendedPreOperation goes on later',
                        ],
                        [
                            '3 DISALLOW_FASTIO',
                            'no',
                            'yes',
                            'no',
                            'the Filter Manager sets IoStatus 0xC01C0004; not for SHUTDOWN, VOLUME_MOUNT, VOLUME_DISMOUNT',
                        ],
                        [
                            '4 COMPLETE',
                            'yes',
                            'yes',
                            'yes',
                            'IoStatus is final, never STATUS_PENDING or 0xC01C0004; success only for CLEANUP and CLOSE',
                        ],
                        [
                            '5 SYNCHRONIZE',
                            'yes',
                            'as 0',
                            'as 0',
                            'needs a post-operation (0xF5, 0x66); not for create, asynchronous reads and writes, notification, oplock FSCTLs, locks',
                        ],
                        ['6 DISALLOW_FSFILTER_IO', 'no', 'no', 'QUERY_OPEN only', '10 and later'],
                    ],
                    versions: { text: 'all, 6 on 10 and later' },
                    sources: [
                        'DDI: PFLT_PRE_OPERATION_CALLBACK',
                        'Windows driver docs: ifs/returning-flt-preop-synchronize',
                        'Windows driver docs: debugger/bug-check-0xf5',
                    ],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-18',
                    title: 'Post-operations after a completion',
                    text: 'After COMPLETE or a DISALLOW value of one instance only the post-operations of ' +
                        'the instances above it run, the lowest of them first. Its own does not.',
                    versions: all,
                    sources: ['DDI: PFLT_PRE_OPERATION_CALLBACK'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-19',
                    title: 'A return that does not exist',
                    text: 'With the filter verifier on, an unknown value gives "FILTER VERIFIER ERROR" and ' +
                        'the words "unknown pre-operation callback status"; the exact text is unsure. ' +
                        'Without it the behaviour is undefined.',
                    versions: { text: 'not stated by the source' },
                    sources: ['Windows driver docs: filter verifier'],
                    grades: ['D', 'U'],
                },
            ],
        },
        {
            title: 'Post-operations',
            rules: [
                {
                    id: 'R-FLT-20',
                    title: 'Thread and IRQL of post-operations',
                    text: 'A post-operation runs in an arbitrary thread at DISPATCH_LEVEL or below. Three ' +
                        'kinds know more: post-create runs at PASSIVE_LEVEL in the thread of the create; ' +
                        'after FLT_PREOP_SYNCHRONIZE it is the same thread at APC_LEVEL or below; for ' +
                        "fast I/O and FSFilter operations it is the caller's thread.",
                    versions: all,
                    sources: ['DDI: PFLT_POST_OPERATION_CALLBACK'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-21',
                    title: 'What a post-operation may return',
                    text: 'FLT_POSTOP_MORE_PROCESSING_REQUIRED (1) is for IRPs only, after the work was ' +
                        'posted, and FltCompletePendedPostOperation goes on. ' +
                        'FLT_POSTOP_DISALLOW_FSFILTER_IO (2) is for IRP_MJ_QUERY_OPEN only.',
                    versions: { text: 'all, DISALLOW_FSFILTER_IO on 10 and later' },
                    sources: ['DDI: PFLT_POST_OPERATION_CALLBACK'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-22',
                    title: 'Draining',
                    text: 'With FLTFL_POST_OPERATION_DRAINING (1) Data is a copy and the IRQL is APC_LEVEL ' +
                        'or below. The callback has to return FLT_POSTOP_FINISHED_PROCESSING, must leave ' +
                        'the target and IoStatus alone and must not call ' +
                        'FltDoCompletionProcessingWhenSafe.',
                    versions: all,
                    sources: ['DDI: PFLT_POST_OPERATION_CALLBACK'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-23',
                    title: 'FltDoCompletionProcessingWhenSafe',
                    text: 'Below DISPATCH_LEVEL it calls SafePostCallback at once and returns TRUE with its ' +
                        'status. At DISPATCH_LEVEL it tries to post: if it can, TRUE and ' +
                        'FLT_POSTOP_MORE_PROCESSING_REQUIRED, else FALSE and ' +
                        'FLT_POSTOP_FINISHED_PROCESSING. For IRPs only, and never for paging I/O.',
                    versions: all,
                    sources: ['DDI: FltDoCompletionProcessingWhenSafe'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-24',
                    title: 'Exactly once',
                    text: 'A post-operation that a pre-operation asked for is called exactly once, if need ' +
                        'be while draining.',
                    versions: all,
                    sources: ['DDI: PFLT_PRE_OPERATION_CALLBACK', 'DDI: PFLT_POST_OPERATION_CALLBACK'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-25',
                    title: 'Contexts and IRQL',
                    text: 'Contexts cannot be got, set or deleted at DISPATCH_LEVEL, only released.',
                    versions: all,
                    sources: ['Microsoft documentation (minifilter contexts)'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-26',
                    title: 'Bug check 0xF5',
                    text: 'The first parameter says what went wrong: 0x66 no post-operation, 0x67 no memory ' +
                        'for an internal object, 0x68 name information dereferenced too often, 0x6A a ' +
                        'file with a handle was cancelled, 0x6B and 0x6C state and nesting of the ' +
                        'internal store, 0x6D a context released too often, 0x6E a context referenced ' +
                        'after it was freed.',
                    versions: all,
                    sources: ['Windows driver docs: debugger/bug-check-0xf5'],
                    grades: ['D'],
                },
            ],
        },
        {
            title: 'I/O of filters, names and the rest',
            rules: [
                {
                    id: 'R-FLT-27',
                    title: 'I/O that a filter starts',
                    text: 'I/O that a minifilter starts through the Flt routines enters just below its ' +
                        'instance. It is always an IRP, and flagged GENERATED_IO.',
                    versions: all,
                    sources: ['Windows driver docs: ifs (minifilter-generated I/O)'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-28',
                    title: 'FltReadFile and FltWriteFile',
                    text: 'Both need PASSIVE_LEVEL and take a callback if they shall be asynchronous. ' +
                        'FLTFL_IO_OPERATION flags such as DO_NOT_UPDATE_BYTE_OFFSET say how. ' +
                        'FltReadFileEx adds an MDL and a key.',
                    versions: { text: 'not stated by the source; FltReadFileEx on 8 and later' },
                    sources: ['DDI: FltReadFile', 'DDI: FltWriteFile', 'DDI: FltReadFileEx'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-29',
                    title: 'FltPerformAsynchronousIo',
                    text: 'Its callback runs at DISPATCH_LEVEL or below, and is called even if the routine ' +
                        'returns a status that is not STATUS_PENDING.',
                    versions: { text: 'not stated by the source' },
                    sources: ['DDI: FltPerformAsynchronousIo'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-30',
                    title: 'When names cannot be asked for',
                    text: 'FltGetFileNameInformation works at APC_LEVEL or below. In the paging I/O path, ' +
                        'under a top-level IRP, in post-close, and for opened names before the open has ' +
                        'completed it fails with STATUS_FLT_INVALID_NAME_REQUEST 0xC01C0005.',
                    versions: all,
                    sources: ['DDI: FltGetFileNameInformation'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-31',
                    title: 'FltIsOperationSynchronous',
                    text: 'The first that applies decides: not an IRP, TRUE; asynchronous paging I/O, FALSE ' +
                        'whatever else holds; synchronous paging I/O, TRUE; a file opened for synchronous ' +
                        'I/O, TRUE; IRP_SYNCHRONOUS_API (query and set information and the like), TRUE; a ' +
                        'METHOD_BUFFERED device or file system control, TRUE; else FALSE. It may be ' +
                        'called for all three kinds of operation.',
                    versions: all,
                    sources: ['DDI: FltIsOperationSynchronous'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-32',
                    title: 'Operations with a fast path',
                    text: 'Minifilters see fast I/O for READ, WRITE, QUERY_INFORMATION (basic, standard, ' +
                        'network open), LOCK_CONTROL and DEVICE_CONTROL, and the pseudo-majors 0xF3 to ' +
                        '0xEE.',
                    versions: all,
                    sources: ['Microsoft documentation (fast I/O and minifilters)'],
                    grades: ['D'],
                },
                {
                    id: 'R-FLT-33',
                    title: 'Results of a fast path',
                    text: 'FLT_PREOP_COMPLETE on fast I/O makes the entry return TRUE to the I/O manager, ' +
                        'with that IoStatus. FLT_PREOP_DISALLOW_FASTIO makes it return FALSE, and the I/O ' +
                        'manager builds an IRP.',
                    versions: all,
                    sources: ['DDI: PFLT_PRE_OPERATION_CALLBACK'],
                    grades: ['D', 'I'],
                },
                {
                    id: 'R-FLT-34',
                    title: 'Communication ports',
                    text: 'A filter opens a port with FltCreateCommunicationPort; user mode connects with ' +
                        'FilterConnectCommunicationPort. FltSendMessage that runs out of time returns ' +
                        'STATUS_TIMEOUT, a success code.',
                    versions: all,
                    sources: ['DDI: FltCreateCommunicationPort', 'DDI: FltSendMessage'],
                    grades: ['D'],
                },
            ],
        },
    ],
};
