// Create disposition × what is there → what happens. The whole table of NtCreateFile.
import { Disposition } from '../../../contract/windows/index.ts';
/** By disposition. For a named stream, "there" is the stream; its file is made when missing. */
const decisions = new Map([
    [Disposition.FILE_SUPERSEDE, { missing: 'create', existing: 'supersede' }],
    [Disposition.FILE_OPEN, { missing: 'not-found', existing: 'open' }],
    [Disposition.FILE_CREATE, { missing: 'create', existing: 'collision' }],
    [Disposition.FILE_OPEN_IF, { missing: 'create', existing: 'open' }],
    [Disposition.FILE_OVERWRITE, { missing: 'not-found', existing: 'overwrite' }],
    [Disposition.FILE_OVERWRITE_IF, { missing: 'create', existing: 'overwrite' }],
]);
/** Undefined for a disposition that does not exist. */
export function decide(disposition, exists) {
    const decision = decisions.get(disposition);
    return exists ? decision?.existing : decision?.missing;
}
/** Replaces what is there: FILE_DIRECTORY_FILE does not go with it (R-IO-9). */
export const replaces = (disposition) => disposition === Disposition.FILE_SUPERSEDE ||
    disposition === Disposition.FILE_OVERWRITE ||
    disposition === Disposition.FILE_OVERWRITE_IF;
