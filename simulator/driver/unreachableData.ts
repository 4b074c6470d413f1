// The seed's trap as a finding: a completed notification whose entries lie in a system buffer that the
// file system made, on a Windows that neither says so in Data->Flags nor exports the routine that
// gives its address.
import type { SourcePlace } from '../../contract/finding.ts';
import { fltMajorName } from '../../contract/windows/index.ts';
import type { CallbackData } from '../filter-manager/index.ts';
import type { Room } from './room.ts';

/** Told once per place, when such a completion reaches a driver that asked for the routine. */
export function noticeUnreachableData(
  room: Room,
  data: CallbackData,
  place: SourcePlace | undefined,
): void {
  const asked = room.newSystemBufferMissing;
  const { irp, systemBufferGoingDown } = data.operation;
  if (asked === null || irp === null || room.kernel.profile.newSystemBuffer) return;
  const isNew = irp.systemBuffer !== 0 && irp.systemBuffer !== systemBufferGoingDown;
  if (!isNew || data.ioStatus.information === 0) return;
  room.kernel.report({
    id: 'data-not-reachable',
    message:
      `${fltMajorName(data.iopb.majorFunction)} completed with ${data.ioStatus.information} bytes ` +
      'in a system buffer that the file system allocated. ' +
      `${room.kernel.profile.title} has neither FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER nor ` +
      'FltGetNewSystemBufferAddress (asked for by name, and NULL), so this callback cannot reach ' +
      'them: lock the buffer or swap in one of your own in the pre-operation.',
    stack: [...(place === undefined ? [] : [place]), ...asked],
  });
}
