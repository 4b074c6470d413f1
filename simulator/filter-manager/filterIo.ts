// What a filter may send by itself, as one door: FilterManager.io.
import { NtStatus } from '../../contract/windows/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { OpenResult } from '../io/ioManager.ts';
import type { CallbackData } from './callbackData.ts';
import type { Filter, Instance } from './filter.ts';
import type { Context } from './operation.ts';
import {
  allocateData,
  cancelData,
  freeData,
  performData,
  resetData,
  startData,
} from './ownData.ts';
import {
  asksIsDirectory,
  openOwn,
  performOwn,
  queryOwn,
  setOwn,
  type OwnInformation,
  type OwnOpen,
  type OwnRequest,
  type OwnResult,
} from './ownIo.ts';
import { cancelFileOpen, reissue } from './reissue.ts';

export class FilterIo {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  openFile(filter: Filter, instance: Instance | null, open: OwnOpen): Promise<OpenResult> {
    return openOwn(this.context, filter, instance, open);
  }

  perform(request: OwnRequest): Promise<OwnResult> {
    return performOwn(this.context, request);
  }

  query(instance: Instance, request: OwnInformation): Promise<OwnResult> {
    return queryOwn(this.context, instance, request);
  }

  set(instance: Instance, request: OwnInformation): Promise<NtStatus> {
    return setOwn(this.context, instance, request);
  }

  isDirectory(instance: Instance, file: FileObject): Promise<boolean | NtStatus> {
    return asksIsDirectory(this.context, instance, file);
  }

  allocateData(instance: Instance, file: FileObject | null): CallbackData {
    return allocateData(this.context, instance, file);
  }

  reuseData(data: CallbackData): void {
    resetData(data);
  }

  freeData(data: CallbackData): void {
    freeData(this.context, data);
  }

  performData(data: CallbackData): Promise<void> {
    return performData(this.context, data);
  }

  startData(
    data: CallbackData,
    completed: () => void | Promise<void>,
  ): NtStatus | Promise<NtStatus> {
    return startData(this.context, data, completed);
  }

  cancelData(data: CallbackData): Promise<boolean> {
    return cancelData(this.context, data);
  }

  reissue(initiating: Instance, data: CallbackData): Promise<void> {
    return reissue(this.context, initiating, data);
  }

  cancelFileOpen(instance: Instance, file: FileObject): Promise<void> {
    return cancelFileOpen(this.context, instance, file);
  }

  /** FltSetCancelCompletion: STATUS_CANCELLED where the request has been cancelled before. */
  setCancelCompletion(data: CallbackData, canceled: () => void | Promise<void>): NtStatus {
    const { irp } = data.operation;
    if (irp === null) return NtStatus.STATUS_INVALID_PARAMETER;
    if (irp.cancel) return NtStatus.STATUS_CANCELLED;
    this.context.io.setCancelRoutine(irp, canceled);
    return NtStatus.STATUS_SUCCESS;
  }

  /** FltClearCancelCompletion: STATUS_CANCELLED where the callback runs, or has run. */
  clearCancelCompletion(data: CallbackData): NtStatus {
    const { irp } = data.operation;
    if (irp === null) return NtStatus.STATUS_INVALID_PARAMETER;
    const before = this.context.io.setCancelRoutine(irp, null);
    return before === null ? NtStatus.STATUS_CANCELLED : NtStatus.STATUS_SUCCESS;
  }

  /** Told of each MDL that a pre-operation swapped in, after its post-operation (R-FLT-13). */
  onSwappedMdl(free: NonNullable<Context['freeSwappedMdl']>): void {
    this.context.freeSwappedMdl = free;
  }
}
