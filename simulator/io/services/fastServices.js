// How a system service tries the fast way before it builds an IRP.
import { NtStatus } from '../../../contract/windows/index.ts';
import { callFastIo } from '../fastIo.ts';
import { deviceOf } from '../fileObjects.ts';
/** The result, or null where the stack says "no" and an IRP is needed (R-FLT-33). */
export async function tryFastIo(io, { entry, file, operation, buffer, mode }) {
    // A handle that a filter opened below itself: FltCreateFile's requests are IRPs (R-FLT-27).
    if (file.stackEntry)
        return null;
    const top = deviceOf(file);
    const iosb = { status: NtStatus.STATUS_SUCCESS, information: 0 };
    const taken = await callFastIo(io.kernel, top, {
        entry,
        fileObject: file,
        operation,
        buffer,
        mdl: null,
        irp: null,
        iosb,
        requestorMode: mode,
    });
    return taken ? iosb : null;
}
