// FLT_REGISTRATION in memory → the callbacks of a filter, each of which enters driver code.
import type { NtStatus } from '../../contract/windows/index.ts';
import {
  FltPostopStatus,
  FltPreopStatus,
  IRP_MJ_OPERATION_END,
} from '../../contract/windows/index.ts';
import type {
  CallbackData,
  FilterCallbacks,
  OperationCallbacks,
  PostOperation,
  PreOperation,
  RelatedObjects,
} from '../filter-manager/index.ts';
import { andThen, type MaybeLater } from '../kernel/later.ts';
import { OperationRegistrationLayout, RegistrationLayout, RelatedObjectsLayout } from './layout.ts';
import { noticeUnreachableData } from './unreachableData.ts';
import type { Room } from './room.ts';
import type { DriverThreads } from './threads.ts';

export interface RegistrationRead {
  readonly version: number;
  readonly flags: number;
  readonly contextRegistration: number;
  readonly callbacks: FilterCallbacks;
  /** Why FltRegisterFilter must refuse it, where the structure itself says so. */
  readonly problem: string | null;
}

const ROUTINE = 'FltRegisterFilter';
/** Up to here every version of the structure goes. */
const SHORTEST = RegistrationLayout.TransactionNotificationCallback;

export function readRegistration(room: Room, address: number): RegistrationRead {
  const { memory } = room;
  room.probe(address, SHORTEST, false, ROUTINE);
  const size = memory.read16(address + RegistrationLayout.Size);
  room.probe(address, Math.min(size, RegistrationLayout.length), false, ROUTINE);
  const field = (offset: number): number => (offset < size ? memory.read32(address + offset) : 0);
  const generates = field(RegistrationLayout.GenerateFileNameCallback) !== 0;
  const normalizes = field(RegistrationLayout.NormalizeNameComponentCallback) !== 0;
  return {
    version: memory.read16(address + RegistrationLayout.Version),
    flags: memory.read32(address + RegistrationLayout.Flags),
    contextRegistration: field(RegistrationLayout.ContextRegistration),
    callbacks: {
      operations: readOperations(room, field(RegistrationLayout.OperationRegistration)),
      ...instanceCallbacks(room, field),
    },
    problem:
      normalizes && !generates
        ? 'NormalizeNameComponentCallback needs GenerateFileNameCallback beside it.'
        : null,
  };
}

function instanceCallbacks(
  room: Room,
  field: (offset: number) => number,
): Omit<FilterCallbacks, 'operations'> {
  const { FilterUnloadCallback, InstanceSetupCallback, InstanceQueryTeardownCallback } =
    RegistrationLayout;
  const unload = field(FilterUnloadCallback);
  const setup = field(InstanceSetupCallback);
  const query = field(InstanceQueryTeardownCallback);
  const start = field(RegistrationLayout.InstanceTeardownStartCallback);
  const complete = field(RegistrationLayout.InstanceTeardownCompleteCallback);
  return {
    unload: unload === 0 ? null : (flags) => callOther(room, unload, null, [flags]),
    instanceSetup:
      setup === 0
        ? null
        : (objects, { flags, volumeDeviceType, volumeFilesystemType }) =>
            callOther(room, setup, objects, [flags, volumeDeviceType, volumeFilesystemType]),
    instanceQueryTeardown: query === 0 ? null : (objects) => callOther(room, query, objects, [0]),
    instanceTeardownStart:
      start === 0 ? null : (objects, reason) => teardown(room, start, objects, reason, false),
    instanceTeardownComplete: (objects, reason) => teardown(room, complete, objects, reason, true),
  };
}

function callOther(
  room: Room,
  routine: number,
  objects: RelatedObjects | null,
  values: readonly number[],
): MaybeLater<NtStatus> {
  const place = room.placeOfRoutine(routine);
  const called = room.call(routine, { kind: 'other', data: null, place }, (stack) => [
    ...(objects === null ? [] : [pushRelated(room, stack, objects)]),
    ...values,
  ]);
  return andThen(called, (result) => result >>> 0);
}

/** An instance's contexts go with it, after its last callback. */
async function teardown(
  room: Room,
  routine: number,
  objects: RelatedObjects,
  reason: number,
  last: boolean,
): Promise<void> {
  if (routine !== 0) await callOther(room, routine, objects, [reason]);
  if (last) await room.contexts.forgetOwner(objects.instance);
}

function readOperations(room: Room, array: number): OperationCallbacks[] {
  const { memory } = room;
  const operations: OperationCallbacks[] = [];
  if (array === 0) return operations;
  for (let at = array; ; at += OperationRegistrationLayout.length) {
    room.probe(at, 1, false, ROUTINE);
    const majorFunction = memory.read8(at + OperationRegistrationLayout.MajorFunction);
    if (majorFunction === IRP_MJ_OPERATION_END) return operations;
    room.probe(at, OperationRegistrationLayout.length, false, ROUTINE);
    const pre = memory.read32(at + OperationRegistrationLayout.PreOperation);
    const post = memory.read32(at + OperationRegistrationLayout.PostOperation);
    operations.push({
      majorFunction,
      flags: memory.read32(at + OperationRegistrationLayout.Flags),
      pre: pre === 0 ? null : preOperation(room, pre),
      post: post === 0 ? null : postOperation(room, post),
      preAt: pre === 0 ? undefined : room.placeOfRoutine(pre),
      postAt: post === 0 ? undefined : room.placeOfRoutine(post),
    });
  }
}

/** FLT_RELATED_OBJECTS on the thread's own stack: it lives as long as the callback. */
export function pushRelated(room: Room, stack: DriverThreads, objects: RelatedObjects): number {
  const { memory } = room;
  const at = stack.push(RelatedObjectsLayout.length);
  memory.write16(at + RelatedObjectsLayout.Size, RelatedObjectsLayout.length);
  memory.write16(at + RelatedObjectsLayout.TransactionContext, 0);
  memory.write32(at + RelatedObjectsLayout.Filter, objects.filter.address);
  memory.write32(at + RelatedObjectsLayout.Volume, objects.volume.address);
  memory.write32(at + RelatedObjectsLayout.Instance, objects.instance.address);
  const file = room.objects.showFile(objects.fileObject);
  memory.write32(at + RelatedObjectsLayout.FileObject, file);
  memory.write32(at + RelatedObjectsLayout.Transaction, 0);
  return at;
}

/** Until the driver gives the operation back, unless it has done so before its callback returned. */
function hold(room: Room, data: CallbackData, before: Uint8Array): void {
  if (data.operation.hold?.early === null) room.held.set(data, before);
}

const POINTER_BYTES = 4;

function preOperation(room: Room, routine: number): PreOperation {
  const place = room.placeOfRoutine(routine);
  return (data, objects) => {
    room.callbackData.write(data);
    const before = room.callbackData.snapshot(data);
    let contextCell = 0;
    const called = room.call(routine, { kind: 'pre', data, place }, (stack) => {
      const related = pushRelated(room, stack, objects);
      contextCell = stack.push(POINTER_BYTES);
      room.memory.write32(contextCell, 0);
      return [data.address, related, contextCell];
    });
    return andThen(called, (status) => {
      room.callbackData.readBack(data, before);
      room.objects.readBackPosition(objects.fileObject);
      // What the driver still changes while it holds the operation is read when it gives it back.
      if (status === FltPreopStatus.FLT_PREOP_PENDING) hold(room, data, before);
      return { status, completionContext: room.memory.read32(contextCell) };
    });
  };
}

function postOperation(room: Room, routine: number): PostOperation {
  const place = room.placeOfRoutine(routine);
  return (data, objects, completionContext, flags) => {
    room.callbackData.write(data);
    const before = room.callbackData.snapshot(data);
    noticeUnreachableData(room, data, place);
    const called = room.call(routine, { kind: 'post', data, place }, (stack) => [
      data.address,
      pushRelated(room, stack, objects),
      completionContext,
      flags,
    ]);
    return andThen(called, (returned) => {
      room.callbackData.readBack(data, before);
      room.objects.readBackPosition(objects.fileObject);
      if (returned === FltPostopStatus.FLT_POSTOP_MORE_PROCESSING_REQUIRED) {
        hold(room, data, before);
      }
      return returned;
    });
  };
}
