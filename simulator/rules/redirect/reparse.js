// STATUS_REPARSE, reissue and FltCancelFileOpen.
import { all } from '../rule.ts';
export const reparseRules = [
    {
        title: 'STATUS_REPARSE',
        rules: [
            {
                id: 'R-REDIRECT-1',
                title: 'What STATUS_REPARSE means',
                text: 'STATUS_REPARSE is 0x104, a success code, and means something only as the result ' +
                    'of IRP_MJ_CREATE. Information says what: IO_REPARSE (0) to open ' +
                    'FileObject->FileName anew, IO_REMOUNT (1), or an IO_REPARSE_TAG value whose data ' +
                    'is in Irp->Tail.Overlay.AuxiliaryBuffer, which a filter reads as Data->TagData.',
                versions: all,
                sources: ['DDI: _FLT_CALLBACK_DATA', 'WDK samples: filesys/miniFilter/simrep'],
                grades: ['D', 'C'],
            },
            {
                id: 'R-REDIRECT-2',
                title: 'Redirecting in pre-create',
                text: 'Put a full device path (\\Device\\HarddiskVolumeX\\...) into FileObject->FileName, ' +
                    'set IoStatus.Status to STATUS_REPARSE and IoStatus.Information to IO_REPARSE, ' +
                    'and return FLT_PREOP_COMPLETE. Lower filters and the file system see nothing of ' +
                    'this create.',
                versions: all,
                sources: [
                    'WDK samples: filesys/miniFilter/simrep',
                    '"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)',
                ],
                grades: ['C', 'S'],
            },
            {
                id: 'R-REDIRECT-3',
                title: 'Replacing the name',
                text: 'IoReplaceFileObjectName (7 and later, PASSIVE_LEVEL) replaces the name. It fails ' +
                    'with STATUS_INVALID_PARAMETER where the file object has no name to replace, as ' +
                    'in a volume open, and with STATUS_INSUFFICIENT_RESOURCES. Before Windows 7 the ' +
                    'sample does it by hand: it uses the old buffer again if that is large enough, ' +
                    'else allocates one from paged pool and frees the old.',
                versions: { text: '7 and later; by hand before' },
                sources: ['DDI: IoReplaceFileObjectName', 'WDK samples: filesys/miniFilter/simrep'],
                grades: ['D', 'C'],
            },
            {
                id: 'R-REDIRECT-4',
                title: 'The name was not changed',
                text: 'Without a new name STATUS_REPARSE will most likely open the same file once more, ' +
                    'so FileObject->FileName has to be set. Whether that repeats up to a limit, or ' +
                    'fails because a path relative to the volume is parsed from the root of the ' +
                    'object namespace, is unsure. A re-implementation parses FileObject->FileName ' +
                    'from the root for IO_REPARSE and retries as it is for IO_REMOUNT.',
                versions: { text: 'all, what happens is unsure' },
                sources: [
                    '"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)',
                    'public re-implementation of the I/O manager',
                ],
                grades: ['S', '2', 'U'],
            },
            {
                id: 'R-REDIRECT-5',
                title: 'The second create comes from the top',
                text: 'After STATUS_REPARSE the I/O manager parses anew, with a new IRP and normally ' +
                    "the same open packet, and enters the target volume's stack at its top. Every " +
                    'filter there, the redirecting one included, sees a second IRP_MJ_CREATE with the ' +
                    'new name.',
                versions: all,
                sources: [
                    '"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)',
                    'WDK samples: filesys/miniFilter/simrep README',
                ],
                grades: ['C', 'S'],
            },
            {
                id: 'R-REDIRECT-6',
                title: 'Know your own target',
                text: 'Because of this a redirecting filter has to recognise a name that it has already ' +
                    'redirected, or it loops.',
                versions: all,
                sources: ['WDK samples: filesys/miniFilter/simrep'],
                grades: ['C'],
            },
            {
                id: 'R-REDIRECT-7',
                title: 'Relative opens',
                text: 'With an absolute new name RelatedFileObject does not matter to the second ' +
                    'create, whose path starts in the object namespace. For a relative open the ' +
                    'filter has to build the full name first, with FltGetFileNameInformation. The ' +
                    'NameChanger sample does not reparse and sets RelatedFileObject to NULL itself.',
                versions: all,
                sources: [
                    'WDK samples: filesys/miniFilter/simrep',
                    'WDK samples: filesys/miniFilter/NameChanger',
                ],
                grades: ['C'],
            },
            {
                id: 'R-REDIRECT-8',
                title: 'IoStatus on the way down',
                text: 'An IoStatus that is set before the request goes down has no effect, since the ' +
                    'layers below overwrite it. Status STATUS_REPARSE followed by ' +
                    'FltReissueSynchronousIo therefore redirects nothing.',
                versions: all,
                sources: ['"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-9',
                title: 'Redirecting in post-create',
                text: "A post-create may change a stub's STATUS_REPARSE into a redirection: a new " +
                    'FileName, Status STATUS_REPARSE, Information IO_REPARSE, finished processing. ' +
                    "One redirection makes one more create. The post-creates on the stub's name that " +
                    'came again, none to three or more times depending on the application, are put ' +
                    'down to applications that open again and not to the Filter Manager. A file that ' +
                    'was opened with success has to be undone by FltCancelFileOpen first.',
                versions: { text: 'not stated by the source; seen on Server 2008 R2' },
                sources: [
                    '"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)',
                    'DDI: FltCancelFileOpen',
                ],
                grades: ['D', 'S'],
            },
            {
                id: 'R-REDIRECT-10',
                title: 'TagData that is left over',
                text: "A filter that turns a tag's STATUS_REPARSE into IO_REPARSE should dispose of " +
                    'TagData too, or the tag buffer goes up with an IO_REPARSE result. This is ' +
                    'unsure: the documentation says only that a reissue frees TagData.',
                versions: { text: 'unsure' },
                sources: ['inferred from DDI: FltReissueSynchronousIo'],
                grades: ['U'],
            },
            {
                id: 'R-REDIRECT-11',
                title: 'A tag that nobody handles',
                text: 'A tag that no filter handles, and that is neither a mount point nor a symbolic ' +
                    'link, ends as STATUS_IO_REPARSE_TAG_NOT_HANDLED 0xC0000279, in Win32 ' +
                    'ERROR_CANT_ACCESS_FILE 1920.',
                versions: all,
                sources: [
                    'btrfs test suite: src/tests/reparse.cpp',
                    'WinFsp: tst/winfsp-tests/reparse-test.c',
                ],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-12',
                title: 'Mount points and symbolic links',
                text: 'The I/O manager resolves mount points and symbolic links from the tag buffer ' +
                    'after the stack has unwound: it substitutes the name and parses anew. Filters ' +
                    'above first see the create end with STATUS_REPARSE and the tag in Information, ' +
                    'then a second create for the target.',
                versions: { text: 'all, symbolic links on Vista and later' },
                sources: ['Windows driver docs: ifs (reparse points)'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-13',
                title: 'How many reparse points a path may cross',
                text: 'At most 63 reparse points may lie on one path, 31 on XP and Server 2003. A loop ' +
                    'of symbolic links ends with STATUS_REPARSE_POINT_NOT_RESOLVED 0xC0000280, in ' +
                    'Win32 ERROR_CANT_RESOLVE_FILENAME 1921. Older copies of the page say 31 for all, ' +
                    'so the value of the time of Windows 7 is unsure.',
                versions: { text: '63 on Vista and later, 31 on XP and 2003; 7 unsure' },
                sources: [
                    'Microsoft Learn: Symbolic link programming considerations',
                    'WinFsp: tst/winfsp-tests/reparse-test.c',
                ],
                grades: ['T', 'D', 'U'],
            },
            {
                id: 'R-REDIRECT-14',
                title: 'Volume opens',
                text: 'STATUS_REPARSE for an open of the volume, with no name behind it, is bug check ' +
                    '0xF9 DRIVER_RETURNED_STATUS_REPARSE_FOR_VOLUME_OPEN. Its parameters are the ' +
                    'device that was opened, the device the IRP was sent to, the new name and ' +
                    'Information.',
                versions: all,
                sources: ['Windows driver docs: debugger/bug-check-0xf9'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-15',
                title: 'What must not be redirected',
                text: 'Creates with SL_OPEN_PAGING_FILE, opens of the volume (FO_VOLUME_OPEN), opens ' +
                    'with FILE_OPEN_BY_FILE_ID, and SL_OPEN_TARGET_DIRECTORY unless renames are ' +
                    'mapped as well.',
                versions: all,
                sources: ['WDK samples: filesys/miniFilter/simrep'],
                grades: ['C'],
            },
            {
                id: 'R-REDIRECT-16',
                title: 'FILE_OPEN_REPARSE_POINT',
                text: 'FILE_OPEN_REPARSE_POINT opens the reparse point itself if it is the last ' +
                    'component. Those before it are followed all the same.',
                versions: all,
                sources: ['btrfs test suite: src/tests/reparse.cpp'],
                grades: ['T'],
            },
            {
                id: 'R-REDIRECT-17',
                title: 'Who sees which create',
                text: 'A filter below the redirecting one never sees the first create. One above sees ' +
                    'both, and the post-operation of the first shows Status 0x104 and Information 0. ' +
                    'After the second the file object names the target, so FltGetFileNameInformation ' +
                    'above returns the target; the name that was asked for is lost unless it was ' +
                    'remembered.',
                versions: all,
                sources: ['WDK samples: filesys/miniFilter/simrep README'],
                grades: ['C', 'I'],
            },
            {
                id: 'R-REDIRECT-18',
                title: 'Name providers',
                text: 'A filter that changes names should register as a name provider ' +
                    '(GenerateFileName, NormalizeNameComponent). Names that are queried inside a ' +
                    'provider are asked for below it only, so nothing loops.',
                versions: all,
                sources: ['WDK samples: filesys/miniFilter/NameChanger'],
                grades: ['C'],
            },
            {
                id: 'R-REDIRECT-19',
                title: 'Renames into a redirected parent',
                text: "The I/O manager opens the parent of a rename's target with " +
                    'SL_OPEN_TARGET_DIRECTORY. A filter that redirects by reparse has to handle ' +
                    'rename and link in SET_INFORMATION too; the simrep sample does so under ' +
                    'RemapRenamesAndLinks, which is off by default.',
                versions: all,
                sources: ['WDK samples: filesys/miniFilter/simrep'],
                grades: ['C'],
            },
            {
                id: 'R-REDIRECT-20',
                title: "Creates of a filter's own",
                text: 'FltCreateFile and its Ex and Ex2 forms send the create to instances below the ' +
                    'given one only. A reparse that stays below is resolved inside, and ' +
                    'FltCreateFileEx2 never returns STATUS_REPARSE. On Windows 7 crossing to another ' +
                    'volume fails with STATUS_MOUNT_POINT_NOT_RESOLVED 0xC0000368; Windows 8 and ' +
                    'later attach GUID_ECP_FLT_CREATEFILE_TARGET, so that the request can go on at ' +
                    'the right instance of the other volume.',
                versions: { text: '7; 8 and later continue on another volume' },
                sources: ['DDI: FltCreateFileEx2', 'public blog on file system filters, 2012-02'],
                grades: ['D', '2'],
            },
        ],
    },
    {
        title: 'FltReissueSynchronousIo and FltCancelFileOpen',
        rules: [
            {
                id: 'R-REDIRECT-21',
                title: 'When a reissue is allowed',
                text: 'FltReissueSynchronousIo may be called from the post-operation of an operation ' +
                    'whose pre-operation returned FLT_PREOP_SYNCHRONIZE (creates are synchronized ' +
                    "anyway), or for callback data of the filter's own. IRPs only, and " +
                    'InitiatingInstance has to be the same instance.',
                versions: all,
                sources: ['DDI: FltReissueSynchronousIo'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-22',
                title: 'Where a reissue goes',
                text: 'It goes to the instances below the initiator and to the file system; those above ' +
                    'never see it. When it returns, Data->IoStatus is the new result and the same ' +
                    'post-operation goes on; it is not called again. The flag REISSUED_IO (0x20000) ' +
                    'marks the operation.',
                versions: all,
                sources: [
                    'DDI: FltReissueSynchronousIo',
                    '"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)',
                ],
                grades: ['D', 'S'],
            },
            {
                id: 'R-REDIRECT-23',
                title: 'Parameters of a reissue',
                text: 'Changed parameters need FltSetCallbackDataDirty first. The usual case: a ' +
                    "STATUS_REPARSE with the filter's own tag, FILE_OPEN_REPARSE_POINT added to " +
                    'Create.Options, dirty, reissue. The Filter Manager frees TagData and sets it to ' +
                    'NULL.',
                versions: all,
                sources: ['DDI: FltReissueSynchronousIo'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-24',
                title: 'Reissue of a cancelled create',
                text: 'A create that was cancelled (FO_FILE_OPEN_CANCELLED 0x200000) cannot be ' +
                    'reissued: STATUS_CANCELLED.',
                versions: all,
                sources: ['DDI: FltReissueSynchronousIo'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-25',
                title: 'FltIsOperationSynchronous is another question',
                text: 'FltIsOperationSynchronous tells whether the I/O is synchronous for the I/O ' +
                    'manager. It does not tell whether a reissue is allowed.',
                versions: all,
                sources: ['DDI: FltReissueSynchronousIo', 'DDI: FltIsOperationSynchronous'],
                grades: ['D'],
            },
            {
                id: 'R-REDIRECT-26',
                title: 'A reissue that changes nothing',
                text: 'For a stub, a reissue without a change returns the same STATUS_REPARSE again.',
                versions: all,
                sources: ['"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)'],
                grades: ['S'],
            },
            {
                id: 'R-REDIRECT-27',
                title: 'FltCancelFileOpen',
                text: 'FltCancelFileOpen belongs into post-create at PASSIVE_LEVEL and sets ' +
                    'FO_FILE_OPEN_CANCELLED. With FO_HANDLE_CREATED set it is bug check 0xF5 with ' +
                    'code 0x6A, and after STATUS_REPARSE it is not needed. Layers below see the open, ' +
                    'a cleanup and a close, those above a create that failed; a file that was created ' +
                    'or overwritten stays so.',
                versions: all,
                sources: ['DDI: FltCancelFileOpen'],
                grades: ['D'],
            },
        ],
    },
];
