// FLT_PARAMETERS in memory, by kind of operation: one row a field, for writing and for reading back
// what a callback changed. Offsets: abi.md section 3 (x86).
import { assert } from '../../contract/assert.ts';
import type { FltParameters, Operation } from '../filter-manager/index.ts';
import type { IrpParameters } from '../io/irp.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { SecurityContextLayout, StringLayout } from './layout.ts';
import type { ObjectImages } from './objectImages.ts';
import { writeUnicodeString } from './unicodeString.ts';

type Width = 1 | 2 | 4 | 8;
/** Offset in FLT_PARAMETERS, width in bytes, the field of the decoded operation. */
type Scalar = readonly [offset: number, width: Width, field: string];

interface KindLayout {
  readonly scalars: readonly Scalar[];
  /** Where the operation's buffer and its MDL are named; absent where it has none. */
  readonly buffer?: number;
  readonly mdl?: number;
}

const transfer: KindLayout = {
  scalars: [
    [0x0, 4, 'length'],
    [0x4, 4, 'key'],
    [0x8, 8, 'byteOffset'],
  ],
  buffer: 0x10,
  mdl: 0x14,
};

const layouts: Readonly<Record<IrpParameters['kind'], KindLayout>> = {
  none: { scalars: [] },
  create: {
    scalars: [
      [0x4, 4, 'options'],
      [0x8, 2, 'fileAttributes'],
      [0xa, 2, 'shareAccess'],
      [0x14, 8, 'allocationSize'],
    ],
  },
  read: transfer,
  write: transfer,
  'notify-directory': {
    scalars: [
      [0x0, 4, 'length'],
      [0x4, 4, 'completionFilter'],
    ],
    buffer: 0x10,
    mdl: 0x14,
  },
  'query-directory': {
    scalars: [
      [0x0, 4, 'length'],
      [0x8, 4, 'fileInformationClass'],
      [0xc, 4, 'fileIndex'],
    ],
    buffer: 0x10,
    mdl: 0x14,
  },
  'query-information': {
    scalars: [
      [0x0, 4, 'length'],
      [0x4, 4, 'fileInformationClass'],
    ],
    buffer: 0x8,
  },
  'set-information': {
    scalars: [
      [0x0, 4, 'length'],
      [0x4, 4, 'fileInformationClass'],
      [0xc, 1, 'replaceIfExists'],
    ],
    buffer: 0x10,
  },
  'query-security': {
    scalars: [
      [0x0, 4, 'securityInformation'],
      [0x4, 4, 'length'],
    ],
    buffer: 0x8,
    mdl: 0xc,
  },
  'set-security': { scalars: [[0x0, 4, 'securityInformation']] },
  'fs-control': {
    scalars: [
      [0x0, 4, 'outputBufferLength'],
      [0x4, 4, 'inputBufferLength'],
      [0x8, 4, 'fsControlCode'],
    ],
    buffer: 0x10,
    mdl: 0x14,
  },
  lock: {
    scalars: [
      [0x4, 4, 'key'],
      [0x8, 8, 'byteOffset'],
      [0x14, 1, 'failImmediately'],
      [0x15, 1, 'exclusive'],
    ],
  },
};

const METHOD_MASK = 3;
const BUFFERED_SYSTEM_BUFFER = 0xc;

/** METHOD_BUFFERED controls name their one system buffer where the others name the input buffer. */
function bufferOffset(operation: IrpParameters): number | undefined {
  if (operation.kind !== 'fs-control') return layouts[operation.kind].buffer;
  const buffered = (operation.fsControlCode & METHOD_MASK) === 0;
  return buffered ? BUFFERED_SYSTEM_BUFFER : layouts['fs-control'].buffer;
}

export class ParameterImages {
  private readonly kernel: Kernel;
  private readonly objects: ObjectImages;

  constructor(kernel: Kernel, objects: ObjectImages) {
    this.kernel = kernel;
    this.objects = objects;
  }

  /** Writes all of FLT_PARAMETERS at `address`. */
  write(address: number, length: number, parameters: FltParameters, owner: Operation): void {
    const { memory } = this.objects;
    memory.bytes(address, length).fill(0);
    const { operation, buffer, mdl } = parameters;
    const fields = operation as unknown as Readonly<Record<string, number | boolean>>;
    const layout = layouts[operation.kind];
    for (const [offset, width, field] of layout.scalars) {
      this.put(address + offset, width, fields[field] ?? 0);
    }
    this.writePointers(address, operation, owner);
    const at = bufferOffset(operation);
    if (at !== undefined) memory.write32(address + at, buffer);
    if (layout.mdl !== undefined) memory.write32(address + layout.mdl, this.objects.showMdl(mdl));
  }

  private put(address: number, width: Width, value: number | boolean): void {
    const { memory } = this.objects;
    const number = Number(value);
    if (width === 1) memory.write8(address, number);
    else if (width === 2) memory.write16(address, number);
    else if (width === 4) memory.write32(address, number);
    else memory.write64(address, BigInt(number));
  }

  private take(address: number, width: Width): number {
    const { memory } = this.objects;
    if (width === 1) return memory.read8(address);
    if (width === 2) return memory.read16(address);
    if (width === 4) return memory.read32(address);
    return Number(BigInt.asIntN(64, memory.read64(address)));
  }

  /** What the parameters point to and the model keeps decoded. */
  private writePointers(address: number, operation: IrpParameters, owner: Operation): void {
    const { memory } = this.objects;
    if (operation.kind === 'create') {
      const context = this.side(owner, 'SecurityContext', SecurityContextLayout.length);
      memory.write32(context + SecurityContextLayout.DesiredAccess, operation.desiredAccess);
      memory.write32(context + SecurityContextLayout.FullCreateOptions, operation.options);
      memory.write32(address, context);
      if (operation.ea.length === 0) return;
      const ea = this.side(owner, 'EaBuffer', operation.ea.length);
      memory.bytes(ea, operation.ea.length).set(operation.ea);
      memory.write32(address + 0xc, operation.ea.length);
      memory.write32(address + 0x10, ea);
    } else if (operation.kind === 'query-directory' && operation.fileName !== null) {
      const bytes = operation.fileName.length * 2;
      const name = this.side(owner, 'FileName', StringLayout.length + bytes);
      writeUnicodeString(this.objects, name, name + StringLayout.length, bytes);
      memory.writeWide(name + StringLayout.length, operation.fileName);
      memory.write32(address + 0x4, name);
    } else if (operation.kind === 'set-information') {
      memory.write32(address + 0x8, this.objects.showFile(operation.parentOfTarget));
    } else if (operation.kind === 'lock') {
      const length = this.side(owner, 'LockLength', 8);
      memory.write64(length, BigInt(operation.length));
      memory.write32(address, length);
    }
  }

  private side(owner: Operation, use: string, length: number): number {
    let address = owner.sideBlocks.get(use);
    if (address === undefined) {
      address = this.kernel.pool.allocate('nonpaged', length, 'FMsb', 'system');
      owner.sideBlocks.set(use, address);
    }
    return address;
  }

  /** The parameters as they stand at `address`, for an operation that `before` describes. */
  read(address: number, before: FltParameters): FltParameters {
    const { memory } = this.objects;
    const operation = { ...before.operation };
    const fields = operation as unknown as Record<string, number | boolean>;
    const layout = layouts[operation.kind];
    for (const [offset, width, field] of layout.scalars) {
      const value = this.take(address + offset, width);
      fields[field] = typeof fields[field] === 'boolean' ? value !== 0 : value;
    }
    if (operation.kind === 'create') {
      const context = memory.read32(address);
      operation.desiredAccess = memory.read32(context + SecurityContextLayout.DesiredAccess);
    }
    const at = bufferOffset(operation);
    const mdlAddress = layout.mdl === undefined ? 0 : memory.read32(address + layout.mdl);
    const mdl = layout.mdl === undefined ? before.mdl : this.objects.mdlAt(mdlAddress);
    assert(operation.kind === before.operation.kind, 'a callback cannot change the kind');
    return {
      operation,
      buffer: at === undefined ? before.buffer : memory.read32(address + at),
      mdl,
    };
  }
}
