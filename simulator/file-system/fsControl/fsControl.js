// IRP_MJ_FILE_SYSTEM_CONTROL: one row for each control that the model has.
import { assert } from '../../../contract/assert.ts';
import { FsControlCode, fsControlName, IrpMinor, NtStatus, } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { systemBuffer } from '../buffers.ts';
import { openOf } from '../open.ts';
import { failed } from '../outcome.ts';
import { oplockControls } from '../oplocks/oplockControl.ts';
import { deleteReparsePoint, getReparsePoint, setReparsePoint } from './reparsePoint.ts';
import { setSparse, setZeroData } from './sparse.ts';
const controls = new Map([
    [FsControlCode.FSCTL_SET_REPARSE_POINT, setReparsePoint],
    [FsControlCode.FSCTL_GET_REPARSE_POINT, getReparsePoint],
    [FsControlCode.FSCTL_DELETE_REPARSE_POINT, deleteReparsePoint],
    [FsControlCode.FSCTL_SET_SPARSE, setSparse],
    [FsControlCode.FSCTL_SET_ZERO_DATA, setZeroData],
    ...oplockControls,
]);
export function fileSystemControl(volume, irp, consequences) {
    const { parameters, fileObject, minorFunction } = currentStackLocation(irp);
    assert(parameters.kind === 'fs-control', 'a file-system control has its parameters');
    const { fsControlCode: code, inputBufferLength, outputBufferLength } = parameters;
    const control = controls.get(code);
    if (control === undefined || minorFunction !== IrpMinor.IRP_MN_USER_FS_REQUEST) {
        throw new NotModelledSignal(`file-system control ${fsControlName(code)}`);
    }
    const open = openOf(fileObject);
    if (open.cleanedUp)
        return failed(NtStatus.STATUS_FILE_CLOSED);
    const { kernel } = volume;
    const input = systemBuffer(kernel, irp, inputBufferLength).slice();
    const output = systemBuffer(kernel, irp, outputBufferLength);
    return control({ volume, consequences, irp, open, code, input, output });
}
