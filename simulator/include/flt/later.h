/*++

    Routines of the Filter Manager that few minifilters call, most of them later than Windows XP:
    oplocks of Windows 7, I/O priority, transactions, quotas, activity identifiers, MDL I/O, pipes.

--*/

#pragma once

FLTLAB_IMPORTS_FLTMGR

NTSTATUS FLTAPI FltEnumerateInstanceInformationByVolumeName(
    PUNICODE_STRING VolumeName, ULONG Index, INSTANCE_INFORMATION_CLASS InformationClass,
    PVOID Buffer, ULONG BufferSize, PULONG BytesReturned);
BOOLEAN FLTAPI FltFastIoMdlRead(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
                                PLARGE_INTEGER FileOffset, ULONG Length, ULONG LockKey,
                                PMDL *MdlChain, PIO_STATUS_BLOCK IoStatus);

#if FLT_MGR_LONGHORN

NTSTATUS FLTAPI FltEnumerateInstanceInformationByDeviceObject(
    PDEVICE_OBJECT DeviceObject, ULONG Index, INSTANCE_INFORMATION_CLASS InformationClass,
    PVOID Buffer, ULONG BufferSize, PULONG BytesReturned);

NTSTATUS FLTAPI FltPrePrepareComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
                                      PFLT_CONTEXT TransactionContext);
NTSTATUS FLTAPI FltPrepareComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
                                   PFLT_CONTEXT TransactionContext);
NTSTATUS FLTAPI FltCommitFinalizeComplete(PFLT_INSTANCE Instance, PKTRANSACTION Transaction,
                                          PFLT_CONTEXT TransactionContext);

VOID FLTAPI FltPrepareToReuseEcp(PFLT_FILTER Filter, PVOID EcpContext);
VOID FLTAPI FltInitExtraCreateParameterLookasideList(PFLT_FILTER Filter, PVOID Lookaside,
                                                     FSRTL_ECP_LOOKASIDE_FLAGS Flags, SIZE_T Size,
                                                     ULONG Tag);
VOID FLTAPI FltDeleteExtraCreateParameterLookasideList(PFLT_FILTER Filter, PVOID Lookaside,
                                                       FSRTL_ECP_LOOKASIDE_FLAGS Flags);
NTSTATUS FLTAPI FltAllocateExtraCreateParameterFromLookasideList(
    PFLT_FILTER Filter, LPCGUID EcpType, ULONG SizeOfContext, FSRTL_ALLOCATE_ECP_FLAGS Flags,
    PFSRTL_EXTRA_CREATE_PARAMETER_CLEANUP_CALLBACK CleanupCallback, PVOID LookasideList,
    PVOID *EcpContext);

IO_PRIORITY_HINT FLTAPI FltGetIoPriorityHintFromFileObject(PFILE_OBJECT FileObject);
NTSTATUS FLTAPI FltSetIoPriorityHintIntoFileObject(PFILE_OBJECT FileObject,
                                                   IO_PRIORITY_HINT PriorityHint);
IO_PRIORITY_HINT FLTAPI FltGetIoPriorityHintFromThread(PETHREAD Thread);
NTSTATUS FLTAPI FltSetIoPriorityHintIntoThread(PETHREAD Thread, IO_PRIORITY_HINT PriorityHint);
NTSTATUS FLTAPI FltRetrieveIoPriorityInfo(PFLT_CALLBACK_DATA Data, PFILE_OBJECT FileObject,
                                          PETHREAD Thread, PIO_PRIORITY_INFO PriorityInfo);
NTSTATUS FLTAPI FltApplyPriorityInfoThread(PIO_PRIORITY_INFO InputPriorityInfo,
                                           PIO_PRIORITY_INFO OutputPriorityInfo,
                                           PETHREAD Thread);

#endif

#if FLT_MGR_WIN7

FLT_PREOP_CALLBACK_STATUS FLTAPI FltCheckOplockEx(
    POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData, ULONG Flags, PVOID Context,
    PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockBreakH(
    POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData, ULONG Flags, PVOID Context,
    PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockBreakToNone(
    POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData, PVOID Context,
    PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockBreakToNoneEx(
    POPLOCK Oplock, PFLT_CALLBACK_DATA CallbackData, ULONG Flags, PVOID Context,
    PFLTOPLOCK_WAIT_COMPLETE_ROUTINE WaitCompletionRoutine,
    PFLTOPLOCK_PREPOST_CALLBACKDATA_ROUTINE PrePostCallbackDataRoutine);
FLT_PREOP_CALLBACK_STATUS FLTAPI FltOplockFsctrlEx(POPLOCK Oplock,
                                                   PFLT_CALLBACK_DATA CallbackData,
                                                   ULONG OpenCount, ULONG Flags);
BOOLEAN FLTAPI FltOplockIsSharedRequest(PFLT_CALLBACK_DATA CallbackData);
BOOLEAN FLTAPI FltOplockKeysEqual(PFILE_OBJECT Fo1, PFILE_OBJECT Fo2);
BOOLEAN FLTAPI FltCurrentOplock(POPLOCK Oplock);
BOOLEAN FLTAPI FltCurrentOplockH(POPLOCK Oplock);
NTSTATUS FLTAPI FltGetFsZeroingOffset(PFLT_CALLBACK_DATA Data, PULONG ZeroingOffset);

#endif

#if FLT_MGR_WIN8

NTSTATUS FLTAPI FltFlushBuffers2(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
                                 ULONG FlushType, PFLT_CALLBACK_DATA CallbackData);
NTSTATUS FLTAPI FltSetQuotaInformationFile(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
                                           PVOID Buffer, ULONG Length);
NTSTATUS FLTAPI FltCreateNamedPipeFile(PFLT_FILTER Filter, PFLT_INSTANCE Instance,
                                       PHANDLE FileHandle, PFILE_OBJECT *FileObject,
                                       ACCESS_MASK DesiredAccess,
                                       POBJECT_ATTRIBUTES ObjectAttributes,
                                       PIO_STATUS_BLOCK IoStatusBlock, ULONG ShareAccess,
                                       ULONG CreateDisposition, ULONG CreateOptions,
                                       ULONG NamedPipeType, ULONG ReadMode, ULONG CompletionMode,
                                       ULONG MaximumInstances, ULONG InboundQuota,
                                       ULONG OutboundQuota, PLARGE_INTEGER DefaultTimeout,
                                       PIO_DRIVER_CREATE_CONTEXT DriverContext);
NTSTATUS FLTAPI FltCreateMailslotFile(PFLT_FILTER Filter, PFLT_INSTANCE Instance,
                                      PHANDLE FileHandle, PFILE_OBJECT *FileObject,
                                      ACCESS_MASK DesiredAccess,
                                      POBJECT_ATTRIBUTES ObjectAttributes,
                                      PIO_STATUS_BLOCK IoStatusBlock, ULONG CreateOptions,
                                      ULONG MailslotQuota, ULONG MaximumMessageSize,
                                      PLARGE_INTEGER ReadTimeout,
                                      PIO_DRIVER_CREATE_CONTEXT DriverContext);
NTSTATUS FLTAPI FltGetActivityIdCallbackData(PFLT_CALLBACK_DATA CallbackData, LPGUID Guid);
NTSTATUS FLTAPI FltSetActivityIdCallbackData(PFLT_CALLBACK_DATA CallbackData, LPCGUID Guid);
NTSTATUS FLTAPI FltPropagateActivityIdToThread(PFLT_CALLBACK_DATA CallbackData,
                                               LPGUID PropagateId, LPCGUID *OriginalId);
NTSTATUS FLTAPI FltPropagateIrpExtension(PFLT_CALLBACK_DATA SourceData,
                                         PFLT_CALLBACK_DATA TargetData, ULONG Flags);

#endif

#if FLT_MGR_WIN10_RS1

NTSTATUS FLTAPI FltTagFileEx(PFLT_INSTANCE InitiatingInstance, PFILE_OBJECT FileObject,
                             ULONG FileTag, GUID *Guid, PVOID DataBuffer,
                             USHORT DataBufferLength, ULONG ExistingFileTag, GUID *ExistingGuid,
                             ULONG Flags);
NTSTATUS FLTAPI FltRequestFileInfoOnCreateCompletion(PFLT_FILTER Filter, PFLT_CALLBACK_DATA Data,
                                                     ULONG InfoClassFlags);
PVOID FLTAPI FltRetrieveFileInfoOnCreateCompletion(PFLT_FILTER Filter, PFLT_CALLBACK_DATA Data,
                                                   ULONG InfoClass, PULONG Size);

#endif

#if FLT_MGR_WIN10_RS5

NTSTATUS FLTAPI FltQueryDirectoryFileEx(PFLT_INSTANCE Instance, PFILE_OBJECT FileObject,
                                        PVOID FileInformation, ULONG Length,
                                        FILE_INFORMATION_CLASS FileInformationClass,
                                        ULONG QueryFlags, PUNICODE_STRING FileName,
                                        PULONG LengthReturned);
NTSTATUS FLTAPI FltQueryInformationByName(PFLT_FILTER Filter, PFLT_INSTANCE Instance,
                                          POBJECT_ATTRIBUTES ObjectAttributes,
                                          PIO_STATUS_BLOCK IoStatusBlock, PVOID FileInformation,
                                          ULONG Length,
                                          FILE_INFORMATION_CLASS FileInformationClass,
                                          PIO_DRIVER_CREATE_CONTEXT DriverContext);

#endif

FLTLAB_IMPORTS_END
