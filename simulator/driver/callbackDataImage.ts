// FLT_CALLBACK_DATA and FLT_IO_PARAMETER_BLOCK in memory: written before a callback, read back after.
// What the callback left as it was stays the same object in the model, so that "changed" can be seen.
import { IrpMajor } from '../../contract/windows/index.ts';
import type { CallbackData, Instance, IoParameterBlock } from '../filter-manager/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import { NotModelledSignal, type Kernel } from '../kernel/kernel.ts';
import { CallbackDataLayout, IopbLayout, IoStatusLayout } from './layout.ts';
import type { ObjectImages } from './objectImages.ts';
import { newParameters, type ParameterImages } from './parameterImage.ts';

const STATUS = CallbackDataLayout.IoStatus + IoStatusLayout.Status;
const INFORMATION = CallbackDataLayout.IoStatus + IoStatusLayout.Information;
const PARAMETERS_BYTES = IopbLayout.length - IopbLayout.Parameters;
/** The side block that holds TagData. */
const TAG_DATA = 'TagData';
const KERNEL_MODE = 0;
const USER_MODE = 1;

export class CallbackDataImages {
  private readonly kernel: Kernel;
  private readonly objects: ObjectImages;
  private readonly parameters: ParameterImages;
  private readonly instanceAt: (address: number) => Instance | undefined;

  constructor(
    kernel: Kernel,
    objects: ObjectImages,
    parameters: ParameterImages,
    instanceAt: (address: number) => Instance | undefined,
  ) {
    this.kernel = kernel;
    this.objects = objects;
    this.parameters = parameters;
    this.instanceAt = instanceAt;
  }

  /** Writes both structures where the model says that they lie. */
  write(data: CallbackData): void {
    const { memory } = this.objects;
    const { address } = data;
    memory.write32(address + CallbackDataLayout.Thread, data.thread.address);
    memory.write32(address + CallbackDataLayout.Iopb, data.iopbAddress);
    const mode = data.requestorMode === 'user' ? USER_MODE : KERNEL_MODE;
    memory.write8(address + CallbackDataLayout.RequestorMode, mode);
    for (let index = 0; index < data.filterContext.length; index += 1) {
      const at = address + CallbackDataLayout.FilterContext + 4 * index;
      memory.write32(at, data.filterContext[index] as number);
    }
    this.writeState(data);
    this.writeBlock(data);
  }

  /** Flags and IoStatus: what routines of the Filter Manager may change under a callback. */
  writeState(data: CallbackData): void {
    const { memory } = this.objects;
    memory.write32(data.address + CallbackDataLayout.Flags, data.flags);
    memory.write32(data.address + STATUS, data.ioStatus.status);
    memory.write32(data.address + INFORMATION, data.ioStatus.information);
    memory.write32(data.address + CallbackDataLayout.TagData, this.showTagData(data));
  }

  /**
   * FLT_TAG_DATA_BUFFER has the shape of the reparse buffer. A block of pool that hangs on the operation,
   * until the driver takes it away.
   */
  private showTagData({ tagData, operation }: CallbackData): number {
    if (tagData === null) return 0;
    const block = operation.sideBlocks.get(TAG_DATA);
    if (block !== undefined) return block;
    const address = this.kernel.pool.allocate('paged', tagData.length, 'FMtd', 'system');
    this.objects.memory.bytes(address, tagData.length).set(tagData);
    operation.sideBlocks.set(TAG_DATA, address);
    return address;
  }

  /** NULL says that the driver has disposed of it; another block is the driver's own. */
  private takeTagData(data: CallbackData): void {
    const { memory } = this.objects;
    const address = memory.read32(data.address + CallbackDataLayout.TagData);
    const shown = data.operation.sideBlocks.get(TAG_DATA) ?? 0;
    const block = shown === 0 ? null : this.kernel.pool.blockAt(shown);
    const isLive = block?.address === shown && !block.freed;
    if (address === shown && (shown === 0 || isLive)) return;
    if (address !== 0 && address !== shown)
      throw new NotModelledSignal('another TagData than the file system gave');
    if (address === shown) {
      this.kernel.report({
        id: 'use-after-free',
        message: 'Data->TagData was freed and still points there: set it to NULL.',
      });
    }
    this.dropTagData(data);
  }

  /** The Filter Manager frees it before an operation is reissued (R-REDIRECT-23). */
  dropTagData(data: CallbackData): void {
    const { sideBlocks } = data.operation;
    const shown = sideBlocks.get(TAG_DATA);
    data.tagData = null;
    sideBlocks.delete(TAG_DATA);
    const block = shown === undefined ? null : this.kernel.pool.blockAt(shown);
    if (block !== null && block.address === shown && !block.freed)
      this.kernel.pool.free(block.address);
  }

  writeBlock({ iopb, iopbAddress: at, operation }: CallbackData): void {
    const { memory } = this.objects;
    memory.write32(at + IopbLayout.IrpFlags, iopb.irpFlags);
    memory.write8(at + IopbLayout.MajorFunction, iopb.majorFunction);
    memory.write8(at + IopbLayout.MinorFunction, iopb.minorFunction);
    memory.write8(at + IopbLayout.OperationFlags, iopb.operationFlags);
    memory.write8(at + IopbLayout.Reserved, 0);
    memory.write32(at + IopbLayout.TargetFileObject, this.objects.showFile(iopb.targetFileObject));
    memory.write32(at + IopbLayout.TargetInstance, iopb.targetInstance?.address ?? 0);
    const parameters = at + IopbLayout.Parameters;
    this.parameters.write(parameters, PARAMETERS_BYTES, iopb.parameters, operation);
  }

  /** The block's bytes, to tell later whether a callback changed any of them. */
  snapshot(data: CallbackData): Uint8Array {
    return this.objects.memory.copy(data.iopbAddress, IopbLayout.length);
  }

  /** Takes what the callback left into the model. `before` is the snapshot that it received. */
  readBack(data: CallbackData, before: Uint8Array): void {
    const { memory } = this.objects;
    const { address } = data;
    data.flags = memory.read32(address + CallbackDataLayout.Flags);
    data.ioStatus.status = memory.read32(address + STATUS);
    data.ioStatus.information = memory.read32(address + INFORMATION);
    for (let index = 0; index < data.filterContext.length; index += 1) {
      const at = address + CallbackDataLayout.FilterContext + 4 * index;
      data.filterContext[index] = memory.read32(at);
    }
    this.takeTagData(data);
    if (data.iopb.majorFunction === IrpMajor.IRP_MJ_CREATE) {
      this.objects.readBackFile(data.iopb.targetFileObject);
    }
    if (!memory.holds(data.iopbAddress, before)) data.iopb = this.readBlock(data);
  }

  /** The same for a routine that needs to know what the callback has written so far. */
  refresh(data: CallbackData): void {
    const { memory } = this.objects;
    data.flags = memory.read32(data.address + CallbackDataLayout.Flags);
    data.ioStatus.status = memory.read32(data.address + STATUS);
    data.ioStatus.information = memory.read32(data.address + INFORMATION);
    this.takeTagData(data);
    const now = this.readBlock(data);
    if (!sameBlock(now, data.iopb)) data.iopb = now;
  }

  /** The block of a filter's own callback data: which kind of operation it is, the driver decides. */
  readOwnBlock(data: CallbackData): void {
    const { memory } = this.objects;
    const at = data.iopbAddress;
    const major = memory.read8(at + IopbLayout.MajorFunction);
    const minor = memory.read8(at + IopbLayout.MinorFunction);
    const parameters = { operation: newParameters(major, minor), buffer: 0, mdl: null };
    const block = this.readBlock({ ...data, iopb: { ...data.iopb, parameters } });
    const operation = this.parameters.readPointers(
      at + IopbLayout.Parameters,
      block.parameters.operation,
    );
    data.iopb = { ...block, parameters: { ...block.parameters, operation } };
  }

  private readBlock({ iopb, iopbAddress: at }: CallbackData): IoParameterBlock {
    const { memory } = this.objects;
    const instance = memory.read32(at + IopbLayout.TargetInstance);
    return {
      irpFlags: memory.read32(at + IopbLayout.IrpFlags),
      majorFunction: memory.read8(at + IopbLayout.MajorFunction),
      minorFunction: memory.read8(at + IopbLayout.MinorFunction),
      operationFlags: memory.read8(at + IopbLayout.OperationFlags),
      targetFileObject: this.fileAt(memory.read32(at + IopbLayout.TargetFileObject), iopb),
      targetInstance:
        instance === iopb.targetInstance?.address
          ? iopb.targetInstance
          : (this.instanceAt(instance) ?? null),
      parameters: this.parameters.read(at + IopbLayout.Parameters, iopb.parameters),
    };
  }

  private fileAt(address: number, before: IoParameterBlock): FileObject | null {
    if (address === (before.targetFileObject?.address ?? 0)) return before.targetFileObject;
    return this.objects.fileAt(address) ?? null;
  }
}

const sameFields = (a: object, b: object): boolean => {
  const other = new Map(Object.entries(b));
  return Object.entries(a).every(([key, value]) => other.get(key) === value);
};

/** Equal in every field: what a callback did not change is not to look changed. */
function sameBlock(a: IoParameterBlock, b: IoParameterBlock): boolean {
  const { parameters: of, ...block } = a;
  const { parameters: against, ...otherBlock } = b;
  return (
    sameFields(block, otherBlock) &&
    sameFields(of.operation, against.operation) &&
    of.buffer === against.buffer &&
    of.mdl === against.mdl
  );
}
