// Attributes by name: a create, a query, a cleanup and a close in one call, so that nothing of the open
// is left. The file object belongs to the caller's stack.
// Models: NtfsNetworkOpenCreate; R-REDIRECT-45, R-REDIRECT-46.
import { NtStatus, ntError } from '../../contract/windows/index.ts';
import { cleanup, close } from './cleanup.ts';
import { create } from './create/create.ts';
/**
 * Opens what the create of the call names, runs `query` on it and closes it. Null, which is "no", for a
 * name that leads through a reparse point: following it takes a create of its own. Grade I.
 */
export async function openAndQuery(volume, { irp, fileObject }, query) {
    if (irp === null)
        return null;
    const consequences = volume.consequences();
    const opened = create(volume, irp, consequences);
    if (opened.status === NtStatus.STATUS_REPARSE) {
        irp.auxiliaryBuffer = null;
        return null;
    }
    if (ntError(opened.status))
        return opened;
    const outcome = query();
    cleanup(volume, fileObject, consequences);
    close(volume, fileObject);
    await consequences.happen();
    return outcome;
}
