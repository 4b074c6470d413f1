// The trace events of callbacks: emitted at the one place where each fact happens, after the callback
// has returned.
import { fltMajorName, fltPostopName, fltPreopName } from '../../contract/windows/index.ts';
import type { RuleId } from '../../contract/rules.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
import type { IoStatusBlock } from '../io/irp.ts';
import type { PlacedEvent, Trace } from '../kernel/kernel.ts';
import type { CallbackData, IoParameterBlock } from './callbackData.ts';
import type { Instance, OperationCallbacks, RelatedObjects } from './filter.ts';
import { shownParameters, type ShownParameters } from './parameters.ts';

type PreEvent = Extract<PlacedEvent, { kind: 'pre-operation' }>;
type PostEvent = Extract<PlacedEvent, { kind: 'post-operation' }>;
type CallbackEvent = PreEvent | PostEvent;
/** The keys that they share. */
type CallbackStart = Pick<CallbackEvent, keyof PreEvent & keyof PostEvent>;

/** The same for all callbacks of an operation, unless a filter changes the parameters. */
function shownOf({ operation }: CallbackData, { parameters }: IoParameterBlock): ShownParameters {
  if (operation.shown?.of === parameters) return operation.shown.as;
  const as = shownParameters(parameters);
  operation.shown = { of: parameters, as };
  return as;
}

/** What both kinds of event say about the operation: the first keys of either. */
function begin(
  kind: CallbackEvent['kind'],
  data: CallbackData,
  instance: Instance,
  { flags, iopb }: Pick<PreCall, 'flags' | 'iopb'>,
): CallbackStart {
  const file = iopb.targetFileObject;
  const event = {
    seq: 0,
    kind,
    actor: '',
    step: '',
    thread: '',
    filter: instance.filter.name,
    instance: instance.name,
    altitude: instance.altitude,
    operation: data.operation.id,
    major: fltMajorName(iopb.majorFunction),
    minor: iopb.minorFunction,
    flags: flags >>> 0,
    irpFlags: iopb.irpFlags >>> 0,
    operationFlags: iopb.operationFlags,
  } as CallbackStart;
  if (file !== null) event.file = displayNameOf(file);
  event.parameters = shownOf(data, iopb);
  return event;
}

export interface PreCall {
  readonly data: CallbackData;
  readonly objects: RelatedObjects;
  readonly callbacks: OperationCallbacks;
  /** As the callback received them. */
  readonly flags: number;
  readonly iopb: IoParameterBlock;
  readonly returned: number;
  /** Present where the callback completed the operation. */
  readonly completed: IoStatusBlock | null;
  /** Where the callback sent the operation on. */
  readonly redirectedTo: string | null;
  readonly rules: readonly RuleId[];
}

// These objects are made more often than any others, so they are written key by key, in the order of
// the text: putting them together from parts takes twenty times as long.

export function emitPre(trace: Trace, call: PreCall): void {
  const { data, objects, callbacks, completed } = call;
  if (!data.operation.told) return;
  const event = begin('pre-operation', data, objects.instance, call) as PreEvent;
  if (callbacks.preAt !== undefined) event.at = callbacks.preAt;
  event.returned = fltPreopName(call.returned);
  if (completed !== null) {
    event.status = completed.status >>> 0;
    event.information = completed.information;
  }
  if (call.redirectedTo !== null) event.redirectedTo = call.redirectedTo;
  if (call.rules.length > 0) event.rules = [...call.rules];
  trace.emitPlaced(event);
}

export interface PostCall {
  readonly data: CallbackData;
  readonly objects: RelatedObjects;
  readonly callbacks: OperationCallbacks;
  readonly flags: number;
  readonly iopb: IoParameterBlock;
  readonly found: IoStatusBlock;
  readonly draining: boolean;
  readonly returned: number;
  readonly rules: readonly RuleId[];
}

export function emitPost(trace: Trace, call: PostCall): void {
  const { data, objects, callbacks, found } = call;
  const after = data.ioStatus;
  if (!data.operation.told) return;
  const event = begin('post-operation', data, objects.instance, call) as PostEvent;
  if (callbacks.postAt !== undefined) event.at = callbacks.postAt;
  event.status = found.status >>> 0;
  event.information = found.information;
  if (after.status !== found.status) event.statusAfter = after.status >>> 0;
  if (after.information !== found.information) event.informationAfter = after.information;
  event.draining = call.draining;
  event.returned = fltPostopName(call.returned);
  if (call.rules.length > 0) event.rules = [...call.rules];
  trace.emitPlaced(event);
}
