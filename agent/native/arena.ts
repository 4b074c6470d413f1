// Memory for one call: everything that its arguments point to, freed together when the call is over.
import {
  objectAttributes,
  unicodeString,
  untouchedIoStatusBlock,
  utf16,
  type Address,
  type Handle,
} from './layouts.ts';
import type { NativeApi } from './nativeApi.ts';

export class Arena {
  private readonly native: NativeApi;
  private readonly blocks: Address[] = [];

  constructor(native: NativeApi) {
    this.native = native;
  }

  allocate(length_bytes: number): Address {
    const address = this.native.allocate(length_bytes);
    this.blocks.push(address);
    return address;
  }

  put(bytes: Uint8Array): Address {
    const address = this.allocate(bytes.length);
    if (bytes.length > 0) this.native.write(address, bytes);
    return address;
  }

  ioStatusBlock(): Address {
    return this.put(untouchedIoStatusBlock);
  }

  unicodeString(text: string): Address {
    const characters = utf16(text);
    const address = this.put(characters);
    return this.put(unicodeString({ address, length_bytes: characters.length }));
  }

  objectAttributes(name: string, rootDirectory: Handle, attributes: number): Address {
    const objectName = this.unicodeString(name);
    return this.put(objectAttributes({ rootDirectory, objectName, attributes }));
  }

  /** Gives a block away: it outlives the arena and is freed by who keeps it. */
  keep(address: Address): Address {
    const index = this.blocks.indexOf(address);
    if (index !== -1) this.blocks.splice(index, 1);
    return address;
  }

  free(): void {
    for (const address of this.blocks.splice(0)) this.native.free(address);
  }
}

/** Runs `work` with an arena and frees it afterwards, whatever happens. */
export function withArena<Result>(native: NativeApi, work: (arena: Arena) => Result): Result {
  const arena = new Arena(native);
  try {
    return work(arena);
  } finally {
    arena.free();
  }
}
