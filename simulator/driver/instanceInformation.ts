// FltGetInstanceInformation: INSTANCE_BASIC_INFORMATION and INSTANCE_FULL_INFORMATION in memory. Each is a
// NextEntryOffset, then length and offset of every text, then the texts.
import { NtStatus } from '../../contract/windows/index.ts';
import type { Instance } from '../filter-manager/index.ts';
import type { Out } from './binding.ts';
import type { Room } from './room.ts';

export interface InformationBuffer {
  readonly buffer: number;
  readonly length: number;
  readonly returned: Out<number>;
}

/** INSTANCE_INFORMATION_CLASS → the texts, in the order of the structure. */
const texts: ReadonlyMap<number, (instance: Instance) => readonly string[]> = new Map([
  [0, ({ name }: Instance) => [name]],
  [
    2,
    ({ name, altitude, volume, filter }: Instance) => [
      name,
      altitude,
      volume.volume.deviceName,
      filter.name,
    ],
  ],
]);

const TEXTS_AT = 4;
const USHORT_BYTES = 2;

/** Nothing is written into a buffer that is too small; `returned` then says how large it has to be. */
export function tellInstance(
  room: Room,
  instance: Instance,
  informationClass: number,
  { buffer, length, returned }: InformationBuffer,
): NtStatus {
  const told = texts.get(informationClass)?.(instance);
  if (told === undefined) return NtStatus.STATUS_INVALID_PARAMETER;
  let at = TEXTS_AT + told.length * 2 * USHORT_BYTES;
  const needed = at + told.reduce((bytes, text) => bytes + text.length * 2, 0);
  returned.set(needed);
  if (length < needed) return NtStatus.STATUS_BUFFER_TOO_SMALL;
  const { memory } = room;
  room.probe(buffer, needed, true, 'FltGetInstanceInformation');
  memory.bytes(buffer, needed).fill(0);
  told.forEach((text, index) => {
    const field = buffer + TEXTS_AT + index * 2 * USHORT_BYTES;
    memory.write16(field, text.length * 2);
    memory.write16(field + USHORT_BYTES, at);
    memory.writeWide(buffer + at, text);
    at += text.length * 2;
  });
  return NtStatus.STATUS_SUCCESS;
}
