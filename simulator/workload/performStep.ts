// Each step of a workload as the native call it stands for: one row of a table for each.
import { encodeEaNames, encodeFullEas } from '../../contract/extendedAttributes.ts';
import { isFileId, type ActingStep } from '../../contract/expandWorkload.ts';
import {
  encodeReparseData,
  encodeReparseHeader,
  encodeReparseName,
} from '../../contract/reparsePoint.ts';
import {
  CreateOption,
  FileInformationClass,
  FsControlCode,
  ntError,
  NtStatus,
} from '../../contract/windows/index.ts';
import {
  newIosb,
  type CallerIosb,
  type CreateArguments,
  ntCancelIoFile,
  ntCancelIoFileEx,
  ntClose,
  ntCreateFile,
  ntDeleteFile,
  ntDuplicateObject,
  ntFlushBuffersFile,
  ntLockFile,
  ntNotifyChangeDirectoryFile,
  ntQueryDirectoryFile,
  ntQueryEaFile,
  ntQueryInformationFile,
  ntQuerySecurityObject,
  ntReadFile,
  ntSetEaFile,
  ntSetInformationFile,
  ntSetSecurityObject,
  ntUnlockFile,
  ntWriteFile,
} from '../io/index.ts';
import { andThen, type MaybeLater } from '../kernel/later.ts';
import { performQueryAttributes } from './attributeSteps.ts';
import { encodeBytes } from './bytes.ts';
import { control, issue } from './control.ts';
import { startCall, type Call } from './issueCall.ts';
import { informationOf, withInput, withOutput } from './withBuffer.ts';
import { valueOf, type Doer } from './names.ts';
import { filterPerformers } from './filterSteps.ts';
import { sectionPerformers } from './sectionSteps.ts';
import { performOnBreak, performRequestOplock } from './oplocks.ts';
import type { Stage, StepOutcome } from './stage.ts';
import {
  basicInformation,
  guidOf,
  idName,
  long,
  noBytes,
  quad,
  rangeOf,
  renameInformation,
} from './structures.ts';

type Do = ActingStep['do'];
type StepOf<Kind extends Do> = Extract<ActingStep, { do: Kind }>;
type Performer<Kind extends Do> = (
  stage: Stage,
  step: StepOf<Kind>,
  doer: Doer,
) => StepOutcome | Promise<StepOutcome>;

export function performStep(stage: Stage, doer: Doer): StepOutcome | Promise<StepOutcome> {
  const performer = performers[doer.step.do] as Performer<Do>;
  return performer(stage, doer.step, doer);
}

const performers: { readonly [Kind in Do]: Performer<Kind> } = {
  create: performCreate,
  close: ({ services, names }, { handle }, doer) =>
    andThen(ntClose(services, valueOf(names.handle(handle), doer)), (status) => {
      if (!ntError(status)) names.closed(handle);
      return { status };
    }),
  duplicate: async ({ services, names }, step, doer) => {
    const value = valueOf(names.handle(step.handle), doer);
    const { status, handle } = await ntDuplicateObject(services, value);
    names.created(doer, handle);
    return { status };
  },
  read: (stage, step, doer) => issue(stage, doer, transfer(stage, doer, step, null)),
  write: (stage, step, doer) => issue(stage, doer, transfer(stage, doer, step, step.data)),
  notify: performNotify,
  cancel: performCancel,
  wait: performWait,
  rename: (stage, step, doer) =>
    setInformation(
      stage,
      doer,
      step.flags === undefined
        ? FileInformationClass.FileRenameInformation
        : FileInformationClass.FileRenameInformationEx,
      newNameInformation(stage, doer, step, step.flags ?? Number(step.replace)),
    ),
  link: (stage, step, doer) =>
    setInformation(
      stage,
      doer,
      step.flags === undefined
        ? FileInformationClass.FileLinkInformation
        : FileInformationClass.FileLinkInformationEx,
      newNameInformation(stage, doer, step, step.flags ?? Number(step.replace)),
    ),
  'set-disposition': (stage, step, doer) =>
    step.flags === undefined
      ? setInformation(
          stage,
          doer,
          FileInformationClass.FileDispositionInformation,
          Uint8Array.of(step.delete ? 1 : 0),
        )
      : setInformation(
          stage,
          doer,
          FileInformationClass.FileDispositionInformationEx,
          long(step.flags),
        ),
  'set-basic': (stage, step, doer) =>
    setInformation(stage, doer, FileInformationClass.FileBasicInformation, basicInformation(step)),
  'set-end-of-file': (stage, step, doer) =>
    setInformation(stage, doer, FileInformationClass.FileEndOfFileInformation, quad(step.size)),
  'set-allocation': (stage, step, doer) =>
    setInformation(stage, doer, FileInformationClass.FileAllocationInformation, quad(step.size)),
  'set-security': performSetSecurity,
  'set-information': (stage, step, doer) =>
    setInformation(stage, doer, step.class, encodeBytes(step.data)),
  'query-information': (stage, step, doer) =>
    withOutput(stage, doer, step.length, (iosb, buffer) =>
      ntQueryInformationFile(stage.services, {
        handle: valueOf(stage.names.handle(step.handle), doer),
        iosb,
        buffer,
        length: step.length,
        fileInformationClass: step.class,
      }),
    ),
  'query-attributes': (stage, step, doer) =>
    performQueryAttributes(stage, step, doer, objectName(stage, doer, step.path, step.root)),
  'query-directory': performQueryDirectory,
  'set-reparse': (stage, step, doer) =>
    control(stage, doer, {
      handle: step.handle,
      code: FsControlCode.FSCTL_SET_REPARSE_POINT,
      input: reparseBuffer(stage, step, doer),
    }),
  'get-reparse': (stage, step, doer) =>
    control(stage, doer, {
      handle: step.handle,
      code: FsControlCode.FSCTL_GET_REPARSE_POINT,
      length: step.length,
    }),
  'delete-reparse': (stage, step, doer) =>
    control(stage, doer, {
      handle: step.handle,
      code: FsControlCode.FSCTL_DELETE_REPARSE_POINT,
      input: encodeReparseHeader(step.tag, guidOf(step.guid), step.length),
    }),
  fsctl: (stage, step, doer) =>
    control(stage, doer, {
      handle: step.handle,
      code: step.code,
      input: step.data === undefined ? noBytes : encodeBytes(step.data),
      length: step.length,
    }),
  'query-ea': (stage, step, doer) =>
    withOutput(stage, doer, step.length, (iosb, buffer) =>
      ntQueryEaFile(stage.services, {
        handle: valueOf(stage.names.handle(step.handle), doer),
        iosb,
        buffer,
        length: step.length,
        returnSingleEntry: step.single,
        restartScan: step.restart,
        eaList: encodeEaNames(step.list ?? []),
        eaIndex: step.index ?? null,
      }),
    ),
  'set-ea': (stage, step, doer) =>
    withInput(stage, doer, fullEas(step.eas), (iosb, buffer, length) => {
      const handle = valueOf(stage.names.handle(step.handle), doer);
      return ntSetEaFile(stage.services, { handle, iosb, buffer, length });
    }),
  lock: performLock,
  unlock: async ({ services, names }, step, doer) => {
    const iosb = newIosb();
    const handle = valueOf(names.handle(step.handle), doer);
    const status = await ntUnlockFile(services, { handle, iosb, ...rangeOf(step) });
    return { status, ...informationOf(iosb) };
  },
  'request-oplock': performRequestOplock,
  'on-break': performOnBreak,
  flush: (stage, step, doer) => {
    const handle = valueOf(stage.names.handle(step.handle), doer);
    return synchronously(stage, doer, (iosb) =>
      ntFlushBuffersFile(stage.services, { handle, iosb }),
    );
  },
  delete: async (stage, step, doer) => {
    const object = { ...objectName(stage, doer, step.path, step.root), caseSensitive: false };
    return { status: await ntDeleteFile(stage.services, object) };
  },
  ...sectionPerformers,
  ...filterPerformers,
};

/** OBJECT_ATTRIBUTES: relative to `root`, or from the root of the volume that the step means. */
function objectName(
  { names }: Stage,
  doer: Doer,
  path: string,
  root: string | undefined,
): { readonly name: string; readonly root: number | null } {
  if (root !== undefined) return { name: path, root: valueOf(names.handle(root), doer) };
  return { name: `\\??\\${names.volume(doer.step)}:\\${path}`, root: null };
}

const rootOf = ({ names }: Stage, { root }: StepOf<'create'>, doer: Doer): number | null =>
  root === undefined ? null : valueOf(names.handle(root), doer);

/** The id of the file that a handle has open; 0, which no file has, where there is none. */
async function fileIdOf({ machine, services, names }: Stage, doer: Doer, name: string) {
  if (isFileId(name)) return BigInt(name);
  const length = 8;
  const buffer = machine.user.allocate(doer.process, length);
  await ntQueryInformationFile(services, {
    handle: valueOf(names.handle(name), doer),
    iosb: null,
    buffer,
    length,
    fileInformationClass: FileInformationClass.FileInternalInformation,
  });
  const bytes = machine.memory.bytes(buffer, length);
  const id = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  machine.user.free(buffer);
  return id;
}

function performCreate(
  stage: Stage,
  step: StepOf<'create'>,
  doer: Doer,
): StepOutcome | Promise<StepOutcome> {
  const named =
    step.volumeItself === true
      ? { name: `\\??\\${stage.names.volume(step)}:`, root: null }
      : objectName(stage, doer, step.path, step.root);
  const object = { ...named, caseSensitive: step.caseSensitive ?? false };
  const { byId } = step;
  return issue(stage, doer, {
    ...noBuffer,
    issue: (iosb) => {
      if (byId === undefined) return callCreate(stage, doer, step, object, iosb);
      return andThen(fileIdOf(stage, doer, byId), (id) => {
        const byItsId = { ...object, name: idName(id), root: rootOf(stage, step, doer) };
        return callCreate(stage, doer, step, byItsId, iosb);
      });
    },
  });
}

function callCreate(
  { services, names }: Stage,
  doer: Doer,
  step: StepOf<'create'>,
  object: CreateArguments['object'],
  iosb: CallerIosb,
): MaybeLater<NtStatus> {
  const byId = step.byId === undefined ? 0 : CreateOption.FILE_OPEN_BY_FILE_ID;
  const made = ntCreateFile(services, {
    object,
    desiredAccess: step.access,
    shareAccess: step.share,
    disposition: step.disposition,
    options: step.options | byId,
    fileAttributes: step.attributes,
    allocationSize: Number(step.allocation ?? 0),
    ...(step.ea === undefined ? {} : { ea: fullEas(step.ea) }),
    iosb,
  });
  return andThen(made, ({ status, handle }) => {
    names.created(doer, handle);
    return status;
  });
}

/** NtReadFile where there is nothing to write, else NtWriteFile. */
function transfer(
  { machine, services, names }: Stage,
  doer: Doer,
  step: StepOf<'read'> | StepOf<'write'>,
  data: StepOf<'write'>['data'] | null,
): Call {
  const handle = names.handle(step.handle);
  const value = valueOf(handle, doer);
  const bytes = data === null ? null : encodeBytes(data);
  const length = step.do === 'read' ? step.length : (bytes?.length ?? 0);
  const isNull = step.buffer === null;
  const buffer = isNull ? 0 : machine.user.allocate(doer.process, length);
  if (bytes !== null && !isNull) machine.memory.bytes(buffer, length).set(bytes);
  const offset = step.offset === undefined ? null : Number(step.offset);
  const service = bytes === null ? ntReadFile : ntWriteFile;
  const asynchronous = handle?.synchronous !== true;
  return {
    issue: (iosb, event, onDelivered) =>
      service(services, { handle: value, iosb, event, onDelivered, buffer, length, offset }),
    buffer,
    outputLength: bytes === null ? length : 0,
    makesRequest: asynchronous,
    asynchronous,
    returnsBytes: bytes === null,
  };
}

function performNotify(
  stage: Stage,
  step: StepOf<'notify'>,
  doer: Doer,
): StepOutcome | Promise<StepOutcome> {
  const { machine, services, names } = stage;
  const handle = names.handle(step.handle);
  const value = valueOf(handle, doer);
  const buffer = machine.user.allocate(doer.process, step.length);
  const withoutIosb = step.iosb === null;
  return issue(stage, doer, {
    issue: (iosb, event, onDelivered) =>
      ntNotifyChangeDirectoryFile(services, {
        handle: value,
        iosb: withoutIosb ? null : iosb,
        event,
        onDelivered,
        buffer,
        length: step.length,
        completionFilter: step.filter,
        watchTree: step.tree,
      }),
    buffer,
    outputLength: step.length,
    makesRequest: true,
    asynchronous: handle?.synchronous !== true,
    returnsBytes: false,
  });
}

/** An absolute name leads through the drive letter, as the shell writes it. */
function reparseBuffer(stage: Stage, step: StepOf<'set-reparse'>, doer: Doer): Uint8Array {
  const { tag, to, relative } = step;
  if (to !== undefined) {
    const substitute = relative ? to : objectName(stage, doer, to, undefined).name;
    return encodeReparseName(tag, { substitute, relative });
  }
  const data = step.data === undefined ? noBytes : encodeBytes(step.data);
  return encodeReparseData(tag, data, guidOf(step.guid));
}

function performLock(
  stage: Stage,
  step: StepOf<'lock'>,
  doer: Doer,
): StepOutcome | Promise<StepOutcome> {
  const handle = stage.names.handle(step.handle);
  const value = valueOf(handle, doer);
  const { exclusive, failImmediately } = step;
  return issue(stage, doer, {
    issue: (iosb, event, onDelivered) =>
      ntLockFile(stage.services, {
        ...{ handle: value, iosb, event, onDelivered },
        ...{ ...rangeOf(step), exclusive, failImmediately },
      }),
    buffer: 0,
    outputLength: 0,
    makesRequest: false,
    asynchronous: false,
    returnsBytes: false,
  });
}

async function performCancel(
  { services, names }: Stage,
  step: StepOf<'cancel'>,
  doer: Doer,
): Promise<StepOutcome> {
  const iosb = newIosb();
  if (step.request === undefined) {
    const handle = valueOf(names.handle(step.handle), doer);
    const status = await ntCancelIoFile(services, { handle, iosb });
    return { status, ...informationOf(iosb) };
  }
  const handle = valueOf(names.handleOfRequest(step.request), doer);
  // A request that is over has no block any more; this one is no request's.
  const requestIosb = names.request(step.request)?.iosb ?? iosb;
  const status = await ntCancelIoFileEx(services, { handle, requestIosb, iosb });
  return { status, ...informationOf(iosb) };
}

const PER_MILLISECOND_100NS = 10_000n;

/** A request that has completed, or never came to be, is not waited for. */
async function performWait(
  { machine, names }: Stage,
  { request: name, limit_ms }: StepOf<'wait'>,
): Promise<StepOutcome> {
  const request = names.request(name);
  if (request === undefined) return { status: NtStatus.STATUS_SUCCESS };
  const limit_100ns = BigInt(limit_ms) * PER_MILLISECOND_100NS;
  const reason = { kind: 'request', what: `completion of ${name}` };
  const how = await machine.scheduler.waitForEvent(request.event, reason, limit_100ns);
  return { status: how === 'signalled' ? NtStatus.STATUS_SUCCESS : NtStatus.STATUS_TIMEOUT };
}

function performQueryDirectory(
  stage: Stage,
  step: StepOf<'query-directory'>,
  doer: Doer,
): MaybeLater<StepOutcome> {
  const { machine, services, names } = stage;
  const event = machine.scheduler.createEvent('notification', true);
  return withOutput(stage, doer, step.length, async (iosb, buffer) => {
    const status = await ntQueryDirectoryFile(services, {
      handle: valueOf(names.handle(step.handle), doer),
      iosb,
      event,
      buffer,
      length: step.length,
      fileInformationClass: step.class,
      fileName: step.mask,
      returnSingleEntry: step.single,
      restartScan: step.restart,
    });
    if (status !== NtStatus.STATUS_PENDING) return status;
    // The step is one call to its author; on an asynchronous handle its end is the event.
    await machine.scheduler.waitForEvent(event, { kind: 'request', what: `step ${step.id}` });
    return iosb.status;
  });
}

const fullEas = (list: StepOf<'set-ea'>['eas']): Uint8Array =>
  encodeFullEas(list.map((one) => ({ ...one, value: encodeBytes(one.value) })));

function setInformation(
  stage: Stage,
  doer: Doer,
  fileInformationClass: number,
  data: Uint8Array,
): StepOutcome | Promise<StepOutcome> {
  const { step } = doer;
  const handle = valueOf('handle' in step ? stage.names.handle(step.handle) : undefined, doer);
  return synchronously(stage, doer, (iosb) => {
    const set = withInput(stage, doer, data, (_own, buffer, length) =>
      ntSetInformationFile(stage.services, { handle, iosb, buffer, length, fileInformationClass }),
    );
    return andThen(set, ({ status }) => status);
  });
}

/** A call that waits for its end by itself; with `start` on another thread. */
function synchronously(
  stage: Stage,
  doer: Doer,
  call: (iosb: CallerIosb) => MaybeLater<NtStatus>,
): StepOutcome | Promise<StepOutcome> {
  const { step } = doer;
  if ('start' in step && step.start === true) {
    return startCall(stage, doer, { ...noBuffer, issue: call });
  }
  const iosb = newIosb();
  return andThen(call(iosb), (status) => ({ status, ...informationOf(iosb) }));
}

const noBuffer = {
  buffer: 0,
  outputLength: 0,
  makesRequest: false,
  asynchronous: false,
  returnsBytes: false,
} as const;

/** Reads the DACL that is there and writes it again, or writes a new one. */
async function performSetSecurity(
  { services, names }: Stage,
  step: StepOf<'set-security'>,
  doer: Doer,
): Promise<StepOutcome> {
  const handle = valueOf(names.handle(step.handle), doer);
  if (step.dacl !== 'same') {
    return { status: await ntSetSecurityObject(services, handle, step.dacl) };
  }
  const { status, dacl } = await ntQuerySecurityObject(services, handle);
  return { status: ntError(status) ? status : await ntSetSecurityObject(services, handle, dacl) };
}

/** FILE_RENAME_INFORMATION or FILE_LINK_INFORMATION; `first` is ReplaceIfExists, or Flags. */
function newNameInformation(
  stage: Stage,
  doer: Doer,
  { to, root, simple }: StepOf<'rename'> | StepOf<'link'>,
  first: number,
): Uint8Array {
  // A new name of a stream is its own and says nothing of the file (R-IO-19).
  const isStream = doer.step.do === 'rename' && to.startsWith(':');
  const target =
    isStream || simple === true ? { name: to, root: null } : objectName(stage, doer, to, root);
  return renameInformation(first, target.root ?? 0, target.name);
}
