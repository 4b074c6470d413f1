// The I/O manager as drivers see it: IRPs down a stack and up again, devices, volumes, file objects.
import { assert } from '../../contract/assert.ts';
import { BugCheck, FileObjectFlag, IrpFlag, irpMajorName, NtStatus, StackLocation as Sl, } from '../../contract/windows/index.ts';
import { BugcheckSignal } from '../kernel/kernel.ts';
import { deliver, hex, walkUp } from './completion.ts';
import { displayNameOf } from './fileObjectRecord.ts';
import { FileObjects } from './fileObjects.ts';
import { HandleTables } from './handleTables.ts';
import { currentStackLocation, } from './irp.ts';
import { IrpRecord } from './irpRecord.ts';
import { openFile } from './openFile.ts';
import { dispatchRoutine } from './routineNames.ts';
import { writeDirty } from './sections/paging.ts';
import { close } from './services/createClose.ts';
import { lockPages } from './serviceTail.ts';
/** sizeof(IRP) and sizeof(IO_STACK_LOCATION) on 32-bit Windows. */
const IRP_LENGTH = 0x70;
const STACK_LOCATION_LENGTH = 0x24;
const MULTIPLE_IRP_COMPLETE_REQUESTS = 0x44;
const always = { onSuccess: true, onError: true, onCancel: true };
export class IoCore {
    kernel;
    files;
    volumes = [];
    /** The reading of R-REDIRECT-4 that this simulation goes by. */
    reparseWithoutName = 'same-name';
    /** Every process's handles; drivers' own are in it too. */
    handles = new HandleTables();
    /** Requests that may be cancelled: those that a thread has issued and that are not delivered. */
    outstanding = new Set();
    /** IRPs come from lookaside lists: an address is used again at once, by stack size. */
    freeAddresses = new Map();
    constructor(kernel) {
        this.kernel = kernel;
        this.files = new FileObjects(this);
    }
    addVolume(volume) {
        this.volumes.push(volume);
    }
    allocateIrp(top, request) {
        const address = this.freeAddresses.get(top.stackSize)?.pop() ??
            this.kernel.allocateObject('Irp ', IRP_LENGTH + top.stackSize * STACK_LOCATION_LENGTH);
        const irp = new IrpRecord(address, top.stackSize, this.kernel.scheduler.current, request);
        this.kernel.debug?.created('irp', irp);
        return irp;
    }
    freeIrp(irp) {
        this.kernel.debug?.gone('irp', irp);
        const addresses = this.freeAddresses.get(irp.stackCount);
        if (addresses === undefined)
            this.freeAddresses.set(irp.stackCount, [irp.address]);
        else
            addresses.push(irp.address);
    }
    callDriver(device, irp) {
        irp.currentLocation -= 1;
        const location = irp.stack[irp.currentLocation - 1];
        if (location === undefined) {
            throw new BugcheckSignal(BugCheck.NO_MORE_IRP_STACK_LOCATIONS, [hex(irp.address)]);
        }
        location.device = device;
        if (this.kernel.debug !== null)
            return this.callWatched(this.kernel.debug, device, irp);
        return this.dispatch(device, irp, location);
    }
    dispatch(device, irp, location) {
        if (device.volume?.fileSystemDevice === device)
            this.traceIrp('dispatch', irp, location);
        const dispatch = device.driver.dispatch.get(location.majorFunction);
        return dispatch === undefined ? this.refuse(irp) : dispatch(device, irp);
    }
    /** The same with its place on the simulated call stack. */
    async callWatched(debug, device, irp) {
        const location = currentStackLocation(irp);
        const frame = debug.enter('nt!IofCallDriver', device.address, irp.address);
        debug.enter(dispatchRoutine(device.driver.name, location.majorFunction), device.address, irp.address);
        const status = await this.dispatch(device, irp, location);
        debug.leave(frame);
        return status;
    }
    copyToNext(irp) {
        const current = currentStackLocation(irp);
        const next = this.nextLocation(irp);
        next.majorFunction = current.majorFunction;
        next.minorFunction = current.minorFunction;
        next.flags = current.flags;
        next.control = 0;
        next.parameters = { ...current.parameters };
        next.fileObject = current.fileObject;
        next.completionRoutine = null;
    }
    skipCurrentLocation(irp) {
        irp.currentLocation += 1;
    }
    setCompletionRoutine(irp, routine, on = always) {
        const next = this.nextLocation(irp);
        next.completionRoutine = routine;
        next.control =
            (on.onSuccess ? Sl.SL_INVOKE_ON_SUCCESS : 0) |
                (on.onError ? Sl.SL_INVOKE_ON_ERROR : 0) |
                (on.onCancel ? Sl.SL_INVOKE_ON_CANCEL : 0);
    }
    markPending(irp) {
        currentStackLocation(irp).control |= Sl.SL_PENDING_RETURNED;
    }
    async completeRequest(irp) {
        assert(irp instanceof IrpRecord, 'IRPs come from allocateIrp');
        if (irp.completed) {
            throw new BugcheckSignal(MULTIPLE_IRP_COMPLETE_REQUESTS, [hex(irp.address)]);
        }
        const frame = this.kernel.debug?.enter('nt!IopfCompleteRequest', irp.address, 0);
        irp.completed = true;
        irp.cancelRoutine = null;
        const location = irp.stack[irp.currentLocation - 1];
        if (location?.device && location.device.volume?.fileSystemDevice === location.device) {
            irp.fileSystemResult = { ...irp.ioStatus };
            this.traceIrp('complete', irp, location);
        }
        if (await walkUp(irp))
            await this.finish(irp);
        else
            irp.completed = false;
        this.kernel.debug?.leave(frame);
    }
    setCancelRoutine(irp, routine) {
        const before = irp.cancelRoutine;
        irp.cancelRoutine = routine;
        return before;
    }
    lockUserBuffer(irp, length) {
        assert(irp instanceof IrpRecord, 'IRPs come from allocateIrp');
        if (irp.mdl !== null || irp.systemBuffer !== 0 || irp.userBuffer === 0)
            return;
        lockPages(this, irp, { buffer: irp.userBuffer, length });
    }
    async cancelIrp(irp) {
        irp.cancel = true;
        const routine = this.setCancelRoutine(irp, null);
        if (routine === null)
            return false;
        const done = routine(irp);
        if (done !== undefined)
            await done;
        return true;
    }
    openHandle(file, grantedAccess, ofKernel) {
        file.flags |= FileObjectFlag.FO_HANDLE_CREATED;
        if (ofKernel)
            return this.handles.insertKernel(file, grantedAccess);
        return this.handles.insert(this.kernel.scheduler.current.process, file, grantedAccess);
    }
    get services() {
        return { io: this, handles: this.handles };
    }
    closeHandle(handle) {
        return close({ io: this, handles: this.handles }, handle);
    }
    fileOfHandle(handle) {
        const found = this.handles.anyOf(this.kernel.scheduler.current.process, handle);
        return found?.file ?? null;
    }
    openFile(request) {
        return openFile(this, request);
    }
    referenceFile(file) {
        file.referenceCount += 1;
    }
    dereferenceFile(file) {
        return this.files.dereference(file);
    }
    cleanupFile(file) {
        return this.files.cleanup(file);
    }
    flushMapping(area) {
        return writeDirty(this, area);
    }
    attachDevice(device, to) {
        assert(to.attached === null, 'a device is attached to the top of a stack');
        device.lower = to;
        to.attached = device;
        device.stackSize = to.stackSize + 1;
    }
    allocateObject(kind, length) {
        return this.kernel.allocateObject(objectTags[kind], length);
    }
    /** The second stage, in the current thread, which issued the request. */
    deliverHere(irp) {
        this.outstanding.delete(irp);
        const frame = this.kernel.debug?.enter('nt!IopCompleteRequest', irp.address);
        deliver(this.kernel, irp, (file) => this.files.releaseAtApcLevel(file));
        this.freeIrp(irp);
        this.kernel.debug?.leave(frame);
    }
    /** The first stage is over: the second runs where it has to. */
    async finish(irp) {
        if (irp.issuer === null)
            return;
        // The issuer is still in its call and does the rest itself, without an APC.
        if (irp.flags & IrpFlag.IRP_DEFER_IO_COMPLETION && !irp.pendingReturned)
            return;
        // Paging I/O has no APC: its event is set by whoever completes it (R-SECTION-16 cannot hit it).
        if (irp.flags & (IrpFlag.IRP_CLOSE_OPERATION | IrpFlag.IRP_PAGING_IO)) {
            this.deliverHere(irp);
            return;
        }
        const { scheduler } = this.kernel;
        scheduler.queueApc(irp.thread, {
            kind: 'special',
            what: `completion of IRP ${hex(irp.address)}`,
            routine: () => this.deliverHere(irp),
        });
        if (scheduler.apcDeliverable)
            await scheduler.deliverApcs();
    }
    async refuse(irp) {
        irp.ioStatus.status = NtStatus.STATUS_INVALID_DEVICE_REQUEST;
        irp.ioStatus.information = 0;
        await this.completeRequest(irp);
        return NtStatus.STATUS_INVALID_DEVICE_REQUEST;
    }
    nextLocation(irp) {
        const next = irp.stack[irp.currentLocation - 2];
        if (next !== undefined)
            return next;
        throw new BugcheckSignal(BugCheck.NO_MORE_IRP_STACK_LOCATIONS, [hex(irp.address)]);
    }
    traceIrp(phase, irp, location) {
        const { fileObject } = location;
        this.kernel.trace.emit({
            kind: 'irp',
            phase,
            irp: hex(irp.address),
            device: location.device?.name ?? '',
            major: irpMajorName(location.majorFunction),
            minor: location.minorFunction,
            ...(fileObject === null ? {} : { file: displayNameOf(fileObject) }),
            ...(phase === 'complete'
                ? { status: irp.ioStatus.status >>> 0, information: irp.ioStatus.information }
                : {}),
        });
    }
}
const objectTags = { device: 'Devi', driver: 'Driv', file: 'File', irp: 'Irp ' };
