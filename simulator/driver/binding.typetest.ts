// The compiler's proofs about rows: a handler gets what its kinds say, and nothing else compiles.
import { NtStatus } from '../../contract/windows/index.ts';
import { full, fullBlocking } from './binding.ts';

export const rows = [
  full(['u32', 'boolean'], 'u32', (_room, number, flag) => (flag ? number : 0)),
  full(['callbackData'], 'status', (_room, data) => data.ioStatus.status),
  fullBlocking(['address'], 'void', async (room) => {
    await room.kernel.scheduler.yieldToOthers();
  }),

  // @ts-expect-error an argument that the kinds do not declare
  full(['u32'], 'u32', (_room, number, more: number) => number + more),
  // @ts-expect-error the arguments swapped
  full(['u32', 'boolean'], 'u32', (_room, flag: boolean, number: number) => (flag ? number : 0)),
  // @ts-expect-error a routine that gives nothing back where C has a status
  full([], 'status', () => undefined),
  // @ts-expect-error a routine that cannot wait, and does
  full([], 'status', async () => NtStatus.STATUS_SUCCESS),
  // @ts-expect-error a kind that does not exist
  full(['pointer'], 'void', () => undefined),
];
