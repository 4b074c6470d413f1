// What driver-samples/observer answers through its port, byte by byte. The C side of the same layout is
// driver-samples/observer/records.h; the version stands in each answer and each request.
import { z } from 'zod';

export const OBSERVER_PORT = '\\FltLabObserver';
export const OBSERVER_VERSION = 1;

/** OBSERVER_CONTEXT and OBSERVER_COMMAND_CODE. */
export const observerSlots = { least: 16, usual: 2048, most: 16384 } as const;
export const observerCommands = { getInstances: 1, getRecords: 2, watchProcess: 3 } as const;

const BATCH_BYTES = 40;
const INSTANCE_BYTES = 400;
const INSTANCE_TEXT_BYTES = 128;
const RECORD_BYTES = 176;
const ARGUMENTS_AT = 112;
const ARGUMENTS_MOST = 8;

/** OBSERVER_CONTEXT, sent along when connecting. */
export function observerContext(slots: number): Uint8Array {
  return words([OBSERVER_VERSION, slots]);
}

/** OBSERVER_COMMAND. */
export function observerCommand(
  command: keyof typeof observerCommands,
  processId = 0n,
): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(words([OBSERVER_VERSION, observerCommands[command]]));
  new DataView(bytes.buffer).setBigUint64(8, processId, true);
  return bytes;
}

function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint32(index * 4, value, true));
  return bytes;
}

/** What the driver has counted since the program connected. */
export const ObserverCounts = z.strictObject({
  /** Records lost because the ring was full. */
  dropped: z.number().int().nonnegative(),
  /** Callbacks left out because another process did it. */
  ignored: z.number().int().nonnegative(),
  /** Records made, lost ones too. */
  made: z.number().int().nonnegative(),
});
export type ObserverCounts = z.output<typeof ObserverCounts>;

export interface ObserverInstance {
  readonly id: number;
  readonly name: string;
  readonly altitude: string;
  /** "\Device\HarddiskVolume2". */
  readonly volume: string;
  readonly detached: boolean;
}

export interface ObserverRecord {
  readonly kind: 'pre' | 'post';
  readonly sequence: bigint;
  /** Pairs the two callbacks of one instance. */
  readonly operation: bigint;
  /** 100 ns since 1601. */
  readonly systemTime: bigint;
  readonly threadId: bigint;
  readonly processId: bigint;
  readonly callbackData: bigint;
  readonly fileObject: bigint;
  readonly relatedFileObject: bigint;
  readonly instanceId: number;
  readonly dataFlags: number;
  readonly irpFlags: number;
  readonly status: number;
  readonly information: number;
  readonly postFlags: number;
  readonly returned: number;
  readonly majorFunction: number;
  readonly minorFunction: number;
  readonly operationFlags: number;
  readonly kernelMode: boolean;
  readonly irql: number;
  /** The name in the file object, or the pattern of a query; null where there was none. */
  readonly text: string | null;
  readonly textCut: boolean;
  /** Above APC_LEVEL: what parameters point to was not read. */
  readonly pointersUnread: boolean;
  readonly arguments: readonly bigint[];
}

export interface ObserverAnswer<Item> {
  readonly items: readonly Item[];
  /** Records that are there and did not fit. */
  readonly left: number;
  readonly counts: ObserverCounts;
}

/** Bytes that are no answer of this version: of another driver, or cut. */
export class NotAnObserverAnswer extends Error {
  override readonly name = 'NotAnObserverAnswer';
}

interface Batch {
  readonly view: DataView;
  readonly count: number;
  readonly left: number;
  readonly counts: ObserverCounts;
}

function readBatch(bytes: Uint8Array): Batch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < BATCH_BYTES) throw new NotAnObserverAnswer('shorter than an OBSERVER_BATCH');
  const version = view.getUint32(0, true);
  if (version !== OBSERVER_VERSION) {
    throw new NotAnObserverAnswer(`version ${version}; known is ${OBSERVER_VERSION}`);
  }
  const size = view.getUint32(4, true);
  if (size > bytes.length) throw new NotAnObserverAnswer(`${bytes.length} of ${size} bytes`);
  return {
    view,
    count: view.getUint32(8, true),
    left: view.getUint32(12, true),
    counts: {
      dropped: Number(view.getBigUint64(16, true)),
      ignored: Number(view.getBigUint64(24, true)),
      made: Number(view.getBigUint64(32, true)),
    },
  };
}

/** Errors: NotAnObserverAnswer. */
export function decodeInstances(bytes: Uint8Array): ObserverAnswer<ObserverInstance> {
  const { view, count, left, counts } = readBatch(bytes);
  if (BATCH_BYTES + count * INSTANCE_BYTES > bytes.length) {
    throw new NotAnObserverAnswer(`no room for ${count} instances`);
  }
  const items = Array.from({ length: count }, (_none, index): ObserverInstance => {
    const at = BATCH_BYTES + index * INSTANCE_BYTES;
    const texts = [0, 1, 2].map((text) =>
      wide(view, at + 16 + text * INSTANCE_TEXT_BYTES, view.getUint16(at + 4 + text * 2, true)),
    );
    const [name = '', altitude = '', volume = ''] = texts;
    const detached = view.getUint32(at + 12, true) !== 0;
    return { id: view.getUint32(at, true), name, altitude, volume, detached };
  });
  return { items, left, counts };
}

/** Errors: NotAnObserverAnswer. */
export function decodeRecords(bytes: Uint8Array): ObserverAnswer<ObserverRecord> {
  const { view, count, left, counts } = readBatch(bytes);
  const items: ObserverRecord[] = [];
  let at = BATCH_BYTES;
  for (let index = 0; index < count; index += 1) {
    const size = at + RECORD_BYTES <= bytes.length ? view.getUint32(at, true) : 0;
    if (size < RECORD_BYTES || at + size > bytes.length) {
      throw new NotAnObserverAnswer(`record ${index} of ${count} is cut`);
    }
    items.push(readRecord(view, at, size));
    at += size;
  }
  return { items, left, counts };
}

const recordFlag = { textPresent: 1, textCut: 2, pointersUnread: 4 } as const;

function readRecord(view: DataView, at: number, size: number): ObserverRecord {
  const u64 = (offset: number): bigint => view.getBigUint64(at + offset, true);
  const u32 = (offset: number): number => view.getUint32(at + offset, true);
  const u8 = (offset: number): number => view.getUint8(at + offset);
  const kind = view.getUint16(at + 4, true);
  const textLength = view.getUint16(at + 6, true);
  if (kind !== 1 && kind !== 2) throw new NotAnObserverAnswer(`a record of kind ${kind}`);
  if (RECORD_BYTES + textLength > size) throw new NotAnObserverAnswer('a text beyond its record');
  const flags = u8(109);
  const count = Math.min(u8(110), ARGUMENTS_MOST);
  return {
    kind: kind === 1 ? 'pre' : 'post',
    sequence: u64(8),
    operation: u64(16),
    systemTime: u64(24),
    threadId: u64(32),
    processId: u64(40),
    callbackData: u64(48),
    fileObject: u64(56),
    relatedFileObject: u64(64),
    instanceId: u32(72),
    dataFlags: u32(76),
    irpFlags: u32(80),
    status: u32(84),
    information: Number(u64(88)),
    postFlags: u32(96),
    returned: u32(100),
    majorFunction: u8(104),
    minorFunction: u8(105),
    operationFlags: u8(106),
    kernelMode: u8(107) === 0,
    irql: u8(108),
    text: (flags & recordFlag.textPresent) === 0 ? null : wide(view, at + RECORD_BYTES, textLength),
    textCut: (flags & recordFlag.textCut) !== 0,
    pointersUnread: (flags & recordFlag.pointersUnread) !== 0,
    arguments: Array.from({ length: count }, (_none, index) => u64(ARGUMENTS_AT + index * 8)),
  };
}

/** UTF-16 text of so many bytes. */
function wide(view: DataView, at: number, length_bytes: number): string {
  let text = '';
  for (let offset = 0; offset + 1 < length_bytes; offset += 2) {
    text += String.fromCharCode(view.getUint16(at + offset, true));
  }
  return text;
}
