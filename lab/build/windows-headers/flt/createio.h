/*
 * Routines of FLTMGR.SYS around opening: create, extra create parameters, transactions, priority.
 * From the WDK documentation of fltkernel.h.
 */

#pragma once

/* ---- Opening and closing ---- */

NTSTATUS FLTAPI FltCreateFile(PFLT_FILTER Filter, PFLT_INSTANCE Instance, PHANDLE FileHandle,
    ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    PIO_STATUS_BLOCK IoStatusBlock, PLARGE_INTEGER AllocationSize, ULONG FileAttributes,
    ULONG ShareAccess, ULONG CreateDisposition, ULONG CreateOptions, PVOID EaBuffer,
    ULONG EaLength, ULONG Flags);
NTSTATUS FLTAPI FltCreateFileEx(PFLT_FILTER Filter, PFLT_INSTANCE Instance, PHANDLE FileHandle,
    PFILE_OBJECT *FileObject, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    PIO_STATUS_BLOCK IoStatusBlock, PLARGE_INTEGER AllocationSize, ULONG FileAttributes,
    ULONG ShareAccess, ULONG CreateDisposition, ULONG CreateOptions, PVOID EaBuffer,
    ULONG EaLength, ULONG Flags);
NTSTATUS FLTAPI FltOpenVolume(PFLT_INSTANCE Instance, PHANDLE VolumeHandle,
    PFILE_OBJECT *VolumeFileObject);
NTSTATUS FLTAPI FltClose(HANDLE FileHandle);
VOID FLTAPI FltCancelFileOpen(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject);
NTSTATUS FLTAPI FltCreateSystemVolumeInformationFolder(PFLT_INSTANCE Instance);
#if FLT_MGR_LONGHORN
NTSTATUS FLTAPI FltCreateFileEx2(PFLT_FILTER Filter, PFLT_INSTANCE Instance, PHANDLE FileHandle,
    PFILE_OBJECT *FileObject, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    PIO_STATUS_BLOCK IoStatusBlock, PLARGE_INTEGER AllocationSize, ULONG FileAttributes,
    ULONG ShareAccess, ULONG CreateDisposition, ULONG CreateOptions, PVOID EaBuffer,
    ULONG EaLength, ULONG Flags, PIO_DRIVER_CREATE_CONTEXT DriverContext);
#endif
#if FLT_MGR_WIN8
NTSTATUS FLTAPI FltCreateNamedPipeFile(PFLT_FILTER Filter, PFLT_INSTANCE Instance,
    PHANDLE FileHandle, PFILE_OBJECT *FileObject, ACCESS_MASK DesiredAccess,
    POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock, ULONG ShareAccess,
    ULONG CreateDisposition, ULONG CreateOptions, ULONG NamedPipeType, ULONG ReadMode,
    ULONG CompletionMode, ULONG MaximumInstances, ULONG InboundQuota, ULONG OutboundQuota,
    PLARGE_INTEGER DefaultTimeout, PIO_DRIVER_CREATE_CONTEXT DriverContext);
NTSTATUS FLTAPI FltCreateMailslotFile(PFLT_FILTER Filter, PFLT_INSTANCE Instance,
    PHANDLE FileHandle, PFILE_OBJECT *FileObject, ACCESS_MASK DesiredAccess,
    POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock, ULONG CreateOptions,
    ULONG MailslotQuota, ULONG MaximumMessageSize, PLARGE_INTEGER ReadTimeout,
    PIO_DRIVER_CREATE_CONTEXT DriverContext);
#endif

/* ---- Extra create parameters ---- */

#if FLT_MGR_LONGHORN
NTSTATUS FLTAPI FltAllocateExtraCreateParameterList(PFLT_FILTER Filter,
    FSRTL_ALLOCATE_ECPLIST_FLAGS Flags, PECP_LIST *EcpList);
NTSTATUS FLTAPI FltAllocateExtraCreateParameter(PFLT_FILTER Filter, LPCGUID EcpType,
    ULONG SizeOfContext, FSRTL_ALLOCATE_ECP_FLAGS Flags,
    PFSRTL_EXTRA_CREATE_PARAMETER_CLEANUP_CALLBACK CleanupCallback, ULONG PoolTag,
    PVOID *EcpContext);
VOID FLTAPI FltInitExtraCreateParameterLookasideList(PFLT_FILTER Filter, PVOID Lookaside,
    FSRTL_ECP_LOOKASIDE_FLAGS Flags, SIZE_T Size, ULONG Tag);
VOID FLTAPI FltDeleteExtraCreateParameterLookasideList(PFLT_FILTER Filter, PVOID Lookaside,
    FSRTL_ECP_LOOKASIDE_FLAGS Flags);
NTSTATUS FLTAPI FltAllocateExtraCreateParameterFromLookasideList(PFLT_FILTER Filter,
    LPCGUID EcpType, ULONG SizeOfContext, FSRTL_ALLOCATE_ECP_FLAGS Flags,
    PFSRTL_EXTRA_CREATE_PARAMETER_CLEANUP_CALLBACK CleanupCallback, PVOID LookasideList,
    PVOID *EcpContext);
NTSTATUS FLTAPI FltInsertExtraCreateParameter(PFLT_FILTER Filter, PECP_LIST EcpList,
    PVOID EcpContext);
NTSTATUS FLTAPI FltFindExtraCreateParameter(PFLT_FILTER Filter, PECP_LIST EcpList,
    LPCGUID EcpType, PVOID *EcpContext, ULONG *EcpContextSize);
NTSTATUS FLTAPI FltRemoveExtraCreateParameter(PFLT_FILTER Filter, PECP_LIST EcpList,
    LPCGUID EcpType, PVOID *EcpContext, ULONG *EcpContextSize);
VOID FLTAPI FltFreeExtraCreateParameterList(PFLT_FILTER Filter, PECP_LIST EcpList);
VOID FLTAPI FltFreeExtraCreateParameter(PFLT_FILTER Filter, PVOID EcpContext);
NTSTATUS FLTAPI FltGetEcpListFromCallbackData(PFLT_FILTER Filter, PFLT_CALLBACK_DATA CallbackData,
    PECP_LIST *EcpList);
NTSTATUS FLTAPI FltSetEcpListIntoCallbackData(PFLT_FILTER Filter, PFLT_CALLBACK_DATA CallbackData,
    PECP_LIST EcpList);
NTSTATUS FLTAPI FltGetNextExtraCreateParameter(PFLT_FILTER Filter, PECP_LIST EcpList,
    PVOID CurrentEcpContext, LPGUID NextEcpType, PVOID *NextEcpContext,
    ULONG *NextEcpContextSize);
VOID FLTAPI FltAcknowledgeEcp(PFLT_FILTER Filter, PVOID EcpContext);
BOOLEAN FLTAPI FltIsEcpAcknowledged(PFLT_FILTER Filter, PVOID EcpContext);
BOOLEAN FLTAPI FltIsEcpFromUserMode(PFLT_FILTER Filter, PVOID EcpContext);
#endif
#if FLT_MGR_WIN8
VOID FLTAPI FltPrepareToReuseEcp(PFLT_FILTER Filter, PVOID EcpContext);
#endif
#if FLT_MGR_WIN10_RS1
NTSTATUS FLTAPI FltAddOpenReparseEntry(PFLT_FILTER Filter, PFLT_CALLBACK_DATA Data,
    POPEN_REPARSE_LIST_ENTRY OpenReparseEntry);
NTSTATUS FLTAPI FltRemoveOpenReparseEntry(PFLT_FILTER Filter, PFLT_CALLBACK_DATA Data,
    POPEN_REPARSE_LIST_ENTRY OpenReparseEntry);
NTSTATUS FLTAPI FltCopyOpenReparseList(PFLT_FILTER Filter, PFLT_CALLBACK_DATA Data,
    PECP_LIST EcpList);
VOID FLTAPI FltFreeOpenReparseList(PFLT_FILTER Filter, PECP_LIST EcpList);
#endif
#if FLT_MGR_WIN10_RS5
NTSTATUS FLTAPI FltRequestFileInfoOnCreateCompletion(PFLT_FILTER Filter, PFLT_CALLBACK_DATA Data,
    ULONG InfoClassFlags);
PVOID FLTAPI FltRetrieveFileInfoOnCreateCompletion(PFLT_FILTER Filter, PFLT_CALLBACK_DATA Data,
    ULONG InfoClass, PULONG Size);
NTSTATUS FLTAPI FltRetrieveFileInfoOnCreateCompletionEx(PFLT_FILTER Filter,
    PFLT_CALLBACK_DATA Data, ULONG InfoClass, PULONG RetInfoSize, PVOID *RetInfoBuffer);
#endif

/* ---- Transactions ---- */

#if FLT_MGR_LONGHORN
NTSTATUS FLTAPI FltEnlistInTransaction(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT TransactionContext, NOTIFICATION_MASK NotificationMask);
NTSTATUS FLTAPI FltRollbackEnlistment(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT TransactionContext);
NTSTATUS FLTAPI FltPrePrepareComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT TransactionContext);
NTSTATUS FLTAPI FltPrepareComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT TransactionContext);
NTSTATUS FLTAPI FltCommitComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT TransactionContext);
NTSTATUS FLTAPI FltCommitFinalizeComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT TransactionContext);
NTSTATUS FLTAPI FltRollbackComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
    PFLT_CONTEXT TransactionContext);

/* ---- Priority of I/O ---- */

NTSTATUS FLTAPI FltRetrieveIoPriorityInfo(PFLT_CALLBACK_DATA Data, PFILE_OBJECT FileObject,
    PETHREAD Thread, PIO_PRIORITY_INFO PriorityInfo);
NTSTATUS FLTAPI FltApplyPriorityInfoThread(PIO_PRIORITY_INFO InputPriorityInfo,
    PIO_PRIORITY_INFO OutputPriorityInfo, PETHREAD Thread);
IO_PRIORITY_HINT FLTAPI FltGetIoPriorityHint(PFLT_CALLBACK_DATA Data);
IO_PRIORITY_HINT FLTAPI FltGetIoPriorityHintFromCallbackData(PFLT_CALLBACK_DATA Data);
NTSTATUS FLTAPI FltSetIoPriorityHintIntoCallbackData(PFLT_CALLBACK_DATA Data,
    IO_PRIORITY_HINT PriorityHint);
IO_PRIORITY_HINT FLTAPI FltGetIoPriorityHintFromFileObject(PFILE_OBJECT FileObject);
NTSTATUS FLTAPI FltSetIoPriorityHintIntoFileObject(PFILE_OBJECT FileObject,
    IO_PRIORITY_HINT PriorityHint);
IO_PRIORITY_HINT FLTAPI FltGetIoPriorityHintFromThread(PETHREAD Thread);
NTSTATUS FLTAPI FltSetIoPriorityHintIntoThread(PETHREAD Thread, IO_PRIORITY_HINT PriorityHint);
#endif
