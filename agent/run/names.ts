// What the names of a workload stand for while it runs: handles and requests. A name that stands for
// nothing (the create failed, the handle was closed) still goes to Windows, as a handle that is valid
// in form and open to nobody: the status that comes back is Windows' own.
import type { ActingStep } from '../../contract/expandWorkload.ts';
import { opensSynchronous } from '../thread/performStep.ts';
import type { Handle } from '../native/layouts.ts';
import type { OplockLevel } from '../../contract/oplock.ts';
import type { Completion, MappedView, RequestMemory } from '../thread/messages.ts';
import type { Doer } from './traceWriter.ts';

/** Far above every handle that Windows gives out, and a multiple of four as all of them are. */
export const NO_HANDLE: Handle = 0x7ffffffc;

export interface OpenHandle {
  readonly value: Handle;
  readonly process: string;
  readonly volume: string;
  readonly synchronous: boolean;
}

export interface OpenView {
  readonly view: MappedView;
  readonly process: string;
}

export interface OpenRequest {
  readonly name: string;
  readonly doer: Doer;
  readonly memory: RequestMemory;
  /** On which it was issued; NO_HANDLE for a create. */
  readonly handle: Handle;
  /** Steps that are looking at it now; its memory stays until none is. */
  users: number;
  /** Of `on-break`: the request of the oplock, which it looks at for as long as it is pending. */
  awaits?: OpenRequest;
  /** Of the request of an oplock, once it has been broken. */
  completion?: Completion;
  state: 'pending' | 'completed' | 'released';
}

export class Names {
  private readonly defaultVolume: string;
  private readonly handles = new Map<string, OpenHandle>();
  /** Every handle that is open, in the order of opening, named or not. */
  private readonly open = new Set<OpenHandle>();
  private readonly requests = new Map<string, OpenRequest>();
  /** The step that last issued a call under a request's name, whatever became of it. */
  private readonly issuers = new Map<string, ActingStep>();
  private readonly issued = new Set<OpenRequest>();
  private readonly views = new Map<string, OpenView>();

  constructor(defaultVolume: string) {
    this.defaultVolume = defaultVolume;
  }

  handle(name: string | undefined): OpenHandle | undefined {
    return name === undefined ? undefined : this.handles.get(name);
  }

  /** The volume that a step means: its own, that of the handle it starts from, or the default. */
  volume(step: ActingStep): string {
    const given = 'volume' in step ? step.volume : undefined;
    const from = 'root' in step ? step.root : undefined;
    const handle = 'handle' in step ? step.handle : undefined;
    return given ?? this.handle(from)?.volume ?? this.handle(handle)?.volume ?? this.defaultVolume;
  }

  /** After a create: `value` is undefined where it failed. */
  created(doer: Doer, value: Handle | undefined): void {
    const { step, process } = doer;
    if (step.do !== 'create' && step.do !== 'duplicate' && step.do !== 'create-section') return;
    const volume = this.volume(step);
    const synchronous =
      step.do === 'create'
        ? opensSynchronous(step.options)
        : step.do === 'duplicate' && this.handle(step.handle)?.synchronous === true;
    const made = { value: value ?? NO_HANDLE, process, volume, synchronous };
    if (value !== undefined) this.open.add(made);
    if (step.as !== undefined) this.handles.set(step.as, made);
  }

  /** After a close that succeeded: the name stays, and stands for nothing. */
  closed(name: string): void {
    const handle = this.handles.get(name);
    if (handle === undefined) return;
    this.open.delete(handle);
    this.handles.set(name, { ...handle, value: NO_HANDLE });
  }

  view(name: string): MappedView | undefined {
    return this.views.get(name)?.view;
  }

  /** After a mapping, or the end of one: `view` is undefined where there is none. */
  mapped(name: string, process: string, view: MappedView | undefined): void {
    if (view === undefined) this.views.delete(name);
    else this.views.set(name, { view, process });
  }

  /** All views that are still mapped, in the order of mapping; they are forgotten here. */
  takeViews(): readonly OpenView[] {
    const all = [...this.views.values()];
    this.views.clear();
    return all;
  }

  request(name: string | undefined): OpenRequest | undefined {
    const request = name === undefined ? undefined : this.requests.get(name);
    return request?.state === 'pending' ? request : undefined;
  }

  /** The handle on which the request was issued. */
  handleOfRequest(name: string | undefined): OpenHandle | undefined {
    return this.handle(this.handleNameOfRequest(name));
  }

  handleNameOfRequest(name: string | undefined): string | undefined {
    const issuer = name === undefined ? undefined : this.issuers.get(name);
    if (issuer?.do === 'on-break') return this.handleNameOfRequest(issuer.request);
    return issuer !== undefined && 'handle' in issuer ? issuer.handle : undefined;
  }

  /** A request that has been made, whether it is over or not. */
  madeRequest(name: string): OpenRequest | undefined {
    return this.requests.get(name);
  }

  /** The level of the oplock that the request is; an answered break leaves level 2, or less. */
  levelOfRequest(name: string): OplockLevel {
    const issuer = this.issuers.get(name);
    return issuer?.do === 'request-oplock' ? issuer.level : 'LEVEL_2';
  }

  /** After a step that may make a request: `memory` is undefined where it made none. */
  issuedRequest(doer: Doer, memory: RequestMemory | undefined): OpenRequest | undefined {
    const { step } = doer;
    const given = 'as' in step ? step.as : undefined;
    if (given !== undefined) this.issuers.set(given, step);
    if (memory === undefined) {
      // The name is taken over: waiting for it must not wait for an older request.
      if (given !== undefined && step.do !== 'create') this.requests.delete(given);
      return undefined;
    }
    const on =
      step.do === 'on-break'
        ? this.handleOfRequest(step.request)
        : this.handle('handle' in step ? step.handle : undefined);
    const handle = on?.value ?? NO_HANDLE;
    const name = given ?? step.id;
    const request: OpenRequest = { name, doer, memory, handle, users: 0, state: 'pending' };
    if (given !== undefined) this.requests.set(given, request);
    this.issued.add(request);
    return request;
  }

  /** In the order of issue; of one actor, or of all. */
  pending(actor?: string): readonly OpenRequest[] {
    return [...this.issued].filter(
      (one) => one.state === 'pending' && (actor === undefined || one.doer.step.actor === actor),
    );
  }

  /** Calls that were started and have not returned: they hold their process. */
  blocked(process: string): readonly OpenRequest[] {
    return this.pending().filter(
      ({ doer, memory }) =>
        doer.process === process &&
        memory.returned === 'started' &&
        // Waits for a break, which closing the handle brings about.
        doer.step.do !== 'on-break',
    );
  }

  /** Completed requests of a process that nobody looks at any more; they are forgotten here. */
  takeReleasable(process: string): readonly OpenRequest[] {
    const done = [...this.issued].filter(
      (one) => one.state === 'completed' && one.users === 0 && one.doer.process === process,
    );
    for (const one of done) {
      one.state = 'released';
      this.issued.delete(one);
    }
    return done;
  }

  /** All handles that are still open, in the order of opening; they are forgotten here. */
  takeOpenHandles(): readonly OpenHandle[] {
    const all = [...this.open];
    this.open.clear();
    return all;
  }
}
