// What a create callback that answers with STATUS_REPARSE / IO_REPARSE has to have done.
// Models: R-REDIRECT-1, R-REDIRECT-4, R-REDIRECT-10.
import { IrpMajor, NtStatus } from '../../contract/windows/index.ts';
/** STATUS_REPARSE's Information: open FileObject->FileName anew. */
const IO_REPARSE = 0;
const IO_REMOUNT = 1;
/** The create is answered with another name to open. */
export const redirects = ({ status, information }) => status === NtStatus.STATUS_REPARSE && information === IO_REPARSE;
/** The file system met a tag, and the callback left it so. */
const keepsTag = (found, now) => found.status === NtStatus.STATUS_REPARSE &&
    found.information > IO_REMOUNT &&
    now.status === found.status &&
    now.information === found.information;
/** Somebody took the reparse point away meanwhile: this open does not profit by it (R-REDIRECT-22). */
function noticeRestored(kernel, { data, volume }, filter, at) {
    const file = data.iopb.targetFileObject;
    if (at === undefined || file === null)
        return;
    if (volume.volume.leadsToReparsePoint?.(file) !== false)
        return;
    kernel.report({
        id: 'restored-not-reopened',
        message: `"${file.fileName}" is no reparse point any more, but ${filter} lets this create go up with its ` +
            'tag: reissue it, and the file that is there now is opened.',
        stack: [at],
    });
}
/** After a callback that made it so; `at` is where the callback begins. */
export function checkRedirection({ kernel }, operation, { instance, iopb, found }, at) {
    if (iopb.majorFunction !== IrpMajor.IRP_MJ_CREATE)
        return;
    const { data } = operation;
    if (found !== null && keepsTag(found, data.ioStatus)) {
        noticeRestored(kernel, operation, instance.filter.name, at);
        return;
    }
    if (!redirects(data.ioStatus) || (found !== null && redirects(found)))
        return;
    const stack = at === undefined ? [] : [at];
    const name = iopb.targetFileObject?.fileName ?? '';
    if (name === operation.nameGoingDown && name !== '') {
        kernel.report({
            id: 'reparse-name-missing',
            message: `${instance.filter.name} answered the create of "${name}" with STATUS_REPARSE and ` +
                'IO_REPARSE, but FileObject->FileName is the same as before: it has to name the target.',
            stack,
        });
    }
    if (data.tagData === null)
        return;
    kernel.report({
        id: 'tag-data-kept',
        message: `${instance.filter.name} turned the tag of "${operation.nameGoingDown ?? name}" into IO_REPARSE ` +
            'and left Data->TagData there: free it and set it to NULL.',
        stack,
        evidence: 'U',
    });
}
