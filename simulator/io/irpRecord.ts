// What the I/O manager keeps of an IRP beside what drivers see of it.
import { NtStatus } from '../../contract/windows/index.ts';
import type { KernelEvent } from '../kernel/kernel.ts';
import type { Thread } from '../kernel/thread.ts';
import type { FileObject } from './fileObject.ts';
import type { NewIrp } from './ioManager.ts';
import type { CancelRoutine, IoStatusBlock, Irp, Mdl, StackLocation } from './irp.ts';

/** A caller's I/O status block; `written` tells "untouched" from a status of 0. */
export interface CallerIosb extends IoStatusBlock {
  written: boolean;
}

export const newIosb = (): CallerIosb => ({
  status: NtStatus.STATUS_SUCCESS,
  information: 0,
  written: false,
});

/** Who gets the result of a request, in the thread that issued it. */
export interface Issuer {
  readonly fileObject: FileObject;
  readonly iosb: CallerIosb | null;
  readonly event: KernelEvent | null;
  /** After buffer, status block and event have been seen to. */
  readonly onDelivered: OnDelivered | null;
}

/** `changedAbove`: a filter gave the request another result than the file system had. */
export type OnDelivered = (changedAbove: boolean) => void;

export class IrpRecord implements Irp {
  readonly address: number;
  flags: number;
  mdl: Mdl | null = null;
  systemBuffer: number;
  systemBufferLength: number;
  userBuffer: number;
  readonly requestorMode: 'user' | 'kernel';
  readonly thread: Thread;
  readonly ioStatus: IoStatusBlock = { status: NtStatus.STATUS_SUCCESS, information: 0 };
  pendingReturned = false;
  cancel = false;
  cancelRoutine: CancelRoutine | null = null;
  readonly stackCount: number;
  currentLocation: number;
  readonly stack: StackLocation[];
  auxiliaryBuffer: Uint8Array | null = null;
  readonly entry: object | null;
  completed = false;

  /** Null for requests that a driver allocated for itself. */
  issuer: Issuer | null = null;
  /** The system buffer that the I/O manager allocated; any other came later (R-NOTIFY-55). */
  readonly ownSystemBuffer: number;
  /** The MDL that the I/O manager made for direct I/O. */
  ownMdl: Mdl | null = null;
  /** What the file system completed it with; null while it has not, or where a filter did. */
  fileSystemResult: IoStatusBlock | null = null;
  /** The result has been handed to the issuer. */
  delivered = false;
  /** Set when the result is delivered; made only when somebody waits. */
  deliveredEvent: KernelEvent | null = null;

  constructor(address: number, stackCount: number, thread: Thread, request: NewIrp) {
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
    this.stack = new Array<StackLocation>(stackCount);
    for (let place = 0; place < stackCount; place += 1) this.stack[place] = emptyLocation();
    const top = this.stack[stackCount - 1];
    if (top === undefined) return;
    top.majorFunction = request.majorFunction;
    top.minorFunction = request.minorFunction ?? 0;
    top.flags = request.flags ?? 0;
    top.parameters = request.parameters;
    top.fileObject = request.fileObject;
  }

  /** The result is not, or no longer, the file system's. */
  get isChangedAbove(): boolean {
    const { fileSystemResult: below, ioStatus } = this;
    return below?.status !== ioStatus.status || below.information !== ioStatus.information;
  }

  /** IoGetNextIrpStackLocation; undefined when there is none. */
  get nextLocation(): StackLocation | undefined {
    return this.stack[this.currentLocation - 2];
  }
}

const noParameters = { kind: 'none' } as const;

const emptyLocation = (): StackLocation => ({
  majorFunction: 0,
  minorFunction: 0,
  flags: 0,
  control: 0,
  parameters: noParameters,
  device: null,
  fileObject: null,
  completionRoutine: null,
});
