// The extended attributes of one file.
import { NtStatus } from '../../../contract/windows/index.ts';
/** This file cannot be understood without the attribute. */
const FILE_NEED_EA = 0x80;
const NAME_BYTES_MAX = 254;
/** What all of them may take, as they are packed on disk. */
const PACKED_BYTES_MAX = 0xffff;
// eslint-disable-next-line no-control-regex -- NTFS forbids exactly these
const ILLEGAL = /["*+,/:;<=>?[\\\]|\u0000-\u001f]/;
/** Names are kept in upper case, in the order in which they were written last. */
export class EaSet {
    list = [];
    /** Counts changes: an enumeration that has begun before one of them cannot go on. */
    changes = 0;
    get all() {
        return this.list;
    }
    find(name) {
        const key = name.toUpperCase();
        return this.list.find((one) => one.name === key);
    }
    get needsKnowledge() {
        return this.list.some(({ flags }) => flags === FILE_NEED_EA);
    }
    /** FILE_EA_INFORMATION.EaSize. */
    get packed_bytes() {
        return packedBytes(this.list);
    }
    clear() {
        if (this.list.length > 0)
            this.changes += 1;
        this.list = [];
    }
    /** An empty value takes the attribute away. All of the list is done, or nothing. */
    set(changes) {
        const refusal = refuse(changes);
        if (refusal !== null)
            return refusal;
        let list = this.list;
        for (const { name, value, flags } of changes) {
            const key = name.toUpperCase();
            list = list.filter((one) => one.name !== key);
            if (value.length > 0)
                list = [...list, { name: key, value, flags }];
        }
        if (packedBytes(list) > PACKED_BYTES_MAX)
            return NtStatus.STATUS_EA_TOO_LARGE;
        this.list = list;
        this.changes += 1;
        return NtStatus.STATUS_SUCCESS;
    }
}
/** Of a list that is written, and of one that is asked for. */
export const isLegalEaName = (name) => name.length > 0 && name.length <= NAME_BYTES_MAX && !ILLEGAL.test(name);
function refuse(changes) {
    const isWrong = changes.some(({ name, flags }) => !isLegalEaName(name) || (flags !== 0 && flags !== FILE_NEED_EA));
    return isWrong ? NtStatus.STATUS_INVALID_EA_NAME : null;
}
function packedBytes(list) {
    if (list.length === 0)
        return 0;
    return list.reduce((sum, { name, value }) => sum + 5 + name.length + value.length, 4);
}
