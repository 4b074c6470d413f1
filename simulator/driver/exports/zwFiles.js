// ntoskrnl: system services that a driver calls for files of its own. They go through the whole stack,
// from its top, this driver included. Models: R-SECTION-16, R-IO-20; DDI ZwCreateFile, ZwReadFile.
import { Disposition, ObjectAttribute, ntError, ntStatusName, } from '../../../contract/windows/index.ts';
import { newIosb, ntQueryInformationFile, ntReadFile, ntWriteFile } from '../../io/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { noticeDisabledApcs } from '../apcsDisabled.ts';
import { fullBlocking, partialBlocking } from '../binding.ts';
import { writeIoStatus } from '../ioStatus.ts';
import { readObjectAttributes } from '../objectAttributes.ts';
const IRQL_MAX = 1; // What is wrong with APC_LEVEL is told by name: see noticeDisabledApcs.
const irql = IRQL_MAX;
async function open(room, routine, handle, asked) {
    noticeDisabledApcs(room, routine);
    const object = readObjectAttributes(room, asked.objectAttributes, routine);
    if (asked.eaLength !== 0)
        room.probe(asked.ea, asked.eaLength, false, routine);
    const { allocation } = asked;
    if (allocation !== 0)
        room.probe(allocation, 8, false, routine);
    const result = await room.io.openFile({
        name: object.name,
        related: object.root,
        caseSensitive: (object.attributes & ObjectAttribute.OBJ_CASE_INSENSITIVE) === 0,
        desiredAccess: asked.desiredAccess,
        shareAccess: asked.share,
        disposition: asked.disposition,
        options: asked.options,
        fileAttributes: asked.fileAttributes,
        allocationSize: allocation === 0 ? 0 : Number(room.memory.read64(allocation)),
        ea: room.memory.bytes(asked.ea, asked.eaLength).slice(),
        requestorMode: 'kernel',
    });
    writeIoStatus(room, asked.iosb, result, routine);
    const { fileObject, status } = result;
    const ofKernel = (object.attributes & ObjectAttribute.OBJ_KERNEL_HANDLE) !== 0;
    if (fileObject !== null) {
        handle.set(room.io.openHandle(fileObject, fileObject.grantedAccess, ofKernel));
    }
    room.tell('ntoskrnl', routine, [`"${object.name}"`], ntStatusName(status));
    return status;
}
const USE_FILE_POINTER_POSITION = -2;
async function transfer(room, kind, [handle, event, apcRoutine, , block, buffer, length, byteOffset]) {
    const routine = kind === 'read' ? 'ZwReadFile' : 'ZwWriteFile';
    if (event !== 0 || apcRoutine !== 0) {
        throw new NotModelledSignal(`${routine} with an event or an APC routine`);
    }
    noticeDisabledApcs(room, routine);
    room.probe(buffer, length, kind === 'read', routine);
    const iosb = newIosb();
    const service = kind === 'read' ? ntReadFile : ntWriteFile;
    const status = await service(room.io.services, {
        handle,
        iosb,
        event: null,
        onDelivered: () => writeIoStatus(room, block, iosb, routine),
        buffer,
        length,
        offset: offsetAt(room, byteOffset, routine),
        mode: 'kernel',
    });
    if (!ntError(status) && iosb.written)
        writeIoStatus(room, block, iosb, routine);
    room.tell('ntoskrnl', routine, [`0x${handle.toString(16)}`, `${length} bytes`], ntStatusName(status));
    return status;
}
function offsetAt(room, pointer, routine) {
    if (pointer === 0)
        return null;
    room.probe(pointer, 8, false, routine);
    const offset = Number(BigInt.asIntN(64, room.memory.read64(pointer)));
    return offset === USE_FILE_POINTER_POSITION ? null : offset;
}
const transferKinds = [
    'u32',
    'u32',
    'address',
    'address',
    'address',
    'address',
    'u32',
    'address',
    'address',
];
const NOTE = 'Without an event and without an APC routine.';
export const zwFileExports = {
    ZwCreateFile: fullBlocking(['out32', 'u32', 'address', 'address', 'address', 'u32', 'u32', 'u32', 'u32', 'address', 'u32'], 'status', (room, handle, desiredAccess, objectAttributes, iosb, allocation, ...rest) => {
        const [fileAttributes, share, disposition, options, ea, eaLength] = rest;
        const asked = { desiredAccess, objectAttributes, iosb, allocation, fileAttributes };
        const how = { share, disposition, options, ea, eaLength };
        return open(room, 'ZwCreateFile', handle, { ...asked, ...how });
    }, { irql }),
    ZwOpenFile: fullBlocking(['out32', 'u32', 'address', 'address', 'u32', 'u32'], 'status', (room, handle, desiredAccess, objectAttributes, iosb, share, options) => open(room, 'ZwOpenFile', handle, {
        ...{ desiredAccess, objectAttributes, iosb, share, options },
        ...{ allocation: 0, fileAttributes: 0, ea: 0, eaLength: 0 },
        disposition: Disposition.FILE_OPEN,
    }), { irql }),
    ZwReadFile: partialBlocking(NOTE, transferKinds, 'status', (room, ...args) => transfer(room, 'read', args), { irql }),
    ZwWriteFile: partialBlocking(NOTE, transferKinds, 'status', (room, ...args) => transfer(room, 'write', args), { irql }),
    ZwQueryInformationFile: fullBlocking(['u32', 'address', 'address', 'u32', 'u32'], 'status', async (room, handle, block, buffer, length, fileInformationClass) => {
        const routine = 'ZwQueryInformationFile';
        noticeDisabledApcs(room, routine);
        room.probe(buffer, length, true, routine);
        const iosb = newIosb();
        const status = await ntQueryInformationFile(room.io.services, {
            ...{ handle, iosb, buffer, length, fileInformationClass },
            mode: 'kernel',
        });
        if (iosb.written)
            writeIoStatus(room, block, iosb, routine);
        return status;
    }, { irql }),
};
