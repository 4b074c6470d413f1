// The life of a file object: made for a create, cleaned up with its last handle, closed with its last
// reference.
import { FileObjectFlag, IrpFlag, IrpMajor, irpMajorName } from '../../contract/windows/index.ts';
import { assert } from '../../contract/assert.ts';
import { leaveWith } from '../kernel/callStack.ts';
import { andThen, isLater, type MaybeLater } from '../kernel/later.ts';
import { hex } from './completion.ts';
import { topOfStack, type DeviceObject, type Volume } from './deviceObject.ts';
import type { FileObject } from './fileObject.ts';
import { FILE_OBJECT_LENGTH, FileObjectRecord } from './fileObjectRecord.ts';
import type { IoCore } from './ioCore.ts';
import type { IrpRecord } from './irpRecord.ts';

export class FileObjects {
  private readonly io: IoCore;

  constructor(io: IoCore) {
    this.io = io;
  }

  create(volume: Volume, fileName: string, related: FileObject | null): FileObjectRecord {
    const address = this.io.allocateObject('file', FILE_OBJECT_LENGTH);
    if (related !== null) this.io.referenceFile(related);
    return new FileObjectRecord(address, volume.fileSystemDevice, fileName, related);
  }

  /** The create succeeded: from now on the file object is owed a cleanup and a close. */
  opened(file: FileObjectRecord, volume: Volume): void {
    file.opened = true;
    volume.openFiles.add(file);
  }

  /** Gives a reference back; the last one sends IRP_MJ_CLOSE. PASSIVE_LEVEL. */
  dereference(file: FileObject): MaybeLater<void> {
    file.referenceCount -= 1;
    assert(
      file.referenceCount >= 0,
      'a file object is not dereferenced more often than referenced',
    );
    if (file.referenceCount === 0 && file.handleCount === 0) return this.remove(file);
  }

  /**
   * The same at APC_LEVEL, where nothing may be sent: a worker thread sends the close.
   * Models: ObDereferenceObject above PASSIVE_LEVEL defers the deletion.
   */
  releaseAtApcLevel(file: FileObject): void {
    file.referenceCount -= 1;
    if (file.referenceCount > 0 || file.handleCount > 0) return;
    this.io.kernel.workQueue.queue(`deletion of file object ${hex(file.address)}`, () =>
      this.remove(file),
    );
  }

  cleanup(file: FileObject): MaybeLater<void> {
    const { debug } = this.io.kernel;
    const frame = debug?.enter('nt!IopCloseFile', file.address);
    const sent = this.send(file, IrpMajor.IRP_MJ_CLEANUP);
    return andThen(leaveWith(debug, frame, sent), () => {
      file.flags |= FileObjectFlag.FO_CLEANUP_COMPLETE;
    });
  }

  /** Sends cleanup or close down the whole stack and waits for its completion. */
  private send(file: FileObject, majorFunction: number): MaybeLater<void> {
    const { io } = this;
    const top = deviceOf(file);
    const irp = io.allocateIrp(top, {
      majorFunction,
      irpFlags: IrpFlag.IRP_CLOSE_OPERATION | IrpFlag.IRP_SYNCHRONOUS_API,
      parameters: { kind: 'none' },
      fileObject: file,
      requestorMode: 'kernel',
      entry: entryOf(file),
    });
    // Held by the request itself, so that its completion does not send another close.
    file.referenceCount += 1;
    irp.issuer = { fileObject: file, iosb: null, event: null, onDelivered: null };
    const sent = io.callDriver(top, irp);
    if (isLater(sent)) return sent.then(() => this.untilDelivered(irp, majorFunction));
    return this.untilDelivered(irp, majorFunction);
  }

  private untilDelivered(irp: IrpRecord, majorFunction: number): MaybeLater<void> {
    if (irp.delivered) return;
    return this.waitForDelivery(irp, majorFunction);
  }

  private async waitForDelivery(irp: IrpRecord, majorFunction: number): Promise<void> {
    const { scheduler } = this.io.kernel;
    irp.deliveredEvent = scheduler.createEvent('notification', false);
    await scheduler.waitForEvent(irp.deliveredEvent, {
      kind: 'request',
      what: `completion of ${irpMajorName(majorFunction)} (IRP ${hex(irp.address)})`,
    });
  }

  private remove(file: FileObject): MaybeLater<void> {
    assert(file instanceof FileObjectRecord, 'file objects come from the I/O manager');
    if (!file.opened) return this.forget(file);
    const { debug } = this.io.kernel;
    // The reference that the request holds and gives back must not count as the last one again.
    file.referenceCount += 1;
    const frame = debug?.enter('nt!IopDeleteFile', file.address);
    const sent = this.send(file, IrpMajor.IRP_MJ_CLOSE);
    return andThen(leaveWith(debug, frame, sent), () => {
      file.referenceCount -= 1;
      file.device.volume?.openFiles.delete(file);
      return this.forget(file);
    });
  }

  private forget(file: FileObjectRecord): MaybeLater<void> {
    this.io.kernel.freeObject(file.address);
    const related = file.relatedFileObject;
    if (related !== null) return this.dereference(related);
  }
}

/** Where requests of this open enter its volume's stack: IoGetRelatedDeviceObject. */
export const deviceOf = (file: FileObject): DeviceObject =>
  file.stackEntry?.device ?? topOfStack(file.device);

export const entryOf = (file: FileObject): object | null => file.stackEntry?.entry ?? null;

export const isSynchronous = (file: FileObject): boolean =>
  (file.flags & FileObjectFlag.FO_SYNCHRONOUS_IO) !== 0;
