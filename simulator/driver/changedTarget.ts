// The seed's advice as a finding: once a pre-operation has changed Iopb->TargetInstance, the block no
// longer says whose callback this is; FltObjects does (R-REDIRECT-38).
import { fltMajorName } from '../../contract/windows/index.ts';
import type { Instance } from '../filter-manager/index.ts';
import { IopbLayout } from './layout.ts';
import type { Room } from './room.ts';

/**
 * Reports a routine that depends on whose instance this is and is called after the change: with the
 * instance that stands in the block now, or, where `given` is null, with the block itself. What the
 * driver meant cannot be seen; a filter that wants something of the other instance asks before.
 */
export function noticeChangedTarget(room: Room, given: Instance | null, routine: string): void {
  const callback = room.threads.current?.callbacks.at(-1);
  if (callback?.kind !== 'pre' || callback.data === null) return;
  const { data } = callback;
  const own = data.operation.hold?.instance;
  const now = room.memory.read32(data.iopbAddress + IopbLayout.TargetInstance);
  if (own === undefined || now === own.address) return;
  if (given !== null && given.address !== now) return;
  room.kernel.report({
    id: 'iopb-after-change',
    message:
      `${routine} was called for ${fltMajorName(data.iopb.majorFunction)} after Iopb->TargetInstance ` +
      `had been changed${given === null ? '' : ', with the instance of the other volume'}: ask before ` +
      'the change, and take FltObjects->Instance and FltObjects->FileObject for what is your own.',
  });
}
