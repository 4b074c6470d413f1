// ntoskrnl: handles and references of the driver's own, and names of file objects.
import { NtStatus } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, partial, partialBlocking } from '../binding.ts';
const { PASSIVE_LEVEL } = Irql;
export const kernelObjectExports = {
    ObReferenceObjectByHandle: partial('Handles of files and of system threads only.', ['u32', 'u32', 'address', 'u32', 'out32', 'address'], 'status', (room, handle, _access, _type, _mode, object) => {
        const thread = room.workItems.threadOfHandle(handle);
        if (thread !== undefined) {
            object.set(thread.address);
            return NtStatus.STATUS_SUCCESS;
        }
        const file = room.io.fileOfHandle(handle);
        if (file === null)
            return NtStatus.STATUS_INVALID_HANDLE;
        room.io.referenceFile(file);
        object.set(room.objects.showFile(file));
        return NtStatus.STATUS_SUCCESS;
    }, { irql: PASSIVE_LEVEL }),
    ObfReferenceObject: partial('References to file objects are counted, no others.', ['address'], 'i32', (room, object) => {
        const file = room.objects.fileAt(object);
        if (file === undefined)
            return 2;
        room.io.referenceFile(file);
        return file.referenceCount + file.handleCount;
    }),
    ObfDereferenceObject: partialBlocking('References to file objects are counted, no others.', ['address'], 'i32', async (room, object) => {
        const file = room.objects.fileAt(object);
        if (file === undefined)
            return 1;
        if (file.referenceCount === 0) {
            room.kernel.report({
                id: 'bad-handle',
                message: `ObDereferenceObject gave back a reference to ${file.fileName} that nobody has.`,
            });
            return 0;
        }
        await room.io.dereferenceFile(file);
        return file.referenceCount + file.handleCount;
    }),
    ZwClose: fullBlocking(['u32'], 'status', (room, handle) => room.workItems.threadOfHandle(handle) === undefined
        ? room.io.closeHandle(handle)
        : NtStatus.STATUS_SUCCESS),
    IoReplaceFileObjectName: full(['fileObject', 'address', 'u32'], 'status', (room, file, name, length) => {
        if (file.fileName === '')
            return NtStatus.STATUS_INVALID_PARAMETER;
        const bytes = length & 0xffff;
        room.probe(name, bytes, false, 'IoReplaceFileObjectName');
        file.fileName = room.memory.readWide(name, bytes >>> 1);
        room.objects.showFile(file);
        const shown = `"${file.fileName}"`;
        room.tell('ntoskrnl', 'IoReplaceFileObjectName', [shown], 'STATUS_SUCCESS', ['R-REDIRECT-3']);
        return NtStatus.STATUS_SUCCESS;
    }, { irql: PASSIVE_LEVEL, since: '6.1' }),
};
