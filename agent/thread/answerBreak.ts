// What the holder of an oplock does when it is broken: a call that is issued when the break has come,
// while the thread goes on with whatever it is asked.
import {
  oplockBreak,
  oplockReply,
  type OplockLevel,
  type OplockReply,
} from '../../contract/oplock.ts';
import { NtStatus } from '../../contract/windows/index.ts';
import { Arena } from '../native/arena.ts';
import { NULL_ADDRESS, type Address, type Handle } from '../native/layouts.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import type { Completion, NativeOutcome, RequestMemory } from './messages.ts';
import { CALL_BLOCK_BYTES, CallState, completionOf, createEvent } from './requests.ts';

/** Both buffers of FSCTL_REQUEST_OPLOCK fit. */
const BUFFER_BYTES = 24;

export interface AwaitedBreak {
  readonly handle: Handle;
  /** The request of the oplock while it is pending; null afterwards. */
  readonly request: RequestMemory | null;
  /** What it has been completed with, where that is known already. */
  readonly completed: Completion | null;
  readonly level: OplockLevel;
  readonly reply: OplockReply;
}

export function answerBreak(native: NativeApi, awaited: AwaitedBreak): NativeOutcome {
  // The oplock was not granted: there is nothing to break.
  if (awaited.request === null && awaited.completed === null) {
    return { status: NtStatus.STATUS_SUCCESS };
  }
  const arena = new Arena(native);
  const ioStatusBlock = arena.keep(arena.ioStatusBlock());
  const buffer = arena.keep(arena.allocate(BUFFER_BYTES));
  const call = arena.keep(arena.allocate(CALL_BLOCK_BYTES));
  const event = createEvent(native, false);
  const ioEvent = createEvent(native, true);
  const request: RequestMemory = {
    ...{ event, ioEvent, ioStatusBlock, buffer, call },
    output_bytes: BUFFER_BYTES,
    returned: 'started',
  };
  const finish = async (): Promise<void> => {
    const status = await answer(native, awaited, request, arena);
    arena.free();
    const result = Buffer.alloc(CALL_BLOCK_BYTES);
    result.writeUInt32LE(status === null ? CallState.nothingToTell : CallState.returned, 0);
    result.writeUInt32LE(status ?? NtStatus.STATUS_SUCCESS, 4);
    native.write(call, result);
    native.call('NtSetEvent', event, NULL_ADDRESS);
  };
  void finish();
  return { status: NtStatus.STATUS_PENDING, request };
}

/** The status of the answer; null where the break wants none, or was none. */
async function answer(
  native: NativeApi,
  { handle, request: awaited, completed, level, reply }: AwaitedBreak,
  request: RequestMemory,
  arena: Arena,
): Promise<number | null> {
  const result = completed ?? (awaited === null ? null : await completion(native, awaited));
  if (result === null) return null;
  const bytes = Buffer.from(result.bytes, 'hex');
  const broken = oplockBreak({ ...result, bytes }, level);
  if (broken?.acknowledge !== true) return null;
  const control = oplockReply(broken, reply);
  if (control === 'close') return native.call('NtClose', handle);
  const input = control.input.length === 0 ? NULL_ADDRESS : arena.put(Buffer.from(control.input));
  const status = native.call(
    'NtFsControlFile',
    ...[handle, request.ioEvent ?? 0, NULL_ADDRESS, NULL_ADDRESS, request.ioStatusBlock],
    ...[control.code, input, control.input.length],
    ...[control.length === 0 ? NULL_ADDRESS : request.buffer, control.length],
  );
  if (status === NtStatus.STATUS_PENDING && request.ioEvent !== undefined) {
    await native.start('NtWaitForSingleObject', request.ioEvent, false, NULL_ADDRESS);
  }
  return status;
}

async function completion(native: NativeApi, awaited: RequestMemory): Promise<Completion | null> {
  const noLimit: Address = NULL_ADDRESS;
  await native.start('NtWaitForSingleObject', awaited.event, false, noLimit);
  return completionOf(native, awaited);
}
