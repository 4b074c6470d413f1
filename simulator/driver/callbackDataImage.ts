// FLT_CALLBACK_DATA and FLT_IO_PARAMETER_BLOCK in memory: written before a callback, read back after.
// What the callback left as it was stays the same object in the model, so that "changed" can be seen.
import type { CallbackData, Instance, IoParameterBlock } from '../filter-manager/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import { CallbackDataLayout, IopbLayout, IoStatusLayout } from './layout.ts';
import type { ObjectImages } from './objectImages.ts';
import type { ParameterImages } from './parameterImage.ts';

const STATUS = CallbackDataLayout.IoStatus + IoStatusLayout.Status;
const INFORMATION = CallbackDataLayout.IoStatus + IoStatusLayout.Information;
const PARAMETERS_BYTES = IopbLayout.length - IopbLayout.Parameters;
const KERNEL_MODE = 0;
const USER_MODE = 1;

export class CallbackDataImages {
  private readonly objects: ObjectImages;
  private readonly parameters: ParameterImages;
  private readonly instanceAt: (address: number) => Instance | undefined;

  constructor(
    objects: ObjectImages,
    parameters: ParameterImages,
    instanceAt: (address: number) => Instance | undefined,
  ) {
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
    memory.write32(address + CallbackDataLayout.TagData, 0);
    const mode = data.requestorMode === 'user' ? USER_MODE : KERNEL_MODE;
    memory.write8(address + CallbackDataLayout.RequestorMode, mode);
    data.filterContext.forEach((value, index) => {
      memory.write32(address + CallbackDataLayout.FilterContext + 4 * index, value);
    });
    this.writeState(data);
    this.writeBlock(data);
  }

  /** Flags and IoStatus: what routines of the Filter Manager may change under a callback. */
  writeState(data: CallbackData): void {
    const { memory } = this.objects;
    memory.write32(data.address + CallbackDataLayout.Flags, data.flags);
    memory.write32(data.address + STATUS, data.ioStatus.status);
    memory.write32(data.address + INFORMATION, data.ioStatus.information);
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
    return this.objects.memory.bytes(data.iopbAddress, IopbLayout.length).slice();
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
    const now = memory.bytes(data.iopbAddress, IopbLayout.length);
    if (before.some((byte, index) => byte !== now[index])) data.iopb = this.readBlock(data);
  }

  /** The same for a routine that needs to know what the callback has written so far. */
  refresh(data: CallbackData): void {
    data.flags = this.objects.memory.read32(data.address + CallbackDataLayout.Flags);
    data.iopb = this.readBlock(data);
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
