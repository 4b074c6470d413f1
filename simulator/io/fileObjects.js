// The life of a file object: made for a create, cleaned up with its last handle, closed with its last
// reference.
import { FileObjectFlag, IrpFlag, IrpMajor, irpMajorName } from '../../contract/windows/index.ts';
import { assert } from '../../contract/assert.ts';
import { hex } from './completion.ts';
import { topOfStack } from './deviceObject.ts';
import { FILE_OBJECT_LENGTH, FileObjectRecord } from './fileObjectRecord.ts';
export class FileObjects {
    io;
    constructor(io) {
        this.io = io;
    }
    create(volume, fileName, related) {
        const address = this.io.allocateObject('file', FILE_OBJECT_LENGTH);
        if (related !== null)
            this.io.referenceFile(related);
        return new FileObjectRecord(address, volume.fileSystemDevice, fileName, related);
    }
    /** The create succeeded: from now on the file object is owed a cleanup and a close. */
    opened(file, volume) {
        file.opened = true;
        volume.openFiles.add(file);
    }
    /** Gives a reference back; the last one sends IRP_MJ_CLOSE. PASSIVE_LEVEL. */
    async dereference(file) {
        file.referenceCount -= 1;
        assert(file.referenceCount >= 0, 'a file object is not dereferenced more often than referenced');
        if (file.referenceCount === 0 && file.handleCount === 0)
            await this.remove(file);
    }
    /**
     * The same at APC_LEVEL, where nothing may be sent: a worker thread sends the close.
     * Models: ObDereferenceObject above PASSIVE_LEVEL defers the deletion.
     */
    releaseAtApcLevel(file) {
        file.referenceCount -= 1;
        if (file.referenceCount > 0 || file.handleCount > 0)
            return;
        this.io.kernel.workQueue.queue(`deletion of file object ${hex(file.address)}`, () => this.remove(file));
    }
    async cleanup(file) {
        const frame = this.io.kernel.debug?.enter('nt!IopCloseFile', file.address);
        await this.send(file, IrpMajor.IRP_MJ_CLEANUP);
        this.io.kernel.debug?.leave(frame);
        file.flags |= FileObjectFlag.FO_CLEANUP_COMPLETE;
    }
    /** Sends cleanup or close down the whole stack and waits for its completion. */
    async send(file, majorFunction) {
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
        if (typeof sent !== 'number')
            await sent;
        if (!irp.delivered) {
            irp.deliveredEvent = io.kernel.scheduler.createEvent('notification', false);
            await io.kernel.scheduler.waitForEvent(irp.deliveredEvent, {
                kind: 'request',
                what: `completion of ${irpMajorName(majorFunction)} (IRP ${hex(irp.address)})`,
            });
        }
    }
    async remove(file) {
        assert(file instanceof FileObjectRecord, 'file objects come from the I/O manager');
        if (file.opened) {
            // The reference that the request holds and gives back must not count as the last one again.
            file.referenceCount += 1;
            const frame = this.io.kernel.debug?.enter('nt!IopDeleteFile', file.address);
            await this.send(file, IrpMajor.IRP_MJ_CLOSE);
            this.io.kernel.debug?.leave(frame);
            file.referenceCount -= 1;
            file.device.volume?.openFiles.delete(file);
        }
        this.io.kernel.freeObject(file.address);
        const related = file.relatedFileObject;
        if (related !== null)
            await this.dereference(related);
    }
}
/** Where requests of this open enter its volume's stack: IoGetRelatedDeviceObject. */
export const deviceOf = (file) => file.stackEntry?.device ?? topOfStack(file.device);
export const entryOf = (file) => file.stackEntry?.entry ?? null;
export const isSynchronous = (file) => (file.flags & FileObjectFlag.FO_SYNCHRONOUS_IO) !== 0;
