// What the names of a workload stand for while it runs: handles and requests. A name that stands for
// nothing (the create failed, the handle was closed) still goes to the services, as a handle that
// nobody has: the status that comes back is theirs. The agent on a target does the same.
import { LabError } from '../../contract/errors/labError.ts';
import { makesHandle, type ActingStep } from '../../contract/expandWorkload.ts';
import type { OplockLevel, OplockResult } from '../../contract/oplock.ts';
import { CreateOption } from '../../contract/windows/index.ts';
import type { KernelEvent } from '../kernel/kernel.ts';
import type { Process } from '../kernel/thread.ts';
import type { CallerIosb, View } from '../io/index.ts';

/** Far above every handle that is given out, and a multiple of four as all of them are. */
export const NO_HANDLE = 0x7ffffffc;

const SYNCHRONOUS =
  CreateOption.FILE_SYNCHRONOUS_IO_ALERT | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT;

export interface NamedHandle {
  readonly value: number;
  readonly process: Process;
  readonly volume: string;
  /** Opened for synchronous I/O: every call on it waits. */
  readonly synchronous: boolean;
}

/** Who does a step. */
export interface Doer {
  readonly step: ActingStep;
  readonly process: Process;
}

export interface Request {
  readonly name: string;
  readonly doer: Doer;
  readonly iosb: CallerIosb;
  /** The user event of the call; what a wait for the request waits on. */
  readonly event: KernelEvent;
  buffer: number;
  /** Bytes of the buffer that the request may fill; 0 for a write. */
  outputLength: number;
  state: 'issued' | 'told' | 'completed';
  /** A filter gave it another result than the file system. */
  changedAbove: boolean;
  /** Of the request of an oplock: what it has been completed with. */
  result: OplockResult | null;
}

export class Names {
  private readonly defaultVolume: string;
  private readonly handles = new Map<string, NamedHandle>();
  /** Every handle that is open, in the order of opening, named or not. */
  private readonly open = new Set<NamedHandle>();
  private readonly requests = new Map<string, Request>();
  /** The step that last issued a call under a request's name, whatever became of it. */
  private readonly issuers = new Map<string, ActingStep>();
  private readonly pendingRequests = new Set<Request>();
  private readonly views = new Map<string, View>();

  constructor(defaultVolume: string) {
    this.defaultVolume = defaultVolume;
  }

  handle(name: string | undefined): NamedHandle | undefined {
    return name === undefined ? undefined : this.handles.get(name);
  }

  /** The volume that a step means: its own, that of the handle it starts from, or the default. */
  volume(step: ActingStep): string {
    const given = 'volume' in step ? step.volume : undefined;
    const root = 'root' in step ? step.root : undefined;
    const handle = 'handle' in step ? step.handle : undefined;
    return given ?? this.handle(root)?.volume ?? this.handle(handle)?.volume ?? this.defaultVolume;
  }

  /** After a create or a duplication: `value` is 0 where it failed. */
  created({ step, process }: Doer, value: number): void {
    if (!makesHandle(step) || !('as' in step)) return;
    const synchronous =
      step.do === 'create'
        ? (step.options & SYNCHRONOUS) !== 0
        : step.do === 'duplicate' && this.handle(step.handle)?.synchronous === true;
    const made = { value: value || NO_HANDLE, process, volume: this.volume(step), synchronous };
    if (value !== 0) this.open.add(made);
    if (step.as !== undefined) this.handles.set(step.as, made);
  }

  /** After a close that succeeded: the name stays, and stands for nothing. */
  closed(name: string): void {
    const handle = this.handles.get(name);
    if (handle === undefined) return;
    this.open.delete(handle);
    this.handles.set(name, { ...handle, value: NO_HANDLE });
  }

  /** A view that is mapped; null where the mapping failed or is over. */
  view(name: string): View | null {
    return this.views.get(name) ?? null;
  }

  mapped(name: string, view: View | null): void {
    if (view === null) this.views.delete(name);
    else this.views.set(name, view);
  }

  /** All views that are still mapped, in the order of mapping. */
  mappedViews(): readonly View[] {
    return [...this.views.values()];
  }

  /** A request that is still pending. */
  request(name: string | undefined): Request | undefined {
    const request = name === undefined ? undefined : this.requests.get(name);
    return request === undefined || request.state === 'completed' ? undefined : request;
  }

  /** A request that has been made, whether it is over or not. */
  madeRequest(name: string): Request | undefined {
    return this.requests.get(name);
  }

  /** The name of the handle on which the request was issued. */
  handleNameOfRequest(name: string): string | undefined {
    const issuer = this.issuers.get(name);
    if (issuer?.do === 'on-break') return this.handleNameOfRequest(issuer.request);
    return issuer !== undefined && 'handle' in issuer ? issuer.handle : undefined;
  }

  /** The level of the oplock that the request is; of an answered break it is level 2, or less. */
  levelOfRequest(name: string): OplockLevel | undefined {
    const issuer = this.issuers.get(name);
    if (issuer?.do === 'on-break') return 'LEVEL_2';
    return issuer?.do === 'request-oplock' ? issuer.level : undefined;
  }

  /** The handle on which the request was issued. */
  handleOfRequest(name: string): NamedHandle | undefined {
    return this.handle(this.handleNameOfRequest(name));
  }

  /** After a call that may make a request: null where it made none, which takes the name over. */
  issued(step: ActingStep, request: Request | null): void {
    const name = requestName(step);
    // Only a name that the workload gave can be asked for later.
    const isNamed = 'as' in step && step.as !== undefined;
    if (request === null) {
      if (!isNamed || step.do === 'create') return;
      this.issuers.set(name, step);
      this.requests.delete(name);
      return;
    }
    if (isNamed) this.issuers.set(name, step);
    this.requests.set(name, request);
    this.pendingRequests.add(request);
  }

  completed(request: Request): void {
    request.state = 'completed';
    this.pendingRequests.delete(request);
  }

  /** In the order of issue. */
  pending(): readonly Request[] {
    return [...this.pendingRequests];
  }

  /** All handles that are still open, in the order of opening. */
  openHandles(): readonly NamedHandle[] {
    return [...this.open];
  }
}

/** What a name stands for; handles and requests are good in the process that made them. */
export function valueOf(handle: NamedHandle | undefined, { step, process }: Doer): number {
  if (handle !== undefined && handle.process !== process && handle.value !== NO_HANDLE) {
    throw new LabError('workload.invalid', {
      problem:
        `Step "${step.id}" uses, in process "${process.name}", a handle that was made in ` +
        `process "${handle.process.name}".`,
      remedy: 'Let an actor of the same process use it, or open the file again.',
    });
  }
  return handle?.value ?? NO_HANDLE;
}

/** A request without a name goes by the id of its step. */
export const requestName = (step: ActingStep): string =>
  'as' in step && step.as !== undefined ? step.as : step.id;
