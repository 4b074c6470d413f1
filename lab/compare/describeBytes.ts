// Bytes that a query returned, as fields. Times and identifiers differ between any two machines: they
// are compared by relation (zero or not, equal to another field or not), everything else by value.
import type { ActingStep } from '../../contract/expandWorkload.ts';
import { FileInformationClass } from '../../contract/windows/index.ts';

interface Field {
  readonly name: string;
  readonly offset: number;
  readonly size: 1 | 4 | 8;
  /** `time` and `identifier`: only zero or not. `cluster`: rounded by the volume's cluster size. */
  readonly kind: 'value' | 'time' | 'identifier' | 'cluster';
}

const field = (
  name: string,
  offset: number,
  size: Field['size'],
  kind: Field['kind'] = 'value',
): Field => ({
  name,
  offset,
  size,
  kind,
});

const times = [
  field('CreationTime', 0, 8, 'time'),
  field('LastAccessTime', 8, 8, 'time'),
  field('LastWriteTime', 16, 8, 'time'),
  field('ChangeTime', 24, 8, 'time'),
];

/** Layouts are the same on both ABIs: ntifs.h, fixed-size classes only. */
const layouts: ReadonlyMap<number, readonly Field[]> = new Map([
  [FileInformationClass.FileBasicInformation, [...times, field('FileAttributes', 32, 4)]],
  [
    FileInformationClass.FileStandardInformation,
    [
      field('AllocationSize', 0, 8, 'cluster'),
      field('EndOfFile', 8, 8),
      field('NumberOfLinks', 16, 4),
      field('DeletePending', 20, 1),
      field('Directory', 21, 1),
    ],
  ],
  [FileInformationClass.FileInternalInformation, [field('IndexNumber', 0, 8, 'identifier')]],
  [FileInformationClass.FilePositionInformation, [field('CurrentByteOffset', 0, 8)]],
  [
    FileInformationClass.FileNetworkOpenInformation,
    [
      ...times,
      field('AllocationSize', 32, 8, 'cluster'),
      field('EndOfFile', 40, 8),
      field('FileAttributes', 48, 4),
    ],
  ],
  [
    FileInformationClass.FileAttributeTagInformation,
    [field('FileAttributes', 0, 4), field('ReparseTag', 4, 4)],
  ],
]);

/** Fields by name, as text; the plain bytes where nothing is known about them. */
export function describeBytes(
  bytes: string,
  step: ActingStep | undefined,
): Readonly<Record<string, string>> {
  const layout = layouts.get(classOf(step));
  if (layout === undefined) return { bytes };
  const view = new DataView(Uint8Array.from(Buffer.from(bytes, 'hex')).buffer);
  const fields: Record<string, string> = {};
  for (const one of layout) {
    if (one.offset + one.size > view.byteLength) continue;
    fields[one.name] = relation(readField(view, one), one.kind);
  }
  return fields;
}

/** The information class whose structure a step returns; 0, which is none, for all other steps. */
function classOf(step: ActingStep | undefined): number {
  if (step?.do === 'query-information') return step.class;
  if (step?.do !== 'query-attributes') return 0;
  return step.how === 'by-name' ? step.class : byNameClasses[step.how];
}

const byNameClasses = {
  basic: FileInformationClass.FileBasicInformation,
  full: FileInformationClass.FileNetworkOpenInformation,
} as const;

function readField(view: DataView, one: Field): bigint {
  if (one.size === 1) return BigInt(view.getUint8(one.offset));
  if (one.size === 4) return BigInt(view.getUint32(one.offset, true));
  return view.getBigUint64(one.offset, true);
}

function relation(value: bigint, kind: Field['kind']): string {
  if (kind === 'value') return `0x${value.toString(16).toUpperCase()}`;
  return value === 0n ? 'zero' : 'not zero';
}
