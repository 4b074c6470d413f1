// I/O request packets: what the I/O manager, the Filter Manager and the file system hand each other.
// Field names are those of wdm.h and ntifs.h in camelCase; layouts are driver/'s business.
import type { NtStatus } from '../../contract/windows/index.ts';
import type { Thread } from '../kernel/thread.ts';
import type { DeviceObject } from './deviceObject.ts';
import type { FileObject } from './fileObject.ts';

export interface IoStatusBlock {
  status: NtStatus;
  /** Bytes, or the meaning that the operation gives it. */
  information: number;
}

/** A memory descriptor list: a range of bytes that stays reachable from any process. */
export interface Mdl {
  /** Where the range lies; a system-space alias of it when `lockedFrom` is a user address. */
  readonly address: number;
  readonly length: number;
}

/**
 * IO_STACK_LOCATION.Parameters, by operation, and those of the operations that only ever come as a
 * call. Offsets and sizes are exact up to 2^53.
 */
export type IrpParameters =
  | {
      readonly kind: 'create';
      /** IO_SECURITY_CONTEXT.DesiredAccess, generic rights mapped already. */
      desiredAccess: number;
      /** Create options in the low 24 bits, disposition in the high 8. */
      options: number;
      fileAttributes: number;
      shareAccess: number;
      /** FILE_FULL_EA_INFORMATION list, or empty. */
      ea: Uint8Array;
      allocationSize: number;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'read' | 'write'; length: number; key: number; byteOffset: number }
  | { readonly kind: 'notify-directory'; length: number; completionFilter: number }
  | {
      readonly kind: 'query-directory';
      length: number;
      fileName: string | null;
      fileInformationClass: number;
      fileIndex: number;
    }
  | { readonly kind: 'query-information'; length: number; fileInformationClass: number }
  | {
      readonly kind: 'set-information';
      length: number;
      fileInformationClass: number;
      /** The target's parent, opened by the I/O manager for renames and links that need it. */
      parentOfTarget: FileObject | null;
      replaceIfExists: boolean;
    }
  | {
      readonly kind: 'query-security';
      length: number;
      securityInformation: number;
      /**
       * Where the file system puts its answer, shared by the copies of these parameters. Differs:
       * decoded, because descriptors never cross as bytes.
       */
      readonly answer: { dacl: readonly AccessEntry[] | null };
    }
  | { readonly kind: 'set-security'; securityInformation: number; dacl: readonly AccessEntry[] }
  | {
      readonly kind: 'fs-control';
      outputBufferLength: number;
      inputBufferLength: number;
      fsControlCode: number;
    }
  | {
      readonly kind: 'query-ea';
      length: number;
      /** FILE_GET_EA_INFORMATION list, or empty. */
      eaList: Uint8Array;
      /** Good with SL_INDEX_SPECIFIED; 1 is the first. */
      eaIndex: number;
    }
  | { readonly kind: 'set-ea'; length: number }
  // Of FSFilter operations, which have no IRP: R-SECTION-2.
  | { readonly kind: 'acquire-section'; syncType: number; pageProtection: number }
  | { readonly kind: 'acquire-mod-write'; endingOffset: number }
  | {
      readonly kind: 'lock';
      length: number;
      key: number;
      byteOffset: number;
      failImmediately: boolean;
      exclusive: boolean;
      /** Offset and length as asked for, in all 64 bits; good while the numbers are the same. */
      readonly exact: { readonly byteOffset: bigint; readonly length: bigint };
    }
  | {
      readonly kind: 'device-control';
      outputBufferLength: number;
      inputBufferLength: number;
      ioControlCode: number;
      readonly inputBuffer: number;
    }
  | {
      readonly kind: 'fast-io-check-if-possible';
      byteOffset: number;
      length: number;
      key: number;
      checkForRead: boolean;
    }
  | { readonly kind: 'network-query-open'; readonly irp: number }
  | {
      readonly kind: 'query-open';
      readonly irp: number;
      /** Where the length of the buffer stands, and that of what was written afterwards. */
      readonly lengthAddress: number;
      readonly length: number;
      fileInformationClass: number;
    }
  | {
      readonly kind: 'mdl-read' | 'prepare-mdl-write';
      byteOffset: number;
      length: number;
      key: number;
    }
  | { readonly kind: 'mdl-read-complete' }
  | { readonly kind: 'mdl-write-complete'; byteOffset: number };

/** One ACE, decoded: security descriptors never cross the model as bytes. */
export interface AccessEntry {
  readonly sid: string;
  readonly type: 'allow' | 'deny';
  readonly mask: number;
  readonly flags: number;
}

/** Called on the way up; `more-processing-required` stops the completion until it is resumed. */
export type CompletionRoutine = (irp: Irp) => CompletionVerdict | Promise<CompletionVerdict>;
export type CompletionVerdict = 'continue' | 'more-processing-required';

export interface StackLocation {
  majorFunction: number;
  minorFunction: number;
  /** SL_… of the operation, for instance SL_WATCH_TREE. */
  flags: number;
  /** SL_PENDING_RETURNED and SL_INVOKE_ON_…. */
  control: number;
  parameters: IrpParameters;
  device: DeviceObject | null;
  fileObject: FileObject | null;
  completionRoutine: CompletionRoutine | null;
}

/**
 * Cancels the request: takes it off whatever queue holds it and completes it with STATUS_CANCELLED.
 * Called once, with `irp.cancel` set.
 */
export type CancelRoutine = (irp: Irp) => void | Promise<void>;

export interface Irp {
  /** Its address in the simulated kernel: what a debugger prints. */
  readonly address: number;
  /** IRP_…: IRP_BUFFERED_IO, IRP_DEALLOCATE_BUFFER …; the priority hint in bits 17 to 19. */
  flags: number;
  mdl: Mdl | null;
  /** AssociatedIrp.SystemBuffer: pool, or 0. */
  systemBuffer: number;
  /** Bytes of pool behind `systemBuffer`. */
  systemBufferLength: number;
  /** The caller's own address, or 0. */
  userBuffer: number;
  readonly requestorMode: 'user' | 'kernel';
  /** The thread that issued it: its APC finishes the request. */
  readonly thread: Thread;
  readonly ioStatus: IoStatusBlock;
  pendingReturned: boolean;
  cancel: boolean;
  cancelRoutine: CancelRoutine | null;
  /** Index 0 is the lowest driver's; `currentLocation` is 1-based as in Windows, stackCount + 1 at first. */
  readonly stackCount: number;
  currentLocation: number;
  readonly stack: StackLocation[];
  /** Reparse data of a create that ended in STATUS_REPARSE with a tag (Tail.Overlay.AuxiliaryBuffer). */
  auxiliaryBuffer: Uint8Array | null;
  /**
   * Where on the device's own ground the request begins, for the driver that sent it: the Filter Manager
   * marks a filter's own I/O with the instance below which it starts (R-FLT-27). Null for all others.
   */
  readonly entry: object | null;
  /** Set once IoCompleteRequest has begun; a second completion is our bug or the driver's. */
  completed: boolean;
}

/** The stack location of the driver that is being called. */
export function currentStackLocation(irp: Irp): StackLocation {
  const location = irp.stack[irp.currentLocation - 1];
  if (location === undefined) throw new RangeError('the IRP is not at any stack location');
  return location;
}
