// Requests that outlive the call that issued them: how their completion is seen, waited for, and how
// their memory is given back.
import { NtStatus, ntError } from '../../contract/windows/index.ts';
import {
  IO_STATUS_BLOCK_BYTES,
  largeInteger,
  NULL_ADDRESS,
  POINTER_BYTES,
  readIoStatusBlock,
  type Address,
  type Handle,
  type IoStatusBlock,
} from '../native/layouts.ts';
import { withArena } from '../native/arena.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import type { Completion, RequestMemory } from './messages.ts';

const EVENT_ALL_ACCESS = 0x1f0003;
const NOTIFICATION_EVENT = 0;
/** { ULONG state; NTSTATUS status }. */
export const CALL_BLOCK_BYTES = 8;
/** The state of a started call; 0 while it runs. */
export const CallState = { returned: 1, nothingToTell: 2 } as const;

/** A notification event. Requests get theirs signalled, so that its reset at issue can be seen. */
export function createEvent(native: NativeApi, signalled: boolean): Handle {
  return withArena(native, (arena) => {
    const out = arena.allocate(POINTER_BYTES);
    const status = native.call(
      'NtCreateEvent',
      out,
      EVENT_ALL_ACCESS,
      NULL_ADDRESS,
      NOTIFICATION_EVENT,
      signalled,
    );
    if (ntError(status)) throw new Error(`NtCreateEvent failed with 0x${status.toString(16)}`);
    return readHandle(native, out);
  });
}

export const readHandle = (native: NativeApi, address: Address): Handle =>
  Number(native.read(address, POINTER_BYTES).readBigUInt64LE());

export const ioStatusBlockAt = (native: NativeApi, address: Address): IoStatusBlock | undefined =>
  address === NULL_ADDRESS
    ? undefined
    : readIoStatusBlock(native.read(address, IO_STATUS_BLOCK_BYTES));

export function isSignalled(native: NativeApi, event: Handle): boolean {
  return withArena(native, (arena) => {
    const now = arena.put(largeInteger(0n));
    return native.call('NtWaitForSingleObject', event, false, now) === NtStatus.STATUS_SUCCESS;
  });
}

/** Null while the request is pending. */
export function completionOf(native: NativeApi, request: RequestMemory): Completion | null {
  const result = resultOf(native, request);
  if (result === null) return null;
  const { status, information, untold } = result;
  const length_bytes = ntError(status) ? 0 : Math.min(information, request.output_bytes);
  const bytes = length_bytes === 0 ? '' : native.read(request.buffer, length_bytes).toString('hex');
  const made = request.createdHandle;
  const handle = made === undefined || ntError(status) ? undefined : readHandle(native, made);
  return {
    ...{ status, information, bytes },
    ...(handle === undefined ? {} : { handle }),
    ...(untold === true ? { untold } : {}),
  };
}

interface Result {
  readonly status: number;
  readonly information: number;
  readonly untold?: true;
}

function resultOf(native: NativeApi, request: RequestMemory): Result | null {
  const block = ioStatusBlockAt(native, request.ioStatusBlock);
  if (request.call !== undefined) {
    const call = native.read(request.call, CALL_BLOCK_BYTES);
    const state = call.readUInt32LE(0);
    if (state === 0) return null;
    if (state === CallState.nothingToTell) return { status: 0, information: 0, untold: true };
    const returned = call.readUInt32LE(4);
    const final = returned === NtStatus.STATUS_PENDING ? block?.status : returned;
    return { status: final ?? returned, information: block?.information ?? 0 };
  }
  // Windows writes the buffer, then the block, then signals the event: the event comes last.
  if (block !== undefined) {
    const result = { status: block.status, information: block.information ?? 0 };
    return isSignalled(native, request.event) ? result : null;
  }
  const { returned } = request;
  if (returned === 'started' || returned === NtStatus.STATUS_PENDING) return null;
  return { status: returned, information: 0 };
}

/**
 * Waits, without blocking this thread's JavaScript, until the request has completed.
 * STATUS_SUCCESS, or STATUS_TIMEOUT when the limit passed first, or what the wait itself failed with.
 */
export async function waitFor(
  native: NativeApi,
  request: RequestMemory,
  limit_ms: number,
): Promise<number> {
  const deadline_ms = performance.now() + limit_ms;
  for (;;) {
    if (completionOf(native, request) !== null) return NtStatus.STATUS_SUCCESS;
    const left_ms = Math.max(0, deadline_ms - performance.now());
    const status = await waitOnEvent(native, request.event, left_ms);
    if (completionOf(native, request) !== null) return NtStatus.STATUS_SUCCESS;
    if (status !== NtStatus.STATUS_SUCCESS) return status;
    if (left_ms === 0) return NtStatus.STATUS_TIMEOUT;
    // Signalled, and yet nothing was written: somebody else's event, or memory not copied yet.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function waitOnEvent(native: NativeApi, event: Handle, limit_ms: number): Promise<number> {
  const timeout = native.allocate(8);
  // Relative times are negative, in units of 100 ns.
  native.write(timeout, largeInteger(BigInt(Math.ceil(limit_ms)) * -10_000n));
  const status = await native.start('NtWaitForSingleObject', event, false, timeout);
  native.free(timeout);
  return status;
}

/** Gives back what a completed request held. */
export function releaseRequest(native: NativeApi, request: RequestMemory): void {
  native.call('NtClose', request.event);
  if (request.ioEvent !== undefined) native.call('NtClose', request.ioEvent);
  const blocks = [request.ioStatusBlock, request.buffer, request.call, request.createdHandle];
  for (const block of blocks) {
    if (block !== undefined && block !== NULL_ADDRESS) native.free(block);
  }
}
