// What stands between a file and its mappings: the control area, one for the data and one for the image
// of a stream, with the pages that are in memory. Every section and every view of the stream shares it.
import type { FileObject } from '../fileObject.ts';
import type { Memory } from '../../kernel/memory.ts';
import type { KernelEvent } from '../../kernel/kernel.ts';
import type { ImageSegment } from './imageHeader.ts';

export const PAGE_BYTES = 4096;

/** SECTION_OBJECT_POINTERS: of a stream, whoever its file system is. */
export interface SectionObjectPointers {
  data: ControlArea | null;
  image: ControlArea | null;
}

export const noSections = (): SectionObjectPointers => ({ data: null, image: null });

/** A page of the file in memory. */
export interface Page {
  /** Kernel address of its 4096 bytes. */
  readonly address: number;
  dirty: boolean;
}

export class ControlArea {
  readonly kind: 'data' | 'image';
  readonly address: number;
  /** Every paging request names this one; it stays referenced as long as the control area lives. */
  readonly file: FileObject;
  readonly pointers: SectionObjectPointers;
  /** By page number of the file, or of the image. */
  readonly pages = new Map<number, Page>();
  /** Reads under way, for threads that want the same page (a collided fault). */
  readonly reading = new Map<number, KernelEvent>();
  /** Empty for data. */
  readonly segments: readonly ImageSegment[];
  /** Section objects and views that refer to it: user references. */
  users = 0;

  constructor(
    kind: 'data' | 'image',
    address: number,
    file: FileObject,
    pointers: SectionObjectPointers,
    segments: readonly ImageSegment[] = [],
  ) {
    this.kind = kind;
    this.address = address;
    this.file = file;
    this.pointers = pointers;
    this.segments = segments;
  }

  get dirtyPages(): readonly (readonly [number: number, page: Page])[] {
    return [...this.pages].filter(([, page]) => page.dirty).sort(([a], [b]) => a - b);
  }
}

/** MmCanFileBeTruncated is FALSE, or MmFlushImageSection for deletion: somebody uses the mapping. */
export const isUserMapped = (area: ControlArea | null): area is ControlArea =>
  area !== null && area.users > 0;

/**
 * Cached transfers and mapped views use the same pages: what is in memory of the range replaces what
 * the file has on disk. Models: R-SECTION-28.
 * Differs: cached transfers bring no pages into memory, so that they cause no paging reads.
 */
export function readResident(
  memory: Memory,
  area: ControlArea,
  offset: number,
  into: Uint8Array,
): void {
  forEachResident(area, offset, into.length, (page, inPage, at, length) => {
    into.set(memory.bytes(page.address + inPage, length), at);
  });
}

/** The other direction. */
export function writeResident(
  memory: Memory,
  area: ControlArea,
  offset: number,
  from: Uint8Array,
): void {
  forEachResident(area, offset, from.length, (page, inPage, at, length) => {
    memory.bytes(page.address + inPage, length).set(from.subarray(at, at + length));
  });
}

function forEachResident(
  area: ControlArea,
  offset: number,
  length: number,
  visit: (page: Page, inPage: number, at: number, length: number) => void,
): void {
  if (area.pages.size === 0) return;
  for (let at = 0; at < length;) {
    const inPage = (offset + at) % PAGE_BYTES;
    const part = Math.min(PAGE_BYTES - inPage, length - at);
    const page = area.pages.get(Math.floor((offset + at) / PAGE_BYTES));
    if (page !== undefined) visit(page, inPage, at, part);
    at += part;
  }
}
