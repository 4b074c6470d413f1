// The records of one operation on its way through a frame: IRP_CTRL, FLT_CALLBACK_DATA,
// FLT_IO_PARAMETER_BLOCK and the completion nodes. Names are those of fltKernel.h and of the fltkd
// extension; where they lie in memory is known here, what bytes they become only to driver/.
import type { SourcePlace } from '../../contract/finding.ts';
import type { ShownParameters } from './parameters.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { IoStatusBlock, Irp, IrpParameters, Mdl } from '../io/irp.ts';
import type { KernelEvent } from '../kernel/kernel.ts';
import type { Thread } from '../kernel/thread.ts';
import type { NtStatus } from '../../contract/windows/index.ts';
import type { Profile } from '../windows/profile.ts';
import type {
  FltVolume,
  Instance,
  OperationCallbacks,
  PreResult,
  RelatedObjects,
} from './filter.ts';

/** FLT_PARAMETERS: what the operation says, and the buffers that it names. */
export interface FltParameters {
  readonly operation: IrpParameters;
  /** DirectoryBuffer, ReadBuffer, InfoBuffer, OutputBuffer …: an address as the layer above gave it. */
  readonly buffer: number;
  readonly mdl: Mdl | null;
}

/**
 * FLT_IO_PARAMETER_BLOCK. A value: a change is a new block, so that a snapshot is a reference and
 * "changed" is "another block".
 */
export interface IoParameterBlock {
  readonly irpFlags: number;
  readonly majorFunction: number;
  readonly minorFunction: number;
  /** SL_…. */
  readonly operationFlags: number;
  readonly targetFileObject: FileObject | null;
  readonly targetInstance: Instance | null;
  readonly parameters: FltParameters;
}

/** Which of the three kinds of operation this is; exactly one flag says so (R-FLT-16). */
export type OperationPath = 'irp' | 'fast-io' | 'fs-filter';

export interface CallbackData {
  /** PFLT_CALLBACK_DATA. */
  readonly address: number;
  readonly operation: Operation;
  /** FLTFL_CALLBACK_DATA_…; DIRTY only while a pre-operation runs. */
  flags: number;
  readonly thread: Thread;
  /** Where Iopb points: the working block in pre-operations, the node's own in post (R-FLT-10). */
  iopbAddress: number;
  iopb: IoParameterBlock;
  readonly ioStatus: IoStatusBlock;
  /** Reparse data of a create that ended in STATUS_REPARSE with a tag (TagData); null for none. */
  tagData: Uint8Array | null;
  readonly requestorMode: 'user' | 'kernel';
  /** FilterContext[4] or QueueContext[2], the owner's at any time (R-FLT-15). */
  readonly filterContext: [number, number, number, number];
}

/** COMPLETION_NODE: one post-operation owed, with the parameters its own pre-operation received. */
export interface CompletionNode {
  readonly address: number;
  readonly operation: Operation;
  readonly instance: Instance;
  readonly callbacks: OperationCallbacks;
  readonly objects: RelatedObjects;
  /** DataSnapshot (R-FLT-9). */
  readonly snapshot: IoParameterBlock;
  readonly completionContext: number;
  /** The post-operation is certain to run in the thread of the request: SYNCHRONIZE, and every create. */
  readonly synchronized: boolean;
  /** The MDL that the pre-operation put in, which the Filter Manager frees afterwards (R-FLT-13). */
  readonly swappedMdl: Mdl | null;
  /** The pre-operation put a buffer of its own in: it cannot be drained (R-NOTIFY-61). */
  readonly swappedBuffer: boolean;
}

/** A thread that waits for the completion to come up to it: SYNCHRONIZE, and every create. */
export interface WaitPoint {
  readonly event: KernelEvent;
  /** Nodes up to this index, and what follows them, belong to the waiting thread. */
  readonly nodeIndex: number;
}

/** IRP_CTRL. */
export interface Operation {
  readonly address: number;
  /** "o12": the same in the events of all its callbacks. */
  readonly id: string;
  readonly path: OperationPath;
  /** A driver takes part in it: only then is it told in the trace, neighbours' callbacks included. */
  readonly told: boolean;
  /** Where it arrived (IRP_CALL_CTRL.Volume). */
  readonly volume: FltVolume;
  /** Whose device below it is sent to (IRP_CTRL.DeviceObject): another one after redirection. */
  goesTo: FltVolume;
  /** The pre-operation that changed TargetInstance last; null while nobody has. */
  redirectedIn: Hold | null;
  /** Null for fast I/O, and for a filter's own callback data that is not under way. */
  irp: Irp | null;
  /** The instance that FltAllocateCallbackData made it for; null for what arrived from above. */
  readonly own: Instance | null;
  readonly data: CallbackData;
  /** The instances that it goes through, highest first; those of `goesTo`. */
  instances: readonly Instance[];
  /** A post-operation has thrown the answer away (FLT_POSTOP_DISALLOW_FSFILTER_IO). */
  disallowed: boolean;
  /** The next instance whose pre-operation runs. */
  nextInstance: number;
  /** Used nodes still to run; index 0 belongs to the highest instance (R-FLT-11). */
  readonly nodes: CompletionNode[];
  /** The working block as it went down, once post-operations have begun; null before. */
  working: IoParameterBlock | null;
  /** A pre-operation changed the parameters and said so. */
  parametersChanged: boolean;
  readonly waitPoints: WaitPoint[];
  /** What the request carried on the way down, to tell a new system buffer (R-NOTIFY-57) … */
  readonly systemBufferGoingDown: number;
  /** … and to give the request back as it came where a filter swapped something. */
  readonly userBufferGoingDown: number;
  readonly mdlGoingDown: Mdl | null;
  /** FileObject->FileName as the operation arrived: a redirection has to change it (R-REDIRECT-4). */
  readonly nameGoingDown: string | null;
  swapped: boolean;
  /** User buffers that FltLockUserBuffer locked: the alias and the address it stands for. */
  readonly locked: { readonly mdl: Mdl; readonly userAddress: number }[];
  /**
   * Pool blocks that driver/ hangs onto the operation, by use: what its parameters point to and the
   * model keeps decoded (a name, a security context). Freed with it.
   */
  readonly sideBlocks: Map<string, number>;
  /** FltRequestOperationStatusCallback: told what the dispatch returned, once it is known. */
  readonly statusCallbacks: ((status: NtStatus) => Promise<void>)[];
  /** IoMarkIrpPending was called here, so the dispatch returns STATUS_PENDING (R-IO-21). */
  markedPending: boolean;
  /** What events show of its parameters, while those are `of`; null until one is told. */
  shown: { readonly of: FltParameters; readonly as: ShownParameters } | null;
  /** What FltIsIoRedirectionAllowedForOperation was last asked for it, and answered. */
  askedRedirection: { readonly to: Instance; readonly allowed: boolean } | null;
  /** Set while an instance holds the operation back; null while the Filter Manager carries it. */
  hold: Hold | null;
  /** Set when it has ended: what the dispatch returns if nobody marked the IRP pending. */
  finalStatus: NtStatus | null;
}

/** An instance that pended an operation in its pre- or post-operation, or that may be about to. */
export interface Hold {
  readonly phase: 'pre' | 'post';
  readonly instance: Instance;
  readonly callbacks: OperationCallbacks;
  readonly objects: RelatedObjects;
  /** The block that the callback received. */
  readonly iopb: IoParameterBlock;
  /** What a post-operation found in IoStatus; null in a pre-operation. */
  readonly found: IoStatusBlock | null;
  /** The node whose post-operation it is; null in a pre-operation. */
  readonly node: CompletionNode | null;
  /** Where the driver said that it had changed the target; null where it did not, or cannot say. */
  changedAt: readonly SourcePlace[] | null;
  /** "running" until the callback has returned; then "held". */
  state: 'running' | 'held';
  /**
   * FltCompletePended… was called before the callback returned: its arguments wait for that return,
   * so that the operation never runs on while its callback does.
   */
  early: PreResult | null;
}

/** Where the parts of an IRP_CTRL lie (x86; abi.md section 5). */
export interface IrpCtrlLayout {
  readonly callbackData: number;
  readonly workingIopb: number;
  readonly nodes: number;
  readonly nodeLength: number;
  readonly nodeSnapshot: number;
}

const windows7: IrpCtrlLayout = {
  callbackData: 0x60,
  workingIopb: 0x8c,
  nodes: 0xb8,
  nodeLength: 0x48,
  nodeSnapshot: 0x18,
};
const windowsXp: IrpCtrlLayout = {
  callbackData: 0x5c,
  workingIopb: 0x88,
  nodes: 0xb4,
  nodeLength: 0x48,
  nodeSnapshot: 0x18,
};

/**
 * Known for XP and Windows 7 from transcripts. Differs: the versions between and after are taken to
 * be like the nearer one of the two, which no transcript shows.
 */
export const irpCtrlLayout = (profile: Profile): IrpCtrlLayout =>
  profile.irpCtrl === 'xp' ? windowsXp : windows7;
