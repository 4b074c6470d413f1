// FltReissueSynchronousIo and FltCancelFileOpen: what a post-operation may do about the operation that
// it sees come back.
// Models: R-REDIRECT-21 to 24, 26 and 27. The same IRP goes down once more from the initiating instance,
// and its completion stops at a wait point of the thread that reissues.
import { BugCheck, CallbackDataFlag, FileObjectFlag, IrpFlag, IrpMajor, NtStatus, fltMajorName, } from '../../contract/windows/index.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
import { BugcheckSignal } from '../kernel/kernel.ts';
import { sendBelow } from './irpPath.ts';
import { performData } from './ownData.ts';
import { performOwn } from './ownIo.ts';
import { ascend } from './postOperation.ts';
import { descend } from './preOperation.ts';
const Flag = CallbackDataFlag;
/** FLTFL_CALLBACK_DATA_REISSUE_MASK: what a reissued operation keeps of its flags. */
const REISSUE_MASK = 0xffff;
const KEPT = REISSUE_MASK | Flag.FLTFL_CALLBACK_DATA_GENERATED_IO;
/**
 * FltReissueSynchronousIo: back when the operation has come up to the caller again; the new result is in
 * `data.ioStatus`. Differs: where Windows would be undefined it is told, and nothing is sent.
 */
export async function reissue(context, initiating, data) {
    const { operation } = data;
    if (operation.own !== null) {
        data.flags |= Flag.FLTFL_CALLBACK_DATA_REISSUED_IO;
        await performData(context, data);
        return;
    }
    const { hold, irp } = operation;
    const refusal = refusalOf(operation, initiating);
    if (refusal !== null || hold === null || irp === null) {
        context.kernel.report({
            id: 'reissue-not-allowed',
            message: `FltReissueSynchronousIo was called ${refusal ?? 'outside a post-operation'}.`,
        });
        return;
    }
    noticeVainStatus(context, data, hold);
    acceptChanges(context, data, hold);
    data.tagData = null;
    irp.auxiliaryBuffer = null;
    if (isCancelledOpen(data)) {
        data.ioStatus.status = NtStatus.STATUS_CANCELLED;
        data.ioStatus.information = 0;
        context.kernel.because('R-REDIRECT-24');
    }
    else {
        await sendAgain(context, data, hold, irp);
    }
    data.iopb = hold.iopb;
}
/** Why this operation cannot be reissued here; null where it can. */
function refusalOf({ path, hold }, initiating) {
    if (path !== 'irp')
        return 'for an operation without an IRP';
    const node = hold?.node ?? null;
    if (hold === null || node === null || hold.state !== 'running') {
        return 'outside a post-operation';
    }
    if (hold.instance !== initiating)
        return 'with another instance than the callback’s own';
    if (node.synchronized)
        return null;
    const major = fltMajorName(hold.iopb.majorFunction);
    return `for ${major}, whose pre-operation did not return FLT_PREOP_SYNCHRONIZE`;
}
/** A status that is set before the operation goes down is overwritten below (R-REDIRECT-8). */
function noticeVainStatus({ kernel }, { ioStatus }, { found }) {
    if (found === null)
        return;
    if (ioStatus.status === found.status && ioStatus.information === found.information)
        return;
    kernel.report({
        id: 'status-before-reissue',
        message: 'Data->IoStatus was set before FltReissueSynchronousIo: it has no effect, because the layers ' +
            'below overwrite it.',
    });
}
function acceptChanges({ kernel }, data, hold) {
    const dirty = (data.flags & Flag.FLTFL_CALLBACK_DATA_DIRTY) !== 0;
    data.flags &= ~Flag.FLTFL_CALLBACK_DATA_DIRTY;
    if (data.iopb === hold.iopb || dirty)
        return;
    data.iopb = hold.iopb;
    kernel.report({
        id: 'not-dirty',
        message: `The parameters of ${fltMajorName(hold.iopb.majorFunction)} were changed before ` +
            'FltReissueSynchronousIo, but FltSetCallbackDataDirty was not called: the change is not sent.',
        rules: ['R-REDIRECT-23'],
    });
}
const isCancelledOpen = ({ iopb }) => iopb.majorFunction === IrpMajor.IRP_MJ_CREATE &&
    ((iopb.targetFileObject?.flags ?? 0) & FileObjectFlag.FO_FILE_OPEN_CANCELLED) !== 0;
async function sendAgain(context, data, hold, irp) {
    const { operation, flags, iopbAddress } = data;
    const { scheduler } = context.kernel;
    data.flags = (flags & KEPT) | Flag.FLTFL_CALLBACK_DATA_REISSUED_IO;
    data.iopbAddress = operation.address + context.layout.workingIopb;
    operation.nextInstance = operation.instances.indexOf(hold.instance) + 1;
    const event = scheduler.createEvent('notification', false);
    operation.waitPoints.push({ event, nodeIndex: operation.nodes.length - 1 });
    const descent = await descend(context, operation);
    if (descent === 'completed')
        await ascend(context, operation);
    else if (descent === 'passed')
        await sendBelow(context, operation, irp);
    await scheduler.waitForEvent(event, {
        kind: 'request',
        what: `reissued ${fltMajorName(hold.iopb.majorFunction)} (IRP 0x${irp.address.toString(16)})`,
    });
    operation.waitPoints.pop();
    operation.hold = hold;
    operation.nextInstance = operation.instances.length;
    data.flags = flags | Flag.FLTFL_CALLBACK_DATA_REISSUED_IO;
    data.iopbAddress = iopbAddress;
}
/**
 * FltCancelFileOpen: undoes an open that has succeeded below. Those below see cleanup and close; what the
 * create has made or overwritten stays. A handle that is there already is bug check 0xF5, code 0x6A.
 */
export async function cancelFileOpen(context, instance, file) {
    if ((file.flags & FileObjectFlag.FO_HANDLE_CREATED) !== 0) {
        context.kernel.report({
            id: 'open-cancelled-late',
            message: `FltCancelFileOpen was called for ${displayNameOf(file)}, which has a handle already: it is ` +
                'for a post-create only.',
        });
        const address = `0x${file.address.toString(16)}`;
        throw new BugcheckSignal(BugCheck.FLTMGR_FILE_SYSTEM, ['0x6a', address, '0x0', '0x0']);
    }
    file.flags |= FileObjectFlag.FO_FILE_OPEN_CANCELLED;
    // Nothing has been opened below: after a failure, and after STATUS_REPARSE.
    if (file.fsContext === null)
        return;
    const request = {
        instance,
        file,
        irpFlags: IrpFlag.IRP_CLOSE_OPERATION | IrpFlag.IRP_SYNCHRONOUS_API,
        parameters: { kind: 'none' },
    };
    await performOwn(context, { ...request, majorFunction: IrpMajor.IRP_MJ_CLEANUP });
    file.flags |= FileObjectFlag.FO_CLEANUP_COMPLETE;
    await performOwn(context, { ...request, majorFunction: IrpMajor.IRP_MJ_CLOSE });
}
