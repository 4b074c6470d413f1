// Objects of the model that a driver may look into: their structures are written into memory when a
// callback is shown them, and found again by address.
import type { DeviceObject } from '../io/deviceObject.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { Mdl } from '../io/irp.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { DriverMemory } from './driverMemory.ts';
import { DeviceObjectLayout, FileObjectLayout, MdlLayout, StringLayout } from './layout.ts';
import { OwnBlock, OwnBlocks } from './ownBlocks.ts';
import { writeUnicodeString } from './unicodeString.ts';

const IO_TYPE_DEVICE = 3;
const IO_TYPE_FILE = 5;
const FILE_DEVICE_DISK_FILE_SYSTEM = 8;
const MDL_MAPPED_TO_SYSTEM_VA = 0x1;
const MDL_PAGES_LOCKED = 0x2;
const PAGE_MASK = 0xfff;
/** File objects are swept for dead ones when this many are known. */
const SWEEP_AT = 1024;

interface FileImage {
  readonly file: FileObject;
  /** The text that the buffer holds, and the buffer. */
  name: string;
  nameBuffer: number;
  /** The descriptor has been written: until the name changes it is the driver's to change. */
  written: boolean;
  /** CurrentByteOffset as it was last written. */
  position: number;
}

export class ObjectImages {
  private readonly kernel: Kernel;
  readonly memory: DriverMemory;
  private readonly files = new Map<number, FileImage>();
  private readonly mdls = new Map<Mdl, number>();
  private readonly mdlsByAddress = new Map<number, Mdl>();
  private readonly devices = new Set<DeviceObject>();
  /** FsContext and FsContext2: opaque, equal for equal streams. */
  private readonly opaque = new Map<object, number>();
  /** Blocks of the driver's that file objects point to. */
  private readonly own = new OwnBlocks();
  private sweepAt = SWEEP_AT;
  private sweepOpaqueAt = SWEEP_AT;
  /** Takes a block of pool that the driver made over from it; false when it is none. */
  takeBuffer: (buffer: number) => boolean = () => false;

  constructor(kernel: Kernel, memory: DriverMemory) {
    this.kernel = kernel;
    this.memory = memory;
  }

  /** Writes the FILE_OBJECT as it is now; returns its address, 0 for none. */
  showFile(file: FileObject | null): number {
    if (file === null) return 0;
    const image = this.imageOf(file);
    const { memory } = this;
    const { address } = file;
    const flag = (offset: number, value: boolean): void =>
      memory.write8(address + offset, value ? 1 : 0);
    memory.write16(address + FileObjectLayout.Type, IO_TYPE_FILE);
    memory.write16(address + FileObjectLayout.Size, FileObjectLayout.length);
    memory.write32(address + FileObjectLayout.DeviceObject, file.device.address);
    memory.write32(address + FileObjectLayout.FsContext, this.opaqueAddress(file.fsContext));
    memory.write32(address + FileObjectLayout.FsContext2, this.opaqueAddress(file.fsContext2));
    const { sectionObjectPointer } = file;
    const pointers = this.opaqueAddress(sectionObjectPointer);
    memory.write32(address + FileObjectLayout.SectionObjectPointer, pointers);
    const related = file.relatedFileObject;
    memory.write32(address + FileObjectLayout.RelatedFileObject, related?.address ?? 0);
    flag(FileObjectLayout.DeletePending, file.deletePending);
    flag(FileObjectLayout.ReadAccess, file.readAccess);
    flag(FileObjectLayout.WriteAccess, file.writeAccess);
    flag(FileObjectLayout.DeleteAccess, file.deleteAccess);
    flag(FileObjectLayout.SharedRead, file.sharedRead);
    flag(FileObjectLayout.SharedWrite, file.sharedWrite);
    flag(FileObjectLayout.SharedDelete, file.sharedDelete);
    memory.write32(address + FileObjectLayout.Flags, file.flags);
    memory.write64Number(address + FileObjectLayout.CurrentByteOffset, file.currentByteOffset);
    image.position = file.currentByteOffset;
    this.showName(image);
    return address;
  }

  private imageOf(file: FileObject): FileImage {
    const known = this.files.get(file.address);
    if (known?.file === file) return known;
    if (known !== undefined) this.dropName(known);
    if (this.files.size >= this.sweepAt) this.sweep();
    const image = { file, name: '', nameBuffer: 0, written: false, position: 0 };
    this.files.set(file.address, image);
    // A related file object is pointed to, so it must be there too.
    this.showFile(file.relatedFileObject);
    return image;
  }

  private showName(image: FileImage): void {
    const { file } = image;
    const descriptor = file.address + FileObjectLayout.FileName;
    if (image.written && image.name === file.fileName) return;
    image.written = true;
    if (image.name !== file.fileName) {
      this.dropName(image);
      image.name = file.fileName;
      const bytes = image.name.length * 2;
      if (bytes > 0) {
        image.nameBuffer = this.kernel.pool.allocate('paged', bytes, 'IoNm', 'system');
        this.memory.writeWide(image.nameBuffer, image.name);
      }
    }
    writeUnicodeString(this, descriptor, image.nameBuffer, image.name.length * 2);
  }

  /**
   * What a create callback left in the FILE_OBJECT: another name in place of the one shown (R-REDIRECT-3,
   * before Windows 7). The buffer is the I/O manager's from then on.
   */
  readBackFile(file: FileObject | null): void {
    if (file === null) return;
    const image = this.files.get(file.address);
    if (image?.file !== file) return;
    this.readBackContexts(file);
    const { memory } = this;
    const descriptor = file.address + FileObjectLayout.FileName;
    const buffer = memory.read32(descriptor + StringLayout.Buffer);
    const bytes = memory.read16(descriptor + StringLayout.Length);
    const name = bytes === 0 ? '' : memory.readWide(buffer, bytes >>> 1);
    if (name === image.name && buffer === image.nameBuffer) return;
    if (buffer !== image.nameBuffer) {
      image.nameBuffer = this.takeBuffer(buffer) ? buffer : 0;
    }
    image.name = name;
    file.fileName = name;
  }

  /** What a callback left in CurrentByteOffset of the caller's file, where it moved it. */
  readBackPosition(file: FileObject | null): void {
    if (file === null) return;
    const image = this.files.get(file.address);
    if (image?.file !== file) return;
    const at = file.address + FileObjectLayout.CurrentByteOffset;
    const position = this.memory.read32(at + 4) * 0x1_0000_0000 + this.memory.read32(at);
    if (position === image.position) return;
    image.position = position;
    file.currentByteOffset = position;
  }

  /** A driver that opens a file by itself says so here: its own memory in the place of a file system's. */
  readBackContexts(file: FileObject): void {
    if (this.files.get(file.address)?.file !== file) return;
    const { memory } = this;
    const { FsContext, FsContext2, SectionObjectPointer } = FileObjectLayout;
    const context = memory.read32(file.address + FsContext);
    const context2 = memory.read32(file.address + FsContext2);
    const pointers = memory.read32(file.address + SectionObjectPointer);
    if (context !== this.opaqueAddress(file.fsContext)) file.fsContext = this.own.at(context);
    if (context2 !== this.opaqueAddress(file.fsContext2)) file.fsContext2 = this.own.at(context2);
    if (pointers !== this.opaqueAddress(file.sectionObjectPointer)) {
      file.sectionObjectPointer = this.own.pointersAt(pointers, file);
    }
  }

  private dropName(image: FileImage): void {
    const block = image.nameBuffer === 0 ? null : this.kernel.pool.blockAt(image.nameBuffer);
    // A driver that replaced the name may have freed it.
    if (block?.address === image.nameBuffer && !block.freed) this.kernel.pool.free(block.address);
    image.nameBuffer = 0;
    image.name = '';
  }

  /** Forgets file objects that have been closed. */
  private sweep(): void {
    for (const [address, image] of this.files) {
      if (image.file.handleCount > 0 || image.file.referenceCount > 0) continue;
      this.dropName(image);
      this.files.delete(address);
    }
    this.sweepAt = Math.max(SWEEP_AT, this.files.size * 2);
  }

  fileAt(address: number): FileObject | undefined {
    return this.files.get(address)?.file;
  }

  private opaqueAddress(context: object | null): number {
    if (context === null) return 0;
    if (context instanceof OwnBlock) return context.address;
    let address = this.opaque.get(context);
    if (address === undefined) {
      if (this.opaque.size >= this.sweepOpaqueAt) this.sweepOpaque();
      address = this.kernel.allocateObject('Ntfx', OPAQUE_BYTES);
      this.opaque.set(context, address);
    }
    return address;
  }

  /** Forgets contexts that no open file has: an FCB goes with the last open, whatever address it had. */
  private sweepOpaque(): void {
    const used = new Set<object | null>();
    for (const { file } of this.files.values()) {
      if (file.handleCount === 0 && file.referenceCount === 0) continue;
      used.add(file.fsContext).add(file.fsContext2).add(file.sectionObjectPointer);
    }
    for (const [context, address] of this.opaque) {
      if (used.has(context)) continue;
      this.opaque.delete(context);
      this.kernel.freeObject(address);
    }
    this.sweepOpaqueAt = Math.max(SWEEP_AT, this.opaque.size * 2);
  }

  /** Writes the DEVICE_OBJECT as it is now; returns its address, 0 for none. */
  showDevice(device: DeviceObject | null): number {
    if (device === null) return 0;
    this.devices.add(device);
    const { memory } = this;
    const { address } = device;
    memory.write16(address + DeviceObjectLayout.Type, IO_TYPE_DEVICE);
    memory.write16(address + DeviceObjectLayout.Size, DeviceObjectLayout.length);
    memory.write32(address + DeviceObjectLayout.AttachedDevice, this.showDevice(device.attached));
    memory.write32(address + DeviceObjectLayout.Flags, device.ioFlags ?? 0);
    memory.write32(address + DeviceObjectLayout.DeviceType, FILE_DEVICE_DISK_FILE_SYSTEM);
    memory.write8(address + DeviceObjectLayout.StackSize, device.stackSize);
    return address;
  }

  /** Writes those again that a driver has been shown: their StackSize may have changed. */
  refreshDevices(): void {
    for (const device of this.devices) this.showDevice(device);
  }

  /** Writes an MDL for a range that the model describes; returns its address, 0 for none. */
  showMdl(mdl: Mdl | null): number {
    if (mdl === null) return 0;
    const known = this.mdls.get(mdl);
    if (known !== undefined) return known;
    const address = this.kernel.allocateObject('Mdl ', MdlLayout.length + 4);
    const { memory } = this;
    memory.write16(address + MdlLayout.Size, MdlLayout.length + 4);
    memory.write16(address + MdlLayout.MdlFlags, MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA);
    memory.write32(address + MdlLayout.MappedSystemVa, mdl.address);
    memory.write32(address + MdlLayout.StartVa, mdl.address & ~PAGE_MASK);
    memory.write32(address + MdlLayout.ByteCount, mdl.length);
    memory.write32(address + MdlLayout.ByteOffset, mdl.address & PAGE_MASK);
    this.mdls.set(mdl, address);
    this.mdlsByAddress.set(address, mdl);
    return address;
  }

  /** An MDL of the driver's own: the same one, as long as it is not freed. */
  knowMdl(address: number, mdl: Mdl): void {
    this.mdls.set(mdl, address);
    this.mdlsByAddress.set(address, mdl);
  }

  forgetMdl(address: number): void {
    const mdl = this.mdlsByAddress.get(address);
    this.mdlsByAddress.delete(address);
    if (mdl !== undefined) this.mdls.delete(mdl);
  }

  addressOfMdl(mdl: Mdl): number | null {
    return this.mdls.get(mdl) ?? null;
  }

  /** The range behind an MDL: one that `showMdl` wrote, or one of the driver's own. */
  mdlAt(address: number): Mdl | null {
    if (address === 0) return null;
    const known = this.mdlsByAddress.get(address);
    if (known !== undefined) return known;
    const { memory } = this;
    const start = memory.read32(address + MdlLayout.StartVa);
    return {
      address: start + memory.read32(address + MdlLayout.ByteOffset),
      length: memory.read32(address + MdlLayout.ByteCount),
    };
  }
}

const OPAQUE_BYTES = 8;
