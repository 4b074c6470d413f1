// Memory of a driver that a file object points to (FsContext, FsContext2, SectionObjectPointer), where
// the driver opened the file by itself. Opaque to the model, equal for equal addresses.
import type { FileObject } from '../io/fileObject.ts';
import type { SectionObjectPointers } from '../io/sections/controlArea.ts';

export class OwnBlock {
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }
}

/** SECTION_OBJECT_POINTERS of a driver's own. */
class OwnPointers extends OwnBlock implements SectionObjectPointers {
  data = null as SectionObjectPointers['data'];
  image = null as SectionObjectPointers['image'];
  /** File objects that have pointed here. */
  readonly files: FileObject[] = [];

  get inUse(): boolean {
    const open = this.files.some((file) => file.handleCount > 0 || file.referenceCount > 0);
    return open || this.data !== null || this.image !== null;
  }
}

export class OwnBlocks {
  private readonly blocks = new Map<number, OwnBlock>();
  private readonly pointers = new Map<number, OwnPointers>();

  at(address: number): OwnBlock | null {
    if (address === 0) return null;
    let block = this.blocks.get(address);
    if (block === undefined) this.blocks.set(address, (block = new OwnBlock(address)));
    return block;
  }

  /** Memory that was freed and allocated again is another stream's. */
  pointersAt(address: number, file: FileObject): SectionObjectPointers | null {
    if (address === 0) return null;
    let pointers = this.pointers.get(address);
    if (pointers?.inUse !== true) this.pointers.set(address, (pointers = new OwnPointers(address)));
    pointers.files.push(file);
    return pointers;
  }
}
