import { fltMajorName } from '../../contract/windows/index.ts';
/** Told once per place, when such a completion reaches a driver that asked for the routine. */
export function noticeUnreachableData(room, data, place) {
    const asked = room.newSystemBufferMissing;
    const { irp, systemBufferGoingDown } = data.operation;
    if (asked === null || irp === null || room.kernel.profile.newSystemBuffer)
        return;
    const isNew = irp.systemBuffer !== 0 && irp.systemBuffer !== systemBufferGoingDown;
    if (!isNew || data.ioStatus.information === 0)
        return;
    room.kernel.report({
        id: 'data-not-reachable',
        message: `${fltMajorName(data.iopb.majorFunction)} completed with ${data.ioStatus.information} bytes ` +
            'in a system buffer that the file system allocated. ' +
            `${room.kernel.profile.title} has neither FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER nor ` +
            'FltGetNewSystemBufferAddress (asked for by name, and NULL), so this callback cannot reach ' +
            'them: lock the buffer or swap in one of your own in the pre-operation.',
        stack: [...(place === undefined ? [] : [place]), ...asked],
    });
}
