// What a debugger's stream says, piece by piece, and what of it was lost. The text itself is kept too: a
// piece is a reading of the text, never its replacement.

/** Where in the stream a piece begins: the first byte after the session was opened is 0. */
export interface StreamPlace {
  readonly at: number;
}

export interface Crash {
  /** Windows: the bugcheck code. Undefined for a panic of another system. */
  readonly code: number | undefined;
  /** "PAGE_FAULT_IN_NONPAGED_AREA" where the stream says it, else "BUGCHECK_50". */
  readonly name: string;
  readonly parameters: readonly string[];
  /** Filled in by !analyze, when it was asked. */
  readonly module?: string | undefined;
  readonly image?: string | undefined;
  /** "myfilter!PreCreate+1f". */
  readonly at?: string | undefined;
  readonly bucket?: string | undefined;
  readonly process?: string | undefined;
  readonly stack?: readonly string[] | undefined;
}

export type DebugItem = StreamPlace &
  (
    | { readonly kind: 'text'; readonly text: string }
    /** One DbgPrint, or a line of one. `truncated`: it has the longest length that one can have. */
    | { readonly kind: 'debug-print'; readonly text: string; readonly truncated: boolean }
    /** A LAB_TRACE line of a driver. */
    | {
        readonly kind: 'trace';
        readonly driver: string;
        readonly sequence: number;
        readonly event: string;
        readonly fields: Readonly<Record<string, string>>;
      }
    /** `open`: it ends the stream so far, so the debugger waits; else something follows it. */
    | { readonly kind: 'prompt'; readonly processor: number | undefined; readonly open: boolean }
    | { readonly kind: 'breakpoint'; readonly number: number }
    /** The target stopped for the debugger: an exception or a break-in. */
    | { readonly kind: 'exception'; readonly code: number; readonly chance: 'first' | 'second' }
    | { readonly kind: 'bugcheck'; readonly crash: Crash }
    | {
        readonly kind: 'verifier-stop';
        readonly message: string;
        readonly filter: string | undefined;
        readonly details: string;
        /** It waits for an answer: b, i, z or r. */
        readonly asks: boolean;
      }
    | { readonly kind: 'waiting-to-reconnect' }
    | { readonly kind: 'connected'; readonly system: string }
    | {
        readonly kind: 'module';
        readonly loaded: boolean;
        readonly path: string;
        readonly base: string;
      }
    /** Something that was said did not arrive whole. */
    | {
        readonly kind: 'loss';
        readonly what: LossKind;
        readonly count: number;
        readonly told: string;
      }
  );

export type DebugItemKind = DebugItem['kind'];

export type LossKind =
  /** Numbers of LAB_TRACE lines are missing: the DbgPrint buffer or the transport dropped them. */
  | 'sequence-gap'
  /** A DbgPrint of 512 bytes: the rest of what the driver said is not there. */
  | 'print-truncated'
  /** A LAB_TRACE line without its end. */
  | 'trace-damaged'
  /** A packet of the kernel debugger with a wrong checksum or cut short. */
  | 'packet-damaged'
  /** The lab itself kept no reading of it; the log on disk has the text. */
  | 'reading-dropped';

export type LossCount = Readonly<Record<LossKind, number>>;
