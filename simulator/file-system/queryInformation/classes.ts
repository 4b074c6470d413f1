// What NTFS answers for each class of file information: one function a structure.
import { reparseTagOf } from '../../../contract/reparsePoint.ts';
import { FileObjectFlag } from '../../../contract/windows/index.ts';
import { deletedLinkName, fileName, type DirectoryEntry } from '../directoryEntry.ts';
import { DELETED_DIRECTORY_ID } from '../volume.ts';
import type { FileTimes } from '../fileRecord.ts';
import type { Open } from '../open.ts';
import { roundUpToCluster } from '../stream.ts';
import { Structure } from './structure.ts';

export const VOLUME_SERIAL_NUMBER = 0x2a1c5f3e;
/** FILE_WORD_ALIGNMENT and the like: none. */
const FILE_BYTE_ALIGNMENT = 0;
/** FILE_WRITE_THROUGH … of FILE_MODE_INFORMATION, by the flag of the file object. */
const modes: readonly (readonly [number, number])[] = [
  [FileObjectFlag.FO_WRITE_THROUGH, 0x2],
  [FileObjectFlag.FO_SEQUENTIAL_ONLY, 0x4],
  [FileObjectFlag.FO_NO_INTERMEDIATE_BUFFERING, 0x8],
  [FileObjectFlag.FO_DELETE_ON_CLOSE, 0x1000],
];
const FILE_SYNCHRONOUS_IO_ALERT = 0x10;
const FILE_SYNCHRONOUS_IO_NONALERT = 0x20;

const times = (structure: Structure, offset: number, { creation, ...other }: FileTimes) =>
  structure
    .longLong(offset, creation)
    .longLong(offset + 8, other.lastAccess)
    .longLong(offset + 16, other.lastWrite)
    .longLong(offset + 24, other.change);

/** Names that are not marked for deletion (R-IO-3, 4). */
const accessibleLinks = ({ file }: Open): number =>
  file.links.filter((link) => !link.deletePending && link.parent !== null).length;

/** The root has its one name from nobody. */
const linkCount = (open: Open): number =>
  open.file.links[0]?.parent === null ? 1 : accessibleLinks(open);

const isDirectory = (open: Open): boolean => open.isMain && open.file.directory !== null;

export const basic = ({ file }: Open): Structure =>
  times(new Structure(40), 0, file.times).long(32, file.reportedAttributes);

export const standard = (open: Open): Structure =>
  new Structure(24)
    .longLong(0, open.stream.allocation)
    .longLong(8, open.stream.size)
    .long(16, linkCount(open))
    .byte(20, open.deletePending)
    .byte(21, isDirectory(open));

export const internal = ({ file }: Open): Structure => new Structure(8).longLong(0, file.id);

export const ea = ({ file }: Open): Structure =>
  new Structure(4).long(0, file.reparsePoint === null ? file.extendedAttributes.packed_bytes : 0);

export const access = ({ fileObject }: Open): Structure =>
  new Structure(4).long(0, fileObject.grantedAccess);

export const position = ({ fileObject }: Open): Structure =>
  new Structure(8).longLong(0, fileObject.currentByteOffset);

export function mode({ fileObject }: Open): Structure {
  let value = 0;
  for (const [flag, bit] of modes) if ((fileObject.flags & flag) !== 0) value |= bit;
  if ((fileObject.flags & FileObjectFlag.FO_SYNCHRONOUS_IO) !== 0) {
    const alertable = (fileObject.flags & FileObjectFlag.FO_ALERTABLE_IO) !== 0;
    value |= alertable ? FILE_SYNCHRONOUS_IO_ALERT : FILE_SYNCHRONOUS_IO_NONALERT;
  }
  return new Structure(4).long(0, value);
}

export const alignment = (): Structure => new Structure(4).long(0, FILE_BYTE_ALIGNMENT);

/**
 * From the root of the volume, with the stream where it is a named one. Differs: short names do not
 * exist, so the normalized name is the same. Grade U: whether a stream's type is part of it.
 */
function nameOf({ file, entry, stream, isMain }: Open): string {
  const name = fileName(file, entry) || '\\';
  return isMain ? name : `${name}:${stream.name}`;
}

export function name(open: Open): Structure {
  const text = nameOf(open);
  return new Structure(4 + 2 * text.length).long(0, 2 * text.length).text(4, text);
}

export function all(open: Open): Structure {
  const named = name(open);
  return new Structure(96 + named.bytes.length)
    .part(0, basic(open))
    .part(40, standard(open))
    .part(64, internal(open))
    .part(72, ea(open))
    .part(76, access(open))
    .part(80, position(open))
    .part(88, mode(open))
    .part(92, alignment())
    .part(96, named);
}

const STREAM_HEADER_BYTES = 24;
const roundUpTo8 = (length: number): number => (length + 7) & ~7;

/**
 * "::$DATA" first, then the named streams by name: attributes lie in a file record by type and name.
 * Grade I.
 */
export function streams({ file }: Open): Structure {
  const unnamed = file.directory === null ? [file.main] : [];
  const named = [...file.named.keys()].sort().flatMap((key) => file.named.get(key) ?? []);
  const list = [...unnamed, ...named].map((stream) => ({
    stream,
    text: `:${stream.name}:$DATA`,
  }));
  const lengths = list.map(({ text }) => STREAM_HEADER_BYTES + 2 * text.length);
  const last = lengths.length - 1;
  const total = lengths.reduce((sum, each, at) => sum + (at === last ? each : roundUpTo8(each)), 0);
  const structure = new Structure(total);
  let offset = 0;
  list.forEach(({ stream, text }, index) => {
    const next = roundUpTo8(lengths[index] ?? 0);
    structure
      .long(offset, index === last ? 0 : next)
      .long(offset + 4, 2 * text.length)
      .longLong(offset + 8, stream.size)
      .longLong(offset + 16, stream.allocation)
      .text(offset + STREAM_HEADER_BYTES, text);
    offset += next;
  });
  return structure;
}

/** Nothing is compressed: COMPRESSION_FORMAT_NONE. */
export const compression = ({ stream }: Open): Structure =>
  new Structure(16).longLong(0, roundUpToCluster(stream.size));

export const networkOpen = ({ file, stream }: Open): Structure =>
  times(new Structure(56), 0, file.times)
    .longLong(32, stream.allocation)
    .longLong(40, stream.size)
    .long(48, file.reportedAttributes);

export const attributeTag = ({ file }: Open): Structure =>
  new Structure(8)
    .long(0, file.reportedAttributes)
    .long(4, file.reparsePoint === null ? 0 : reparseTagOf(file.reparsePoint));

export const standardLink = (open: Open): Structure =>
  new Structure(12)
    .long(0, accessibleLinks(open))
    .long(4, Math.max(open.file.links.length, 1))
    .byte(8, open.deletePending)
    .byte(9, isDirectory(open));

const LINK_ENTRY_BYTES = 20;

interface ListedLink {
  readonly name: string;
  readonly parentId: number;
}

/**
 * Every name with its parent; names marked for deletion are left out. A file that lives on without a
 * name is in a directory of the file system's own (R-IO-4; its numbers and names are grade U).
 */
export function hardLinks({ file }: Open): Structure {
  const orphan: ListedLink = { name: deletedLinkName(file), parentId: DELETED_DIRECTORY_ID };
  const links = file.links.length === 0 ? [orphan] : file.links.flatMap(listedLink);
  const lengths = links.map(({ name }) => LINK_ENTRY_BYTES + 2 * name.length);
  const last = lengths.length - 1;
  const total = lengths.reduce((sum, each, at) => sum + (at === last ? each : roundUpTo8(each)), 8);
  const structure = new Structure(total).long(0, total).long(4, links.length);
  let offset = 8;
  links.forEach((link, index) => {
    const next = roundUpTo8(lengths[index] ?? 0);
    structure
      .long(offset, index === last ? 0 : next)
      .longLong(offset + 8, link.parentId)
      .long(offset + 16, link.name.length)
      .text(offset + LINK_ENTRY_BYTES, link.name);
    offset += next;
  });
  return structure;
}

const listedLink = ({ name, parent, deletePending }: DirectoryEntry): ListedLink[] =>
  parent === null || deletePending ? [] : [{ name, parentId: parent.id }];

export const id = ({ file }: Open): Structure =>
  new Structure(24).longLong(0, VOLUME_SERIAL_NUMBER).longLong(8, file.id);

export const stat = (open: Open): Structure =>
  times(new Structure(72).longLong(0, open.file.id), 8, open.file.times)
    .longLong(40, open.stream.allocation)
    .longLong(48, open.stream.size)
    .long(56, open.file.reportedAttributes)
    .long(64, linkCount(open))
    .long(68, open.granted);
