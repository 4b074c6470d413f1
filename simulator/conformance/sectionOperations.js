// The operations of sections and of the memory that they are mapped into.
import { PageProtection, SectionAccess, SectionAttribute, } from '../../contract/windows/index.ts';
import { CaseRefusal } from './case.ts';
const protections = PageProtection;
/** What a case stores in a view, so that it can be told from what it has written to the file. */
export const VIEW_FILL = 0x2b;
/** `size` null: as large as the file. */
const createSection = (fields, writer) => {
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
const mapView = (fields, writer) => {
    if (fields.has('address')) {
        throw new CaseRefusal('notModelled', 'a view at an address of the caller');
    }
    const process = fields.has('process') ? { process: fields.take('process') } : {};
    if (fields.has('process') && process.process !== null)
        fields.refuse('"process" is not null');
    writer.add({
        do: 'map-view',
        handle: fields.text('section'),
        protection: fields.flags('prot', protections, 'PAGE_', PageProtection.PAGE_READONLY),
        offset: fields.has('offset') ? fields.number('offset') : 0,
        size: fields.has('size') ? fields.number('size') : 0,
        ...process,
        as: fields.optionalText('as') ?? writer.handleName(),
    });
};
const offsetOf = (fields) => (fields.has('offset') ? fields.number('offset') : 0);
export const sectionOperations = {
    create_section: createSection,
    close_section: (fields, writer) => writer.add({ do: 'close', handle: fields.text('section') }),
    map_view: mapView,
    unmap_view: (fields, writer) => writer.add({ do: 'unmap-view', view: fields.text('view') }),
    flush_view: (fields, writer) => writer.add({ do: 'flush-view', view: fields.text('view') }),
    view_read: (fields, writer) => writer.add({
        do: 'read-view',
        view: fields.text('view'),
        offset: offsetOf(fields),
        length: fields.number('length'),
    }),
    view_write: (fields, writer) => writer.add({
        do: 'write-view',
        view: fields.text('view'),
        offset: offsetOf(fields),
        data: { fill: VIEW_FILL, length: fields.number(fields.has('bytes') ? 'bytes' : 'length') },
    }),
};
