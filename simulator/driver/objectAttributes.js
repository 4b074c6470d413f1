import { NotModelledSignal } from '../kernel/kernel.ts';
import { ObjectAttributesLayout as Layout } from './layout.ts';
import { UnicodeString } from './unicodeString.ts';
/** A RootDirectory that is no handle of a file is refused by name. */
export function readObjectAttributes(room, address, routine) {
    room.probe(address, Layout.length, false, routine);
    const { memory } = room;
    const name = memory.read32(address + Layout.ObjectName);
    const rootHandle = memory.read32(address + Layout.RootDirectory);
    const root = rootHandle === 0 ? null : room.io.fileOfHandle(rootHandle);
    if (rootHandle !== 0 && root === null) {
        throw new NotModelledSignal(`${routine} with a RootDirectory that is no file handle`);
    }
    return {
        name: name === 0 ? '' : new UnicodeString(room, name, routine).read(),
        root,
        attributes: memory.read32(address + Layout.Attributes),
    };
}
