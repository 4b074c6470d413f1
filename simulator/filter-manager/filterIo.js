// What a filter may send by itself, as one door: FilterManager.io.
import { NtStatus } from '../../contract/windows/index.ts';
import { allocateData, cancelData, freeData, performData, resetData, startData, } from './ownData.ts';
import { asksIsDirectory, openOwn, performOwn, queryOwn, setOwn, } from './ownIo.ts';
import { cancelFileOpen, reissue } from './reissue.ts';
export class FilterIo {
    context;
    constructor(context) {
        this.context = context;
    }
    openFile(filter, instance, open) {
        return openOwn(this.context, filter, instance, open);
    }
    perform(request) {
        return performOwn(this.context, request);
    }
    query(instance, request) {
        return queryOwn(this.context, instance, request);
    }
    set(instance, request) {
        return setOwn(this.context, instance, request);
    }
    isDirectory(instance, file) {
        return asksIsDirectory(this.context, instance, file);
    }
    allocateData(instance, file) {
        return allocateData(this.context, instance, file);
    }
    reuseData(data) {
        resetData(data);
    }
    freeData(data) {
        freeData(this.context, data);
    }
    performData(data) {
        return performData(this.context, data);
    }
    startData(data, completed) {
        return startData(this.context, data, completed);
    }
    cancelData(data) {
        return cancelData(this.context, data);
    }
    reissue(initiating, data) {
        return reissue(this.context, initiating, data);
    }
    cancelFileOpen(instance, file) {
        return cancelFileOpen(this.context, instance, file);
    }
    /** FltSetCancelCompletion: STATUS_CANCELLED where the request has been cancelled before. */
    setCancelCompletion(data, canceled) {
        const { irp } = data.operation;
        if (irp === null)
            return NtStatus.STATUS_INVALID_PARAMETER;
        if (irp.cancel)
            return NtStatus.STATUS_CANCELLED;
        this.context.io.setCancelRoutine(irp, canceled);
        return NtStatus.STATUS_SUCCESS;
    }
    /** FltClearCancelCompletion: STATUS_CANCELLED where the callback runs, or has run. */
    clearCancelCompletion(data) {
        const { irp } = data.operation;
        if (irp === null)
            return NtStatus.STATUS_INVALID_PARAMETER;
        const before = this.context.io.setCancelRoutine(irp, null);
        return before === null ? NtStatus.STATUS_CANCELLED : NtStatus.STATUS_SUCCESS;
    }
    /** Told of each MDL that a pre-operation swapped in, after its post-operation (R-FLT-13). */
    onSwappedMdl(free) {
        this.context.freeSwappedMdl = free;
    }
}
