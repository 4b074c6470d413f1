// How a routine of Windows is bound to a driver: one row says what the driver may import, how its
// arguments are decoded, from which Windows on the module exports it, and what the generated page
// docs/api-support.md prints. The handler sees decoded values only.
import type { NtStatus } from '../../contract/windows/index.ts';
import type { CallbackData, Filter, FltVolume, Instance } from '../filter-manager/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { Irql } from '../kernel/thread.ts';
import type { WindowsVersion } from '../windows/profile.ts';
import type { PackedArguments } from './packedArguments.ts';
import type { Room } from './room.ts';
import type { UnicodeString } from './unicodeString.ts';

/** Where a routine puts a result. */
export interface Out<Value> {
  set(value: Value): void;
}

/** What each kind of argument becomes. A name without "optional" refuses NULL as the driver's mistake. */
export interface Decoded {
  u32: number;
  i32: number;
  u64: bigint;
  i64: bigint;
  boolean: boolean;
  /** An address that the routine passes on or looks at itself. */
  address: number;
  /** A function pointer of the driver, 0 for NULL. */
  routine: number;
  /** PCSTR. */
  text: string;
  /** PCWSTR. */
  wideText: string;
  optionalWideText: string | null;
  unicodeString: UnicodeString;
  optionalUnicodeString: UnicodeString | null;
  out8: Out<number>;
  optionalOut8: Out<number> | null;
  out16: Out<number>;
  out32: Out<number>;
  optionalOut32: Out<number> | null;
  /** LARGE_INTEGER *. */
  out64: Out<bigint>;
  callbackData: CallbackData;
  filter: Filter;
  optionalFilter: Filter | null;
  instance: Instance;
  optionalInstance: Instance | null;
  volume: FltVolume;
  optionalVolume: FltVolume | null;
  fileObject: FileObject;
  optionalFileObject: FileObject | null;
  /** A filter's own callback data (FltAllocateCallbackData), with what the driver has written taken in. */
  ownCallbackData: CallbackData;
  /** The packed arguments of a routine with "…". */
  varargs: PackedArguments;
}
export type Kind = keyof Decoded;

/** What the handler gives back, by what the C prototype says. */
interface Returned {
  void: void;
  status: NtStatus;
  u32: number;
  i32: number;
  address: number;
  boolean: boolean;
  i64: bigint;
}
export type ReturnKind = keyof Returned;

export type DecodedArguments<Kinds extends readonly Kind[]> = {
  readonly [Place in keyof Kinds]: Decoded[Kinds[Place]];
};

interface RowOptions {
  /** The highest IRQL that the documentation allows; DISPATCH_LEVEL when left out. */
  readonly irql?: Irql;
  /** The first Windows whose module exports it; every one when left out. */
  readonly since?: WindowsVersion;
}

/** One row, with its types forgotten. */
export interface Binding {
  readonly support: 'full' | 'partial' | 'none';
  /** What is missing, for the reader of docs/api-support.md. */
  readonly note: string | null;
  /** Null where nothing is decoded, because a call is refused anyway. */
  readonly kinds: readonly Kind[] | null;
  readonly returns: ReturnKind;
  /** The routine may wait: it is imported as one that suspends the driver's stack. */
  readonly blocks: boolean;
  readonly irql: Irql;
  readonly since: WindowsVersion | null;
  readonly handler: ((room: Room, ...values: never[]) => unknown) | null;
}

export type ExportTable = Readonly<Record<string, Binding>>;

const DISPATCH_LEVEL = 2;

type Handler<Kinds extends readonly Kind[], Returns extends ReturnKind> = (
  room: Room,
  ...values: DecodedArguments<Kinds>
) => Returned[Returns];

type BlockingHandler<Kinds extends readonly Kind[], Returns extends ReturnKind> = (
  room: Room,
  ...values: DecodedArguments<Kinds>
) => Returned[Returns] | Promise<Returned[Returns]>;

function row(
  support: Binding['support'],
  note: string | null,
  kinds: readonly Kind[] | null,
  returns: ReturnKind,
  blocks: boolean,
  handler: unknown,
  options: RowOptions,
): Binding {
  const { irql = DISPATCH_LEVEL, since = null } = options;
  // Its own types were proved where the row was written; a table forgets them.
  const forgotten = handler as Binding['handler'];
  return { support, note, kinds, returns, blocks, irql, since, handler: forgotten };
}

/** Modelled as documented, and never waits. */
export const full = <const Kinds extends readonly Kind[], Returns extends ReturnKind>(
  kinds: Kinds,
  returns: Returns,
  handler: Handler<Kinds, Returns>,
  options: RowOptions = {},
): Binding => row('full', null, kinds, returns, false, handler, options);

/** Modelled as documented; may wait. */
export const fullBlocking = <const Kinds extends readonly Kind[], Returns extends ReturnKind>(
  kinds: Kinds,
  returns: Returns,
  handler: BlockingHandler<Kinds, Returns>,
  options: RowOptions = {},
): Binding => row('full', null, kinds, returns, true, handler, options);

/** Modelled in part: `note` says what is not. */
export const partial = <const Kinds extends readonly Kind[], Returns extends ReturnKind>(
  note: string,
  kinds: Kinds,
  returns: Returns,
  handler: Handler<Kinds, Returns>,
  options: RowOptions = {},
): Binding => row('partial', note, kinds, returns, false, handler, options);

export const partialBlocking = <const Kinds extends readonly Kind[], Returns extends ReturnKind>(
  note: string,
  kinds: Kinds,
  returns: Returns,
  handler: BlockingHandler<Kinds, Returns>,
  options: RowOptions = {},
): Binding => row('partial', note, kinds, returns, true, handler, options);

/** May be imported; a call ends the simulation by name. */
export const none = (note: string, options: RowOptions = {}): Binding =>
  row('none', note, null, 'void', false, null, options);
