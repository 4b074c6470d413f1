/*
 * Routines of FLTMGR.SYS with which a filter does I/O of its own on an open file, and those that
 * carry an operation on. From the WDK documentation of fltkernel.h.
 */

#pragma once

/* ---- Operations that a filter makes itself ---- */

NTSTATUS FLTAPI FltAllocateCallbackData(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CALLBACK_DATA *RetNewCallbackData);
VOID FLTAPI FltFreeCallbackData(PFLT_CALLBACK_DATA CallbackData);
VOID FLTAPI FltReuseCallbackData(PFLT_CALLBACK_DATA CallbackData);
VOID FLTAPI FltPerformSynchronousIo(PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltPerformAsynchronousIo(PFLT_CALLBACK_DATA CallbackData,
    PFLT_COMPLETED_ASYNC_IO_CALLBACK CallbackRoutine, PVOID CallbackContext);
VOID FLTAPI FltReissueSynchronousIo(PFLT_INSTANCE InitiatingInstance,
    PFLT_CALLBACK_DATA CallbackData);
#if FLT_MGR_WIN7
NTSTATUS FLTAPI FltAllocateCallbackDataEx(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    FLT_ALLOCATE_CALLBACK_DATA_FLAGS Flags, PFLT_CALLBACK_DATA *RetNewCallbackData);
#endif

/* ---- Reading and writing ---- */

NTSTATUS FLTAPI FltReadFile(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PLARGE_INTEGER ByteOffset, ULONG Length, PVOID Buffer, FLT_IO_OPERATION_FLAGS Flags,
    PULONG BytesRead, PFLT_COMPLETED_ASYNC_IO_CALLBACK CallbackRoutine, PVOID CallbackContext);
NTSTATUS FLTAPI FltWriteFile(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PLARGE_INTEGER ByteOffset, ULONG Length, PVOID Buffer, FLT_IO_OPERATION_FLAGS Flags,
    PULONG BytesWritten, PFLT_COMPLETED_ASYNC_IO_CALLBACK CallbackRoutine, PVOID CallbackContext);
NTSTATUS FLTAPI FltFlushBuffers(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject);
#if FLT_MGR_WIN8
NTSTATUS FLTAPI FltReadFileEx(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PLARGE_INTEGER ByteOffset, ULONG Length, PVOID Buffer, FLT_IO_OPERATION_FLAGS Flags,
    PULONG BytesRead, PFLT_COMPLETED_ASYNC_IO_CALLBACK CallbackRoutine, PVOID CallbackContext,
    PULONG Key, PMDL Mdl);
NTSTATUS FLTAPI FltWriteFileEx(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PLARGE_INTEGER ByteOffset, ULONG Length, PVOID Buffer, FLT_IO_OPERATION_FLAGS Flags,
    PULONG BytesWritten, PFLT_COMPLETED_ASYNC_IO_CALLBACK CallbackRoutine, PVOID CallbackContext,
    PULONG Key, PMDL Mdl);
BOOLEAN FLTAPI FltFastIoMdlRead(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PLARGE_INTEGER FileOffset, ULONG Length, ULONG LockKey, PMDL *MdlChain,
    PIO_STATUS_BLOCK IoStatus);
BOOLEAN FLTAPI FltFastIoMdlReadComplete(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PMDL MdlChain);
BOOLEAN FLTAPI FltFastIoPrepareMdlWrite(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PLARGE_INTEGER FileOffset, ULONG Length, ULONG LockKey, PMDL *MdlChain,
    PIO_STATUS_BLOCK IoStatus);
BOOLEAN FLTAPI FltFastIoMdlWriteComplete(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    PLARGE_INTEGER FileOffset, PMDL MdlChain);
#endif
#if FLT_MGR_WIN10_19H1
NTSTATUS FLTAPI FltFlushBuffers2(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject, ULONG FlushType,
    PFLT_CALLBACK_DATA CallbackData);
#endif

/* ---- Information, security, control codes ---- */

NTSTATUS FLTAPI FltQueryInformationFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PVOID FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass,
    PULONG LengthReturned);
NTSTATUS FLTAPI FltSetInformationFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PVOID FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass);
NTSTATUS FLTAPI FltQueryVolumeInformationFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PVOID FsInformation, ULONG Length, FS_INFORMATION_CLASS FsInformationClass,
    PULONG LengthReturned);
NTSTATUS FLTAPI FltQueryVolumeInformation(PFLT_INSTANCE Instance, PIO_STATUS_BLOCK Iosb,
    PVOID FsInformation, ULONG Length, FS_INFORMATION_CLASS FsInformationClass);
NTSTATUS FLTAPI FltSetVolumeInformation(PFLT_INSTANCE Instance, PIO_STATUS_BLOCK Iosb,
    PVOID FsInformation, ULONG Length, FS_INFORMATION_CLASS FsInformationClass);
NTSTATUS FLTAPI FltQuerySecurityObject(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    SECURITY_INFORMATION SecurityInformation, PSECURITY_DESCRIPTOR SecurityDescriptor,
    ULONG Length, PULONG LengthNeeded);
NTSTATUS FLTAPI FltSetSecurityObject(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    SECURITY_INFORMATION SecurityInformation, PSECURITY_DESCRIPTOR SecurityDescriptor);
NTSTATUS FLTAPI FltFsControlFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    ULONG FsControlCode, PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer,
    ULONG OutputBufferLength, PULONG LengthReturned);
NTSTATUS FLTAPI FltDeviceIoControlFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    ULONG IoControlCode, PVOID InputBuffer, ULONG InputBufferLength, PVOID OutputBuffer,
    ULONG OutputBufferLength, PULONG LengthReturned);
NTSTATUS FLTAPI FltQueryEaFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PVOID ReturnedEaData, ULONG Length, BOOLEAN ReturnSingleEntry, PVOID EaList,
    ULONG EaListLength, PULONG EaIndex, BOOLEAN RestartScan, PULONG LengthReturned);
NTSTATUS FLTAPI FltSetEaFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject, PVOID EaBuffer,
    ULONG Length);
NTSTATUS FLTAPI FltTagFile(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    ULONG FileTag, GUID *Guid, PVOID DataBuffer, USHORT DataBufferLength);
NTSTATUS FLTAPI FltUntagFile(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    ULONG FileTag, GUID *Guid);
#if FLT_MGR_LONGHORN
NTSTATUS FLTAPI FltQueryDirectoryFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PVOID FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass,
    BOOLEAN ReturnSingleEntry, PUNICODE_STRING FileName, BOOLEAN RestartScan,
    PULONG LengthReturned);
#endif
#if FLT_MGR_WIN8
NTSTATUS FLTAPI FltQueryQuotaInformationFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer, ULONG Length, BOOLEAN ReturnSingleEntry,
    PVOID SidList, ULONG SidListLength, PULONG StartSid, BOOLEAN RestartScan,
    PULONG LengthReturned);
NTSTATUS FLTAPI FltSetQuotaInformationFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PVOID Buffer, ULONG Length);
#endif
#if FLT_MGR_WIN10_RS5
NTSTATUS FLTAPI FltQueryDirectoryFileEx(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PVOID FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass,
    ULONG QueryFlags, PUNICODE_STRING FileName, PULONG LengthReturned);
NTSTATUS FLTAPI FltQueryInformationByName(PFLT_FILTER Filter, PFLT_INSTANCE Instance,
    POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock, PVOID FileInformation,
    ULONG Length, FILE_INFORMATION_CLASS FileInformationClass,
    PIO_DRIVER_CREATE_CONTEXT DriverContext);
NTSTATUS FLTAPI FltTagFileEx(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
    ULONG FileTag, GUID *Guid, PVOID DataBuffer, USHORT DataBufferLength, ULONG ExistingFileTag,
    GUID *ExistingGuid, ULONG Flags);
#endif
NTSTATUS FLTAPI FltVetoBypassIo(PFLT_CALLBACK_DATA CallbackData, PCFLT_RELATED_OBJECTS FltObjects,
    NTSTATUS OperationStatus, PUNICODE_STRING FailureReason);
