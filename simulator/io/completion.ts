// The two stages of completing a request: up through the completion routines in whatever thread
// completes it, then the rest in the thread that issued it.
import {
  FileObjectFlag,
  IrpFlag,
  ntError,
  ntSuccess,
  StackLocation as Sl,
} from '../../contract/windows/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { FileObject } from './fileObject.ts';
import type { MaybeLater } from '../kernel/later.ts';
import type { CompletionVerdict, StackLocation } from './irp.ts';
import type { IrpRecord } from './irpRecord.ts';

/**
 * Calls the completion routines from the current location up. False when one of them has taken the
 * request back. Models: IoCompleteRequest, the loop over the stack locations; R-IO-21.
 */
export function walkUp(irp: IrpRecord): MaybeLater<boolean> {
  while (irp.currentLocation <= irp.stackCount) {
    const passed = irp.stack[irp.currentLocation - 1] as StackLocation;
    irp.currentLocation += 1;
    irp.pendingReturned = (passed.control & Sl.SL_PENDING_RETURNED) !== 0;
    const routine = passed.completionRoutine;
    if (routine !== null && isInvoked(passed.control, irp)) {
      passed.completionRoutine = null;
      const told = routine(irp);
      if (typeof told !== 'string') return walkUpAfter(irp, told);
      if (told === 'more-processing-required') return false;
    } else if (irp.pendingReturned) {
      const above = irp.stack[irp.currentLocation - 1];
      if (above !== undefined) above.control |= Sl.SL_PENDING_RETURNED;
    }
  }
  return true;
}

async function walkUpAfter(irp: IrpRecord, told: Promise<CompletionVerdict>): Promise<boolean> {
  return (await told) === 'more-processing-required' ? false : walkUp(irp);
}

function isInvoked(control: number, irp: IrpRecord): boolean {
  const wanted = ntSuccess(irp.ioStatus.status) ? Sl.SL_INVOKE_ON_SUCCESS : Sl.SL_INVOKE_ON_ERROR;
  return (control & wanted) !== 0 || (irp.cancel && (control & Sl.SL_INVOKE_ON_CANCEL) !== 0);
}

/**
 * The second stage, in the issuing thread: the system buffer becomes the caller's, the status block
 * is written, the event set. Models: R-IO-20, R-IO-21, R-NOTIFY-55; what the special kernel APC does.
 * IRQL: APC_LEVEL, so the reference is given back by `release` without sending anything.
 */
export function deliver(kernel: Kernel, irp: IrpRecord, release: (file: FileObject) => void): void {
  copyBuffers(kernel, irp);
  const { issuer } = irp;
  if (issuer !== null && resultIsWritten(irp, issuer.fileObject)) {
    if (issuer.iosb !== null) {
      issuer.iosb.status = irp.ioStatus.status;
      issuer.iosb.information = irp.ioStatus.information;
      issuer.iosb.written = true;
    }
    issuer.event?.set();
  }
  irp.delivered = true;
  irp.deliveredEvent?.set();
  issuer?.onDelivered?.(irp.isChangedAbove);
  if (issuer !== null) release(issuer.fileObject);
}

/**
 * An error leaves the status block alone, unless the request had been pending on a file object opened
 * for asynchronous I/O. Models: R-IO-1, R-NOTIFY-7.
 */
function resultIsWritten(irp: IrpRecord, file: FileObject): boolean {
  if (!ntError(irp.ioStatus.status)) return true;
  return irp.pendingReturned && (file.flags & FileObjectFlag.FO_SYNCHRONOUS_IO) === 0;
}

function copyBuffers(kernel: Kernel, irp: IrpRecord): void {
  const { memory, pool } = kernel;
  const { status, information } = irp.ioStatus;
  if (irp.flags & IrpFlag.IRP_BUFFERED_IO && irp.systemBuffer !== 0) {
    const fills = (irp.flags & IrpFlag.IRP_INPUT_OPERATION) !== 0 && !ntError(status);
    if (fills && irp.userBuffer !== 0 && information > 0) copyToCaller(kernel, irp, information);
    if (irp.flags & IrpFlag.IRP_DEALLOCATE_BUFFER) {
      pool.free(irp.systemBuffer);
      irp.systemBuffer = 0;
    }
  }
  const { ownMdl } = irp;
  if (ownMdl !== null) {
    const alias = memory.bytes(ownMdl.address, ownMdl.length);
    memory.bytes(irp.userBuffer, ownMdl.length).set(alias);
    pool.free(ownMdl.address);
  }
}

function copyToCaller(kernel: Kernel, irp: IrpRecord, information: number): void {
  const { memory, trace } = kernel;
  const length = Math.min(information, irp.systemBufferLength);
  memory.bytes(irp.userBuffer, length).set(memory.bytes(irp.systemBuffer, length));
  if (irp.systemBuffer === irp.ownSystemBuffer) return;
  // A buffer that came into being below: the moment at which the caller's own one is filled.
  trace.emit({
    kind: 'copy-to-user',
    rules: ['R-NOTIFY-55', 'R-IO-21'],
    irp: hex(irp.address),
    process: irp.thread.process.name,
    address: hex(irp.userBuffer),
    length,
  });
}

export const hex = (address: number): string => `0x${address.toString(16)}`;
