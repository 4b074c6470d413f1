// IO_STATUS_BLOCK of a driver's own call.
import type { IoStatusBlock } from '../io/irp.ts';
import { IoStatusLayout } from './layout.ts';
import type { Room } from './room.ts';

/** NULL is allowed where the routine allows it. */
export function writeIoStatus(
  room: Room,
  address: number,
  { status, information }: IoStatusBlock,
  routine: string,
): void {
  if (address === 0) return;
  room.probe(address, IoStatusLayout.length, true, routine);
  room.memory.write32(address + IoStatusLayout.Status, status);
  room.memory.write32(address + IoStatusLayout.Information, information);
}
