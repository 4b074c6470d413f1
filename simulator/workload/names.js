// What the names of a workload stand for while it runs: handles and requests. A name that stands for
// nothing (the create failed, the handle was closed) still goes to the services, as a handle that
// nobody has: the status that comes back is theirs. The agent on a target does the same.
import { LabError } from '../../contract/errors/labError.ts';
import { CreateOption } from '../../contract/windows/index.ts';
/** Far above every handle that is given out, and a multiple of four as all of them are. */
export const NO_HANDLE = 0x7ffffffc;
const SYNCHRONOUS = CreateOption.FILE_SYNCHRONOUS_IO_ALERT | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT;
export class Names {
    defaultVolume;
    handles = new Map();
    /** Every handle that is open, in the order of opening, named or not. */
    open = new Set();
    requests = new Map();
    /** The step that last issued a call under a request's name, whatever became of it. */
    issuers = new Map();
    pendingRequests = new Set();
    views = new Map();
    constructor(defaultVolume) {
        this.defaultVolume = defaultVolume;
    }
    handle(name) {
        return name === undefined ? undefined : this.handles.get(name);
    }
    /** The volume that a step means: its own, that of the handle it starts from, or the default. */
    volume(step) {
        const given = 'volume' in step ? step.volume : undefined;
        const root = 'root' in step ? step.root : undefined;
        const handle = 'handle' in step ? step.handle : undefined;
        return given ?? this.handle(root)?.volume ?? this.handle(handle)?.volume ?? this.defaultVolume;
    }
    /** After a create or a duplication: `value` is 0 where it failed. */
    created({ step, process }, value) {
        if (step.do !== 'create' && step.do !== 'duplicate' && step.do !== 'create-section')
            return;
        const synchronous = step.do === 'create'
            ? (step.options & SYNCHRONOUS) !== 0
            : step.do === 'duplicate' && this.handle(step.handle)?.synchronous === true;
        const made = { value: value || NO_HANDLE, process, volume: this.volume(step), synchronous };
        if (value !== 0)
            this.open.add(made);
        if (step.as !== undefined)
            this.handles.set(step.as, made);
    }
    /** After a close that succeeded: the name stays, and stands for nothing. */
    closed(name) {
        const handle = this.handles.get(name);
        if (handle === undefined)
            return;
        this.open.delete(handle);
        this.handles.set(name, { ...handle, value: NO_HANDLE });
    }
    /** A view that is mapped; null where the mapping failed or is over. */
    view(name) {
        return this.views.get(name) ?? null;
    }
    mapped(name, view) {
        if (view === null)
            this.views.delete(name);
        else
            this.views.set(name, view);
    }
    /** All views that are still mapped, in the order of mapping. */
    mappedViews() {
        return [...this.views.values()];
    }
    /** A request that is still pending. */
    request(name) {
        const request = name === undefined ? undefined : this.requests.get(name);
        return request === undefined || request.state === 'completed' ? undefined : request;
    }
    /** A request that has been made, whether it is over or not. */
    madeRequest(name) {
        return this.requests.get(name);
    }
    /** The name of the handle on which the request was issued. */
    handleNameOfRequest(name) {
        const issuer = this.issuers.get(name);
        if (issuer?.do === 'on-break')
            return this.handleNameOfRequest(issuer.request);
        return issuer !== undefined && 'handle' in issuer ? issuer.handle : undefined;
    }
    /** The level of the oplock that the request is; of an answered break it is level 2, or less. */
    levelOfRequest(name) {
        const issuer = this.issuers.get(name);
        if (issuer?.do === 'on-break')
            return 'LEVEL_2';
        return issuer?.do === 'request-oplock' ? issuer.level : undefined;
    }
    /** The handle on which the request was issued. */
    handleOfRequest(name) {
        return this.handle(this.handleNameOfRequest(name));
    }
    /** After a call that may make a request: null where it made none, which takes the name over. */
    issued(step, request) {
        const name = requestName(step);
        // Only a name that the workload gave can be asked for later.
        const isNamed = 'as' in step && step.as !== undefined;
        if (request === null) {
            if (!isNamed || step.do === 'create')
                return;
            this.issuers.set(name, step);
            this.requests.delete(name);
            return;
        }
        if (isNamed)
            this.issuers.set(name, step);
        this.requests.set(name, request);
        this.pendingRequests.add(request);
    }
    completed(request) {
        request.state = 'completed';
        this.pendingRequests.delete(request);
    }
    /** In the order of issue. */
    pending() {
        return [...this.pendingRequests];
    }
    /** All handles that are still open, in the order of opening. */
    openHandles() {
        return [...this.open];
    }
}
/** What a name stands for; handles and requests are good in the process that made them. */
export function valueOf(handle, { step, process }) {
    if (handle !== undefined && handle.process !== process && handle.value !== NO_HANDLE) {
        throw new LabError('workload.invalid', {
            problem: `Step "${step.id}" uses, in process "${process.name}", a handle that was made in ` +
                `process "${handle.process.name}".`,
            remedy: 'Let an actor of the same process use it, or open the file again.',
        });
    }
    return handle?.value ?? NO_HANDLE;
}
/** A request without a name goes by the id of its step. */
export const requestName = (step) => 'as' in step && step.as !== undefined ? step.as : step.id;
