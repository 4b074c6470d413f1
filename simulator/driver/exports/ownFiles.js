// fltmgr: files that a filter opens itself. Models: R-FLT-27, R-REDIRECT-20, R-REDIRECT-27.
import { ObjectAttribute, ntStatusName, StackLocation as Sl, } from '../../../contract/windows/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { Irql } from '../../kernel/thread.ts';
import { fullBlocking, partialBlocking } from '../binding.ts';
import { writeIoStatus } from '../ioStatus.ts';
import { readObjectAttributes } from '../objectAttributes.ts';
const { PASSIVE_LEVEL } = Irql;
const irql = PASSIVE_LEVEL;
/** IO_NO_PARAMETER_CHECKING and IO_FORCE_ACCESS_CHECK change nothing here: all callers may do all. */
const WITHOUT_EFFECT = 0x0100 | 0x0001;
const IO_OPEN_TARGET_DIRECTORY = 0x0004;
const IO_STOP_ON_SYMLINK = 0x0008;
/** The arguments that FltCreateFile, …Ex and …Ex2 share, behind the handle and the file object. */
const openKinds = [
    'u32',
    'address',
    'address',
    'address',
    'u32',
    'u32',
    'u32',
    'u32',
    'address',
    'u32',
    'u32',
];
function locationFlags(flags) {
    const rest = flags & ~(WITHOUT_EFFECT | IO_OPEN_TARGET_DIRECTORY | IO_STOP_ON_SYMLINK);
    if (rest !== 0)
        throw new NotModelledSignal(`FltCreateFile with flags 0x${rest.toString(16)}`);
    return ((flags & IO_OPEN_TARGET_DIRECTORY ? Sl.SL_OPEN_TARGET_DIRECTORY : 0) |
        (flags & IO_STOP_ON_SYMLINK ? Sl.SL_STOP_ON_SYMLINK : 0));
}
async function open(room, routine, by, out, args) {
    const [desiredAccess, attributesAt, iosb, allocation, fileAttributes, share] = args;
    const [, , , , , , disposition, options, ea, eaLength, flags] = args;
    const attributes = readObjectAttributes(room, attributesAt, routine);
    if (allocation !== 0)
        room.probe(allocation, 8, false, routine);
    if (eaLength !== 0)
        room.probe(ea, eaLength, false, routine);
    const result = await room.manager.io.openFile(by.filter, by.instance, {
        name: attributes.name,
        related: attributes.root,
        desiredAccess,
        shareAccess: share,
        disposition,
        options,
        fileAttributes,
        allocationSize: allocation === 0 ? 0 : Number(room.memory.read64(allocation)),
        ea: room.memory.bytes(ea, eaLength).slice(),
        locationFlags: locationFlags(flags),
    });
    writeIoStatus(room, iosb, result, routine);
    const { status, fileObject } = result;
    out.handle.set(fileObject === null ? 0 : giveHandle(room, fileObject, attributes.attributes));
    if (out.fileObject !== null)
        out.fileObject.set(giveObject(room, fileObject));
    room.tell('fltmgr', routine, [`"${attributes.name}"`], ntStatusName(status));
    return status;
}
function giveHandle(room, file, attributes) {
    const ofKernel = (attributes & ObjectAttribute.OBJ_KERNEL_HANDLE) !== 0;
    return room.io.openHandle(file, file.grantedAccess, ofKernel);
}
/** FltCreateFileEx gives a reference of its own to the file object. */
function giveObject(room, file) {
    if (file !== null)
        room.io.referenceFile(file);
    return room.objects.showFile(file);
}
export const ownFileExports = {
    FltCreateFile: fullBlocking(['filter', 'optionalInstance', 'out32', ...openKinds], 'status', (room, filter, instance, handle, ...args) => open(room, 'FltCreateFile', { filter, instance }, { handle, fileObject: null }, args), { irql }),
    FltCreateFileEx: fullBlocking(['filter', 'optionalInstance', 'out32', 'optionalOut32', ...openKinds], 'status', (room, filter, instance, handle, fileObject, ...args) => open(room, 'FltCreateFileEx', { filter, instance }, { handle, fileObject }, args), { irql }),
    FltCreateFileEx2: partialBlocking('The driver context (extra create parameters) is not looked at.', ['filter', 'optionalInstance', 'out32', 'optionalOut32', ...openKinds, 'address'], 'status', (room, filter, instance, handle, fileObject, ...args) => open(room, 'FltCreateFileEx2', { filter, instance }, { handle, fileObject }, args), { irql, since: '6.0' }),
    FltClose: fullBlocking(['u32'], 'status', (room, handle) => room.io.closeHandle(handle), {
        irql,
    }),
    FltCancelFileOpen: fullBlocking(['instance', 'fileObject'], 'void', async (room, instance, file) => {
        room.tell('fltmgr', 'FltCancelFileOpen', [file.fileName], 'void', ['R-REDIRECT-27']);
        await room.manager.io.cancelFileOpen(instance, file);
        room.objects.showFile(file);
    }, { irql }),
};
