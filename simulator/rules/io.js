// What the I/O manager and NTFS answer.
import { all } from './rule.ts';
export const ioRules = {
    family: 'IO',
    title: 'I/O manager and NTFS',
    groups: [
        {
            title: 'Files and what can be done to them',
            rules: [
                {
                    id: 'R-IO-1',
                    title: 'The I/O status block of NtSetInformationFile',
                    text: 'When NtSetInformationFile fails it leaves the I/O status block alone (tests set ' +
                        'it to 0xdeadbeef before). When it succeeds Status and Information are 0.',
                    versions: all,
                    sources: ['Wine: dlls/ntdll/tests/file.c'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-2',
                    title: 'FileDispositionInformation',
                    text: 'Only the low byte counts: 0x100 does not delete. Length 0 is ' +
                        'STATUS_INFO_LENGTH_MISMATCH 0xC0000004, a query of the class ' +
                        'STATUS_INVALID_INFO_CLASS. DELETE access is needed, else STATUS_ACCESS_DENIED.',
                    versions: all,
                    sources: ['Wine: dlls/ntdll/tests/file.c', 'btrfs test suite: src/tests/delete.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-3',
                    title: 'Delete pending',
                    text: 'The name stays in its directory, and new opens fail with STATUS_DELETE_PENDING ' +
                        '0xC0000056 (ERROR_ACCESS_DENIED in Win32). Standard information says ' +
                        'DeletePending TRUE, the standard link information NumberOfAccessibleLinks 0 and ' +
                        'TotalNumberOfLinks 1. Disposition FALSE on any handle with DELETE takes it back, ' +
                        'unless the deletion was a POSIX one.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/delete.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-4',
                    title: 'POSIX deletion',
                    text: 'With FileDispositionInformationEx, flags 1 and 2, the name disappears when the ' +
                        'handle that deletes is closed, and other handles go on working with ' +
                        'NumberOfLinks 0; NTFS moves the file to \\$Extend\\$Deleted. Opening the old name ' +
                        'is STATUS_OBJECT_NAME_NOT_FOUND, opening by file id STATUS_DELETE_PENDING, ' +
                        'taking it back STATUS_FILE_DELETED 0xC0000123.',
                    versions: { text: '10 1709 and later', since: 'win10' },
                    sources: [
                        'btrfs test suite: src/tests/delete.cpp',
                        'btrfs test suite: src/tests/create.cpp',
                        'btrfs test suite: src/tests/rename.cpp',
                    ],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-5',
                    title: 'FILE_DELETE_ON_CLOSE',
                    text: 'DeletePending stays FALSE while the handle is open and becomes TRUE for others ' +
                        'when it is closed. DELETE access is needed, a read-only file is ' +
                        'STATUS_CANNOT_DELETE, and other openers have to share delete.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/delete.cpp', 'Wine: dlls/ntdll/tests/file.c'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-6',
                    title: 'Directories that are not empty',
                    text: 'Marking such a directory is STATUS_DIRECTORY_NOT_EMPTY, also while its child is ' +
                        'only delete pending. A directory with delete on close that is no longer empty ' +
                        'simply stays.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/delete.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-7',
                    title: 'Deletion and streams',
                    text: 'Marking the file marks its open streams too. Taking it back through the handle ' +
                        'of a stream is ignored.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/delete.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-8',
                    title: 'Share access',
                    text: 'Sharing is checked both ways for the READ, WRITE and DELETE bits. Opens for ' +
                        'attributes only (FILE_READ_ATTRIBUTES, FILE_WRITE_ATTRIBUTES, SYNCHRONIZE, ' +
                        'READ_CONTROL and such) take no part.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/create.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-9',
                    title: 'FILE_OVERWRITE and FILE_SUPERSEDE',
                    text: 'A read-only file cannot be overwritten (STATUS_ACCESS_DENIED) but can be ' +
                        'superseded. Leaving out HIDDEN or SYSTEM that the file has is ' +
                        'STATUS_ACCESS_DENIED for both, and the name keeps its old case. With ' +
                        'FILE_DIRECTORY_FILE they are STATUS_INVALID_PARAMETER; with ' +
                        'FILE_NON_DIRECTORY_FILE on a directory STATUS_FILE_IS_A_DIRECTORY.',
                    versions: all,
                    sources: [
                        'btrfs test suite: src/tests/overwrite.cpp',
                        'btrfs test suite: src/tests/supersede.cpp',
                    ],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-10',
                    title: 'Rename',
                    text: 'A target that exists, without replace, is STATUS_OBJECT_NAME_COLLISION ' +
                        '0xC0000035. A target that is open, a directory or read-only is ' +
                        'STATUS_ACCESS_DENIED, though IGNORE_READONLY (0x40) of the Ex class lets ' +
                        'read-only go. The same name, or another case of it, works. Below a regular file ' +
                        'it is STATUS_INVALID_PARAMETER, with bad characters STATUS_OBJECT_NAME_INVALID, ' +
                        'without DELETE access or without FILE_ADD_FILE or FILE_ADD_SUBDIRECTORY on the ' +
                        'new parent STATUS_ACCESS_DENIED.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/rename.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-11',
                    title: 'POSIX rename that replaces',
                    text: 'With flags 1 and 2 of the Ex class an open target may be replaced if its openers ' +
                        'share delete, else STATUS_SHARING_VIOLATION. An empty directory may replace an ' +
                        'empty directory; one that is not empty is STATUS_DIRECTORY_NOT_EMPTY, and a ' +
                        'mapped image STATUS_ACCESS_DENIED.',
                    versions: { text: '10 1709 and later', since: 'win10' },
                    sources: ['btrfs test suite: src/tests/rename.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-12',
                    title: 'A directory with something open in it',
                    text: 'A directory below which something is open cannot be renamed: ' +
                        'STATUS_ACCESS_DENIED.',
                    versions: all,
                    sources: ['WinFsp: tst/winfsp-tests/info-test.c'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-13',
                    title: 'Hard links',
                    text: 'To a directory: STATUS_FILE_IS_A_DIRECTORY 0xC00000BA. Over itself, with ' +
                        'replace, nothing happens. Over a target that is open, read-only or a directory: ' +
                        'STATUS_ACCESS_DENIED. Without its parent: STATUS_OBJECT_PATH_NOT_FOUND ' +
                        '0xC000003A. Through a RootDirectory handle that does not share write: ' +
                        'STATUS_SHARING_VIOLATION.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/links.cpp', 'Wine: dlls/ntdll/tests/file.c'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-14',
                    title: 'Opens by file id',
                    text: 'Without a root handle, and for an id that does not exist, every disposition is ' +
                        'STATUS_INVALID_PARAMETER. FILE_CREATE on a valid id is ' +
                        'STATUS_OBJECT_NAME_COLLISION; the wrong kind is STATUS_NOT_A_DIRECTORY or ' +
                        'STATUS_FILE_IS_A_DIRECTORY. Through such a handle rename and delete are ' +
                        'STATUS_INVALID_PARAMETER, links work, and a query of the name needs ' +
                        'SeChangeNotifyPrivilege, else STATUS_ACCESS_DENIED.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/create.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-15',
                    title: 'Paths and names',
                    text: 'A directory on the way that is missing, or that is a file, is ' +
                        'STATUS_OBJECT_PATH_NOT_FOUND. A component of 256 characters is ' +
                        'STATUS_OBJECT_NAME_INVALID; 255 UTF-16 units and lone surrogates are legal on ' +
                        'NTFS, and "CON" is legal for the native API.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/create.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-16',
                    title: 'Attributes of what is new',
                    text: 'A new file gets ARCHIVE beside the attributes that were asked for; a new ' +
                        'directory gets DIRECTORY and no ARCHIVE. FILE_ATTRIBUTE_DIRECTORY without ' +
                        'FILE_DIRECTORY_FILE makes a file.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/create.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-17',
                    title: 'Reads, writes and positions',
                    text: 'A read at or behind the end is STATUS_END_OF_FILE 0xC0000011 and does not move ' +
                        'the position; one across the end is cut. A negative position, a size or position ' +
                        'that is not aligned under FILE_NO_INTERMEDIATE_BUFFERING, and no offset on an ' +
                        'asynchronous handle are STATUS_INVALID_PARAMETER. A handle with FILE_APPEND_DATA ' +
                        'only always writes at the end.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/io.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-18',
                    title: 'Valid data length',
                    text: 'Setting it without SeManageVolumePrivilege is STATUS_PRIVILEGE_NOT_HELD; below ' +
                        'its present value or beyond the end of file it is STATUS_INVALID_PARAMETER.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/io.cpp'],
                    grades: ['T'],
                },
                {
                    id: 'R-IO-19',
                    title: 'Named streams',
                    text: 'Creating a stream of a file that is missing creates the file. ' +
                        'FILE_DIRECTORY_FILE is STATUS_NOT_A_DIRECTORY, and "::$DATA" of a directory ' +
                        'STATUS_FILE_IS_A_DIRECTORY. A rename of a stream takes ":name" only, a full path ' +
                        'being STATUS_INVALID_PARAMETER; to "::$DATA" it needs replace, else ' +
                        'STATUS_OBJECT_NAME_COLLISION. Data renamed to ":s" leaves an empty unnamed ' +
                        'stream behind, and on directories such a rename is STATUS_INVALID_PARAMETER.',
                    versions: all,
                    sources: ['btrfs test suite: src/tests/streams.cpp'],
                    grades: ['T'],
                },
            ],
        },
        {
            title: 'IRPs',
            rules: [
                {
                    id: 'R-IO-20',
                    title: 'Waiting for synchronous I/O',
                    text: 'NtReadFile on a handle for synchronous I/O waits in IopSynchronousServiceTail ' +
                        'only if the driver stack returned STATUS_PENDING. The second stage of completion ' +
                        'is then a special kernel APC in the issuing thread, which runs only where such ' +
                        'APCs can be delivered.',
                    versions: { text: 'not stated by the source' },
                    sources: [
                        '"Section sync in a mini-filter" (forum thread)',
                        'Windows driver docs: kernel (synchronous I/O)',
                        'public re-implementation of the I/O manager',
                    ],
                    grades: ['D', 'S', '2'],
                },
                {
                    id: 'R-IO-21',
                    title: 'Pending and buffered data',
                    text: 'STATUS_PENDING is returned if and only if the IRP was marked pending. Copying ' +
                        'buffered data to the caller, and freeing the buffer (IRP_DEALLOCATE_BUFFER), ' +
                        'happen in the context of the requestor.',
                    versions: all,
                    sources: ['"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)'],
                    grades: ['S'],
                },
                {
                    id: 'R-IO-22',
                    title: 'I/O priority in the IRP flags',
                    text: 'Bits 17 to 19 of the IRP flags hold the I/O priority hint plus 1: "IrpFl ' +
                        '00060000" in the transcript is normal priority in an IRP without other flags. ' +
                        'This is inferred.',
                    versions: { text: 'Vista and later', since: 'vista' },
                    sources: ['"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)', 'wdm.h'],
                    grades: ['I'],
                },
                {
                    id: 'R-IO-23',
                    title: 'No stack location left',
                    text: 'IoCallDriver on an IRP without a stack location left is bug check 0x35.',
                    versions: all,
                    sources: ['Windows driver docs: debugger/bug-check-0x35'],
                    grades: ['D'],
                },
            ],
        },
    ],
};
