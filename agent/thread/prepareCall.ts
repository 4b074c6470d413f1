// NtFsControlFile and NtLockFile, ready to be issued.
import { Arena } from '../native/arena.ts';
import { largeInteger, NULL_ADDRESS } from '../native/layouts.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import type { ActingStep } from '../../contract/expandWorkload.ts';
import type { PreparedCall } from './issueCall.ts';
import type { NativeStep } from './messages.ts';
import { createEvent } from './requests.ts';

type Named = Pick<NativeStep, 'handle'>;

export const noBytes = new Uint8Array(0);

export function prepareControl(
  native: NativeApi,
  names: Named,
  code: number,
  data: Uint8Array,
  output_bytes: number,
): PreparedCall {
  const arena = new Arena(native);
  const ioStatusBlock = arena.ioStatusBlock();
  const buffer = arena.allocate(output_bytes);
  const input = data.length === 0 ? NULL_ADDRESS : arena.put(Buffer.from(data));
  const event = createEvent(native, true);
  return {
    routine: 'NtFsControlFile',
    given: [
      names.handle,
      event,
      NULL_ADDRESS,
      NULL_ADDRESS,
      ioStatusBlock,
      code,
      input,
      data.length,
      output_bytes === 0 ? NULL_ADDRESS : buffer,
      output_bytes,
    ],
    arena,
    ioStatusBlock,
    buffer,
    output_bytes,
    event,
    makesRequest: false,
    asynchronous: false,
  };
}

export function prepareLock(
  native: NativeApi,
  step: Extract<ActingStep, { do: 'lock' }>,
  names: Named,
): PreparedCall {
  const arena = new Arena(native);
  const ioStatusBlock = arena.ioStatusBlock();
  const event = createEvent(native, true);
  return {
    routine: 'NtLockFile',
    given: [
      names.handle,
      event,
      NULL_ADDRESS,
      NULL_ADDRESS,
      ioStatusBlock,
      arena.put(largeInteger(BigInt.asIntN(64, BigInt(step.offset)))),
      arena.put(largeInteger(BigInt.asIntN(64, BigInt(step.length)))),
      step.key,
      step.failImmediately,
      step.exclusive,
    ],
    arena,
    ioStatusBlock,
    buffer: NULL_ADDRESS,
    output_bytes: 0,
    event,
    makesRequest: false,
    asynchronous: false,
  };
}
