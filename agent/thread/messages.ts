// What the agent asks of the thread that plays an actor, and what it answers. Everything is plain data
// (handles and addresses included, which are good on every thread of one process), so that the
// messages cross from process to thread unchanged.
import type { ActingStep } from '../../contract/expandWorkload.ts';
import type { OplockLevel } from '../../contract/oplock.ts';
import type { Address, Handle } from '../native/layouts.ts';

/** Where a request lives in the memory of its process, from its call until it is released. */
export interface RequestMemory {
  /** Signalled when the request has completed, or its started call has returned. */
  readonly event: Handle;
  readonly ioStatusBlock: Address;
  readonly buffer: Address;
  /** Bytes of the buffer that the request may fill; 0 for a write. */
  readonly output_bytes: number;
  /** What the native call returned; for a started call this is not known yet. */
  readonly returned: number | 'started';
  /** A started call: `{ ULONG returned; NTSTATUS status }`, and what else it may write to. */
  readonly call?: Address;
  readonly createdHandle?: Address;
  /** The event that the started call itself was given. */
  readonly ioEvent?: Handle;
}

/** A step whose names have been replaced by what they stand for. */
export interface NativeStep {
  readonly step: ActingStep;
  /** What the step's `handle` stands for; of `cancel` by request, the handle of that request. */
  readonly handle: Handle;
  readonly root: Handle;
  /** The handle whose file a create opens by its id. */
  readonly byId?: Handle;
  /** Name for OBJECT_ATTRIBUTES, FILE_RENAME_INFORMATION and so on; "" where there is none. */
  readonly name: string;
  /** The handle was opened for synchronous I/O. */
  readonly synchronous: boolean;
  /** What the step's `view` stands for; absent where nothing is mapped. */
  readonly view?: MappedView;
  /** Of `wait` and `cancel`; null when it has completed already, or its call failed. */
  readonly request: RequestMemory | null;
  /** Of `on-break`: what the request of the oplock has been completed with, if it has. */
  readonly completed?: Completion | null;
  /** Of `on-break`: the oplock that is held. */
  readonly oplock?: OplockLevel;
}

export interface NativeOutcome {
  readonly status: number;
  readonly information?: number;
  readonly bytes?: string;
  readonly iosb?: 'unchanged' | { readonly status: number; readonly information: number };
  readonly event?: 'reset' | 'signalled';
  readonly handle?: Handle;
  readonly view?: MappedView;
  readonly request?: RequestMemory;
}

/** Where a view lies in the address space of its process. */
export interface MappedView {
  readonly address: Address;
  readonly size: number;
}

export interface Completion {
  readonly status: number;
  readonly information: number;
  readonly bytes: string;
  /** The handle that a started create has made. */
  readonly handle?: Handle;
  /** The request is over, and there is nothing to tell: a break that wanted no answer. */
  readonly untold?: true;
}

export interface NativeFacts {
  readonly windowsVersion: string;
  readonly wineVersion?: string;
}

/** A file or folder that could not be removed. */
export interface LeftBehind {
  readonly path: string;
  readonly status: number;
}

/** Kind of question → what is asked and what is answered. */
export interface ThreadCalls {
  /** Releases, carries out a step, then looks which of `pending` have completed. */
  perform: {
    ask: {
      readonly step: NativeStep;
      readonly pending: readonly RequestMemory[];
      readonly release: readonly RequestMemory[];
    };
    answer: {
      readonly outcome: NativeOutcome;
      /** For each of `pending`, in order. */
      readonly completed: readonly (Completion | null)[];
      /** Of the request that the step itself made. */
      readonly own: Completion | null;
    };
  };
  /** Waits until all of `pending` have completed, at most so long. */
  settle: {
    ask: { readonly pending: readonly RequestMemory[]; readonly limit_ms: number };
    answer: { readonly completed: readonly (Completion | null)[] };
  };
  /** NtCancelIoFileEx for each, whoever issued it. */
  cancel: {
    ask: { readonly requests: readonly { readonly handle: Handle; readonly block: Address }[] };
    answer: Record<string, never>;
  };
  release: { ask: { readonly requests: readonly RequestMemory[] }; answer: Record<string, never> };
  close: { ask: { readonly handles: readonly Handle[] }; answer: Record<string, never> };
  unmap: { ask: { readonly views: readonly MappedView[] }; answer: Record<string, never> };
  /** Removes everything below a folder, given as an NT path. */
  empty: { ask: { readonly folder: string }; answer: { readonly left: readonly LeftBehind[] } };
  facts: { ask: Record<string, never>; answer: { readonly facts: NativeFacts } };
}

export type ThreadCall = keyof ThreadCalls;
export type Ask<Kind extends ThreadCall> = ThreadCalls[Kind]['ask'];
export type Answer<Kind extends ThreadCall> = ThreadCalls[Kind]['answer'];

/** A thread that plays an actor, wherever it runs. */
export interface ActorThread {
  /** Rejects when the step cannot be carried out, or the process of the thread has ended. */
  ask<Kind extends ThreadCall>(kind: Kind, ask: Ask<Kind>): Promise<Answer<Kind>>;
}
