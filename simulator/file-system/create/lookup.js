// From the name in a file object to what is there. Every status of a name that leads nowhere is
// decided here.
import { NtStatus } from '../../../contract/windows/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { divertsOpens } from '../fsControl/reparsePoint.ts';
import { isLegalName, parsePath } from '../names.ts';
import { openOf } from '../open.ts';
import { mayBePassed } from '../security.ts';
import { decide } from './decisions.ts';
const refuse = (status) => ({ kind: 'failed', status });
export function lookUp(request) {
    const start = startOf(request);
    if (typeof start === 'number')
        return refuse(start);
    if (start.path === '') {
        return { kind: 'existing', entry: start.entry, stream: null, trailingBackslash: false };
    }
    const parsed = parsePath(start.path);
    if (parsed === null)
        return refuse(NtStatus.STATUS_OBJECT_NAME_INVALID);
    const target = walk(request, start.entry, parsed);
    if (target.kind !== 'diverted')
        return target;
    return { ...target, unparsed: start.path.length - target.unparsed };
}
/** Where the name begins: at the root, or at the handle it is relative to. */
function startOf({ volume, fileObject }) {
    const { fileName, relatedFileObject } = fileObject;
    if (relatedFileObject === null) {
        if (fileName === '')
            throw new NotModelledSignal('opening a volume itself');
        const root = rootOf(volume);
        return { entry: root, path: fileName.startsWith('\\') ? fileName.slice(1) : fileName };
    }
    const related = openOf(relatedFileObject);
    const entry = related.entry ?? related.file.links[0];
    if (entry === undefined || entry.removed)
        return NtStatus.STATUS_DELETE_PENDING;
    // Grade I: a relative name may not begin at the root.
    if (fileName.startsWith('\\'))
        return NtStatus.STATUS_INVALID_PARAMETER;
    return { entry, path: fileName };
}
function walk(request, from, parsed) {
    const { components, stream, trailingBackslash } = parsed;
    let entry = from;
    let parsedLength = 0;
    for (const [index, name] of components.entries()) {
        const { directory } = entry.file;
        // A missing directory on the way, or a file in its place: the same status (R-IO-15).
        if (directory === null)
            return refuse(NtStatus.STATUS_OBJECT_PATH_NOT_FOUND);
        if (request.checksTraverse && !mayBePassed(entry.file.dacl)) {
            return refuse(NtStatus.STATUS_ACCESS_DENIED);
        }
        const next = directory.find(name);
        const found = next !== undefined && (!request.caseSensitive || next.name === name);
        if (found) {
            entry = next;
            parsedLength += name.length + (index === 0 ? 0 : 1);
            const isLast = index === components.length - 1;
            if (divertsOpens(entry.file) && !(isLast && opensItself(request, stream))) {
                return { kind: 'diverted', file: entry.file, unparsed: parsedLength };
            }
            continue;
        }
        if (index < components.length - 1)
            return refuse(NtStatus.STATUS_OBJECT_PATH_NOT_FOUND);
        if (next !== undefined && decide(request.disposition, false) === 'create') {
            throw new NotModelledSignal('names that differ only in case');
        }
        return { kind: 'missing', parent: entry.file, name, stream, trailingBackslash };
    }
    return { kind: 'existing', entry, stream, trailingBackslash };
}
/** Models: R-REDIRECT-16. A create that wants no file there collides with the reparse point (choice). */
const opensItself = (request, stream) => request.opensReparsePoint ||
    (stream === null && decide(request.disposition, true) === 'collision');
/**
 * SL_OPEN_TARGET_DIRECTORY: the directory of a rename's or a link's new name. Models: R-IO-10 (below a
 * regular file: STATUS_INVALID_PARAMETER), R-IO-13 (missing: STATUS_OBJECT_PATH_NOT_FOUND).
 */
export function lookUpTargetDirectory(request) {
    const start = startOf(request);
    if (typeof start === 'number')
        return start;
    const cut = start.path.lastIndexOf('\\');
    const name = start.path.slice(cut + 1);
    // A name with a colon is judged by the operation that wanted the directory.
    if (!isLegalName(name.split(':')[0] ?? ''))
        return NtStatus.STATUS_OBJECT_NAME_INVALID;
    let { entry } = start;
    if (cut > 0) {
        const parsed = parsePath(start.path.slice(0, cut));
        if (parsed === null || parsed.stream !== null)
            return NtStatus.STATUS_OBJECT_NAME_INVALID;
        const target = walk(request, entry, parsed);
        if (target.kind === 'failed')
            return target.status;
        if (target.kind === 'diverted') {
            return { ...target, unparsed: start.path.length - target.unparsed };
        }
        if (target.kind === 'missing')
            return NtStatus.STATUS_OBJECT_PATH_NOT_FOUND;
        ({ entry } = target);
    }
    return entry.file.directory === null ? NtStatus.STATUS_INVALID_PARAMETER : { entry, name };
}
/** The root's own entry: its name is empty and nobody can take it away. */
function rootOf(volume) {
    const [entry] = volume.root.links;
    if (entry === undefined)
        throw new RangeError('the root has its entry for ever');
    return entry;
}
/** The 64-bit reference number that stands in place of a name: four UTF-16 units, low ones first. */
export function fileIdOf(fileName) {
    if (fileName.length !== 4)
        return undefined;
    let id = 0;
    for (let at = 3; at >= 0; at -= 1)
        id = id * 0x10000 + fileName.charCodeAt(at);
    return id;
}
