// The I/O manager as drivers see it: IRPs down a stack and up again, devices, volumes, file objects.
import { assert } from '../../contract/assert.ts';
import type { Stack } from '../../contract/stack.ts';
import {
  BugCheck,
  FileObjectFlag,
  IrpFlag,
  irpMajorName,
  NtStatus,
  StackLocation as Sl,
} from '../../contract/windows/index.ts';
import { leaveWith } from '../kernel/callStack.ts';
import type { DebugPort } from '../kernel/debugPort.ts';
import { BugcheckSignal, type Kernel, type PlacedEvent } from '../kernel/kernel.ts';
import { andThen, isLater, type MaybeLater } from '../kernel/later.ts';
import { deliver, hex, walkUp } from './completion.ts';
import type { DeviceObject, Volume } from './deviceObject.ts';
import type { FileObject } from './fileObject.ts';
import { displayNameOf } from './fileObjectRecord.ts';
import { FileObjects } from './fileObjects.ts';
import { HandleTables } from './handleTables.ts';
import type {
  CompletionConditions,
  IoManager,
  NewIrp,
  OpenRequest,
  OpenResult,
} from './ioManager.ts';
import {
  currentStackLocation,
  type CancelRoutine,
  type CompletionRoutine,
  type Irp,
  type StackLocation,
} from './irp.ts';
import { IrpRecord } from './irpRecord.ts';
import { openFile } from './openFile.ts';
import { dispatchRoutine } from './routineNames.ts';
import type { ServiceContext } from './services/serviceContext.ts';
import type { ControlArea } from './sections/controlArea.ts';
import { writeDirty } from './sections/paging.ts';
import { close } from './services/createClose.ts';
import { lockPages } from './serviceTail.ts';

/** sizeof(IRP) and sizeof(IO_STACK_LOCATION) on 32-bit Windows. */
const IRP_LENGTH = 0x70;
const STACK_LOCATION_LENGTH = 0x24;
type IrpEvent = Extract<PlacedEvent, { kind: 'irp' }>;

const MULTIPLE_IRP_COMPLETE_REQUESTS = 0x44;
const always: CompletionConditions = { onSuccess: true, onError: true, onCancel: true };

export class IoCore implements IoManager {
  readonly kernel: Kernel;
  readonly files: FileObjects;
  readonly volumes: Volume[] = [];
  /** The reading of R-REDIRECT-4 that this simulation goes by. */
  reparseWithoutName: Stack['reparseWithoutName'] = 'same-name';
  /** Every process's handles; drivers' own are in it too. */
  readonly handles = new HandleTables();
  /** Requests that may be cancelled: those that a thread has issued and that are not delivered. */
  readonly outstanding = new Set<IrpRecord>();
  /** IRPs come from lookaside lists: an address is used again at once, by stack size. */
  private readonly freeAddresses = new Map<number, number[]>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.files = new FileObjects(this);
  }

  addVolume(volume: Volume): void {
    this.volumes.push(volume);
  }

  allocateIrp(top: DeviceObject, request: NewIrp): IrpRecord {
    const address =
      this.freeAddresses.get(top.stackSize)?.pop() ??
      this.kernel.allocateObject('Irp ', IRP_LENGTH + top.stackSize * STACK_LOCATION_LENGTH);
    const irp = new IrpRecord(address, top.stackSize, this.kernel.scheduler.current, request);
    this.kernel.debug?.created('irp', irp);
    return irp;
  }

  freeIrp(irp: Irp): void {
    this.kernel.debug?.gone('irp', irp);
    const addresses = this.freeAddresses.get(irp.stackCount);
    if (addresses === undefined) this.freeAddresses.set(irp.stackCount, [irp.address]);
    else addresses.push(irp.address);
  }

  callDriver(device: DeviceObject, irp: Irp): MaybeLater<NtStatus> {
    irp.currentLocation -= 1;
    const location = irp.stack[irp.currentLocation - 1];
    if (location === undefined) {
      throw new BugcheckSignal(BugCheck.NO_MORE_IRP_STACK_LOCATIONS, [hex(irp.address)]);
    }
    location.device = device;
    if (this.kernel.debug !== null) return this.callWatched(this.kernel.debug, device, irp);
    return this.dispatch(device, irp, location);
  }

  private dispatch(device: DeviceObject, irp: Irp, location: StackLocation): MaybeLater<NtStatus> {
    if (device.volume?.fileSystemDevice === device) this.traceIrp('dispatch', irp, location);
    const dispatch = device.driver.dispatch.get(location.majorFunction);
    return dispatch === undefined ? this.refuse(irp) : dispatch(device, irp);
  }

  /** The same with its place on the simulated call stack. */
  private callWatched(debug: DebugPort, device: DeviceObject, irp: Irp): MaybeLater<NtStatus> {
    const location = currentStackLocation(irp);
    const frame = debug.enter('nt!IofCallDriver', device.address, irp.address);
    debug.enter(
      dispatchRoutine(device.driver.name, location.majorFunction),
      device.address,
      irp.address,
    );
    return leaveWith(debug, frame, this.dispatch(device, irp, location));
  }

  copyToNext(irp: Irp): void {
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

  skipCurrentLocation(irp: Irp): void {
    irp.currentLocation += 1;
  }

  setCompletionRoutine(irp: Irp, routine: CompletionRoutine, on = always): void {
    const next = this.nextLocation(irp);
    next.completionRoutine = routine;
    next.control =
      (on.onSuccess ? Sl.SL_INVOKE_ON_SUCCESS : 0) |
      (on.onError ? Sl.SL_INVOKE_ON_ERROR : 0) |
      (on.onCancel ? Sl.SL_INVOKE_ON_CANCEL : 0);
  }

  markPending(irp: Irp): void {
    currentStackLocation(irp).control |= Sl.SL_PENDING_RETURNED;
  }

  completeRequest(irp: Irp): MaybeLater<void> {
    assert(irp instanceof IrpRecord, 'IRPs come from allocateIrp');
    if (irp.completed) {
      throw new BugcheckSignal(MULTIPLE_IRP_COMPLETE_REQUESTS, [hex(irp.address)]);
    }
    const { debug } = this.kernel;
    const frame = debug?.enter('nt!IopfCompleteRequest', irp.address, 0);
    irp.completed = true;
    irp.cancelRoutine = null;
    const location = irp.stack[irp.currentLocation - 1];
    if (location?.device && location.device.volume?.fileSystemDevice === location.device) {
      irp.fileSystemResult = { ...irp.ioStatus };
      this.traceIrp('complete', irp, location);
    }
    const walked = walkUp(irp);
    const done = isLater(walked)
      ? walked.then((arrived) => this.finishIf(arrived, irp))
      : this.finishIf(walked, irp);
    return leaveWith(debug, frame, done);
  }

  /** `arrived`: no completion routine has taken the request back. */
  private finishIf(arrived: boolean, irp: IrpRecord): MaybeLater<void> {
    if (arrived) return this.finish(irp);
    irp.completed = false;
  }

  setCancelRoutine(irp: Irp, routine: CancelRoutine | null): CancelRoutine | null {
    const before = irp.cancelRoutine;
    irp.cancelRoutine = routine;
    return before;
  }

  lockUserBuffer(irp: Irp, length: number): void {
    assert(irp instanceof IrpRecord, 'IRPs come from allocateIrp');
    if (irp.mdl !== null || irp.systemBuffer !== 0 || irp.userBuffer === 0) return;
    lockPages(this, irp, { buffer: irp.userBuffer, length });
  }

  async cancelIrp(irp: Irp): Promise<boolean> {
    irp.cancel = true;
    const routine = this.setCancelRoutine(irp, null);
    if (routine === null) return false;
    const done = routine(irp);
    if (done !== undefined) await done;
    return true;
  }

  openHandle(file: FileObject, grantedAccess: number, ofKernel: boolean): number {
    file.flags |= FileObjectFlag.FO_HANDLE_CREATED;
    if (ofKernel) return this.handles.insertKernel(file, grantedAccess);
    return this.handles.insert(this.kernel.scheduler.current.process, file, grantedAccess);
  }

  get services(): ServiceContext {
    return { io: this, handles: this.handles };
  }

  closeHandle(handle: number): MaybeLater<NtStatus> {
    return close({ io: this, handles: this.handles }, handle);
  }

  fileOfHandle(handle: number): FileObject | null {
    const found = this.handles.anyOf(this.kernel.scheduler.current.process, handle);
    return found?.file ?? null;
  }

  openFile(request: OpenRequest): MaybeLater<OpenResult> {
    return openFile(this, request);
  }

  referenceFile(file: FileObject): void {
    file.referenceCount += 1;
  }

  dereferenceFile(file: FileObject): MaybeLater<void> {
    return this.files.dereference(file);
  }

  cleanupFile(file: FileObject): MaybeLater<void> {
    return this.files.cleanup(file);
  }

  flushMapping(area: ControlArea): Promise<NtStatus> {
    return writeDirty(this, area);
  }

  attachDevice(device: DeviceObject, to: DeviceObject): void {
    assert(to.attached === null, 'a device is attached to the top of a stack');
    device.lower = to;
    to.attached = device;
    device.stackSize = to.stackSize + 1;
  }

  allocateObject(kind: 'device' | 'driver' | 'file' | 'irp', length: number): number {
    return this.kernel.allocateObject(objectTags[kind], length);
  }

  /** The second stage, in the current thread, which issued the request. */
  deliverHere(irp: IrpRecord): void {
    this.outstanding.delete(irp);
    const frame = this.kernel.debug?.enter('nt!IopCompleteRequest', irp.address);
    deliver(this.kernel, irp, (file) => this.files.releaseAtApcLevel(file));
    this.freeIrp(irp);
    this.kernel.debug?.leave(frame);
  }

  /** The first stage is over: the second runs where it has to. */
  private finish(irp: IrpRecord): MaybeLater<void> {
    if (irp.issuer === null) return;
    // The issuer is still in its call and does the rest itself, without an APC.
    if (irp.flags & IrpFlag.IRP_DEFER_IO_COMPLETION && !irp.pendingReturned) return;
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
    if (scheduler.apcDeliverable) return scheduler.deliverApcs();
  }

  private refuse(irp: Irp): MaybeLater<NtStatus> {
    irp.ioStatus.status = NtStatus.STATUS_INVALID_DEVICE_REQUEST;
    irp.ioStatus.information = 0;
    return andThen(
      this.completeRequest(irp),
      (): NtStatus => NtStatus.STATUS_INVALID_DEVICE_REQUEST,
    );
  }

  private nextLocation(irp: Irp): StackLocation {
    const next = irp.stack[irp.currentLocation - 2];
    if (next !== undefined) return next;
    throw new BugcheckSignal(BugCheck.NO_MORE_IRP_STACK_LOCATIONS, [hex(irp.address)]);
  }

  private traceIrp(phase: 'dispatch' | 'complete', irp: Irp, location: StackLocation): void {
    const { fileObject } = location;
    // Written key by key, as the events of callbacks are.
    const event: IrpEvent = {
      seq: 0,
      kind: 'irp',
      actor: '',
      step: '',
      thread: '',
      phase,
      irp: hex(irp.address),
      device: location.device?.name ?? '',
      major: irpMajorName(location.majorFunction),
      minor: location.minorFunction,
    };
    if (fileObject !== null) event.file = displayNameOf(fileObject);
    if (phase === 'complete') {
      event.status = irp.ioStatus.status >>> 0;
      event.information = irp.ioStatus.information;
    }
    this.kernel.trace.emitPlaced(event);
  }
}

const objectTags = { device: 'Devi', driver: 'Driv', file: 'File', irp: 'Irp ' } as const;
