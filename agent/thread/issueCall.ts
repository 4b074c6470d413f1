// The calls that may leave a request behind or block: create, read, write, notify. Each is issued on
// the actor's own thread, because NtCancelIoFile cancels only what the calling thread has issued; with
// `start` it is issued on another one, which may then block for as long as it likes.
import { NtStatus, ntError, ntSuccess } from '../../contract/windows/index.ts';
import type { Arena } from '../native/arena.ts';
import { NULL_ADDRESS, type Address, type Handle, type IoStatusBlock } from '../native/layouts.ts';
import type { NativeApi, NativeArgument, NtRoutine } from '../native/nativeApi.ts';
import type { NativeOutcome, RequestMemory } from './messages.ts';
import {
  CALL_BLOCK_BYTES,
  createEvent,
  ioStatusBlockAt,
  isSignalled,
  readHandle,
} from './requests.ts';

export interface PreparedCall {
  readonly routine: NtRoutine;
  readonly given: readonly NativeArgument[];
  readonly arena: Arena;
  /** NULL_ADDRESS where the workload passes none. */
  readonly ioStatusBlock: Address;
  readonly buffer: Address;
  readonly output_bytes: number;
  /** 0 for a create, which takes no event. */
  readonly event: Handle;
  readonly createdHandle?: Address;
  /** Whether a call that did not fail has made a request, even where it has completed already. */
  readonly makesRequest: boolean;
  /** The handle is an asynchronous one: what the call left in block and event is worth telling. */
  readonly asynchronous: boolean;
}

/** Issues the call on this thread. */
export function issueCall(native: NativeApi, call: PreparedCall): NativeOutcome {
  const status = native.call(call.routine, ...call.given);
  const block = ioStatusBlockAt(native, call.ioStatusBlock);
  const isRequest =
    call.ioStatusBlock !== NULL_ADDRESS &&
    !ntError(status) &&
    (call.makesRequest || status === NtStatus.STATUS_PENDING);
  const written = informationOf(block);
  if (isRequest) {
    const { status: seenStatus, information = 0 } = block ?? {};
    const seen = call.asynchronous
      ? {
          iosb:
            seenStatus === undefined ? ('unchanged' as const) : { status: seenStatus, information },
          event: isSignalled(native, call.event) ? ('signalled' as const) : ('reset' as const),
        }
      : {};
    return { status, ...written, ...seen, request: keepRequest(call, status) };
  }
  const outcome = {
    status,
    ...written,
    ...returnedBytes(native, call, status, block?.information),
  };
  const handle = createdHandle(native, call, status);
  // Without a block nobody knows when a pending call ends: what it may write to is never reused.
  if (status !== NtStatus.STATUS_PENDING) {
    call.arena.free();
    if (call.event !== 0) native.call('NtClose', call.event);
  }
  return handle === undefined ? outcome : { ...outcome, handle };
}

/** IoStatus.Information, where it was written. */
export const informationOf = (
  block: IoStatusBlock | undefined,
): { readonly information?: number } =>
  block?.information === undefined ? {} : { information: block.information };

/** Issues the call on a thread of its own. */
export function startCall(native: NativeApi, call: PreparedCall): NativeOutcome {
  const { arena } = call;
  const block = arena.keep(arena.allocate(CALL_BLOCK_BYTES));
  const returned = createEvent(native, false);
  const request: RequestMemory = {
    ...keepRequest(call, 'started'),
    event: returned,
    call: block,
    ...(call.event === 0 ? {} : { ioEvent: call.event }),
  };
  // Throws here and now where the routine is missing; the step then fails instead of the thread.
  const running = native.start(call.routine, ...call.given);
  const finish = async (): Promise<void> => {
    const status = await running;
    if (status === NtStatus.STATUS_PENDING && call.event !== 0) {
      await native.start('NtWaitForSingleObject', call.event, false, NULL_ADDRESS);
    }
    arena.free();
    const result = Buffer.alloc(CALL_BLOCK_BYTES);
    result.writeUInt32LE(1, 0);
    result.writeUInt32LE(status, 4);
    native.write(block, result);
    native.call('NtSetEvent', returned, NULL_ADDRESS);
  };
  void finish();
  return { status: NtStatus.STATUS_PENDING, request };
}

function keepRequest(call: PreparedCall, returned: number | 'started'): RequestMemory {
  const { arena } = call;
  const { createdHandle } = call;
  arena.keep(call.ioStatusBlock);
  arena.keep(call.buffer);
  if (createdHandle !== undefined) arena.keep(createdHandle);
  // Offsets and names are read before the call returns; a started call frees them itself.
  if (returned !== 'started') arena.free();
  return {
    event: call.event,
    ioStatusBlock: call.ioStatusBlock,
    buffer: call.buffer,
    output_bytes: call.output_bytes,
    returned,
    ...(createdHandle === undefined ? {} : { createdHandle }),
  };
}

function returnedBytes(
  native: NativeApi,
  call: PreparedCall,
  status: number,
  information: number | undefined,
): { readonly bytes?: string } {
  const returns = call.routine === 'NtReadFile' || call.routine === 'NtFsControlFile';
  if (!returns || ntError(status)) return {};
  const length_bytes = Math.min(information ?? 0, call.output_bytes);
  return { bytes: native.read(call.buffer, length_bytes).toString('hex') };
}

function createdHandle(native: NativeApi, call: PreparedCall, status: number): Handle | undefined {
  return call.createdHandle === undefined || !ntSuccess(status)
    ? undefined
    : readHandle(native, call.createdHandle);
}
