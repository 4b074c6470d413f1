// The operations of sections and of the memory that they are mapped into.
import {
  PageProtection,
  SectionAccess,
  SectionAttribute,
  type FlagTable,
} from '../../contract/windows/index.ts';
import { isRecord } from './case.ts';
import { Fields } from './fields.ts';
import type { WorkloadWriter } from './workloadWriter.ts';

type Operation = (fields: Fields, writer: WorkloadWriter) => void;

const protections: FlagTable = PageProtection;
/** What a case stores in a view, so that it can be told from what it has written to the file. */
export const VIEW_FILL = 0x2b;

/** `size` null: as large as the file. */
const createSection: Operation = (fields, writer) => {
  const size = fields.has('size') ? fields.take('size') : null;
  const as = fields.optionalText('as') ?? writer.handleName();
  const handle = fields.text('h');
  writer.add({
    do: 'create-section',
    handle,
    protection: fields.flags('prot', protections, 'PAGE_'),
    attributes: fields.flags('attr', SectionAttribute, 'SEC_', SectionAttribute.SEC_COMMIT),
    access: fields.flags('access', SectionAccess, 'SECTION_', SectionAccess.SECTION_ALL_ACCESS),
    ...(size === null ? {} : { size }),
    as,
  });
  writer.handles.set(as, writer.handle(handle));
};

const mapView: Operation = (fields, writer) => {
  const process = fields.has('process') ? { process: fields.take('process') } : {};
  if (fields.has('process') && process.process !== null) fields.refuse('"process" is not null');
  writer.add({
    do: 'map-view',
    handle: fields.text('section'),
    protection: fields.flags('prot', protections, 'PAGE_', PageProtection.PAGE_READONLY),
    offset: fields.has('offset') ? fields.number('offset') : 0,
    size: fields.has('size') ? fields.number('size') : 0,
    ...process,
    ...(fields.has('address') ? { address: addressOf(fields) } : {}),
    as: fields.optionalText('as') ?? writer.handleName(),
  });
};

/** "v", "v+0x1000" or { view, offset }: so many bytes behind the beginning of an earlier view. */
function addressOf(fields: Fields): { readonly view: string; readonly offset: number } {
  const value = fields.take('address');
  if (typeof value === 'string') {
    const match = /^(?:&|base of )?([A-Za-z_]\w*)(?:\s*([+-])\s*(0x[0-9a-f]+|\d+))?$/i.exec(value);
    if (match === null) return fields.refuse(`"${value}" is not behind an earlier view`);
    const [, view = '', sign, bytes = '0'] = match;
    return { view, offset: sign === '-' ? -Number(bytes) : Number(bytes) };
  }
  const given = new Fields(isRecord(value) ? value : {}, 'address');
  const address = { view: given.text('view'), offset: offsetOf(given) };
  given.done();
  return address;
}

const offsetOf = (fields: Fields): number => (fields.has('offset') ? fields.number('offset') : 0);

export const sectionOperations: Readonly<Record<string, Operation>> = {
  create_section: createSection,
  close_section: (fields, writer) => writer.add({ do: 'close', handle: fields.text('section') }),
  map_view: mapView,
  unmap_view: (fields, writer) => writer.add({ do: 'unmap-view', view: fields.text('view') }),
  flush_view: (fields, writer) => writer.add({ do: 'flush-view', view: fields.text('view') }),
  view_read: (fields, writer) =>
    writer.add({
      do: 'read-view',
      view: fields.text('view'),
      offset: offsetOf(fields),
      length: fields.number('length'),
    }),
  view_write: (fields, writer) =>
    writer.add({
      do: 'write-view',
      view: fields.text('view'),
      offset: offsetOf(fields),
      data: { fill: VIEW_FILL, length: fields.number(fields.has('bytes') ? 'bytes' : 'length') },
    }),
};
