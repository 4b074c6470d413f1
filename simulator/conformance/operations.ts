// The operations that steps of cases are made of: each becomes one or more steps of a workload.
import {
  AccessAlias,
  AccessMask,
  CreateOption,
  FileAttribute,
  FileDispositionFlag,
  FileNotifyChange,
  type FlagTable,
} from '../../contract/windows/index.ts';
import { CaseRefusal, isRecord } from './case.ts';
import { create, link, rename } from './createOperations.ts';
import { Fields, flagsOf } from './fields.ts';
import { accessTable, eaList, SHARE_ALL } from './fieldTables.ts';
import { onBreak, requestOplock, start } from './oplockOperations.ts';
import { setReparse, tagAndGuid } from './reparseOperations.ts';
import { sectionOperations } from './sectionOperations.ts';
import type { WorkloadWriter } from './workloadWriter.ts';

type Operation = (fields: Fields, writer: WorkloadWriter) => void;

const dispositionTable: FlagTable = { ...FileDispositionFlag, FILE_DISPOSITION_DO_NOT_DELETE: 0 };
const inheritanceTable: FlagTable = {
  OBJECT_INHERIT: 1,
  CONTAINER_INHERIT: 2,
  NO_PROPAGATE_INHERIT: 4,
  INHERIT_ONLY: 8,
};

/** What cases write. */
export const FILE_FILL = 0x2a;
/** Any time but the one the file has. */
const SOME_TIME = '126000000000000000';

const queryEa: Operation = (fields, writer) =>
  writer.add({
    do: 'query-ea',
    handle: fields.text('h'),
    ...(fields.has('length') ? { length: fields.number('length') } : {}),
    single: fields.boolean('single', false),
    restart: fields.boolean('restart', false),
    ...(fields.has('list') ? { list: fields.take('list') } : {}),
    ...(fields.has('index') ? { index: fields.number('index') } : {}),
  });

interface Briefly {
  readonly access: number;
  readonly disposition: string;
  readonly options: number;
}

/** Opens a path with full sharing, does something, closes it. Returns the handle's name. */
function opened(
  writer: WorkloadWriter,
  path: string,
  how: Briefly,
  work: (handle: string) => void = () => undefined,
): void {
  const handle = writer.handleName();
  writer.add({ do: 'create', path, ...how, share: SHARE_ALL, as: handle });
  work(handle);
  writer.add({ do: 'close', handle });
}

const createAndClose =
  (options: number): Operation =>
  (fields, writer) =>
    opened(writer, fields.text('path'), {
      access: AccessMask.FILE_READ_ATTRIBUTES | AccessMask.SYNCHRONIZE,
      disposition: 'FILE_CREATE',
      options,
    });

/** As remote clients and the shell delete: an open with FILE_DELETE_ON_CLOSE, and its close. */
const remove =
  (options: number): Operation =>
  (fields, writer) =>
    opened(writer, fields.text('path'), {
      access: AccessMask.DELETE,
      disposition: 'FILE_OPEN',
      options: options | CreateOption.FILE_DELETE_ON_CLOSE,
    });

/** Times that a case may set one by one. */
const times: Readonly<Record<string, string>> = {
  CreationTime: 'creationTime',
  LastAccessTime: 'lastAccessTime',
  LastWriteTime: 'lastWriteTime',
};

const touch: Operation = (fields, writer) => {
  const name = fields.optionalText('time') ?? 'LastWriteTime';
  const time = times[name] ?? fields.refuse(`the time "${name}" is not understood`);
  const how = { access: AccessMask.FILE_WRITE_ATTRIBUTES, disposition: 'FILE_OPEN', options: 0 };
  opened(writer, fields.text('path'), how, (handle) =>
    writer.add({ do: 'set-basic', handle, [time]: SOME_TIME }),
  );
};

const notify: Operation = (fields, writer) => {
  const request = fields.optionalText('as');
  if (request !== undefined) writer.requests.push(request);
  const withoutStatusBlock = fields.has('iosb');
  if (withoutStatusBlock && fields.take('iosb') !== null) fields.refuse('"iosb" is not null');
  writer.add({
    do: 'notify',
    handle: fields.text('h'),
    filter: fields.flags('filter', FileNotifyChange, 'FILE_NOTIFY_CHANGE_'),
    tree: fields.boolean('tree', false),
    length: fields.number('length'),
    ...(request === undefined ? {} : { as: request }),
    ...(withoutStatusBlock ? { iosb: null } : {}),
  });
};

const transfer =
  (operation: 'read' | 'write'): Operation =>
  (fields, writer) => {
    const offset = fields.has('offset') ? { offset: fields.take('offset') } : {};
    const buffer = fields.has('buffer') ? { buffer: fields.take('buffer') } : {};
    if (fields.has('buffer') && buffer.buffer !== null) fields.refuse('"buffer" is not null');
    const handle = fields.text('h');
    if (operation === 'read')
      writer.add({ do: 'read', handle, length: fields.number('length'), ...offset, ...buffer });
    else
      writer.add({
        do: 'write',
        handle,
        data: { fill: FILE_FILL, length: fields.number('bytes') },
        ...offset,
        ...buffer,
      });
  };

const queryDirectory: Operation = (fields, writer) => {
  const path = fields.has('h') ? undefined : (fields.optionalText('path') ?? 'D');
  const handle = path === undefined ? fields.text('h') : writer.handleName();
  if (path !== undefined) {
    writer.add({
      do: 'create',
      path,
      access: AccessAlias.FILE_LIST_DIRECTORY | AccessMask.SYNCHRONIZE,
      share: SHARE_ALL,
      options: CreateOption.FILE_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
      as: handle,
    });
    writer.handles.set(handle, { path, directory: true });
  }
  const mask = fields.has('name') ? fields.take('name') : null;
  writer.add({
    do: 'query-directory',
    handle,
    class: fields.text('class'),
    mask,
    single: fields.boolean('single', false),
    restart: fields.boolean('restart', false),
    ...(fields.has('length') ? { length: fields.number('length') } : {}),
  });
};

/**
 * The input buffer. `sparse` is a FILE_SET_SPARSE_BUFFER, which `buffer` as a number makes so long;
 * else `buffer` is hex, a list of bytes, a number of zeros, or null for none.
 */
function controlInput(fields: Fields): { readonly data?: object } {
  const sparse = fields.has('sparse') ? hexByte(fields.boolean('sparse', true) ? 1 : 0) : '';
  const buffer = fields.has('buffer') ? fields.take('buffer') : undefined;
  if (buffer === undefined) return sparse === '' ? {} : { data: { hex: sparse } };
  if (buffer === null) return {};
  if (typeof buffer === 'number') return { data: { hex: sparse.padEnd(2 * buffer, '0') } };
  if (Array.isArray(buffer)) return { data: { hex: buffer.map(Number).map(hexByte).join('') } };
  const hex = String(buffer).replace(/^0x/, '');
  const isHex = /^([0-9a-f]{2})*$/i.test(hex);
  return isHex ? { data: { hex } } : fields.refuse(`"${hex}" is not understood`);
}

const setBasic: Operation = (fields, writer) => {
  const attributes = fields.flags('attributes', FileAttribute, 'FILE_ATTRIBUTE_');
  const path = fields.optionalText('path');
  if (path === undefined) {
    writer.add({ do: 'set-basic', handle: fields.text('h'), attributes });
    return;
  }
  const how = { access: AccessMask.FILE_WRITE_ATTRIBUTES, disposition: 'FILE_OPEN', options: 0 };
  opened(writer, path, how, (handle) => writer.add({ do: 'set-basic', handle, attributes }));
};

/** Sizes of structures, where 32-bit and 64-bit Windows differ the larger one. */
const structureBytes: Readonly<Record<string, number>> = {
  FileBasicInformation: 40,
  FileStandardInformation: 24,
  FileInternalInformation: 8,
  FileEaInformation: 4,
  FileAccessInformation: 4,
  FileRenameInformation: 24,
  FileLinkInformation: 24,
  FileDispositionInformation: 1,
  FilePositionInformation: 8,
  FileModeInformation: 4,
  FileAlignmentInformation: 4,
  FileAllInformation: 104,
  FileAllocationInformation: 8,
  FileEndOfFileInformation: 8,
  FileStreamInformation: 32,
  FileCompressionInformation: 16,
  FileNetworkOpenInformation: 56,
  FileAttributeTagInformation: 8,
  FileValidDataLengthInformation: 8,
  FileDispositionInformationEx: 4,
  FileRenameInformationEx: 24,
  FileLinkInformationEx: 24,
  FileCaseSensitiveInformation: 4,
};
/** Room for any other structure. */
const ANY_STRUCTURE_BYTES = 256;

const setZeroes: Operation = (fields, writer) => {
  const name = fields.text('class');
  const length = structureBytes[name] ?? ANY_STRUCTURE_BYTES;
  const handle = fields.text('h');
  writer.add({ do: 'set-information', handle, class: name, data: { fill: 0, length } });
};

const fsControl: Operation = (fields, writer) => {
  const handle = fields.text('h');
  const data = controlInput(fields);
  const length = fields.has('length') ? { length: fields.number('length') } : {};
  const code = fields.text('code');
  const number = /^0x[0-9a-f]+$/i.test(code) ? Number(code) : code;
  writer.add({ do: 'fsctl', handle, code: number, ...data, ...length });
};

/** Offsets and lengths beyond 2^53 are decimal texts, in cases and in workloads alike. */
const rangeFields = (fields: Fields) => ({
  handle: fields.text('h'),
  offset: fields.take('offset'),
  length: fields.take('length'),
  ...(fields.has('key') ? { key: fields.number('key') } : {}),
});

const setDacl: Operation = (fields, writer) => {
  const aces = fields.take('aces');
  if (!Array.isArray(aces)) return fields.refuse('"aces" is not a list');
  const dacl = aces.map((one: unknown) => {
    const ace = new Fields(isRecord(one) ? one : {}, 'set_dacl');
    const entry = {
      sid: ace.text('sid'),
      mask: flagsOf(ace.text('mask'), accessTable, 'FILE_', 'set_dacl'),
      flags: ace.flags('flags', inheritanceTable, '', 0),
    };
    ace.done();
    return entry;
  });
  opened(
    writer,
    fields.text('path'),
    { access: AccessMask.WRITE_DAC, disposition: 'FILE_OPEN', options: 0 },
    (handle) => writer.add({ do: 'set-security', handle, dacl }),
  );
};

const hexByte = (value: number): string => value.toString(16).padStart(2, '0');

/** A value as the little-endian bytes of a LARGE_INTEGER or ULONG, in hex. */
export function littleEndian(value: number, length: number): string {
  const bits = BigInt.asUintN(8 * length, BigInt(value));
  const digits = bits.toString(16).padStart(2 * length, '0');
  return (digits.match(/../g) ?? []).reverse().join('');
}

const setInformation =
  (name: string, length: number): Operation =>
  (fields, writer) => {
    const value = Number(fields.take('value'));
    if (!Number.isSafeInteger(value)) fields.refuse('"value" is not a number');
    writer.add({
      do: 'set-information',
      handle: fields.text('h'),
      class: name,
      data: { hex: littleEndian(value, length) },
    });
  };

/**
 * Every step that an executor carries out is preset so that a change would be seen: the I/O status
 * block has a pattern and the event is signalled. These two say so and need no step of their own.
 */
const alwaysDone = (fields: Fields): void => {
  for (const name of ['status', 'information']) if (fields.has(name)) fields.take(name);
};

const operations: Readonly<Record<string, Operation>> = {
  create,
  close: (fields, writer) => writer.add({ do: 'close', handle: fields.text('h') }),
  duplicate: (fields, writer) => {
    const [handle, as] = [fields.text('h'), fields.text('as')];
    writer.add({ do: 'duplicate', handle, as });
    writer.handles.set(as, writer.handle(handle));
  },
  create_and_close: createAndClose(0),
  mkdir_and_close: createAndClose(CreateOption.FILE_DIRECTORY_FILE),
  unlink: remove(CreateOption.FILE_NON_DIRECTORY_FILE),
  rmdir: remove(CreateOption.FILE_DIRECTORY_FILE),
  touch,
  notify,
  cancel: (fields, writer) => writer.add({ do: 'cancel', request: fields.text('req') }),
  NtCancelIoFile: (fields, writer) => writer.add({ do: 'cancel', handle: fields.text('h') }),
  preset_iosb: alwaysDone,
  set_event: alwaysDone,
  rename,
  link,
  read: transfer('read'),
  write: transfer('write'),
  query: (fields, writer) =>
    writer.add({
      do: 'query-information',
      handle: fields.text('h'),
      class: fields.text('class'),
      ...(fields.has('length') ? { length: fields.number('length') } : {}),
    }),
  query_dir: queryDirectory,
  set_reparse: setReparse,
  get_reparse: (fields, writer) =>
    writer.add({
      do: 'get-reparse',
      handle: fields.text('h'),
      ...(fields.has('length') ? { length: fields.number('length') } : {}),
    }),
  delete_reparse: (fields, writer) =>
    writer.add({
      do: 'delete-reparse',
      handle: fields.text('h'),
      ...tagAndGuid(fields),
      ...(fields.has('length') ? { length: fields.number('length') } : {}),
    }),
  fsctl: fsControl,
  query_ea: queryEa,
  set_ea: (fields, writer) =>
    writer.add({ do: 'set-ea', handle: fields.text('h'), eas: eaList(fields, 'eas') }),
  lock: (fields, writer) => {
    const request = fields.optionalText('as');
    if (request !== undefined) writer.requests.push(request);
    writer.add({
      do: 'lock',
      ...rangeFields(fields),
      exclusive: fields.boolean('exclusive', true),
      failImmediately: fields.boolean('fail_immediately', false),
      ...(request === undefined ? {} : { as: request }),
    });
  },
  unlock: (fields, writer) => writer.add({ do: 'unlock', ...rangeFields(fields) }),
  set_eof: (fields, writer) =>
    writer.add({ do: 'set-end-of-file', handle: fields.text('h'), size: fields.number('size') }),
  set_allocation: (fields, writer) =>
    writer.add({ do: 'set-allocation', handle: fields.text('h'), size: fields.number('size') }),
  set_disposition: (fields, writer) =>
    writer.add({
      do: 'set-disposition',
      handle: fields.text('h'),
      delete: fields.boolean('delete', true),
    }),
  set_disposition_ex: (fields, writer) =>
    writer.add({
      do: 'set-disposition',
      handle: fields.text('h'),
      flags: fields.flags('flags', dispositionTable, 'FILE_DISPOSITION_'),
    }),
  set_basic: setBasic,
  set_info: setZeroes,
  set_disposition_raw: setInformation('FileDispositionInformation', 4),
  set_position: setInformation('FilePositionInformation', 8),
  set_valid_data_length: setInformation('FileValidDataLengthInformation', 8),
  set_dacl: setDacl,
  request_oplock: requestOplock,
  on_break: onBreak,
  ...sectionOperations,
  start: (fields, writer) => start(fields, writer, writeOperation),
  // What one sentence of a case means: its status is that of the whole.
  sentence: (fields, writer) => {
    const steps = fields.take('steps');
    for (const step of Array.isArray(steps) ? steps : []) writeOperation(step as Step, writer);
  },
  delete_file: (fields, writer) => writer.add({ do: 'delete', path: fields.text('path') }),
};

/** Operations that the workload language, or the model, does not have yet. */
const laterOperations: Readonly<Record<string, string>> = {
  send_irp_notify: 'a kernel-mode caller without a handle',
};

type Step = Readonly<Record<string, unknown>>;

/** Writes the steps of one operation; `step` is an object with an "op". */
export function writeOperation(step: Step, writer: WorkloadWriter): void {
  const name = step['op'];
  if (typeof name !== 'string') throw new CaseRefusal('failed', 'a step without "op"');
  const later = laterOperations[name];
  if (later !== undefined) throw new CaseRefusal('notModelled', later);
  const operation = operations[name];
  if (operation === undefined)
    throw new CaseRefusal('failed', `the op "${name}" is not understood`);
  const fields = new Fields(step, name);
  fields.take('op');
  operation(fields, writer);
  fields.done();
}
