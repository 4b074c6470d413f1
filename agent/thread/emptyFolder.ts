// Empties a folder below which a workload may have left anything: names that Win32 cannot say,
// read-only files, links. A link (any reparse point) is removed and never followed, so that nothing
// outside the folder is touched.
import {
  AccessMask,
  CreateOption,
  Disposition,
  FileAttribute,
  FileInformationClass,
  NtStatus,
  ntError,
  ntSuccess,
  ObjectAttribute,
} from '../../contract/windows/index.ts';
import { withArena } from '../native/arena.ts';
import {
  fileBasicInformation,
  fileDispositionInformation,
  NULL_ADDRESS,
  POINTER_BYTES,
  readDirectoryInformation,
  readIoStatusBlock,
  IO_STATUS_BLOCK_BYTES,
  type DirectoryEntry,
  type Handle,
} from '../native/layouts.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import { removeHostLinks } from './hostLinks.ts';
import type { LeftBehind } from './messages.ts';
import { readHandle } from './requests.ts';

const LISTING_BYTES = 65_536;
/** Deeper than any path that Windows can open by name. */
const DEPTH_MAX = 16_384;
const ATTRIBUTES = AccessMask.FILE_READ_ATTRIBUTES | AccessMask.FILE_WRITE_ATTRIBUTES;
const LIST = AccessMask.FILE_READ_DATA | AccessMask.SYNCHRONIZE;
const OPTIONS =
  CreateOption.FILE_OPEN_REPARSE_POINT |
  CreateOption.FILE_OPEN_FOR_BACKUP_INTENT |
  CreateOption.FILE_SYNCHRONOUS_IO_NONALERT;

/** Nothing is there, so nothing has to go. */
const missing: ReadonlySet<number> = new Set([
  NtStatus.STATUS_OBJECT_NAME_NOT_FOUND,
  NtStatus.STATUS_OBJECT_PATH_NOT_FOUND,
]);

type Opened = { readonly handle: Handle } | { readonly status: number };

interface Level {
  readonly handle: Handle;
  readonly path: string;
  /** Removed itself when it is empty; the folder that was asked for stays. */
  readonly remove: boolean;
  readonly entries: DirectoryEntry[];
}

/** `folder` is an NT path. Returns what could not be removed. */
export async function emptyFolder(
  native: NativeApi,
  folder: string,
): Promise<readonly LeftBehind[]> {
  const top = open(native, folder, 0, LIST | ATTRIBUTES, CreateOption.FILE_DIRECTORY_FILE);
  if ('status' in top) {
    return missing.has(top.status) ? [] : [{ path: folder, status: top.status }];
  }
  const left: LeftBehind[] = [];
  if (isLink(attributesOf(native, top.handle))) {
    native.call('NtClose', top.handle);
    return [{ path: folder, status: NtStatus.STATUS_REPARSE_POINT_ENCOUNTERED }];
  }
  const wine = native.wine();
  if (wine !== undefined && !(await removeHostLinks(native, wine, folder, top.handle))) {
    // Without it, emptying could delete what a link leads to.
    native.call('NtClose', top.handle);
    return [{ path: folder, status: NtStatus.STATUS_REPARSE_POINT_NOT_RESOLVED }];
  }
  const levels: Level[] = [level(native, top.handle, folder, false)];
  for (let current = levels.at(-1); current !== undefined; current = levels.at(-1)) {
    const entry = current.entries.pop();
    if (entry === undefined) {
      levels.pop();
      const status = current.remove ? dispose(native, current.handle) : NtStatus.STATUS_SUCCESS;
      if (ntError(status)) left.push({ path: current.path, status });
      native.call('NtClose', current.handle);
    } else if (levels.length < DEPTH_MAX) {
      const child = removeOrEnter(native, current, entry, left);
      if (child !== undefined) levels.push(child);
    } else {
      left.push({ path: `${current.path}\\${entry.name}`, status: NtStatus.STATUS_NAME_TOO_LONG });
    }
  }
  return left;
}

/** Removes a file or a link at once; a folder becomes the next level. */
function removeOrEnter(
  native: NativeApi,
  parent: Level,
  entry: DirectoryEntry,
  left: LeftBehind[],
): Level | undefined {
  const path = `${parent.path}\\${entry.name}`;
  const isFolder = isDirectory(entry.attributes) && !isLink(entry.attributes);
  const access = AccessMask.DELETE | ATTRIBUTES | (isFolder ? LIST : AccessMask.SYNCHRONIZE);
  const opened = open(native, entry.name, parent.handle, access, 0);
  if ('status' in opened) {
    left.push({ path, status: opened.status });
    return undefined;
  }
  // Asked again through the handle: between listing and opening, the folder may have become a link.
  const attributes = attributesOf(native, opened.handle) | entry.attributes;
  if (isFolder && !isLink(attributes)) return level(native, opened.handle, path, true);
  const status = dispose(native, opened.handle, attributes);
  if (ntError(status)) left.push({ path, status });
  native.call('NtClose', opened.handle);
  return undefined;
}

const level = (native: NativeApi, handle: Handle, path: string, remove: boolean): Level => ({
  handle,
  path,
  remove,
  entries: list(native, handle),
});

const isLink = (attributes: number): boolean =>
  (attributes & FileAttribute.FILE_ATTRIBUTE_REPARSE_POINT) !== 0;
const isDirectory = (attributes: number): boolean =>
  (attributes & FileAttribute.FILE_ATTRIBUTE_DIRECTORY) !== 0;

function open(
  native: NativeApi,
  name: string,
  root: Handle,
  access: number,
  options: number,
): Opened {
  return withArena(native, (arena) => {
    const out = arena.allocate(POINTER_BYTES);
    const status = native.call(
      'NtCreateFile',
      out,
      access,
      // Case counts: a name that differs in case only is another file where the volume says so.
      arena.objectAttributes(name, root, root === 0 ? ObjectAttribute.OBJ_CASE_INSENSITIVE : 0),
      arena.ioStatusBlock(),
      NULL_ADDRESS,
      0,
      7,
      Disposition.FILE_OPEN,
      OPTIONS | options,
      NULL_ADDRESS,
      0,
    );
    return ntSuccess(status) ? { handle: readHandle(native, out) } : { status };
  });
}

function list(native: NativeApi, directory: Handle): DirectoryEntry[] {
  return withArena(native, (arena) => {
    const buffer = arena.allocate(LISTING_BYTES);
    const block = arena.ioStatusBlock();
    const entries: DirectoryEntry[] = [];
    for (let restart = true; ; restart = false) {
      const status = native.call(
        'NtQueryDirectoryFile',
        directory,
        NULL_ADDRESS,
        NULL_ADDRESS,
        NULL_ADDRESS,
        block,
        buffer,
        LISTING_BYTES,
        FileInformationClass.FileDirectoryInformation,
        false,
        NULL_ADDRESS,
        restart,
      );
      if (!ntSuccess(status)) break;
      const written = readIoStatusBlock(native.read(block, IO_STATUS_BLOCK_BYTES));
      entries.push(...readDirectoryInformation(native.read(buffer, written?.information ?? 0)));
    }
    return entries.filter((entry) => entry.name !== '.' && entry.name !== '..');
  });
}

/** FILE_BASIC_INFORMATION.FileAttributes; 0 when even that is refused. */
function attributesOf(native: NativeApi, handle: Handle): number {
  return withArena(native, (arena) => {
    const buffer = arena.allocate(40);
    const status = native.call(
      'NtQueryInformationFile',
      handle,
      arena.ioStatusBlock(),
      buffer,
      40,
      FileInformationClass.FileBasicInformation,
    );
    return ntError(status) ? 0 : native.read(buffer, 40).readUInt32LE(32);
  });
}

/** Marks for deletion, and takes the read-only attribute away first where it is in the way. */
function dispose(native: NativeApi, handle: Handle, attributes = 0): number {
  const set = (data: Buffer, informationClass: number): number =>
    withArena(native, (arena) =>
      native.call(
        'NtSetInformationFile',
        handle,
        arena.ioStatusBlock(),
        arena.put(data),
        data.length,
        informationClass,
      ),
    );
  if ((attributes & FileAttribute.FILE_ATTRIBUTE_READONLY) !== 0 || attributes === 0) {
    const normal = fileBasicInformation({
      creationTime: 0n,
      lastAccessTime: 0n,
      lastWriteTime: 0n,
      changeTime: 0n,
      attributes: FileAttribute.FILE_ATTRIBUTE_NORMAL,
    });
    set(normal, FileInformationClass.FileBasicInformation);
  }
  return set(fileDispositionInformation(true), FileInformationClass.FileDispositionInformation);
}
