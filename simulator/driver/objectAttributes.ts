// OBJECT_ATTRIBUTES of a driver, for routines that open something by name.
import type { FileObject } from '../io/fileObject.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { ObjectAttributesLayout as Layout } from './layout.ts';
import type { Room } from './room.ts';
import { UnicodeString } from './unicodeString.ts';

export interface ObjectAttributes {
  readonly name: string;
  /** The directory that the name is relative to; null for a full name. */
  readonly root: FileObject | null;
  /** OBJ_…. */
  readonly attributes: number;
}

/** A RootDirectory that is no handle of a file is refused by name. */
export function readObjectAttributes(
  room: Room,
  address: number,
  routine: string,
): ObjectAttributes {
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
