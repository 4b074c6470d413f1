// Directory change notification: the layout of entries, and which operation makes which.
import { all } from '../rule.ts';
export const notifyEntries = [
    {
        title: 'Layout of the entries',
        rules: [
            {
                id: 'R-NOTIFY-24',
                title: 'FILE_NOTIFY_INFORMATION',
                text: 'An entry is NextEntryOffset (ULONG at +0, 0 in the last one), Action (ULONG at ' +
                    '+4), FileNameLength in bytes (ULONG at +8) and the name at +0xC, which no NUL ' +
                    'ends.',
                versions: all,
                sources: ['Microsoft documentation (FILE_NOTIFY_INFORMATION)'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-25',
                title: 'Alignment and length of entries',
                text: 'Entries begin on 4-byte boundaries: NextEntryOffset is 12 plus the length of the ' +
                    'name, rounded up to a multiple of 4. The last entry is not padded, so one name ' +
                    'of three characters gives Information 0x12 = 18. Other writers pad otherwise ' +
                    '(the NameChanger sample to 8), so a reader follows NextEntryOffset and computes ' +
                    'nothing.',
                versions: all,
                sources: [
                    'Wine: dlls/kernel32/tests/change.c',
                    'Wine: dlls/ntdll/tests/change.c',
                    '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)',
                    'ReactOS: ntoskrnl/fsrtl/notify.c',
                    'WDK samples: filesys/miniFilter/NameChanger/ncdirnotify.c',
                ],
                grades: ['T', 'C', 'S', '2'],
            },
            {
                id: 'R-NOTIFY-26',
                title: 'Names in entries',
                text: 'A name is relative to the watched directory, its components joined by one ' +
                    'backslash each, without a leading one, in the case in which the directory entry ' +
                    'stores it.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_recursive',
                    'WinFsp: tst/winfsp-tests/dirctl-test.c',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-27',
                title: 'Action codes',
                text: 'FILE_ACTION codes are 1 ADDED, 2 REMOVED, 3 MODIFIED, 4 RENAMED_OLD_NAME, 5 ' +
                    'RENAMED_NEW_NAME, 6 ADDED_STREAM, 7 REMOVED_STREAM, 8 MODIFIED_STREAM, 9 ' +
                    'REMOVED_BY_DELETE, 0xA ID_NOT_TUNNELLED and 0xB TUNNELLED_ID_COLLISION. The ' +
                    'codes 9 to 0xB occur only in watches of the object id index, where an entry ' +
                    'carries a FILE_OBJECTID layout.',
                versions: all,
                sources: ['DDI: FsRtlNotifyFullReportChange'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-28',
                title: 'Extended and full entries',
                text: 'An extended entry has four times first, then AllocatedLength +0x28, FileSize ' +
                    '+0x30, attributes +0x38, reparse tag or EA size +0x3C, FileId +0x40, ' +
                    'ParentFileId +0x48, the name length as a ULONG at +0x50 and the name at +0x54. ' +
                    'In a full entry FileNameLength is a USHORT at +0x50, followed by FileNameFlags ' +
                    '(UCHAR at +0x52: 1 the long NTFS name, 2 the DOS name).',
                versions: { text: '10 and later', since: 'win10' },
                sources: ['DDI: _FILE_NOTIFY_EXTENDED_INFORMATION', 'DDI: _FILE_NOTIFY_FULL_INFORMATION'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-29',
                title: 'Information of a success',
                text: 'Information of a request that succeeds is the number of bytes written. FsRtl ' +
                    'does not complete a watch with a user buffer with STATUS_SUCCESS and 0 bytes; ' +
                    'this is inferred.',
                versions: all,
                sources: ['inferred from the rules above'],
                grades: ['I'],
            },
        ],
    },
    {
        title: 'Which operation gives which change',
        rules: [
            {
                id: 'R-NOTIFY-30',
                title: 'Filter bits',
                text: 'The bits of the completion filter: FILE_NAME 1, DIR_NAME 2, ATTRIBUTES 4, SIZE ' +
                    '8, LAST_WRITE 0x10, LAST_ACCESS 0x20, CREATION 0x40, EA 0x80, SECURITY 0x100, ' +
                    'STREAM_NAME 0x200, STREAM_SIZE 0x400, STREAM_WRITE 0x800. Together they are the ' +
                    'valid mask 0xFFF.',
                versions: all,
                sources: ['Microsoft documentation (FILE_NOTIFY_CHANGE flags)'],
                grades: ['D'],
            },
            {
                id: 'R-NOTIFY-31',
                title: 'Names that come and go',
                text: 'A new directory is ADDED to watches with DIR_NAME only, a new file to those with ' +
                    'FILE_NAME only. Removal is told the same way: REMOVED for FILE_NAME where a file ' +
                    'goes, for DIR_NAME where a directory goes.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask',
                    'Wine: dlls/ntdll/tests/change.c',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-32',
                title: 'Rename inside one directory',
                text: 'A rename that stays in its directory makes RENAMED_OLD_NAME and then ' +
                    'RENAMED_NEW_NAME in one completion; the old name alone never completes a ' +
                    'request. Files need FILE_NAME in the filter, directories DIR_NAME.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_recursive',
                    'ReactOS: ntoskrnl/fsrtl/notify.c',
                ],
                grades: ['T', '2'],
            },
            {
                id: 'R-NOTIFY-33',
                title: 'A renamed file is also modified',
                text: 'A watch for ATTRIBUTES only sees the rename of a file as one MODIFIED with the ' +
                    'new name, because NTFS sets the archive bit. One test that closes its handles ' +
                    'demands it, another that keeps the renamed handles open does not get it among ' +
                    'nine changes, so it is most likely reported at the cleanup of the handle that ' +
                    'renamed; that time is inferred.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask_change',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_recursive',
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask',
                ],
                grades: ['T', 'I'],
            },
            {
                id: 'R-NOTIFY-34',
                title: 'Moves between directories',
                text: 'A move to another directory is REMOVED with the old path, then ADDED with the ' +
                    'new one, as two entries of the same recursive watch and never as an old and new ' +
                    'name. A watch that is not recursive sees only its own side.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_recursive',
                    'Wine: dlls/kernel32/tests/change.c',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-35',
                title: 'A recursive sequence, exactly',
                text: 'A recursive watch armed with FILE_NAME, DIR_NAME, ATTRIBUTES and CREATION over ' +
                    'two new directories, a rename of the inner one, a new file, its move up into the ' +
                    'watched directory and a rename there collects exactly nine entries: ADDED, ' +
                    'ADDED, RENAMED_OLD_NAME, RENAMED_NEW_NAME, ADDED, REMOVED, ADDED, ' +
                    'RENAMED_OLD_NAME, RENAMED_NEW_NAME. The conformance case notify-recursive-9 ' +
                    'holds the names.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_recursive'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-36',
                title: 'Attributes and times that are set',
                text: 'Setting attributes is MODIFIED for ATTRIBUTES, setting LastWriteTime for ' +
                    'LAST_WRITE, CreationTime for CREATION, LastAccessTime for LAST_ACCESS. The named ' +
                    'bit must fire when it alone is armed; further bits may. Whatever fires shows ' +
                    'that action, that count and that name.',
                versions: all,
                sources: [
                    'Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask',
                    'Samba smbtorture: raw/notify.c',
                ],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-37',
                title: 'Changes without a bit of their own',
                text: 'No bit has to fire for a change of ChangeTime alone or for data that is written. ' +
                    'If a completion comes it is one MODIFIED with the name of the file. Writes ' +
                    'usually fire LAST_WRITE, SIZE and ATTRIBUTES when the metadata is flushed, at ' +
                    'cleanup or lazily; when exactly is unsure.',
                versions: { text: 'all, the time of the report unsure' },
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_mask'],
                grades: ['T', 'U'],
            },
            {
                id: 'R-NOTIFY-38',
                title: 'Security descriptors',
                text: 'Setting a security descriptor is exactly one MODIFIED for SECURITY, whether or ' +
                    'not the new descriptor differs from the old. Filters SECURITY and all bits, with ' +
                    'a copied descriptor and with one that gained an ACE, show the same.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_acl'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-39',
                title: 'A new file that is written',
                text: 'Creating, writing and closing a new file under a watch for everything, with no ' +
                    'request pending, leaves ADDED and MODIFIED in the buffer. Unlinking an existing ' +
                    'file, creating it again and writing it leaves exactly three: REMOVED, ADDED, ' +
                    'MODIFIED.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_valid_request'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-40',
                title: 'A rename that replaces',
                text: 'FastFat reports a target that a rename replaces as MODIFIED with ATTRIBUTES, ' +
                    'SIZE, LAST_WRITE, LAST_ACCESS, CREATION and EA, beside the old and new name of ' +
                    'the source. What NTFS reports, presumably REMOVED of the target first, is ' +
                    'unsure.',
                versions: { text: 'all, FAT only; NTFS unsure' },
                sources: ['WDK samples: filesys/fastfat/fileinfo.c, FatSetRenameInfo'],
                grades: ['C', 'U'],
            },
            {
                id: 'R-NOTIFY-41',
                title: 'The watched directory itself',
                text: 'A change of the attributes of the watched directory is not told to its own ' +
                    'watch. A watch on its parent sees it.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_basedir'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-42',
                title: 'The watched directory is renamed',
                text: 'Renaming the watched directory tells its own watch nothing, and later names are ' +
                    'still relative to the handle.',
                versions: all,
                sources: ['Wine: dlls/ntdll/tests/change.c'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-43',
                title: 'Overlapping watches',
                text: 'Watches on a directory and on one above it do not touch each other, and one ' +
                    'change may satisfy both. Twenty overlapping watches give exact counts.',
                versions: all,
                sources: ['Samba smbtorture: smb2/notify.c, torture_smb2_notify_tree'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-44',
                title: 'A directory changes because of what is in it',
                text: 'A creation in a sub-directory may also make a MODIFIED with the name of that ' +
                    'sub-directory, in a recursive watch for LAST_WRITE or ATTRIBUTES, since its ' +
                    'times change. When NTFS does so is unsure; tests that need a fixed result watch ' +
                    'names only.',
                versions: { text: 'all, when NTFS does it unsure' },
                sources: ['inferred: a change in a directory changes its times'],
                grades: ['U'],
            },
            {
                id: 'R-NOTIFY-45',
                title: 'Delete on close',
                text: 'REMOVED is told when the name really goes, at the last cleanup, and not when the ' +
                    'disposition is set. A create with FILE_DELETE_ON_CLOSE and its close give ADDED ' +
                    'and REMOVED.',
                versions: all,
                sources: ['WinFsp: tst/winfsp-tests/dirctl-test.c'],
                grades: ['T'],
            },
            {
                id: 'R-NOTIFY-46',
                title: 'Named streams',
                text: 'Adding, removing or resizing a named stream fires the STREAM bits with the ' +
                    'actions 6 to 8 and a name of the form "file:stream". Whether ":$DATA" may follow ' +
                    'is unsure.',
                versions: all,
                sources: ['Microsoft documentation (FILE_NOTIFY_CHANGE flags)'],
                grades: ['D', 'U'],
            },
        ],
    },
];
