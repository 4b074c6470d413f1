import { FileInformationClass } from '../../contract/windows/index.ts';
const field = (name, offset, size, kind = 'value') => ({
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
const layouts = new Map([
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
export function describeBytes(bytes, step) {
    const layout = layouts.get(classOf(step));
    if (layout === undefined)
        return { bytes };
    const view = new DataView(Uint8Array.from(Buffer.from(bytes, 'hex')).buffer);
    const fields = {};
    for (const one of layout) {
        if (one.offset + one.size > view.byteLength)
            continue;
        fields[one.name] = relation(readField(view, one), one.kind);
    }
    return fields;
}
/** The information class whose structure a step returns; 0, which is none, for all other steps. */
function classOf(step) {
    if (step?.do === 'query-information')
        return step.class;
    if (step?.do !== 'query-attributes')
        return 0;
    return step.how === 'by-name' ? step.class : byNameClasses[step.how];
}
const byNameClasses = {
    basic: FileInformationClass.FileBasicInformation,
    full: FileInformationClass.FileNetworkOpenInformation,
};
function readField(view, one) {
    if (one.size === 1)
        return BigInt(view.getUint8(one.offset));
    if (one.size === 4)
        return BigInt(view.getUint32(one.offset, true));
    return view.getBigUint64(one.offset, true);
}
function relation(value, kind) {
    if (kind === 'value')
        return `0x${value.toString(16).toUpperCase()}`;
    return value === 0n ? 'zero' : 'not zero';
}
