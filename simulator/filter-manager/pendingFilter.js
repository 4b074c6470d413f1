// A neighbour that holds reads back: what goes past the cache is pended in its pre-operation and let go
// from a system thread, as by filters that decrypt or scan. It makes "sometimes pending" a matter of
// how the reader opened the file. Modelled, never loaded.
import { FltPreopStatus, IrpFlag, IrpMajor } from '../../contract/windows/index.ts';
const { FLT_PREOP_PENDING, FLT_PREOP_SUCCESS_NO_CALLBACK } = FltPreopStatus;
export function pendingFilter(kernel, manager) {
    const passesOn = { status: FLT_PREOP_SUCCESS_NO_CALLBACK, completionContext: 0 };
    return {
        operations: [
            {
                majorFunction: IrpMajor.IRP_MJ_READ,
                flags: 0,
                pre: (data) => {
                    if (!isHeld(data))
                        return passesOn;
                    kernel.workQueue.queue('a read that a filter below has pended', async () => {
                        await manager.completePendedPre(data, FLT_PREOP_SUCCESS_NO_CALLBACK, 0);
                    });
                    return { status: FLT_PREOP_PENDING, completionContext: 0 };
                },
                post: null,
            },
        ],
        unload: null,
        instanceSetup: null,
        instanceQueryTeardown: null,
        instanceTeardownStart: null,
        instanceTeardownComplete: null,
    };
}
/** Past the cache, and not the memory manager's own. */
function isHeld({ operation, iopb }) {
    const { IRP_NOCACHE, IRP_PAGING_IO } = IrpFlag;
    return (operation.path === 'irp' && (iopb.irpFlags & (IRP_NOCACHE | IRP_PAGING_IO)) === IRP_NOCACHE);
}
