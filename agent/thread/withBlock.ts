// Native calls that end when they return: their status block and buffer live as long as the call.
import { ntError } from '../../contract/windows/index.ts';
import { withArena, type Arena } from '../native/arena.ts';
import type { Address } from '../native/layouts.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import { informationOf } from './issueCall.ts';
import type { NativeOutcome } from './messages.ts';
import { ioStatusBlockAt } from './requests.ts';

/** A call with a block of its own, which is told where the call has written it. */
export function withBlock(
  native: NativeApi,
  call: (arena: Arena, block: Address) => number,
): NativeOutcome {
  return withArena(native, (arena) => {
    const block = arena.ioStatusBlock();
    const status = call(arena, block);
    return { status, ...informationOf(ioStatusBlockAt(native, block)) };
  });
}

/** A call with a block and an output buffer. */
export function withOutput(
  native: NativeApi,
  length_bytes: number,
  call: (arena: Arena, block: Address, buffer: Address) => number,
): NativeOutcome {
  return withArena(native, (arena) => {
    const buffer = arena.allocate(length_bytes);
    const block = arena.ioStatusBlock();
    const status = call(arena, block, buffer);
    const written = informationOf(ioStatusBlockAt(native, block));
    const { information } = written;
    if (ntError(status) || information === undefined) return { status, ...written };
    const bytes = native.read(buffer, Math.min(information, length_bytes)).toString('hex');
    return { status, information, bytes };
  });
}
