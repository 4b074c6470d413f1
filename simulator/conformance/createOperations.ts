// The create of a case, by path or by file id, and new names of files: renames and links.
import {
  AccessMask,
  CreateOption,
  FileAttribute,
  FileRenameFlag,
  type FlagTable,
} from '../../contract/windows/index.ts';
import { CaseRefusal } from './case.ts';
import type { Fields } from './fields.ts';
import { accessTable, eaList, SHARE_ALL, shareTable } from './fieldTables.ts';
import { oplockOfCreate } from './oplockOperations.ts';
import type { WorkloadWriter } from './workloadWriter.ts';

type Operation = (fields: Fields, writer: WorkloadWriter) => void;

export const create: Operation = (fields, writer) => {
  if (fields.has('by_id')) return createById(fields, writer);
  // "rootdir": the test directory itself, by a name relative to nothing.
  const path = fields.has('rootdir') ? fields.text('rootdir') : fields.text('path');
  if (fields.has('rootdir') && fields.text('path') !== '') fields.refuse('a path beside "rootdir"');
  const options = fields.flags('opts', CreateOption, 'FILE_', 0);
  const handle = fields.optionalText('as') ?? writer.handleName();
  const given = fields.has('root') ? fields.take('root') : null;
  const root = given === null ? undefined : rootHandle(String(given), writer);
  writer.add({
    do: 'create',
    path,
    ...(root === undefined ? {} : { root }),
    access: fields.flags('access', accessTable, 'FILE_', AccessMask.MAXIMUM_ALLOWED),
    share: fields.flags('share', shareTable, '', 0),
    disposition: dispositionOf(fields),
    options,
    attributes: fields.flags('attrs', FileAttribute, 'FILE_ATTRIBUTE_', 0),
    ...(fields.has('ea') ? { ea: eaList(fields, 'ea') } : {}),
    as: handle,
  });
  const full = root === undefined ? path : `${writer.handle(root).path}\\${path}`;
  const directory = (options & CreateOption.FILE_DIRECTORY_FILE) !== 0;
  writer.handles.set(handle, { path: full, directory });
  const oplock = fields.optionalText('oplock');
  if (oplock !== undefined) oplockOfCreate(oplock, handle, writer);
};

const dispositionOf = (fields: Fields): string =>
  `FILE_${fields.text('disp').replace(/^FILE_/, '')}`;

/** A directory to be relative to: a handle, or "D" or "volume", which are opened for it. */
function rootHandle(name: string, writer: WorkloadWriter): string {
  const path = rootPaths[name];
  if (writer.handles.has(name) || path === undefined) {
    writer.handle(name);
    return name;
  }
  const handle = `root_${writer.handleName()}`;
  const { FILE_READ_ATTRIBUTES, SYNCHRONIZE } = AccessMask;
  const access = FILE_READ_ATTRIBUTES | SYNCHRONIZE;
  writer.add({ do: 'create', path, access, share: SHARE_ALL, as: handle });
  writer.handles.set(handle, { path, directory: true });
  return handle;
}

const rootPaths: Readonly<Record<string, string>> = { D: 'D', volume: '' };

/** Whose id is meant: of a handle, of a path, or, where only "true" is said, of the last handle. */
function fileOfId(fields: Fields, writer: WorkloadWriter): string {
  const byId = fields.take('by_id');
  const path = fields.has('path') ? fields.text('path') : '';
  if (typeof byId === 'string' || typeof byId === 'number') {
    if (path !== '') fields.refuse('a path beside the id');
    return String(byId);
  }
  if (byId !== true) fields.refuse('"by_id" is neither a file nor true');
  if (path !== '') {
    const handle = `id_${writer.handleName()}`;
    const access = AccessMask.FILE_READ_ATTRIBUTES;
    const options = CreateOption.FILE_OPEN_REPARSE_POINT;
    writer.add({ do: 'create', path, access, share: SHARE_ALL, options, as: handle });
    return handle;
  }
  const last = [...writer.handles.keys()].at(-1);
  if (last === undefined)
    throw new CaseRefusal('notModelled', 'a file id that the case does not tell');
  return last;
}

/** Only the fields of such a create. */
function createById(fields: Fields, writer: WorkloadWriter): void {
  const byId = fileOfId(fields, writer);
  const given = fields.has('root') ? fields.take('root') : null;
  const root = given === null ? null : rootHandle(String(given), writer);
  const handle = fields.optionalText('as') ?? writer.handleName();
  writer.add({
    do: 'create',
    path: '',
    byId,
    ...(root === null ? {} : { root }),
    access: fields.flags('access', accessTable, 'FILE_', AccessMask.MAXIMUM_ALLOWED),
    share: fields.flags('share', shareTable, '', 0),
    disposition: dispositionOf(fields),
    options: fields.flags('opts', CreateOption, 'FILE_', 0),
    as: handle,
  });
  writer.handles.set(handle, { path: '', directory: false });
}

const linkFlags: FlagTable = {
  FILE_LINK_REPLACE_IF_EXISTS: FileRenameFlag.FILE_RENAME_REPLACE_IF_EXISTS,
  FILE_LINK_POSIX_SEMANTICS: FileRenameFlag.FILE_RENAME_POSIX_SEMANTICS,
  FILE_LINK_IGNORE_READONLY_ATTRIBUTE: FileRenameFlag.FILE_RENAME_IGNORE_READONLY_ATTRIBUTE,
};

/** Of a rename or a link: `flags` mean the Ex class, and a name without a path is a simple one. */
const newName =
  (operation: 'rename' | 'link', table: FlagTable): Operation =>
  (fields, writer) => {
    const plain = operation === 'rename' ? 'FileRenameInformation' : 'FileLinkInformation';
    const wanted = fields.optionalText('class') ?? (fields.has('flags') ? `${plain}Ex` : plain);
    const isEx = wanted === `${plain}Ex`;
    if (!isEx && wanted !== plain) fields.refuse(`class "${wanted}"`);
    const replace = fields.boolean('replace', false);
    const flags = fields.flags('flags', table, `FILE_${operation.toUpperCase()}_`, Number(replace));
    if (!isEx && flags !== Number(replace)) fields.refuse(`${plain} has no "flags"`);
    const to = fields.text('to');
    const root = fields.optionalText('root');
    const handle = fields.text('h');
    const isSimple = root === undefined && to !== 'D' && /^[^\\:]+$/.test(to);
    writer.add({
      do: operation,
      handle,
      to,
      ...(isEx ? { flags } : { replace }),
      ...(root === undefined ? {} : { root: rootHandle(root, writer) }),
      ...(isSimple ? { simple: true } : {}),
    });
  };

export const rename = newName('rename', FileRenameFlag);
export const link = newName('link', linkFlags);
