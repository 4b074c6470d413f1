/*
 * Routines of FLTMGR.SYS as fltKernel.h declares them, in the order of their kinds. Wine's header
 * has four of them; a repetition of those would have to agree with it, so they are left out here.
 * From the WDK documentation of fltkernel.h; exports/fltmgr.txt says since when each is exported.
 */

#pragma once

/* ---- Callback data ---- */

VOID FLTAPI FltSetCallbackDataDirty(PFLT_CALLBACK_DATA Data);
VOID FLTAPI FltClearCallbackDataDirty(PFLT_CALLBACK_DATA Data);
BOOLEAN FLTAPI FltIsCallbackDataDirty(PFLT_CALLBACK_DATA Data);
BOOLEAN FLTAPI FltDoCompletionProcessingWhenSafe(PFLT_CALLBACK_DATA Data,
    PCFLT_RELATED_OBJECTS FltObjects, PVOID CompletionContext, FLT_POST_OPERATION_FLAGS Flags,
    PFLT_POST_OPERATION_CALLBACK SafePostCallback,
    PFLT_POSTOP_CALLBACK_STATUS RetPostOperationStatus);
VOID FLTAPI FltCompletePendedPreOperation(PFLT_CALLBACK_DATA CallbackData,
    FLT_PREOP_CALLBACK_STATUS CallbackStatus, PVOID Context);
VOID FLTAPI FltCompletePendedPostOperation(PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltRequestOperationStatusCallback(PFLT_CALLBACK_DATA Data,
    PFLT_GET_OPERATION_STATUS_CALLBACK CallbackRoutine, PVOID RequesterContext);
NTSTATUS FLTAPI FltLockUserBuffer(PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltDecodeParameters(PFLT_CALLBACK_DATA CallbackData, PMDL **MdlAddressPointer,
    PVOID **Buffer, PULONG *Length, LOCK_OPERATION *DesiredAccess);
PMDL FASTCALL FltGetSwappedBufferMdlAddress(PFLT_CALLBACK_DATA CallbackData);
VOID FASTCALL FltRetainSwappedBufferMdlAddress(PFLT_CALLBACK_DATA CallbackData);
BOOLEAN FLTAPI FltIsOperationSynchronous(PFLT_CALLBACK_DATA CallbackData);
BOOLEAN FLTAPI FltIs32bitProcess(PFLT_CALLBACK_DATA CallbackData);
PEPROCESS FLTAPI FltGetRequestorProcess(PFLT_CALLBACK_DATA CallbackData);
ULONG FLTAPI FltGetRequestorProcessId(PFLT_CALLBACK_DATA CallbackData);
PCHAR FLTAPI FltGetIrpName(UCHAR IrpMajorCode);
#if FLT_MGR_LONGHORN
HANDLE FLTAPI FltGetRequestorProcessIdEx(PFLT_CALLBACK_DATA CallbackData);
#endif
#if FLT_MGR_WIN7
PVOID FLTAPI FltGetNewSystemBufferAddress(PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltGetRequestorSessionId(PFLT_CALLBACK_DATA CallbackData, PULONG SessionId);
#endif
#if FLT_MGR_WIN8
NTSTATUS FLTAPI FltGetActivityIdCallbackData(PFLT_CALLBACK_DATA CallbackData, LPGUID Guid);
NTSTATUS FLTAPI FltSetActivityIdCallbackData(PFLT_CALLBACK_DATA CallbackData, LPCGUID Guid);
NTSTATUS FLTAPI FltPropagateActivityIdToThread(PFLT_CALLBACK_DATA CallbackData,
    LPGUID PropagateId, LPCGUID *OriginalId);
NTSTATUS FLTAPI FltGetFsZeroingOffset(PFLT_CALLBACK_DATA Data, PULONG ZeroingOffset);
NTSTATUS FLTAPI FltSetFsZeroingOffset(PFLT_CALLBACK_DATA Data, ULONG ZeroingOffset);
NTSTATUS FLTAPI FltSetFsZeroingOffsetRequired(PFLT_CALLBACK_DATA Data);
#endif
#if FLT_MGR_WIN10_RS1
NTSTATUS FLTAPI FltPropagateIrpExtension(PFLT_CALLBACK_DATA SourceData,
    PFLT_CALLBACK_DATA TargetData, ULONG Flags);
PVOID FLTAPI FltGetIoAttributionHandleFromCallbackData(PFLT_CALLBACK_DATA Data);
#endif

/* ---- Cancellation and queues ---- */

BOOLEAN FLTAPI FltCancelIo(PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltSetCancelCompletion(PFLT_CALLBACK_DATA CallbackData,
    PFLT_COMPLETE_CANCELED_CALLBACK CanceledCallback);
NTSTATUS FLTAPI FltClearCancelCompletion(PFLT_CALLBACK_DATA CallbackData);
BOOLEAN FLTAPI FltIsIoCanceled(PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltCbdqInitialize(PFLT_INSTANCE Instance, PFLT_CALLBACK_DATA_QUEUE Cbdq,
    PFLT_CALLBACK_DATA_QUEUE_INSERT_IO CbdqInsertIo,
    PFLT_CALLBACK_DATA_QUEUE_REMOVE_IO CbdqRemoveIo,
    PFLT_CALLBACK_DATA_QUEUE_PEEK_NEXT_IO CbdqPeekNextIo,
    PFLT_CALLBACK_DATA_QUEUE_ACQUIRE CbdqAcquire, PFLT_CALLBACK_DATA_QUEUE_RELEASE CbdqRelease,
    PFLT_CALLBACK_DATA_QUEUE_COMPLETE_CANCELED_IO CbdqCompleteCanceledIo);
VOID FLTAPI FltCbdqEnable(PFLT_CALLBACK_DATA_QUEUE Cbdq);
VOID FLTAPI FltCbdqDisable(PFLT_CALLBACK_DATA_QUEUE Cbdq);
NTSTATUS FLTAPI FltCbdqInsertIo(PFLT_CALLBACK_DATA_QUEUE Cbdq, PFLT_CALLBACK_DATA Cbd,
    PFLT_CALLBACK_DATA_QUEUE_IO_CONTEXT Context, PVOID InsertContext);
PFLT_CALLBACK_DATA FLTAPI FltCbdqRemoveIo(PFLT_CALLBACK_DATA_QUEUE Cbdq,
    PFLT_CALLBACK_DATA_QUEUE_IO_CONTEXT Context);
PFLT_CALLBACK_DATA FLTAPI FltCbdqRemoveNextIo(PFLT_CALLBACK_DATA_QUEUE Cbdq, PVOID PeekContext);
#if FLT_MGR_LONGHORN
NTSTATUS FLTAPI FltCancellableWaitForSingleObject(PVOID Object, PLARGE_INTEGER Timeout,
    PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltCancellableWaitForMultipleObjects(ULONG Count, PVOID ObjectArray[],
    WAIT_TYPE WaitType, PLARGE_INTEGER Timeout, PKWAIT_BLOCK WaitBlockArray,
    PFLT_CALLBACK_DATA CallbackData);
#endif

/* ---- Work items and pool ---- */

PFLT_DEFERRED_IO_WORKITEM FLTAPI FltAllocateDeferredIoWorkItem(VOID);
VOID FLTAPI FltFreeDeferredIoWorkItem(PFLT_DEFERRED_IO_WORKITEM FltWorkItem);
PFLT_GENERIC_WORKITEM FLTAPI FltAllocateGenericWorkItem(VOID);
VOID FLTAPI FltFreeGenericWorkItem(PFLT_GENERIC_WORKITEM FltWorkItem);
NTSTATUS FLTAPI FltQueueDeferredIoWorkItem(PFLT_DEFERRED_IO_WORKITEM FltWorkItem,
    PFLT_CALLBACK_DATA Data, PFLT_DEFERRED_IO_WORKITEM_ROUTINE WorkerRoutine,
    WORK_QUEUE_TYPE QueueType, PVOID Context);
NTSTATUS FLTAPI FltQueueGenericWorkItem(PFLT_GENERIC_WORKITEM FltWorkItem, PVOID FltObject,
    PFLT_GENERIC_WORKITEM_ROUTINE WorkerRoutine, WORK_QUEUE_TYPE QueueType, PVOID Context);
PVOID FLTAPI FltAllocatePoolAlignedWithTag(PFLT_INSTANCE Instance, POOL_TYPE PoolType,
    SIZE_T NumberOfBytes, ULONG Tag);
VOID FLTAPI FltFreePoolAlignedWithTag(PFLT_INSTANCE Instance, PVOID Buffer, ULONG Tag);

/* ---- Names ---- */

NTSTATUS FLTAPI FltGetFileNameInformation(PFLT_CALLBACK_DATA CallbackData,
    FLT_FILE_NAME_OPTIONS NameOptions, PFLT_FILE_NAME_INFORMATION *FileNameInformation);
NTSTATUS FLTAPI FltGetFileNameInformationUnsafe(PFILE_OBJECT FileObject, PFLT_INSTANCE Instance,
    FLT_FILE_NAME_OPTIONS NameOptions, PFLT_FILE_NAME_INFORMATION *FileNameInformation);
VOID FLTAPI FltReleaseFileNameInformation(PFLT_FILE_NAME_INFORMATION FileNameInformation);
VOID FLTAPI FltReferenceFileNameInformation(PFLT_FILE_NAME_INFORMATION FileNameInformation);
NTSTATUS FLTAPI FltParseFileName(PCUNICODE_STRING FileName, PUNICODE_STRING Extension,
    PUNICODE_STRING Stream, PUNICODE_STRING FinalComponent);
NTSTATUS FLTAPI FltParseFileNameInformation(PFLT_FILE_NAME_INFORMATION FileNameInformation);
NTSTATUS FLTAPI FltGetTunneledName(PFLT_CALLBACK_DATA CallbackData,
    PFLT_FILE_NAME_INFORMATION FileNameInformation,
    PFLT_FILE_NAME_INFORMATION *RetTunneledFileNameInformation);
NTSTATUS FLTAPI FltGetDestinationFileNameInformation(PFLT_INSTANCE Instance,
    PFILE_OBJECT FileObject, HANDLE RootDirectory, PWSTR FileName, ULONG FileNameLength,
    FLT_FILE_NAME_OPTIONS NameOptions, PFLT_FILE_NAME_INFORMATION *RetFileNameInformation);
NTSTATUS FLTAPI FltCheckAndGrowNameControl(PFLT_NAME_CONTROL NameCtrl, USHORT NewSize);
NTSTATUS FLTAPI FltPurgeFileNameInformationCache(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject);
NTSTATUS FLTAPI FltIsDirectory(PFILE_OBJECT FileObject, PFLT_INSTANCE Instance,
    PBOOLEAN IsDirectory);

/* ---- Filters, volumes, instances ---- */

NTSTATUS FLTAPI FltLoadFilter(PCUNICODE_STRING FilterName);
NTSTATUS FLTAPI FltUnloadFilter(PCUNICODE_STRING FilterName);
NTSTATUS FLTAPI FltAttachVolume(PFLT_FILTER Filter, PFLT_VOLUME Volume,
    PCUNICODE_STRING InstanceName, PFLT_INSTANCE *RetInstance);
NTSTATUS FLTAPI FltAttachVolumeAtAltitude(PFLT_FILTER Filter, PFLT_VOLUME Volume,
    PCUNICODE_STRING Altitude, PCUNICODE_STRING InstanceName, PFLT_INSTANCE *RetInstance);
NTSTATUS FLTAPI FltDetachVolume(PFLT_FILTER Filter, PFLT_VOLUME Volume,
    PCUNICODE_STRING InstanceName);
NTSTATUS FLTAPI FltObjectReference(PVOID FltObject);
VOID FLTAPI FltObjectDereference(PVOID FltObject);
NTSTATUS FLTAPI FltGetFilterFromName(PCUNICODE_STRING FilterName, PFLT_FILTER *RetFilter);
NTSTATUS FLTAPI FltGetFilterFromInstance(PFLT_INSTANCE Instance, PFLT_FILTER *RetFilter);
NTSTATUS FLTAPI FltGetVolumeFromName(PFLT_FILTER Filter, PCUNICODE_STRING VolumeName,
    PFLT_VOLUME *RetVolume);
NTSTATUS FLTAPI FltGetVolumeFromInstance(PFLT_INSTANCE Instance, PFLT_VOLUME *RetVolume);
NTSTATUS FLTAPI FltGetVolumeFromFileObject(PFLT_FILTER Filter, PFILE_OBJECT FileObject,
    PFLT_VOLUME *RetVolume);
NTSTATUS FLTAPI FltGetVolumeFromDeviceObject(PFLT_FILTER Filter, PDEVICE_OBJECT DeviceObject,
    PFLT_VOLUME *RetVolume);
NTSTATUS FLTAPI FltGetVolumeInstanceFromName(PFLT_FILTER Filter, PFLT_VOLUME Volume,
    PCUNICODE_STRING InstanceName, PFLT_INSTANCE *RetInstance);
NTSTATUS FLTAPI FltGetVolumeName(PFLT_VOLUME Volume, PUNICODE_STRING VolumeName,
    PULONG BufferSizeNeeded);
NTSTATUS FLTAPI FltGetVolumeGuidName(PFLT_VOLUME Volume, PUNICODE_STRING VolumeGuidName,
    PULONG BufferSizeNeeded);
NTSTATUS FLTAPI FltGetVolumeProperties(PFLT_VOLUME Volume, PFLT_VOLUME_PROPERTIES VolumeProperties,
    ULONG VolumePropertiesLength, PULONG LengthReturned);
NTSTATUS FLTAPI FltIsVolumeWritable(PVOID FltObject, PBOOLEAN IsWritable);
NTSTATUS FLTAPI FltGetDeviceObject(PFLT_VOLUME Volume, PDEVICE_OBJECT *DeviceObject);
NTSTATUS FLTAPI FltGetDiskDeviceObject(PFLT_VOLUME Volume, PDEVICE_OBJECT *DiskDeviceObject);
NTSTATUS FLTAPI FltGetLowerInstance(PFLT_INSTANCE CurrentInstance, PFLT_INSTANCE *LowerInstance);
NTSTATUS FLTAPI FltGetUpperInstance(PFLT_INSTANCE CurrentInstance, PFLT_INSTANCE *UpperInstance);
NTSTATUS FLTAPI FltGetTopInstance(PFLT_VOLUME Volume, PFLT_INSTANCE *Instance);
NTSTATUS FLTAPI FltGetBottomInstance(PFLT_VOLUME Volume, PFLT_INSTANCE *Instance);
LONG FLTAPI FltCompareInstanceAltitudes(PFLT_INSTANCE Instance1, PFLT_INSTANCE Instance2);
NTSTATUS FLTAPI FltGetFilterInformation(PFLT_FILTER Filter,
    FILTER_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
NTSTATUS FLTAPI FltGetInstanceInformation(PFLT_INSTANCE Instance,
    INSTANCE_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
NTSTATUS FLTAPI FltEnumerateFilters(PFLT_FILTER *FilterList, ULONG FilterListSize,
    PULONG NumberFiltersReturned);
NTSTATUS FLTAPI FltEnumerateVolumes(PFLT_FILTER Filter, PFLT_VOLUME *VolumeList,
    ULONG VolumeListSize, PULONG NumberVolumesReturned);
NTSTATUS FLTAPI FltEnumerateInstances(PFLT_VOLUME Volume, PFLT_FILTER Filter,
    PFLT_INSTANCE *InstanceList, ULONG InstanceListSize, PULONG NumberInstancesReturned);
NTSTATUS FLTAPI FltEnumerateFilterInformation(ULONG Index,
    FILTER_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
NTSTATUS FLTAPI FltEnumerateInstanceInformationByFilter(PFLT_FILTER Filter, ULONG Index,
    INSTANCE_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
NTSTATUS FLTAPI FltEnumerateInstanceInformationByVolume(PFLT_VOLUME Volume, ULONG Index,
    INSTANCE_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
NTSTATUS FLTAPI FltEnumerateVolumeInformation(PFLT_FILTER Filter, ULONG Index,
    FILTER_VOLUME_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
#if FLT_MGR_LONGHORN
NTSTATUS FLTAPI FltEnumerateInstanceInformationByDeviceObject(PDEVICE_OBJECT DeviceObject,
    ULONG Index, INSTANCE_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
NTSTATUS FLTAPI FltEnumerateInstanceInformationByVolumeName(PUNICODE_STRING VolumeName,
    ULONG Index, INSTANCE_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
BOOLEAN FLTAPI FltIsFltMgrVolumeDeviceObject(PDEVICE_OBJECT DeviceObject);
NTSTATUS FLTAPI FltGetVolumeInformation(PFLT_VOLUME Volume,
    FILTER_VOLUME_INFORMATION_CLASS InformationClass, PVOID Buffer, ULONG BufferSize,
    PULONG BytesReturned);
NTSTATUS FLTAPI FltGetFileSystemType(PVOID FltObject, PFLT_FILESYSTEM_TYPE FileSystemType);
NTSTATUS FLTAPI FltIsVolumeSnapshot(PVOID FltObject, PBOOLEAN IsSnapshotVolume);
#endif
#if FLT_MGR_WIN7
NTSTATUS FLTAPI FltAdjustDeviceStackSizeForIoRedirection(PFLT_INSTANCE SourceInstance,
    PFLT_INSTANCE TargetInstance, PBOOLEAN SourceDeviceStackSizeModified);
NTSTATUS FLTAPI FltIsIoRedirectionAllowed(PFLT_INSTANCE SourceInstance,
    PFLT_INSTANCE TargetInstance, PBOOLEAN RedirectionAllowed);
NTSTATUS FLTAPI FltIsIoRedirectionAllowedForOperation(PFLT_CALLBACK_DATA Data,
    PFLT_INSTANCE TargetInstance, PBOOLEAN RedirectionAllowedThisIo,
    PBOOLEAN RedirectionAllowedAllIo);
#endif

/* ---- Contexts ---- */

BOOLEAN FLTAPI FltSupportsFileContexts(PFILE_OBJECT FileObject);
BOOLEAN FLTAPI FltSupportsStreamContexts(PFILE_OBJECT FileObject);
BOOLEAN FLTAPI FltSupportsStreamHandleContexts(PFILE_OBJECT FileObject);
NTSTATUS FLTAPI FltAllocateContext(PFLT_FILTER Filter, FLT_CONTEXT_TYPE ContextType,
    SIZE_T ContextSize, POOL_TYPE PoolType, PFLT_CONTEXT *ReturnedContext);
VOID FLTAPI FltReferenceContext(PFLT_CONTEXT Context);
VOID FLTAPI FltReleaseContext(PFLT_CONTEXT Context);
VOID FLTAPI FltDeleteContext(PFLT_CONTEXT Context);
VOID FLTAPI FltGetContexts(PCFLT_RELATED_OBJECTS FltObjects, FLT_CONTEXT_TYPE DesiredContexts,
    PFLT_RELATED_CONTEXTS Contexts);
VOID FLTAPI FltReleaseContexts(PFLT_RELATED_CONTEXTS Contexts);
NTSTATUS FLTAPI FltGetVolumeContext(PFLT_FILTER Filter, PFLT_VOLUME Volume, PFLT_CONTEXT *Context);
NTSTATUS FLTAPI FltSetVolumeContext(PFLT_VOLUME Volume, FLT_SET_CONTEXT_OPERATION Operation,
    PFLT_CONTEXT NewContext, PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltDeleteVolumeContext(PFLT_FILTER Filter, PFLT_VOLUME Volume,
    PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltGetInstanceContext(PFLT_INSTANCE Instance, PFLT_CONTEXT *Context);
NTSTATUS FLTAPI FltSetInstanceContext(PFLT_INSTANCE Instance, FLT_SET_CONTEXT_OPERATION Operation,
    PFLT_CONTEXT NewContext, PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltDeleteInstanceContext(PFLT_INSTANCE Instance, PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltGetFileContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT *Context);
NTSTATUS FLTAPI FltSetFileContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    FLT_SET_CONTEXT_OPERATION Operation, PFLT_CONTEXT NewContext, PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltDeleteFileContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltGetStreamContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT *Context);
NTSTATUS FLTAPI FltSetStreamContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    FLT_SET_CONTEXT_OPERATION Operation, PFLT_CONTEXT NewContext, PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltDeleteStreamContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltGetStreamHandleContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT *Context);
NTSTATUS FLTAPI FltSetStreamHandleContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    FLT_SET_CONTEXT_OPERATION Operation, PFLT_CONTEXT NewContext, PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltDeleteStreamHandleContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT *OldContext);
#if FLT_MGR_LONGHORN
BOOLEAN FLTAPI FltSupportsFileContextsEx(PFILE_OBJECT FileObject, PFLT_INSTANCE Instance);
NTSTATUS FLTAPI FltGetTransactionContext(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT *Context);
NTSTATUS FLTAPI FltSetTransactionContext(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    FLT_SET_CONTEXT_OPERATION Operation, PFLT_CONTEXT NewContext, PFLT_CONTEXT *OldContext);
NTSTATUS FLTAPI FltDeleteTransactionContext(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT *OldContext);
#endif
#if FLT_MGR_WIN8
VOID FLTAPI FltGetContextsEx(PCFLT_RELATED_OBJECTS FltObjects, FLT_CONTEXT_TYPE DesiredContexts,
    SIZE_T ContextsSize, PFLT_RELATED_CONTEXTS_EX Contexts);
VOID FLTAPI FltReleaseContextsEx(SIZE_T ContextsSize, PFLT_RELATED_CONTEXTS_EX Contexts);
NTSTATUS FLTAPI FltGetSectionContext(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT *Context);
NTSTATUS FLTAPI FltRegisterForDataScan(PFLT_INSTANCE const Instance);
NTSTATUS FLTAPI FltCreateSectionForDataScan(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
    PFLT_CONTEXT SectionContext, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    PLARGE_INTEGER MaximumSize, ULONG SectionPageProtection, ULONG AllocationAttributes,
    ULONG Flags, PHANDLE SectionHandle, PVOID *SectionObject, PLARGE_INTEGER SectionFileSize);
NTSTATUS FLTAPI FltCloseSectionForDataScan(PFLT_CONTEXT SectionContext);
#endif

/* ---- Communication ports ---- */

NTSTATUS FLTAPI FltCreateCommunicationPort(PFLT_FILTER Filter, PFLT_PORT *ServerPort,
    POBJECT_ATTRIBUTES ObjectAttributes, PVOID ServerPortCookie,
    PFLT_CONNECT_NOTIFY ConnectNotifyCallback, PFLT_DISCONNECT_NOTIFY DisconnectNotifyCallback,
    PFLT_MESSAGE_NOTIFY MessageNotifyCallback, LONG MaxConnections);
VOID FLTAPI FltCloseCommunicationPort(PFLT_PORT ServerPort);
VOID FLTAPI FltCloseClientPort(PFLT_FILTER Filter, PFLT_PORT *ClientPort);
NTSTATUS FLTAPI FltSendMessage(PFLT_FILTER Filter, PFLT_PORT *ClientPort, PVOID SenderBuffer,
    ULONG SenderBufferLength, PVOID ReplyBuffer, PULONG ReplyLength, PLARGE_INTEGER Timeout);
NTSTATUS FLTAPI FltBuildDefaultSecurityDescriptor(PSECURITY_DESCRIPTOR *SecurityDescriptor,
    ACCESS_MASK DesiredAccess);
VOID FLTAPI FltFreeSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor);

/* ---- Locks, oplocks, directory notification ---- */

VOID FLTAPI FltInitializePushLock(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltDeletePushLock(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltAcquirePushLockExclusive(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltAcquirePushLockShared(PEX_PUSH_LOCK PushLock);
VOID FLTAPI FltReleasePushLock(PEX_PUSH_LOCK PushLock);
#if FLT_MGR_WIN10_RS1
VOID FLTAPI FltAcquirePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG Flags);
VOID FLTAPI FltAcquirePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG Flags);
VOID FLTAPI FltReleasePushLockEx(PEX_PUSH_LOCK PushLock, ULONG Flags);
#endif
VOID FLTAPI FltAcquireResourceExclusive(PERESOURCE Resource);
VOID FLTAPI FltAcquireResourceShared(PERESOURCE Resource);
VOID FLTAPI FltReleaseResource(PERESOURCE Resource);
VOID FLTAPI FltInitializeFileLock(PFILE_LOCK FileLock);
VOID FLTAPI FltUninitializeFileLock(PFILE_LOCK FileLock);
PFILE_LOCK FLTAPI FltAllocateFileLock(
    PFLT_COMPLETE_LOCK_CALLBACK_DATA_ROUTINE CompleteLockCallbackDataRoutine,
    PUNLOCK_ROUTINE UnlockRoutine);
VOID FLTAPI FltFreeFileLock(PFILE_LOCK FileLock);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltProcessFileLock(PFILE_LOCK FileLock,
    PFLT_CALLBACK_DATA CallbackData, PVOID Context);
BOOLEAN FLTAPI FltCheckLockForReadAccess(PFILE_LOCK FileLock, PFLT_CALLBACK_DATA CallbackData);
BOOLEAN FLTAPI FltCheckLockForWriteAccess(PFILE_LOCK FileLock, PFLT_CALLBACK_DATA CallbackData);
VOID FLTAPI FltInitializeOplock(POPLOCK Oplock);
VOID FLTAPI FltUninitializeOplock(POPLOCK Oplock);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockFsctrl(POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData,
    ULONG OpenCount);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltCheckOplock(POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData,
    PVOID Context, PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
BOOLEAN FLTAPI FltOplockIsFastIoPossible(POPLOCK Oplock);
BOOLEAN FLTAPI FltCurrentBatchOplock(POPLOCK Oplock);
VOID FLTAPI FltNotifyFilterChangeDirectory(PNOTIFY_SYNC NotifySync, PLIST_ENTRY NotifyList,
    PVOID FsContext, PSTRING FullDirectoryName, BOOLEAN WatchTree, BOOLEAN IgnoreBuffer,
    ULONG CompletionFilter, PFLT_CALLBACK_DATA NotifyCallbackData,
    PCHECK_FOR_TRAVERSE_ACCESS TraverseCallback, PSECURITY_SUBJECT_CONTEXT SubjectContext,
    PFILTER_REPORT_CHANGE FilterCallback);
#if FLT_MGR_WIN7
FLT_PREOP_CALLBACK_STATUS FLTAPI FltCheckOplockEx(POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData,
    ULONG Flags, PVOID Context, PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
BOOLEAN FLTAPI FltCurrentOplock(POPLOCK Oplock);
BOOLEAN FLTAPI FltCurrentOplockH(POPLOCK Oplock);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockBreakH(POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData,
    ULONG Flags, PVOID Context, PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockBreakToNone(POPLOCK Oplock,
    PFLT_CALLBACK_DATA CallbackData, PVOID Context,
    PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockBreakToNoneEx(POPLOCK Oplock,
    PFLT_CALLBACK_DATA CallbackData, ULONG Flags, PVOID Context,
    PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
BOOLEAN FLTAPI FltOplockIsSharedRequest(PFLT_CALLBACK_DATA CallbackData);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockFsctrlEx(POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData,
    ULONG OpenCount, ULONG Flags);
BOOLEAN FLTAPI FltOplockKeysEqual(PFILE_OBJECT Fo1, PFILE_OBJECT Fo2);
#endif

#include "fileio.h"
#include "createio.h"
