// From the observer's records to trace events: the same words, for the same callbacks, as the simulator
// uses. Names of files are put together from the creates that were seen; nothing is asked of the driver
// for them, because a query would be I/O of its own.
import type { ObserverInstance, ObserverRecord } from './observerRecords.ts';
import type { z } from 'zod';
import type { PostOperationEvent, PreOperationEvent } from './trace.ts';
import {
  fltMajorName,
  fltPostopName,
  fltPreopName,
  FltMajor,
  IrpMajor,
  IrpMinor,
} from './windows/index.ts';

type Unplaced<Event> = Omit<Event, 'seq' | 'actor' | 'step' | 'thread'>;
export type ObservedEvent =
  Unplaced<z.output<typeof PreOperationEvent>> | Unplaced<z.output<typeof PostOperationEvent>>;

export interface ObservedCallback {
  readonly event: ObservedEvent;
  readonly threadId: bigint;
  readonly processId: bigint;
  readonly systemTime: bigint;
}

type Shape = 'number' | 'signed' | 'address' | 'text';
/** A member of FLT_PARAMETERS; "behind" is read through a pointer, which is not always possible. */
type Member = readonly [name: string, shape: Shape, behind?: 'behind'];

const transfer = (buffer: string): readonly Member[] => [
  ['Length', 'number'],
  ['Key', 'number'],
  ['ByteOffset', 'signed'],
  [buffer, 'address'],
  ['MdlAddress', 'address'],
];
const mdlTransfer: readonly Member[] = [
  ['FileOffset', 'signed'],
  ['Length', 'number'],
  ['Key', 'number'],
  ['MdlChain', 'address'],
];
const control = (code: string, input: readonly Member[]): readonly Member[] => [
  ['OutputBufferLength', 'number'],
  ['InputBufferLength', 'number'],
  [code, 'number'],
  ...input,
  ['OutputBuffer', 'address'],
];

/** By major function: the arguments in the order of driver-samples/observer/arguments.c. */
const members: ReadonlyMap<number, readonly Member[]> = new Map<number, readonly Member[]>([
  [
    IrpMajor.IRP_MJ_CREATE,
    [
      ['DesiredAccess', 'number', 'behind'],
      ['Options', 'number'],
      ['FileAttributes', 'number'],
      ['ShareAccess', 'number'],
      ['EaLength', 'number'],
      ['AllocationSize', 'signed'],
    ],
  ],
  [IrpMajor.IRP_MJ_READ, transfer('ReadBuffer')],
  [IrpMajor.IRP_MJ_WRITE, transfer('WriteBuffer')],
  [
    IrpMajor.IRP_MJ_QUERY_INFORMATION,
    [
      ['Length', 'number'],
      ['FileInformationClass', 'number'],
      ['InfoBuffer', 'address'],
    ],
  ],
  [
    IrpMajor.IRP_MJ_SET_INFORMATION,
    [
      ['Length', 'number'],
      ['FileInformationClass', 'number'],
      ['ParentOfTarget', 'address'],
      ['ReplaceIfExists', 'number'],
      ['InfoBuffer', 'address'],
    ],
  ],
  [
    IrpMajor.IRP_MJ_QUERY_EA,
    [
      ['Length', 'number'],
      ['EaListLength', 'number'],
      ['EaIndex', 'number'],
      ['EaBuffer', 'address'],
      ['MdlAddress', 'address'],
    ],
  ],
  [
    IrpMajor.IRP_MJ_SET_EA,
    [
      ['Length', 'number'],
      ['EaBuffer', 'address'],
      ['MdlAddress', 'address'],
    ],
  ],
  [
    IrpMajor.IRP_MJ_QUERY_SECURITY,
    [
      ['SecurityInformation', 'number'],
      ['Length', 'number'],
      ['SecurityBuffer', 'address'],
      ['MdlAddress', 'address'],
    ],
  ],
  [IrpMajor.IRP_MJ_SET_SECURITY, [['SecurityInformation', 'number']]],
  [
    IrpMajor.IRP_MJ_LOCK_CONTROL,
    [
      ['Length', 'signed', 'behind'],
      ['Key', 'number'],
      ['ByteOffset', 'signed'],
      ['FailImmediately', 'number'],
      ['ExclusiveLock', 'number'],
    ],
  ],
  [IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL, control('FsControlCode', [])],
  [IrpMajor.IRP_MJ_DEVICE_CONTROL, control('IoControlCode', [['InputBuffer', 'address']])],
  [
    FltMajor.IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION,
    [
      ['SyncType', 'number'],
      ['PageProtection', 'number'],
    ],
  ],
  [FltMajor.IRP_MJ_ACQUIRE_FOR_MOD_WRITE, [['EndingOffset', 'signed', 'behind']]],
  [
    FltMajor.IRP_MJ_FAST_IO_CHECK_IF_POSSIBLE,
    [
      ['FileOffset', 'signed'],
      ['Length', 'number'],
      ['LockKey', 'number'],
      ['CheckForReadOperation', 'number'],
    ],
  ],
  [
    FltMajor.IRP_MJ_NETWORK_QUERY_OPEN,
    [
      ['Irp', 'address'],
      ['NetworkInformation', 'address'],
    ],
  ],
  [
    FltMajor.IRP_MJ_QUERY_OPEN,
    [
      ['Irp', 'address'],
      ['FileInformation', 'address'],
      ['Length', 'address'],
      ['FileInformationClass', 'number'],
    ],
  ],
  [FltMajor.IRP_MJ_MDL_READ, mdlTransfer],
  [FltMajor.IRP_MJ_MDL_READ_COMPLETE, [['MdlChain', 'address']]],
  [FltMajor.IRP_MJ_PREPARE_MDL_WRITE, mdlTransfer],
  [
    FltMajor.IRP_MJ_MDL_WRITE_COMPLETE,
    [
      ['FileOffset', 'signed'],
      ['MdlChain', 'address'],
    ],
  ],
]);

const queryDirectory: readonly Member[] = [
  ['Length', 'number'],
  ['FileName', 'text'],
  ['FileInformationClass', 'number'],
  ['FileIndex', 'number'],
  ['DirectoryBuffer', 'address'],
  ['MdlAddress', 'address'],
];
const notifyDirectory: readonly Member[] = [
  ['Length', 'number'],
  ['CompletionFilter', 'number'],
  ['Spare1', 'number'],
  ['Spare2', 'number'],
  ['DirectoryBuffer', 'address'],
  ['MdlAddress', 'address'],
];

function membersOf({ majorFunction, minorFunction }: ObserverRecord): readonly Member[] {
  if (majorFunction !== IrpMajor.IRP_MJ_DIRECTORY_CONTROL) return members.get(majorFunction) ?? [];
  return minorFunction === IrpMinor.IRP_MN_QUERY_DIRECTORY ? queryDirectory : notifyDirectory;
}

type Shown = Record<string, string | number | null>;

function shownArguments(record: ObserverRecord): Shown {
  const shown: Shown = {};
  let next = 0;
  for (const [name, shape, behind] of membersOf(record)) {
    if (shape === 'text') {
      if (!record.pointersUnread) shown[name] = record.text;
      continue;
    }
    const value = record.arguments[next];
    next += 1;
    if (value === undefined || (behind !== undefined && record.pointersUnread)) continue;
    shown[name] = shape === 'address' ? address(value) : numberOf(value, shape);
  }
  return shown;
}

const address = (value: bigint): string | null =>
  value === 0n ? null : `0x${value.toString(16).padStart(8, '0')}`;
const numberOf = (value: bigint, shape: 'number' | 'signed'): number =>
  Number(shape === 'signed' ? BigInt.asIntN(64, value) : value);

const DRAINING = 1;

interface SeenFile {
  readonly name: string;
  /** Instances in which its create is under way. */
  creating: number;
}

interface SeenOperation {
  readonly id: string;
  /** Instances that have yet to see its end. */
  open: number;
}

export interface ObserverDecoderInput {
  readonly filter: string;
  readonly instances: readonly ObserverInstance[];
  /** "\Device\HarddiskVolume2" → the workload's "C"; the device's own name where there is none. */
  readonly volumeOf: (device: string) => string | undefined;
}

/** Takes the records of one connection, in order. */
export class ObserverDecoder {
  private readonly input: ObserverDecoderInput;
  private readonly instances: ReadonlyMap<number, ObserverInstance>;
  private readonly files = new Map<bigint, SeenFile>();
  /** By address of the callback data, which all instances of a frame share while it lives. */
  private readonly byData = new Map<bigint, SeenOperation>();
  /** By the number that an instance gave it. */
  private readonly byNumber = new Map<bigint, SeenOperation>();
  private operations = 0;

  constructor(input: ObserverDecoderInput) {
    this.input = input;
    this.instances = new Map(input.instances.map((one) => [one.id, one]));
  }

  decode(record: ObserverRecord): ObservedCallback {
    const { threadId, processId, systemTime } = record;
    const event = record.kind === 'pre' ? this.pre(record) : this.post(record);
    return { event, threadId, processId, systemTime };
  }

  private shared(record: ObserverRecord, operation: SeenOperation) {
    const instance = this.instances.get(record.instanceId);
    const file = this.files.get(record.fileObject)?.name;
    return {
      filter: this.input.filter,
      instance: instance?.name ?? `instance ${record.instanceId}`,
      altitude: instance?.altitude ?? '0',
      operation: operation.id,
      major: fltMajorName(record.majorFunction),
      minor: record.minorFunction,
      flags: record.dataFlags,
      irpFlags: record.irpFlags,
      operationFlags: record.operationFlags,
      ...(file === undefined ? {} : { file }),
      parameters: shownArguments(record),
    };
  }

  private pre(record: ObserverRecord): ObservedEvent {
    const returned = fltPreopName(record.returned);
    const waits = returned === 'FLT_PREOP_SUCCESS_WITH_CALLBACK';
    const operation = this.enter(record, waits);
    this.learnName(record);
    return { kind: 'pre-operation', ...this.shared(record, operation), returned };
  }

  private post(record: ObserverRecord): ObservedEvent {
    const operation = this.leave(record);
    const event: ObservedEvent = {
      kind: 'post-operation',
      ...this.shared(record, operation),
      status: record.status,
      information: record.information,
      draining: (record.postFlags & DRAINING) !== 0,
      returned: fltPostopName(record.returned),
    };
    const file = this.files.get(record.fileObject);
    if (file !== undefined && namesFile(record)) file.creating -= 1;
    return event;
  }

  /** The same callback data while any instance waits for its end is the same operation. */
  private enter({ callbackData, operation: number }: ObserverRecord, waits: boolean) {
    let operation = this.byData.get(callbackData);
    if (operation === undefined || operation.open === 0) {
      this.operations += 1;
      operation = { id: `op${this.operations}`, open: 0 };
      this.byData.set(callbackData, operation);
    }
    if (waits) {
      operation.open += 1;
      this.byNumber.set(number, operation);
    }
    return operation;
  }

  /** While an instance drains the callback data is a copy: the number finds the operation all the same. */
  private leave({ operation: number }: ObserverRecord): SeenOperation {
    const operation = this.byNumber.get(number);
    this.byNumber.delete(number);
    if (operation === undefined) {
      // Its beginning was lost, or before the connection.
      this.operations += 1;
      return { id: `op${this.operations}`, open: 0 };
    }
    operation.open -= 1;
    return operation;
  }

  /** A name is that of the open, whatever a filter below puts into the file object. */
  private learnName(record: ObserverRecord): void {
    const { fileObject, relatedFileObject, text } = record;
    if (!namesFile(record) || text === null) return;
    const known = this.files.get(fileObject);
    if (known !== undefined && known.creating > 0) {
      known.creating += 1;
      return;
    }
    const related = this.files.get(relatedFileObject)?.name;
    const device = this.instances.get(record.instanceId)?.volume ?? '';
    const volume = this.input.volumeOf(device) ?? device;
    const name = relatedFileObject === 0n ? `${volume}:${text}` : joined(related ?? '?', text);
    this.files.set(fileObject, { name, creating: 1 });
  }
}

const namingMajors: readonly number[] = [
  IrpMajor.IRP_MJ_CREATE,
  FltMajor.IRP_MJ_NETWORK_QUERY_OPEN,
  FltMajor.IRP_MJ_QUERY_OPEN,
];
const namesFile = ({ majorFunction }: ObserverRecord): boolean =>
  namingMajors.includes(majorFunction);

function joined(base: string, name: string): string {
  if (name === '') return base;
  return name.startsWith(':') || base.endsWith('\\') ? `${base}${name}` : `${base}\\${name}`;
}
