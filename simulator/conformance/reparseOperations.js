const NAME_TAGS = ['MOUNT_POINT', 'SYMLINK'];
/** A tag that is not Microsoft's, and a GUID, for cases that do not care which. */
const SOME_TAG = 0x1234;
export function tagAndGuid(fields) {
    const tag = fields.take('tag');
    const guid = fields.has('guid') ? fields.take('guid') : null;
    return {
        tag: tag === 'third-party tag' || tag === 'same tag' ? SOME_TAG : tag,
        ...(typeof guid === 'string' ? { guid } : {}),
    };
}
export const setReparse = (fields, writer) => {
    const tagged = tagAndGuid(fields);
    const isName = NAME_TAGS.includes(tagged.tag);
    if (!isName) {
        const data = { data: { hex: fields.has('data') ? fields.text('data') : '' } };
        writer.add({ do: 'set-reparse', handle: fields.text('h'), ...tagged, ...data });
        return;
    }
    const isSymlink = tagged.tag === 'SYMLINK';
    const relative = fields.boolean('relative', isSymlink);
    writer.add({
        do: 'set-reparse',
        handle: fields.text('h'),
        ...tagged,
        to: fields.text('target'),
        relative,
    });
};
