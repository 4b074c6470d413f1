// Fields of the structures that queries return, under the names that the headers give them.
import { longAt, longLongAt } from './structures.ts';

export interface StructureField {
  /** The information class that tells it, where the action is no query of its own. */
  readonly className: string;
  readonly read: (bytes: Uint8Array) => number | boolean | undefined;
}

const flagAt = (bytes: Uint8Array, offset: number): boolean | undefined =>
  offset < bytes.length ? bytes[offset] !== 0 : undefined;

type Kind = 'long' | 'quad' | 'flag';

const readers: Readonly<
  Record<Kind, (bytes: Uint8Array, offset: number) => number | boolean | undefined>
> = { long: longAt, quad: longLongAt, flag: flagAt };

/** Structures whose layout is the same on 32-bit and on 64-bit Windows. */
const layouts: Readonly<Record<string, Readonly<Record<string, readonly [Kind, number]>>>> = {
  FileStandardInformation: {
    AllocationSize: ['quad', 0],
    EndOfFile: ['quad', 8],
    NumberOfLinks: ['long', 16],
    DeletePending: ['flag', 20],
    Directory: ['flag', 21],
  },
  FileBasicInformation: {
    CreationTime: ['quad', 0],
    LastAccessTime: ['quad', 8],
    LastWriteTime: ['quad', 16],
    ChangeTime: ['quad', 24],
    FileAttributes: ['long', 32],
  },
  FileNetworkOpenInformation: {
    AllocationSize: ['quad', 32],
    EndOfFile: ['quad', 40],
    FileAttributes: ['long', 48],
  },
  FileAttributeTagInformation: { FileAttributes: ['long', 0], ReparseTag: ['long', 4] },
  FileStandardLinkInformation: {
    NumberOfAccessibleLinks: ['long', 0],
    TotalNumberOfLinks: ['long', 4],
    DeletePending: ['flag', 8],
    Directory: ['flag', 9],
  },
  FileEaInformation: { EaSize: ['long', 0] },
  FileAccessInformation: { AccessFlags: ['long', 0] },
  FilePositionInformation: { CurrentByteOffset: ['quad', 0] },
  FileModeInformation: { Mode: ['long', 0] },
  FileAlignmentInformation: { AlignmentRequirement: ['long', 0] },
};

/** Undefined where no structure has such a field; that of `asked` goes before others. */
export function structureField(name: string, asked: string): StructureField | undefined {
  const className = Object.hasOwn(layouts[asked] ?? {}, name)
    ? asked
    : Object.keys(layouts).find((one) => Object.hasOwn(layouts[one] ?? {}, name));
  const field = className === undefined ? undefined : layouts[className]?.[name];
  if (className === undefined || field === undefined) return undefined;
  const [kind, offset] = field;
  return { className, read: (bytes) => readers[kind](bytes, offset) };
}

export const isStructureField = (name: string): boolean => structureField(name, '') !== undefined;
