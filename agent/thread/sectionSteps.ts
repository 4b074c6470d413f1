// The steps about sections and mapped memory. Memory is read and written through the native API, so
// that a page that cannot be brought in is a status and not the end of the process.
import type { ActingStep } from '../../contract/expandWorkload.ts';
import { NtStatus, ntError } from '../../contract/windows/index.ts';
import { withArena } from '../native/arena.ts';
import { largeInteger, NULL_ADDRESS, POINTER_BYTES } from '../native/layouts.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import { encodeBytes } from './encodeBytes.ts';
import type { MappedView, NativeOutcome, NativeStep } from './messages.ts';
import { readHandle } from './requests.ts';

type Do = 'create-section' | 'map-view' | 'unmap-view' | 'read-view' | 'write-view' | 'flush-view';
type Performers = {
  readonly [Kind in Do]: (
    native: NativeApi,
    step: Extract<ActingStep, { do: Kind }>,
    names: Omit<NativeStep, 'step'>,
  ) => NativeOutcome;
};

/** NtCurrentProcess(). */
export const CURRENT_PROCESS = 0xffff_ffff_ffff_ffffn;
const SECTION_INHERIT_VIEW_UNMAP = 2;
/** What a read or write of memory says where nothing is mapped. */
const NOTHING_THERE: NativeOutcome = { status: NtStatus.STATUS_PARTIAL_COPY, information: 0 };
/** What nobody has mapped: the first page is never mapped on Windows. */
const NOWHERE = 0x1000n;

export const sectionPerformers: Performers = {
  'create-section': (native, step, { handle: file }) =>
    withArena(native, (arena) => {
      const made = arena.allocate(POINTER_BYTES);
      const size =
        step.size === undefined ? NULL_ADDRESS : arena.put(largeInteger(BigInt(step.size)));
      const status = native.call(
        'NtCreateSection',
        ...[made, step.access, NULL_ADDRESS, size, step.protection, step.attributes, file],
      );
      return ntError(status) ? { status } : { status, handle: readHandle(native, made) };
    }),
  'map-view': (native, step, { handle: section, view }) =>
    withArena(native, (arena) => {
      const base = arena.put(baseAddress(step, view));
      const offset = arena.put(largeInteger(BigInt(step.offset)));
      const size = arena.put(largeInteger(BigInt(step.size)));
      const status = native.call(
        'NtMapViewOfSection',
        ...[
          section,
          step.process === null ? 0n : CURRENT_PROCESS,
          base,
          NULL_ADDRESS,
          NULL_ADDRESS,
          offset,
          size,
        ],
        ...[SECTION_INHERIT_VIEW_UNMAP, 0, step.protection],
      );
      if (ntError(status)) return { status };
      const address = native.read(base, POINTER_BYTES).readBigUInt64LE();
      return { status, view: { address, size: Number(native.read(size, 8).readBigUInt64LE()) } };
    }),
  'unmap-view': (native, _step, { view }) => ({ status: unmapView(native, view) }),
  'read-view': (native, { offset, length }, { view }) =>
    view === undefined
      ? { ...NOTHING_THERE, bytes: '' }
      : withArena(native, (arena) => {
          const buffer = arena.allocate(length);
          const count = arena.put(Buffer.alloc(POINTER_BYTES));
          const from = view.address + BigInt(offset);
          const call = [CURRENT_PROCESS, from, buffer, BigInt(length), count] as const;
          const status = native.call('NtReadVirtualMemory', ...call);
          const information = Number(native.read(count, POINTER_BYTES).readBigUInt64LE());
          return { status, information, bytes: native.read(buffer, information).toString('hex') };
        }),
  'write-view': (native, { offset, data }, { view }) =>
    view === undefined
      ? NOTHING_THERE
      : withArena(native, (arena) => {
          const bytes = encodeBytes(data);
          const count = arena.put(Buffer.alloc(POINTER_BYTES));
          const to = view.address + BigInt(offset);
          const call = [
            CURRENT_PROCESS,
            to,
            arena.put(bytes),
            BigInt(bytes.length),
            count,
          ] as const;
          const status = native.call('NtWriteVirtualMemory', ...call);
          const information = Number(native.read(count, POINTER_BYTES).readBigUInt64LE());
          return { status, information };
        }),
  'flush-view': (native, _step, { view }) =>
    withArena(native, (arena) => {
      const address = Buffer.alloc(POINTER_BYTES);
      address.writeBigUInt64LE(view?.address ?? NOWHERE);
      const base = arena.put(address);
      // 0: to the end of the view.
      const size = arena.put(Buffer.alloc(POINTER_BYTES));
      const block = arena.ioStatusBlock();
      return { status: native.call('NtFlushVirtualMemory', CURRENT_PROCESS, base, size, block) };
    }),
};

/** BaseAddress: 0 leaves it to the memory manager. */
function baseAddress(
  { address }: { readonly address?: { readonly offset: number } | undefined },
  view: MappedView | undefined,
): Buffer {
  const bytes = Buffer.alloc(POINTER_BYTES);
  if (address !== undefined)
    bytes.writeBigUInt64LE((view?.address ?? NOWHERE) + BigInt(address.offset));
  return bytes;
}

export const unmapView = (native: NativeApi, view: MappedView | undefined): number =>
  native.call('NtUnmapViewOfSection', CURRENT_PROCESS, view?.address ?? NOWHERE);
