import { IoStatusLayout } from './layout.ts';
/** NULL is allowed where the routine allows it. */
export function writeIoStatus(room, address, { status, information }, routine) {
    if (address === 0)
        return;
    room.probe(address, IoStatusLayout.length, true, routine);
    room.memory.write32(address + IoStatusLayout.Status, status);
    room.memory.write32(address + IoStatusLayout.Information, information);
}
