// FLT_FILE_NAME_INFORMATION: names of files as filters ask for them, reference-counted.
// Differs: the normalized name is the name as opened, from the volume's device name down: short names
// are not modelled, and the case stays as the opener wrote it.
import { NtStatus } from '../../contract/windows/index.ts';
import { pathOf } from '../filter-manager/index.ts';
import type { Volume } from '../io/deviceObject.ts';
import type { FileObject } from '../io/fileObject.ts';
import { FileNameInformationLayout as Layout } from './layout.ts';
import { captureStack } from './places.ts';
import type { Room } from './room.ts';
import { writeUnicodeString } from './unicodeString.ts';

interface NameInformation {
  readonly volume: string;
  readonly path: string;
  references: number;
  readonly stack: Error;
}

/** One component of a name, as offset and length in characters of the whole. */
type Part = readonly [start: number, end: number];

const FORMAT_MASK = 0xff;
const PARSED = { finalComponent: 1, extension: 2, stream: 4, parentDir: 8 } as const;

export interface NameParts {
  readonly extension: Part;
  readonly stream: Part;
  readonly finalComponent: Part;
  readonly parentDir: Part;
}

/** How FltParseFileNameInformation and FltParseFileName cut a name; `from` is past the volume. */
export function parseName(name: string, from: number): NameParts {
  const end = name.length;
  const slash = name.lastIndexOf('\\');
  const final = slash < from ? from : slash + 1;
  const colon = name.indexOf(':', final);
  const nameEnd = colon < 0 ? end : colon;
  const dot = name.lastIndexOf('.', nameEnd - 1);
  const hasExtension = dot >= final;
  return {
    finalComponent: [final, end],
    parentDir: [from, final],
    stream: colon < 0 ? [end, end] : [colon, end],
    extension: hasExtension ? [dot + 1, nameEnd] : [nameEnd, nameEnd],
  };
}

export class FileNames {
  private readonly room: Room;
  private readonly known = new Map<number, NameInformation>();
  /** Formats that have been asked for, by stream. Differs: a rename does not empty it. */
  private readonly cached = new WeakMap<object, Set<number>>();

  constructor(room: Room) {
    this.room = room;
  }

  /** Whether the Filter Manager has kept the name of this stream in this format. */
  isCached({ fsContext }: FileObject, format: number): boolean {
    return fsContext !== null && this.cached.get(fsContext)?.has(format) === true;
  }

  private keep({ fsContext }: FileObject, format: number): void {
    if (fsContext === null) return;
    const formats = this.cached.get(fsContext);
    if (formats === undefined) this.cached.set(fsContext, new Set([format]));
    else formats.add(format);
  }

  /** FltGetFileNameInformation and its …Unsafe form: the structure's address. */
  query(file: FileObject, volume: Volume, options: number, path = pathOf(file)): number {
    this.keep(file, options & FORMAT_MASK);
    const text = `${volume.deviceName}\\${path}`;
    const { kernel, memory } = this.room;
    const bytes = text.length * 2;
    const address = kernel.allocateObject('FMfn', Layout.length + bytes);
    const buffer = address + Layout.length;
    memory.writeWide(buffer, text);
    memory.write16(address + Layout.Size, Layout.length);
    memory.write32(address + Layout.Format, options & FORMAT_MASK);
    writeUnicodeString(this.room, address + Layout.Name, buffer, bytes);
    const volumeBytes = volume.deviceName.length * 2;
    writeUnicodeString(this.room, address + Layout.Volume, buffer, volumeBytes);
    const information = { volume: volume.deviceName, path: text, references: 1 };
    this.known.set(address, { ...information, stack: captureStack() });
    return address;
  }

  parse(address: number): NtStatus {
    const information = this.known.get(address);
    if (information === undefined) return NtStatus.STATUS_INVALID_PARAMETER;
    const { memory } = this.room;
    const buffer = address + Layout.length;
    const parts = parseName(information.path, information.volume.length);
    const put = (field: number, [start, end]: Part): void => {
      const at = start === end ? 0 : buffer + 2 * start;
      writeUnicodeString(this.room, address + field, at, 2 * (end - start));
    };
    put(Layout.FinalComponent, parts.finalComponent);
    put(Layout.Extension, parts.extension);
    put(Layout.Stream, parts.stream);
    put(Layout.ParentDir, parts.parentDir);
    const all = PARSED.finalComponent | PARSED.extension | PARSED.stream | PARSED.parentDir;
    memory.write16(address + Layout.NamesParsed, all);
    return NtStatus.STATUS_SUCCESS;
  }

  reference(address: number): void {
    const information = this.known.get(address);
    if (information === undefined) this.refuse('FltReferenceFileNameInformation', address);
    else information.references += 1;
  }

  release(address: number): void {
    const information = this.known.get(address);
    if (information === undefined) {
      this.refuse('FltReleaseFileNameInformation', address);
      return;
    }
    information.references -= 1;
    if (information.references > 0) return;
    this.known.delete(address);
    this.room.kernel.freeObject(address);
  }

  private refuse(routine: string, address: number): void {
    this.room.kernel.report({
      id: 'bad-handle',
      message:
        `${routine} was given 0x${address.toString(16).padStart(8, '0')}, which is no file name ` +
        'information that has references left.',
    });
  }

  reportLeaks(): void {
    for (const { path, references, stack } of this.known.values()) {
      this.room.kernel.report({
        id: 'object-leak',
        message:
          `The file name information of ${path}, asked for here, still has ${references} ` +
          'reference(s) after the driver has unloaded.',
        stack: this.room.placesOf(stack),
      });
    }
  }
}
