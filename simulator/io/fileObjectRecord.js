/** sizeof(FILE_OBJECT) on 32-bit Windows 7. */
export const FILE_OBJECT_LENGTH = 0x80;
export class FileObjectRecord {
    address;
    device;
    fileName;
    relatedFileObject;
    flags = 0;
    fsContext = null;
    fsContext2 = null;
    sectionObjectPointer = null;
    readAccess = false;
    writeAccess = false;
    deleteAccess = false;
    sharedRead = false;
    sharedWrite = false;
    sharedDelete = false;
    deletePending = false;
    privateCacheMap = null;
    currentByteOffset = 0;
    grantedAccess = 0;
    stackEntry = null;
    handleCount = 0;
    referenceCount = 1;
    lockedBy = null;
    /** Threads that wait for the file-object lock (FO_SYNCHRONOUS_IO). */
    waiters = [];
    /** "C:\dir\file" for readers, as opened. */
    displayName;
    /** The create succeeded: close is owed when the last reference goes. */
    opened = false;
    constructor(address, device, fileName, related) {
        this.address = address;
        this.device = device;
        this.fileName = fileName;
        this.relatedFileObject = related;
        this.displayName = displayName(device, fileName, related);
    }
    tryTake(thread) {
        if (this.lockedBy !== null)
            return false;
        this.lockedBy = thread;
        return true;
    }
}
function displayName(device, fileName, related) {
    if (related === null)
        return `${device.volume?.name ?? device.name}:${fileName}`;
    const base = displayNameOf(related);
    if (fileName === '')
        return base;
    return fileName.startsWith(':') || base.endsWith('\\')
        ? `${base}${fileName}`
        : `${base}\\${fileName}`;
}
export const displayNameOf = (file) => file instanceof FileObjectRecord ? file.displayName : file.fileName;
