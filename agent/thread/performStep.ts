// Each step of a workload as the native call it stands for: one row of a table for each.
import { assert } from '../../contract/assert.ts';
import { encodeEaNames, encodeFullEas } from '../../contract/extendedAttributes.ts';
import {
  encodeReparseData,
  encodeReparseHeader,
  encodeReparseName,
} from '../../contract/reparsePoint.ts';
import { oplockRequest } from '../../contract/oplock.ts';
import type { ActingStep } from '../../contract/expandWorkload.ts';
import { isSimulatorOnly, type SimulatorOnly } from '../../contract/workloadPorts.ts';
import {
  CreateOption,
  FileInformationClass,
  FsControlCode,
  NtStatus,
  ntError,
  ObjectAttribute,
  SecurityInformation,
} from '../../contract/windows/index.ts';
import { withArena, Arena } from '../native/arena.ts';
import {
  fileBasicInformation,
  fileDispositionInformation,
  fileDispositionInformationEx,
  fileRenameInformation,
  largeInteger,
  NULL_ADDRESS,
  POINTER_BYTES,
  type Address,
  type Handle,
} from '../native/layouts.ts';
import type { NativeApi, NativeArgument, NtRoutine } from '../native/nativeApi.ts';
import { selfRelativeDescriptor } from '../native/securityDescriptor.ts';
import { answerBreak } from './answerBreak.ts';
import { queryAttributes } from './attributeSteps.ts';
import { encodeBytes } from './encodeBytes.ts';
import { issueCall, startCall, type PreparedCall } from './issueCall.ts';
import type { NativeOutcome, NativeStep } from './messages.ts';
import { CURRENT_PROCESS, sectionPerformers } from './sectionSteps.ts';
import { noBytes, prepareControl, prepareLock } from './prepareCall.ts';
import { createEvent, ioStatusBlockAt, readHandle, waitFor } from './requests.ts';
import { withBlock, withOutput } from './withBlock.ts';

/** The rest is refused before the first step. */
type Do = Exclude<ActingStep['do'], SimulatorOnly>;
const isOnTarget = (step: ActingStep): step is StepOf<Do> => !isSimulatorOnly(step.do);
type StepOf<Kind extends Do> = Extract<ActingStep, { do: Kind }>;
type Named = Omit<NativeStep, 'step'>;
type Performer<Kind extends Do> = (
  native: NativeApi,
  step: StepOf<Kind>,
  names: Named,
) => NativeOutcome | Promise<NativeOutcome>;

const SYNCHRONOUS =
  CreateOption.FILE_SYNCHRONOUS_IO_ALERT | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT;

/** Whether a handle opened with these options waits in every call. */
export const opensSynchronous = (options: number): boolean => (options & SYNCHRONOUS) !== 0;

export async function performStep(native: NativeApi, given: NativeStep): Promise<NativeOutcome> {
  const { step } = given;
  assert(isOnTarget(step), 'such a workload is refused before it begins');
  const performer = performers[step.do] as Performer<Do>;
  return performer(native, step, given);
}

const performers: { readonly [Kind in Do]: Performer<Kind> } = {
  create: (native, step, names) => issue(native, step.start, prepareCreate(native, step, names)),
  close: (native, _step, { handle }) => ({ status: native.call('NtClose', handle) }),
  duplicate: (native, _step, { handle }) =>
    withArena(native, (arena) => {
      const out = arena.allocate(POINTER_BYTES);
      const status = native.call(
        'NtDuplicateObject',
        ...[CURRENT_PROCESS, handle, CURRENT_PROCESS, out],
        ...[0, 0, DUPLICATE_SAME_ACCESS],
      );
      return ntError(status) ? { status } : { status, handle: readHandle(native, out) };
    }),
  read: (native, step, names) => {
    const call = prepareTransfer(native, names, step, step.length);
    return issue(native, step.start, call('NtReadFile', step.length));
  },
  write: (native, step, names) => {
    const data = encodeBytes(step.data);
    const call = prepareTransfer(native, names, step, data);
    return issue(native, step.start, call('NtWriteFile', 0));
  },
  notify: (native, step, names) => issue(native, step.start, prepareNotify(native, step, names)),
  cancel: (native, step, { handle, request }) =>
    withBlock(native, (_arena, block) =>
      step.request === undefined
        ? native.call('NtCancelIoFile', handle, block)
        : // A request that is over has no block any more; this one is no request's.
          native.call('NtCancelIoFileEx', handle, request?.ioStatusBlock ?? block, block),
    ),
  wait: async (native, step, { request }) => ({
    // A request that has completed, or never came to be, is not waited for.
    status:
      request === null ? NtStatus.STATUS_SUCCESS : await waitFor(native, request, step.limit_ms),
  }),
  rename: (native, step, names) =>
    setInformation(
      native,
      names.handle,
      step.flags === undefined
        ? FileInformationClass.FileRenameInformation
        : FileInformationClass.FileRenameInformationEx,
      fileRenameInformation({
        first: step.flags ?? Number(step.replace),
        rootDirectory: names.root,
        name: names.name,
      }),
      step,
    ),
  link: (native, step, names) =>
    setInformation(
      native,
      names.handle,
      step.flags === undefined
        ? FileInformationClass.FileLinkInformation
        : FileInformationClass.FileLinkInformationEx,
      fileRenameInformation({
        first: step.flags ?? Number(step.replace),
        rootDirectory: names.root,
        name: names.name,
      }),
      step,
    ),
  'set-disposition': (native, step, { handle }) =>
    step.flags === undefined
      ? setInformation(
          native,
          handle,
          FileInformationClass.FileDispositionInformation,
          fileDispositionInformation(step.delete),
          step,
        )
      : setInformation(
          native,
          handle,
          FileInformationClass.FileDispositionInformationEx,
          fileDispositionInformationEx(step.flags),
          step,
        ),
  'set-basic': (native, step, { handle }) =>
    setInformation(
      native,
      handle,
      FileInformationClass.FileBasicInformation,
      fileBasicInformation({
        creationTime: BigInt(step.creationTime ?? 0),
        lastAccessTime: BigInt(step.lastAccessTime ?? 0),
        lastWriteTime: BigInt(step.lastWriteTime ?? 0),
        changeTime: BigInt(step.changeTime ?? 0),
        attributes: step.attributes ?? 0,
      }),
    ),
  'set-end-of-file': (native, step, { handle }) =>
    setInformation(
      native,
      handle,
      FileInformationClass.FileEndOfFileInformation,
      largeInteger(BigInt(step.size)),
      step,
    ),
  'set-allocation': (native, step, { handle }) =>
    setInformation(
      native,
      handle,
      FileInformationClass.FileAllocationInformation,
      largeInteger(BigInt(step.size)),
      step,
    ),
  'set-security': (native, step, { handle }) =>
    step.dacl === 'same'
      ? rewriteSecurity(native, handle)
      : withArena(native, (arena) => {
          const descriptor = arena.put(selfRelativeDescriptor(step.dacl as readonly Ace[]));
          return { status: native.call('NtSetSecurityObject', handle, DACL, descriptor) };
        }),
  'set-information': (native, step, { handle }) =>
    setInformation(native, handle, step.class, encodeBytes(step.data)),
  'query-information': (native, step, { handle }) =>
    withOutput(native, step.length, (arena, block, buffer) =>
      native.call('NtQueryInformationFile', handle, block, buffer, step.length, step.class),
    ),
  'query-attributes': queryAttributes,
  'query-directory': queryDirectory,
  'set-reparse': (native, step, names) => {
    const { tag, to, relative } = step;
    const data =
      to === undefined
        ? encodeReparseData(
            tag,
            step.data === undefined ? noBytes : encodeBytes(step.data),
            guidOf(step.guid),
          )
        : encodeReparseName(tag, { substitute: relative ? to : names.name, relative });
    const code = FsControlCode.FSCTL_SET_REPARSE_POINT;
    return issueCall(native, prepareControl(native, names, code, data, 0));
  },
  'get-reparse': (native, step, names) => {
    const code = FsControlCode.FSCTL_GET_REPARSE_POINT;
    return issueCall(native, prepareControl(native, names, code, noBytes, step.length));
  },
  'delete-reparse': (native, step, names) => {
    const data = encodeReparseHeader(step.tag, guidOf(step.guid), step.length);
    const code = FsControlCode.FSCTL_DELETE_REPARSE_POINT;
    return issueCall(native, prepareControl(native, names, code, data, 0));
  },
  fsctl: (native, step, names) => {
    const data = step.data === undefined ? noBytes : encodeBytes(step.data);
    return issue(native, step.start, prepareControl(native, names, step.code, data, step.length));
  },
  'query-ea': (native, step, { handle }) =>
    withOutput(native, step.length, (arena, block, buffer) => {
      const list = encodeEaNames(step.list ?? []);
      const index = step.index === undefined ? NULL_ADDRESS : arena.put(ulong(step.index));
      return native.call(
        'NtQueryEaFile',
        handle,
        block,
        buffer,
        step.length,
        step.single,
        list.length === 0 ? NULL_ADDRESS : arena.put(Buffer.from(list)),
        list.length,
        index,
        step.restart,
      );
    }),
  'set-ea': (native, step, { handle }) =>
    withBlock(native, (arena, block) => {
      const list = fullEas(step.eas);
      return native.call('NtSetEaFile', handle, block, arena.put(list), list.length);
    }),
  lock: (native, step, names) => issue(native, step.start, prepareLock(native, step, names)),
  unlock: (native, step, { handle }) =>
    withBlock(native, (arena, block) => {
      const offset = arena.put(largeInteger(BigInt.asIntN(64, BigInt(step.offset))));
      const length = arena.put(largeInteger(BigInt.asIntN(64, BigInt(step.length))));
      return native.call('NtUnlockFile', handle, block, offset, length, step.key);
    }),
  'request-oplock': (native, step, names) => {
    const { code, input, length } = oplockRequest(step.level);
    return issueCall(native, prepareControl(native, names, code, input, length));
  },
  'on-break': (native, { reply }, { handle, request, completed = null, oplock = 0 }) =>
    answerBreak(native, { handle, request, completed, level: oplock, reply }),
  flush: (native, step, { handle }) =>
    step.start === true
      ? startSynchronous(native, 'NtFlushBuffersFile', (_arena, block) => [handle, block])
      : withBlock(native, (_arena, block) => native.call('NtFlushBuffersFile', handle, block)),
  delete: (native, _step, { name, root }) =>
    withArena(native, (arena) => {
      const object = arena.objectAttributes(name, root, ObjectAttribute.OBJ_CASE_INSENSITIVE);
      return { status: native.call('NtDeleteFile', object) };
    }),
  ...sectionPerformers,
};

const fullEas = (list: StepOf<'set-ea'>['eas']): Buffer =>
  Buffer.from(
    encodeFullEas(
      list.map(({ name, flags, value }) => ({ name, flags, value: encodeBytes(value) })),
    ),
  );

const ulong = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);

type Ace = Parameters<typeof selfRelativeDescriptor>[0][number];
const DACL = SecurityInformation.DACL_SECURITY_INFORMATION;

function issue(native: NativeApi, start: boolean | undefined, call: PreparedCall): NativeOutcome {
  return start === true ? startCall(native, call) : issueCall(native, call);
}

const DUPLICATE_SAME_ACCESS = 2;

/** The eight bytes of a file id stand where a name would; zeroes where the handle is open to nobody. */
const idName = (native: NativeApi, handle: Handle): string =>
  withArena(native, (arena) => {
    const buffer = arena.allocate(FILE_ID_BYTES);
    const block = arena.ioStatusBlock();
    const informationClass = FileInformationClass.FileInternalInformation;
    native.call('NtQueryInformationFile', handle, block, buffer, FILE_ID_BYTES, informationClass);
    return native.read(buffer, FILE_ID_BYTES).toString('utf16le');
  });
const FILE_ID_BYTES = 8;

function prepareCreate(native: NativeApi, step: StepOf<'create'>, names: Named): PreparedCall {
  const arena = new Arena(native);
  const createdHandle = arena.allocate(POINTER_BYTES);
  const ioStatusBlock = arena.ioStatusBlock();
  const attributes = step.caseSensitive === true ? 0 : ObjectAttribute.OBJ_CASE_INSENSITIVE;
  const name = names.byId === undefined ? names.name : idName(native, names.byId);
  const object = arena.objectAttributes(name, names.root, attributes);
  const allocation =
    step.allocation === undefined ? NULL_ADDRESS : arena.put(largeInteger(BigInt(step.allocation)));
  const ea = step.ea === undefined ? null : fullEas(step.ea);
  return {
    routine: 'NtCreateFile',
    given: [
      createdHandle,
      step.access,
      object,
      ioStatusBlock,
      allocation,
      step.attributes,
      step.share,
      step.disposition,
      step.options | (names.byId === undefined ? 0 : CreateOption.FILE_OPEN_BY_FILE_ID),
      ea === null ? NULL_ADDRESS : arena.put(ea),
      ea?.length ?? 0,
    ],
    arena,
    ioStatusBlock,
    buffer: NULL_ADDRESS,
    output_bytes: 0,
    event: 0,
    createdHandle,
    makesRequest: false,
    asynchronous: false,
  };
}

/** NtReadFile and NtWriteFile: the same eleven arguments. `content` is what to write, or a length. */
function prepareTransfer(
  native: NativeApi,
  names: Named,
  { offset, buffer: given }: StepOf<'read'> | StepOf<'write'>,
  content: Buffer | number,
): (routine: 'NtReadFile' | 'NtWriteFile', output_bytes: number) => PreparedCall {
  const arena = new Arena(native);
  const ioStatusBlock = arena.ioStatusBlock();
  const buffer = typeof content === 'number' ? arena.allocate(content) : arena.put(content);
  const length_bytes = typeof content === 'number' ? content : content.length;
  const at = offset === undefined ? NULL_ADDRESS : arena.put(largeInteger(BigInt(offset)));
  const event = createEvent(native, true);
  const { handle, synchronous } = names;
  return (routine, output_bytes) => ({
    routine,
    given: [
      handle,
      event,
      NULL_ADDRESS,
      NULL_ADDRESS,
      ioStatusBlock,
      given === null ? NULL_ADDRESS : buffer,
      length_bytes,
      at,
      NULL_ADDRESS,
    ],
    arena,
    ioStatusBlock,
    buffer,
    output_bytes,
    event,
    makesRequest: !synchronous,
    asynchronous: !synchronous,
  });
}

function prepareNotify(native: NativeApi, step: StepOf<'notify'>, names: Named): PreparedCall {
  const arena = new Arena(native);
  const ioStatusBlock = step.iosb === null ? NULL_ADDRESS : arena.ioStatusBlock();
  const buffer = arena.allocate(step.length);
  const event = createEvent(native, true);
  return {
    routine: 'NtNotifyChangeDirectoryFile',
    given: [
      names.handle,
      event,
      NULL_ADDRESS,
      NULL_ADDRESS,
      ioStatusBlock,
      buffer,
      step.length,
      step.filter,
      step.tree,
    ],
    arena,
    ioStatusBlock,
    buffer,
    output_bytes: step.length,
    event,
    makesRequest: true,
    asynchronous: !names.synchronous,
  };
}

const guidOf = (guid: string | undefined): Uint8Array | null =>
  guid === undefined ? null : Buffer.from(guid, 'hex');

/** A call that waits for its end by itself, on a thread of its own. */
function startSynchronous(
  native: NativeApi,
  routine: NtRoutine,
  given: (arena: Arena, block: Address) => readonly NativeArgument[],
): NativeOutcome {
  const arena = new Arena(native);
  const ioStatusBlock = arena.ioStatusBlock();
  return startCall(native, {
    routine,
    given: given(arena, ioStatusBlock),
    arena,
    ioStatusBlock,
    buffer: NULL_ADDRESS,
    output_bytes: 0,
    event: 0,
    makesRequest: false,
    asynchronous: false,
  });
}

interface Starting {
  readonly start?: boolean | undefined;
}

function setInformation(
  native: NativeApi,
  handle: Handle,
  informationClass: number,
  data: Buffer,
  { start }: Starting = {},
): NativeOutcome {
  if (start === true) {
    return startSynchronous(native, 'NtSetInformationFile', (arena, block) => [
      ...[handle, block, arena.put(data), data.length, informationClass],
    ]);
  }
  return withBlock(native, (arena, block) =>
    native.call(
      'NtSetInformationFile',
      handle,
      block,
      arena.put(data),
      data.length,
      informationClass,
    ),
  );
}

/** The step is one call to its author, also where the file system takes its time over it. */
function queryDirectory(
  native: NativeApi,
  step: StepOf<'query-directory'>,
  { handle }: Named,
): NativeOutcome {
  return withOutput(native, step.length, (arena, block, buffer) => {
    const status = native.call(
      'NtQueryDirectoryFile',
      handle,
      // No event: Wine refuses a query that brings one.
      NULL_ADDRESS,
      NULL_ADDRESS,
      NULL_ADDRESS,
      block,
      buffer,
      step.length,
      step.class,
      step.single,
      step.mask === null ? NULL_ADDRESS : arena.unicodeString(step.mask),
      step.restart,
    );
    return status === NtStatus.STATUS_PENDING ? finalStatus(native, block) : status;
  });
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread, which plays one actor, as a synchronous call would. */
function finalStatus(native: NativeApi, block: Address): number {
  for (;;) {
    const written = ioStatusBlockAt(native, block);
    if (written !== undefined) return written.status;
    Atomics.wait(sleeper, 0, 0, 1);
  }
}

/** Reads the DACL that is there and writes it again: the descriptor does not change, NTFS reports. */
function rewriteSecurity(native: NativeApi, handle: Handle): NativeOutcome {
  return withArena(native, (arena) => {
    const needed = arena.allocate(4);
    let status = native.call('NtQuerySecurityObject', handle, DACL, NULL_ADDRESS, 0, needed);
    if (status !== NtStatus.STATUS_BUFFER_TOO_SMALL) return { status };
    const length_bytes = native.read(needed, 4).readUInt32LE();
    const descriptor = arena.allocate(length_bytes);
    status = native.call('NtQuerySecurityObject', handle, DACL, descriptor, length_bytes, needed);
    if (ntError(status)) return { status };
    return { status: native.call('NtSetSecurityObject', handle, DACL, descriptor) };
  });
}
