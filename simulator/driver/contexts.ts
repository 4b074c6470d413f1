// Filter contexts: memory of the driver's own, reference-counted, hung onto a volume, an instance, a
// stream, a file or an open. Models: FLT_CONTEXT_REGISTRATION, FltAllocateContext and the Set, Get and
// Delete families; R-FLT-25.
// Differs: file contexts live as stream contexts do (the model has one stream context list per file).
import { FltContextType, NtStatus } from '../../contract/windows/index.ts';
import type { FltVolume, Instance } from '../filter-manager/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import { andThen, type MaybeLater } from '../kernel/later.ts';
import { ContextRegistrationLayout as Layout } from './layout.ts';
import { captureStack } from './places.ts';
import type { Room } from './room.ts';
import { tagText } from './driverPool.ts';
import type { CallbackInProgress } from './threads.ts';

interface ContextKind {
  readonly type: number;
  /** FLT_VARIABLE_SIZED_CONTEXTS is -1. */
  readonly size: number;
  readonly flags: number;
  readonly tag: number;
  readonly cleanup: number;
}

/** What a context hangs on: the instance (or the volume) and the object. */
interface Place {
  readonly owner: Instance | FltVolume;
  readonly object: object;
}

interface Context {
  readonly address: number;
  readonly kind: ContextKind;
  references: number;
  place: Place | null;
  readonly stack: Error;
}

const VARIABLE_SIZE = 0xffffffff;
const NO_EXACT_SIZE_MATCH = 1;
const KEEP_IF_EXISTS = 1;
const PAGED_POOL_BIT = 1;

export class Contexts {
  private readonly room: Room;
  private readonly kinds: ContextKind[] = [];
  private readonly byAddress = new Map<number, Context>();
  /** Owner → object → type → context. */
  private readonly attached = new Map<object, Map<object, Map<number, Context>>>();

  constructor(room: Room) {
    this.room = room;
  }

  /** Reads the array that FLT_REGISTRATION.ContextRegistration points to. */
  register(array: number): void {
    if (array === 0) return;
    const { memory } = this.room;
    for (let at = array; ; at += Layout.length) {
      this.room.probe(at, 2, false, 'FltRegisterFilter');
      const type = memory.read16(at + Layout.ContextType);
      if (type === FltContextType.FLT_CONTEXT_END) return;
      this.room.probe(at, Layout.length, false, 'FltRegisterFilter');
      this.kinds.push({
        type,
        size: memory.read32(at + Layout.Size),
        flags: memory.read16(at + Layout.Flags),
        tag: memory.read32(at + Layout.PoolTag),
        cleanup: memory.read32(at + Layout.ContextCleanupCallback),
      });
    }
  }

  /** References that each callback under way has got and not given back, by context. */
  private readonly taken = new WeakMap<CallbackInProgress, Map<Context, number>>();

  private note(context: Context, change: 1 | -1): void {
    const callback = this.room.threads.current?.callbacks.at(-1);
    if (callback === undefined) return;
    let counts = this.taken.get(callback);
    if (counts === undefined) this.taken.set(callback, (counts = new Map()));
    counts.set(context, (counts.get(context) ?? 0) + change);
  }

  /**
   * A routine is given memory inside a context. Whoever got it in this callback and has given the
   * reference back may not use it any more: another thread may close the file at any moment.
   */
  noticeUse(address: number, routine: string): void {
    const callback = this.room.threads.current?.callbacks.at(-1);
    const counts = callback && this.taken.get(callback);
    if (counts === undefined) return;
    const block = this.room.kernel.pool.blockAt(address);
    const context = block === null ? undefined : this.byAddress.get(block.address);
    if (context === undefined || counts.get(context) !== 0) return;
    this.room.kernel.report({
      id: 'context-after-release',
      message:
        `${routine} is given a part of the context 0x${context.address.toString(16).padStart(8, '0')} ` +
        'after FltReleaseContext: nothing keeps it from being freed meanwhile.',
    });
  }

  /** FltAllocateContext: the new context's address, or why not. */
  allocate(type: number, size: number, poolType: number): number | NtStatus {
    const kind = this.kinds.find((one) => one.type === type && fits(one, size));
    if (kind === undefined) return NtStatus.STATUS_FLT_CONTEXT_ALLOCATION_NOT_FOUND;
    const { kernel, input } = this.room;
    const paged = (poolType & PAGED_POOL_BIT) !== 0;
    if (type === FltContextType.FLT_VOLUME_CONTEXT && paged) {
      return NtStatus.STATUS_FLT_MUST_BE_NONPAGED_POOL;
    }
    const address = kernel.pool.allocate(
      paged ? 'paged' : 'nonpaged',
      size,
      tagText(kind.tag),
      input.name,
    );
    const context = { address, kind, references: 1, place: null, stack: captureStack() };
    this.byAddress.set(address, context);
    this.note(context, 1);
    return address;
  }

  /** Whether it is a context of that type; one that is none at all is told when it is used. */
  isOf(address: number, type: number): boolean {
    const context = this.byAddress.get(address);
    return context === undefined || context.kind.type === type;
  }

  reference(address: number): void {
    const context = this.find(address, 'FltReferenceContext');
    if (context === null) return;
    context.references += 1;
    this.note(context, 1);
  }

  /** Runs the driver's cleanup callback when the last reference goes. */
  async release(address: number): Promise<void> {
    const context = this.find(address, 'FltReleaseContext');
    if (context === null) return;
    this.note(context, -1);
    await this.drop(context);
  }

  private find(address: number, routine: string): Context | null {
    const context = this.byAddress.get(address);
    if (context !== undefined) return context;
    this.room.kernel.report({
      id: 'bad-handle',
      message:
        `${routine} was given 0x${address.toString(16).padStart(8, '0')}, which is no context ` +
        'that has references left.',
    });
    return null;
  }

  private async drop(context: Context): Promise<void> {
    context.references -= 1;
    if (context.references > 0) return;
    const { room } = this;
    const { cleanup, type } = context.kind;
    if (cleanup !== 0) {
      const place = room.placeOfRoutine(cleanup);
      await room.call(cleanup, { kind: 'other', data: null, place }, () => [context.address, type]);
    }
    this.byAddress.delete(context.address);
    room.kernel.pool.free(context.address);
  }

  /**
   * FltSet…Context. `old` receives the context that was there, with a reference for the caller (the
   * existing one with KEEP_IF_EXISTS, the replaced one else); it is not called when `wantsOld` is
   * false.
   */
  async set(
    place: Place,
    operation: number,
    address: number,
    old: ((address: number) => void) | null,
  ): Promise<NtStatus> {
    const context = this.find(address, 'FltSet…Context');
    if (context === null) return NtStatus.STATUS_INVALID_PARAMETER;
    if (context.place !== null) return NtStatus.STATUS_FLT_CONTEXT_ALREADY_LINKED;
    const slot = this.slot(place);
    const existing = slot.get(context.kind.type);
    if (existing !== undefined && operation === KEEP_IF_EXISTS) {
      if (old !== null) {
        existing.references += 1;
        old(existing.address);
      }
      return NtStatus.STATUS_FLT_CONTEXT_ALREADY_DEFINED;
    }
    slot.set(context.kind.type, context);
    context.place = place;
    context.references += 1;
    if (existing !== undefined) {
      existing.place = null;
      // The list's own reference goes to the caller who asked for the old context.
      if (old === null) await this.drop(existing);
      else old(existing.address);
    } else {
      old?.(0);
    }
    return NtStatus.STATUS_SUCCESS;
  }

  private slot({ owner, object }: Place): Map<number, Context> {
    let objects = this.attached.get(owner);
    if (objects === undefined) this.attached.set(owner, (objects = new Map()));
    let slot = objects.get(object);
    if (slot === undefined) objects.set(object, (slot = new Map()));
    return slot;
  }

  /** FltGet…Context: 0 when there is none; else with a new reference. */
  get({ owner, object }: Place, type: number): number {
    const context = this.attached.get(owner)?.get(object)?.get(type);
    if (context === undefined) return 0;
    context.references += 1;
    this.note(context, 1);
    return context.address;
  }

  /** FltDelete…Context. */
  async remove({ owner, object }: Place, type: number): Promise<boolean> {
    const slot = this.attached.get(owner)?.get(object);
    const context = slot?.get(type);
    if (slot === undefined || context === undefined) return false;
    slot.delete(type);
    await this.detach(context);
    return true;
  }

  /** FltDeleteContext: takes it off whatever it hangs on; the caller keeps its own reference. */
  async unlink(address: number): Promise<void> {
    const context = this.find(address, 'FltDeleteContext');
    if (context === null || context.place === null) return;
    await this.remove(context.place, context.kind.type);
  }

  private async detach(context: Context): Promise<void> {
    context.place = null;
    await this.drop(context);
  }

  /** A file object has been closed: contexts of the open go; those of its stream with the last open. */
  fileClosed(file: FileObject, stream: object | null): MaybeLater<void> {
    return andThen(this.forgetObject(file), () => {
      if (stream === null || !this.isAttached(stream)) return;
      const others = file.device.volume?.openFiles ?? [];
      for (const other of others) if (other !== file && other.fsContext === stream) return;
      return this.forgetObject(stream);
    });
  }

  /** Whether any context hangs on it. */
  private isAttached(object: object): boolean {
    for (const objects of this.attached.values()) if (objects.has(object)) return true;
    return false;
  }

  private forgetObject(object: object): MaybeLater<void> {
    return this.isAttached(object) ? this.detachAll(object) : undefined;
  }

  private async detachAll(object: object): Promise<void> {
    for (const objects of this.attached.values()) {
      const slot = objects.get(object);
      if (slot === undefined) continue;
      objects.delete(object);
      for (const context of [...slot.values()]) await this.detach(context);
    }
  }

  /** Everything that an instance or a volume owns goes. */
  async forgetOwner(owner: Instance | FltVolume): Promise<void> {
    const objects = this.attached.get(owner);
    if (objects === undefined) return;
    this.attached.delete(owner);
    for (const slot of objects.values()) {
      for (const context of [...slot.values()]) await this.detach(context);
    }
  }

  /** After FltUnregisterFilter: what has references left was never released. */
  async forgetAll(): Promise<void> {
    for (const owner of [...this.attached.keys()]) {
      await this.forgetOwner(owner as Instance | FltVolume);
    }
    for (const { address, kind, references, stack } of this.byAddress.values()) {
      this.room.kernel.report({
        id: 'object-leak',
        message:
          `The context 0x${address.toString(16).padStart(8, '0')} of type 0x${kind.type.toString(16)}, ` +
          `allocated here, still has ${references} reference(s) after the filter has unregistered.`,
        stack: this.room.placesOf(stack),
      });
    }
  }

  /** What a stream's contexts hang on: the file system's own record of it. */
  static streamOf(file: FileObject): object | null {
    return file.fsContext;
  }
}

function fits({ size, flags }: ContextKind, wanted: number): boolean {
  if (size === VARIABLE_SIZE) return true;
  return (flags & NO_EXACT_SIZE_MATCH) !== 0 ? wanted <= size : wanted === size;
}
