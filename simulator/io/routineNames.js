// What the dispatch routines of Windows' own drivers are called, for the simulated call stack.
import { IrpMajor } from '../../contract/windows/index.ts';
const ntfs = new Map([
    [IrpMajor.IRP_MJ_CREATE, 'NtfsFsdCreate'],
    [IrpMajor.IRP_MJ_CLOSE, 'NtfsFsdClose'],
    [IrpMajor.IRP_MJ_READ, 'NtfsFsdRead'],
    [IrpMajor.IRP_MJ_WRITE, 'NtfsFsdWrite'],
    [IrpMajor.IRP_MJ_CLEANUP, 'NtfsFsdCleanup'],
    [IrpMajor.IRP_MJ_SET_INFORMATION, 'NtfsFsdSetInformation'],
    [IrpMajor.IRP_MJ_DIRECTORY_CONTROL, 'NtfsFsdDirectoryControl'],
    [IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL, 'NtfsFsdFileSystemControl'],
    [IrpMajor.IRP_MJ_FLUSH_BUFFERS, 'NtfsFsdFlushBuffers'],
    [IrpMajor.IRP_MJ_LOCK_CONTROL, 'NtfsFsdLockControl'],
]);
const filterManager = new Map([
    [IrpMajor.IRP_MJ_CREATE, 'FltpCreate'],
    [IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL, 'FltpFsControl'],
]);
/** "Ntfs!NtfsFsdCreate" for what `driver` ("\\FileSystem\\Ntfs") does with a major function. */
export function dispatchRoutine(driver, majorFunction) {
    const name = driver.slice(driver.lastIndexOf('\\') + 1);
    if (name === 'Ntfs')
        return `Ntfs!${ntfs.get(majorFunction) ?? 'NtfsFsdDispatchWait'}`;
    if (name === 'FltMgr')
        return `fltmgr!${filterManager.get(majorFunction) ?? 'FltpDispatch'}`;
    return `${name}!Dispatch`;
}
