// The I/O manager's door: drivers receive IoManager, executors of workloads call the services.
export { HandleTables } from './handleTables.ts';
export { IoCore } from './ioCore.ts';
export type { MessageBuffers, MessageResult, PortEnd, ReceivedMessage } from './portEnd.ts';
export { newIosb, type CallerIosb, type OnDelivered } from './irpRecord.ts';
export { ntQueryAttributesFile, ntQueryInformationByName } from './services/attributeServices.ts';
export { ntCancelIoFile, ntCancelIoFileEx } from './services/cancelServices.ts';
export {
  ntClose,
  ntCreateFile,
  ntDeleteFile,
  ntDuplicateObject,
  type CreateArguments,
  type ObjectName,
} from './services/createClose.ts';
export { ntNotifyChangeDirectoryFile, ntQueryDirectoryFile } from './services/directoryServices.ts';
export { ntFsControlFile } from './services/fsControlServices.ts';
export { ntQueryEaFile, ntSetEaFile } from './services/eaServices.ts';
export { ntQueryInformationFile, ntSetInformationFile } from './services/informationServices.ts';
export { ntLockFile, ntUnlockFile } from './services/lockServices.ts';
export { ntFlushBuffersFile, ntReadFile, ntWriteFile } from './services/readWrite.ts';
export { ntQuerySecurityObject, ntSetSecurityObject } from './services/securityServices.ts';
export type { ServiceContext } from './services/serviceContext.ts';
export {
  ntCreateSection,
  ntFlushVirtualMemory,
  ntMapViewOfSection,
  ntUnmapViewOfSection,
} from './services/sectionServices.ts';
export type { View } from './sections/sectionObject.ts';
export { readView, writeView } from './sections/viewAccess.ts';
