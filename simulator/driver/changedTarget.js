// The seed's advice as a finding: once a pre-operation has changed Iopb->TargetInstance, the block no
// longer says whose callback this is; FltObjects does (R-REDIRECT-38).
import { fltMajorName } from '../../contract/windows/index.ts';
import { IopbLayout } from './layout.ts';
/**
 * Reports a routine that depends on whose instance this is and is called after the change: with the
 * instance that stands in the block now, or, where `given` is null, with the block itself. What the
 * driver meant cannot be seen; a filter that wants something of the other instance asks before.
 */
export function noticeChangedTarget(room, given, routine) {
    const callback = room.threads.current?.callbacks.at(-1);
    if (callback?.kind !== 'pre' || callback.data === null)
        return;
    const { data } = callback;
    const own = data.operation.hold?.instance;
    const now = room.memory.read32(data.iopbAddress + IopbLayout.TargetInstance);
    if (own === undefined || now === own.address)
        return;
    if (given !== null && given.address !== now)
        return;
    room.kernel.report({
        id: 'iopb-after-change',
        message: `${routine} was called for ${fltMajorName(data.iopb.majorFunction)} after Iopb->TargetInstance ` +
            `had been changed${given === null ? '' : ', with the instance of the other volume'}: ask before ` +
            'the change, and take FltObjects->Instance and FltObjects->FileObject for what is your own.',
    });
}
/** Where a pre-operation says that it has changed the target: findings about the change point there. */
export function noteChangedTarget(room, data) {
    const { hold } = data.operation;
    if (hold?.phase !== 'pre')
        return;
    const { targetInstance, targetFileObject } = hold.iopb;
    const instance = room.memory.read32(data.iopbAddress + IopbLayout.TargetInstance);
    const file = room.memory.read32(data.iopbAddress + IopbLayout.TargetFileObject);
    if (instance === targetInstance?.address && file === (targetFileObject?.address ?? 0))
        return;
    hold.changedAt = room.place();
}
