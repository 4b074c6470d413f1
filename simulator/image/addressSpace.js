// Where things lie in the linear memory that all images of one simulation share. The C side of the
// same numbers is runtime/fltlab-runtime.h; runtime/README.md explains them.
export const PAGE_BYTES = 0x1_0000;
export const addressSpace = {
    /** Below: the null page. */
    userBase: 0x0001_0000,
    /** First address that is not user mode. */
    systemBase: 0x0030_0000,
    controlBlock: 0x0030_0000,
    imageBase: 0x0040_0000,
    imageEnd: 0x0080_0000,
    shadowBase: 0x0080_0000,
    /** From here on the loader's: thread stacks, pool, objects. */
    loaderBase: 0x0100_0000,
    end: 0x0400_0000,
};
/** What MmHighestUserAddress says; the last 64 KiB of user space are a no-access region. */
export const HIGHEST_USER_ADDRESS = addressSpace.systemBase - PAGE_BYTES - 1;
/** Size of the shared memory in 64 KiB pages. */
export const memoryPages = {
    initial: addressSpace.loaderBase / PAGE_BYTES + 32,
    maximum: addressSpace.end / PAGE_BYTES,
};
/** Offsets of the control block's cells. */
export const controlCell = { fuel: 0, stackLimit: 4, irql: 8, sehHead: 12 };
/** A shadow byte below 0x30 is one of these bases plus the count (1 to 8) of usable bytes. */
export const shadowKind = {
    unowned: 0x00,
    plain: 0x00,
    pageable: 0x10,
    readOnly: 0x20,
    redZone: 0xf1,
    freed: 0xfd,
};
export const shadowAddress = (address) => addressSpace.shadowBase + (address >>> 3);
/** Arguments of the runtime's imports fltlab.exhausted and fltlab.unsupported. */
export const exhaustedKind = { fuel: 1, stack: 2 };
export const unsupportedKind = {
    /** A filter that reads locals returned EXCEPTION_CONTINUE_EXECUTION. */
    continueExecution: 1,
    /** A filter that reads locals stands outside a __finally: its block would have to run first. */
    filterBehindFinally: 2,
};
