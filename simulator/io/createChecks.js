// What NtCreateFile refuses before any driver sees the request, and what an open sets in the file
// object before the create is sent.
import { AccessAlias, AccessMask, CreateOption as O, Disposition, FileObjectFlag as Fo, } from '../../contract/windows/index.ts';
const SYNCHRONOUS = O.FILE_SYNCHRONOUS_IO_ALERT | O.FILE_SYNCHRONOUS_IO_NONALERT;
const VALID_OPTIONS = 0x00ffffff;
const VALID_ATTRIBUTES = 0x00007fb7;
const VALID_SHARE = 7;
/** Options that may stand beside FILE_DIRECTORY_FILE. */
const WITH_DIRECTORY = O.FILE_DIRECTORY_FILE |
    SYNCHRONOUS |
    O.FILE_WRITE_THROUGH |
    O.FILE_COMPLETE_IF_OPLOCKED |
    O.FILE_DELETE_ON_CLOSE |
    O.FILE_OPEN_BY_FILE_ID |
    O.FILE_OPEN_FOR_BACKUP_INTENT |
    O.FILE_OPEN_REPARSE_POINT |
    O.FILE_OPEN_NO_RECALL |
    O.FILE_OPEN_FOR_FREE_SPACE_QUERY;
const directoryDispositions = new Set([
    Disposition.FILE_CREATE,
    Disposition.FILE_OPEN,
    Disposition.FILE_OPEN_IF,
]);
/** Each row: when it is true the request ends with STATUS_INVALID_PARAMETER (R-IO-9 and DDI ZwCreateFile). */
const refusals = [
    ({ options }) => (options & ~VALID_OPTIONS) !== 0,
    ({ shareAccess }) => (shareAccess & ~VALID_SHARE) !== 0,
    ({ fileAttributes }) => (fileAttributes & ~VALID_ATTRIBUTES) !== 0,
    ({ disposition }) => disposition > Disposition.FILE_OVERWRITE_IF,
    ({ allocationSize }) => allocationSize < 0,
    ({ options }) => (options & SYNCHRONOUS) === SYNCHRONOUS,
    ({ options, desiredAccess }) => (options & SYNCHRONOUS) !== 0 && (mapGeneric(desiredAccess) & AccessMask.SYNCHRONIZE) === 0,
    ({ options, desiredAccess }) => (options & O.FILE_DELETE_ON_CLOSE) !== 0 && !mayHave(desiredAccess, AccessMask.DELETE),
    ({ options }) => (options & O.FILE_DIRECTORY_FILE) !== 0 && (options & O.FILE_NON_DIRECTORY_FILE) !== 0,
    ({ options }) => (options & O.FILE_DIRECTORY_FILE) !== 0 && (options & ~WITH_DIRECTORY) !== 0,
    ({ options, disposition }) => (options & O.FILE_DIRECTORY_FILE) !== 0 && !directoryDispositions.has(disposition),
    ({ options, desiredAccess }) => (options & O.FILE_NO_INTERMEDIATE_BUFFERING) !== 0 &&
        (desiredAccess & AccessMask.FILE_APPEND_DATA) !== 0,
];
export const isRefused = (request) => refusals.some((one) => one(request));
const mayHave = (access, right) => (mapGeneric(access) & (right | AccessMask.MAXIMUM_ALLOWED)) !== 0;
/** The generic mapping of file objects. */
export function mapGeneric(access) {
    let mapped = access & 0x0fff_ffff;
    if (access & AccessMask.GENERIC_ALL)
        mapped |= AccessAlias.FILE_ALL_ACCESS;
    if (access & AccessMask.GENERIC_EXECUTE)
        mapped |= AccessAlias.FILE_GENERIC_EXECUTE;
    if (access & AccessMask.GENERIC_WRITE)
        mapped |= AccessAlias.FILE_GENERIC_WRITE;
    if ((access & AccessMask.GENERIC_READ) !== 0)
        mapped |= AccessAlias.FILE_GENERIC_READ;
    return mapped >>> 0;
}
const flagsByOption = [
    [SYNCHRONOUS, Fo.FO_SYNCHRONOUS_IO],
    [O.FILE_SYNCHRONOUS_IO_ALERT, Fo.FO_ALERTABLE_IO],
    [O.FILE_NO_INTERMEDIATE_BUFFERING, Fo.FO_NO_INTERMEDIATE_BUFFERING],
    [O.FILE_WRITE_THROUGH, Fo.FO_WRITE_THROUGH],
    [O.FILE_SEQUENTIAL_ONLY, Fo.FO_SEQUENTIAL_ONLY],
    [O.FILE_RANDOM_ACCESS, Fo.FO_RANDOM_ACCESS],
];
/** FO_… that follow from how the file is opened; `rest` is the name behind the volume. */
export function fileObjectFlags({ options, caseSensitive, related }, rest) {
    let flags = caseSensitive ? Fo.FO_OPENED_CASE_SENSITIVE : 0;
    for (const [option, flag] of flagsByOption)
        if (options & option)
            flags |= flag;
    if (rest === '' && related === null)
        flags |= Fo.FO_VOLUME_OPEN;
    return flags;
}
