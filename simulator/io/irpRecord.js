// What the I/O manager keeps of an IRP beside what drivers see of it.
import { NtStatus } from '../../contract/windows/index.ts';
export const newIosb = () => ({
    status: NtStatus.STATUS_SUCCESS,
    information: 0,
    written: false,
});
export class IrpRecord {
    address;
    flags;
    mdl = null;
    systemBuffer;
    systemBufferLength;
    userBuffer;
    requestorMode;
    thread;
    ioStatus = { status: NtStatus.STATUS_SUCCESS, information: 0 };
    pendingReturned = false;
    cancel = false;
    cancelRoutine = null;
    stackCount;
    currentLocation;
    stack;
    auxiliaryBuffer = null;
    entry;
    completed = false;
    /** Null for requests that a driver allocated for itself. */
    issuer = null;
    /** The system buffer that the I/O manager allocated; any other came later (R-NOTIFY-55). */
    ownSystemBuffer;
    /** The MDL that the I/O manager made for direct I/O. */
    ownMdl = null;
    /** What the file system completed it with; null while it has not, or where a filter did. */
    fileSystemResult = null;
    /** The result has been handed to the issuer. */
    delivered = false;
    /** Set when the result is delivered; made only when somebody waits. */
    deliveredEvent = null;
    constructor(address, stackCount, thread, request) {
        this.address = address;
        this.flags = request.irpFlags ?? 0;
        this.systemBuffer = request.systemBuffer ?? 0;
        this.ownSystemBuffer = this.systemBuffer;
        this.systemBufferLength = request.systemBufferLength ?? 0;
        this.userBuffer = request.userBuffer ?? 0;
        this.requestorMode = request.requestorMode;
        this.entry = request.entry ?? null;
        this.thread = thread;
        this.stackCount = stackCount;
        this.currentLocation = stackCount + 1;
        this.stack = new Array(stackCount);
        for (let place = 0; place < stackCount; place += 1)
            this.stack[place] = emptyLocation();
        const top = this.stack[stackCount - 1];
        if (top === undefined)
            return;
        top.majorFunction = request.majorFunction;
        top.minorFunction = request.minorFunction ?? 0;
        top.flags = request.flags ?? 0;
        top.parameters = request.parameters;
        top.fileObject = request.fileObject;
    }
    /** The result is not, or no longer, the file system's. */
    get isChangedAbove() {
        const { fileSystemResult: below, ioStatus } = this;
        return below?.status !== ioStatus.status || below.information !== ioStatus.information;
    }
    /** IoGetNextIrpStackLocation; undefined when there is none. */
    get nextLocation() {
        return this.stack[this.currentLocation - 2];
    }
}
const noParameters = { kind: 'none' };
const emptyLocation = () => ({
    majorFunction: 0,
    minorFunction: 0,
    flags: 0,
    control: 0,
    parameters: noParameters,
    device: null,
    fileObject: null,
    completionRoutine: null,
});
