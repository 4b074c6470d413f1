// From the name in a file object to what is there. Every status of a name that leads nowhere is
// decided here.
import { NtStatus } from '../../../contract/windows/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import type { DirectoryEntry } from '../directoryEntry.ts';
import type { FileRecord } from '../fileRecord.ts';
import { divertsOpens } from '../fsControl/reparsePoint.ts';
import { isLegalName, parsePath, type ParsedPath, type StreamName } from '../names.ts';
import { openOf } from '../open.ts';
import { mayBePassed } from '../security.ts';
import type { FileSystemVolume } from '../volume.ts';
import { decide } from './decisions.ts';
import type { CreateRequest } from './request.ts';

export type Target =
  | { readonly kind: 'failed'; readonly status: NtStatus }
  | {
      readonly kind: 'existing';
      readonly entry: DirectoryEntry;
      readonly stream: StreamName | null;
      readonly trailingBackslash: boolean;
    }
  | {
      /** A reparse point on the way that is not to be opened itself. */
      readonly kind: 'diverted';
      readonly file: FileRecord;
      /** Characters of the name behind it. */
      readonly unparsed: number;
    }
  | {
      readonly kind: 'missing';
      readonly parent: FileRecord;
      readonly name: string;
      readonly stream: StreamName | null;
      readonly trailingBackslash: boolean;
    };

const refuse = (status: NtStatus): Target => ({ kind: 'failed', status });

interface Start {
  readonly entry: DirectoryEntry;
  /** Relative to the entry, without a leading backslash. */
  readonly path: string;
}

export function lookUp(request: CreateRequest): Target {
  const start = startOf(request);
  if (typeof start === 'number') return refuse(start);
  if (start.path === '') {
    return { kind: 'existing', entry: start.entry, stream: null, trailingBackslash: false };
  }
  const parsed = parsePath(start.path);
  if (parsed === null) return refuse(NtStatus.STATUS_OBJECT_NAME_INVALID);
  const target = walk(request, start.entry, parsed);
  if (target.kind !== 'diverted') return target;
  return { ...target, unparsed: start.path.length - target.unparsed };
}

/** Where the name begins: at the root, or at the handle it is relative to. */
function startOf({ volume, fileObject }: CreateRequest): Start | NtStatus {
  const { fileName, relatedFileObject } = fileObject;
  if (relatedFileObject === null) {
    if (fileName === '') return { entry: volume.itself, path: '' };
    const root = rootOf(volume);
    return { entry: root, path: fileName.startsWith('\\') ? fileName.slice(1) : fileName };
  }
  const related = openOf(relatedFileObject);
  const entry = related.entry ?? related.file.links[0];
  if (entry === undefined || entry.removed) return NtStatus.STATUS_DELETE_PENDING;
  // Grade I: a relative name may not begin at the root.
  if (fileName.startsWith('\\')) return NtStatus.STATUS_INVALID_PARAMETER;
  return { entry, path: fileName };
}

function walk(request: CreateRequest, from: DirectoryEntry, parsed: ParsedPath): Target {
  const { components, stream, trailingBackslash } = parsed;
  let entry = from;
  let parsedLength = 0;
  for (const [index, name] of components.entries()) {
    const { directory } = entry.file;
    // A missing directory on the way, or a file in its place: the same status (R-IO-15).
    if (directory === null) return refuse(NtStatus.STATUS_OBJECT_PATH_NOT_FOUND);
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
    if (index < components.length - 1) return refuse(NtStatus.STATUS_OBJECT_PATH_NOT_FOUND);
    if (next !== undefined && decide(request.disposition, false) === 'create') {
      throw new NotModelledSignal('names that differ only in case');
    }
    return { kind: 'missing', parent: entry.file, name, stream, trailingBackslash };
  }
  return { kind: 'existing', entry, stream, trailingBackslash };
}

/** Models: R-REDIRECT-16. A create that wants no file there collides with the reparse point (choice). */
const opensItself = (request: CreateRequest, stream: StreamName | null): boolean =>
  request.opensReparsePoint ||
  (stream === null && decide(request.disposition, true) === 'collision');

export interface TargetDirectory {
  readonly entry: DirectoryEntry;
  /** The last component, which the directory may or may not hold. */
  readonly name: string;
}

/**
 * SL_OPEN_TARGET_DIRECTORY: the directory of a rename's or a link's new name. Models: R-IO-10 (below a
 * regular file: STATUS_INVALID_PARAMETER), R-IO-13 (missing: STATUS_OBJECT_PATH_NOT_FOUND).
 */
export function lookUpTargetDirectory(
  request: CreateRequest,
): TargetDirectory | NtStatus | Extract<Target, { kind: 'diverted' }> {
  const start = startOf(request);
  if (typeof start === 'number') return start;
  const cut = start.path.lastIndexOf('\\');
  const name = start.path.slice(cut + 1);
  // A name with a colon is judged by the operation that wanted the directory.
  if (!isLegalName(name.split(':')[0] ?? '')) return NtStatus.STATUS_OBJECT_NAME_INVALID;
  let { entry } = start;
  if (cut > 0) {
    const parsed = parsePath(start.path.slice(0, cut));
    if (parsed === null || parsed.stream !== null) return NtStatus.STATUS_OBJECT_NAME_INVALID;
    const target = walk(request, entry, parsed);
    if (target.kind === 'failed') return target.status;
    if (target.kind === 'diverted') {
      return { ...target, unparsed: start.path.length - target.unparsed };
    }
    if (target.kind === 'missing') return NtStatus.STATUS_OBJECT_PATH_NOT_FOUND;
    ({ entry } = target);
  }
  return entry.file.directory === null ? NtStatus.STATUS_INVALID_PARAMETER : { entry, name };
}

/** The root's own entry: its name is empty and nobody can take it away. */
function rootOf(volume: FileSystemVolume): DirectoryEntry {
  const [entry] = volume.root.links;
  if (entry === undefined) throw new RangeError('the root has its entry for ever');
  return entry;
}

/** The 64-bit reference number that stands in place of a name: four UTF-16 units, low ones first. */
export function fileIdOf(fileName: string): number | undefined {
  if (fileName.length !== 4) return undefined;
  let id = 0;
  for (let at = 3; at >= 0; at -= 1) id = id * 0x10000 + fileName.charCodeAt(at);
  return id;
}
