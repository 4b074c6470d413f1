/*++

Module Name:

    idioms.c

Abstract:

    A minifilter that nobody would load: it uses, one routine each, the idioms that real minifilters
    are written in, so that a header or a flag that breaks one of them shows at compile time.

Environment:

    Kernel mode

--*/

#include <initguid.h>
#include <FltKernel.h>
#include <dontuse.h>
#include <suppress.h>
#include <ntstrsafe.h>

#pragma prefast(disable:__WARNING_ENCODE_MEMBER_FUNCTION_POINTER, "Not valid for kernel mode drivers")

#define IDIOM_TAG 'moiI'
#define IDIOM_PORT_NAME L"\\IdiomPort"

typedef struct _IDIOM_STREAM_CONTEXT {
    UNICODE_STRING FileName;
    EX_PUSH_LOCK Lock;
    volatile LONG Opens;
} IDIOM_STREAM_CONTEXT, *PIDIOM_STREAM_CONTEXT;

typedef struct _IDIOM_SWAP {
    PVOID SwappedBuffer;
    PFLT_FILE_NAME_INFORMATION NameInfo;
} IDIOM_SWAP, *PIDIOM_SWAP;

typedef struct _IDIOM_DATA {
    PFLT_FILTER Filter;
    PFLT_PORT ServerPort;
    PFLT_PORT ClientPort;
    NPAGED_LOOKASIDE_LIST Swaps;
    FAST_MUTEX Mutex;
    ERESOURCE Resource;
    KSPIN_LOCK SpinLock;
    LIST_ENTRY List;
    KEVENT Event;
    EX_RUNDOWN_REF Rundown;
} IDIOM_DATA;

IDIOM_DATA Idiom;

static const UNICODE_STRING Extensions[] = {
    RTL_CONSTANT_STRING( L"txt" ),
    RTL_CONSTANT_STRING( L"doc" ),
};

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry (_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath);

NTSTATUS IdiomUnload (_In_ FLT_FILTER_UNLOAD_FLAGS Flags);

NTSTATUS
IdiomInstanceSetup (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_SETUP_FLAGS Flags,
    _In_ DEVICE_TYPE VolumeDeviceType,
    _In_ FLT_FILESYSTEM_TYPE VolumeFilesystemType
    );

VOID IdiomContextCleanup (_In_ PFLT_CONTEXT Context, _In_ FLT_CONTEXT_TYPE ContextType);

_Function_class_(KDEFERRED_ROUTINE)
_IRQL_requires_max_(DISPATCH_LEVEL)
_IRQL_requires_same_
VOID IdiomWork (_In_ PFLT_GENERIC_WORKITEM Item, _In_ PVOID FltObject, _In_opt_ PVOID Context);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, IdiomUnload)
#pragma alloc_text(PAGE, IdiomInstanceSetup)
#pragma alloc_text(PAGE, IdiomContextCleanup)
#endif

_Success_(return == TRUE)
static
BOOLEAN
IdiomMatches (
    _In_ PCUNICODE_STRING Extension,
    _Out_opt_ PULONG Index
    )
{
    ULONG index;

    for (index = 0; index < ARRAYSIZE( Extensions ); index++) {
        if (RtlCompareUnicodeString( &Extensions[index], Extension, TRUE ) == 0) {
            if (ARGUMENT_PRESENT( Index )) {
                *Index = index;
            }
            return TRUE;
        }
    }

    return FALSE;
}

//
//  Create: name, extra create parameters, stream context.
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
IdiomPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
{
    PFLT_FILE_NAME_INFORMATION nameInfo = NULL;
    PECP_LIST ecpList = NULL;
    GUID ecpType;
    PVOID ecp = NULL;
    ULONG ecpSize;
    ULONG disposition;
    NTSTATUS status;

    PAGED_CODE();

    *CompletionContext = NULL;

    if (FlagOn( Data->Iopb->OperationFlags, SL_OPEN_PAGING_FILE ) ||
        FlagOn( Data->Iopb->TargetFileObject->Flags, FO_VOLUME_OPEN ) ||
        FlagOn( Data->Iopb->Parameters.Create.Options, FILE_OPEN_BY_FILE_ID )) {
        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    disposition = (Data->Iopb->Parameters.Create.Options >> 24) & 0x000000ff;

    if (NT_SUCCESS( FltGetEcpListFromCallbackData( FltObjects->Filter, Data, &ecpList ) ) &&
        ecpList != NULL) {
        while (NT_SUCCESS( FltGetNextExtraCreateParameter( FltObjects->Filter,
                                                           ecpList,
                                                           ecp,
                                                           &ecpType,
                                                           &ecp,
                                                           &ecpSize ) )) {
            if (IsEqualGUID( &GUID_ECP_OPLOCK_KEY, &ecpType )) {
                FltAcknowledgeEcp( FltObjects->Filter, ecp );
            }
        }
    }

    status = FltGetFileNameInformation( Data,
                                        FLT_FILE_NAME_NORMALIZED | FLT_FILE_NAME_QUERY_DEFAULT,
                                        &nameInfo );

    if (!NT_SUCCESS( status )) {
        return FLT_PREOP_SUCCESS_WITH_CALLBACK;
    }

    status = FltParseFileNameInformation( nameInfo );

    if (NT_SUCCESS( status ) && IdiomMatches( &nameInfo->Extension, NULL ) &&
        disposition == FILE_SUPERSEDE &&
        Data->Iopb->Parameters.Create.SecurityContext->DesiredAccess & FILE_WRITE_DATA) {

        status = IoReplaceFileObjectName( Data->Iopb->TargetFileObject,
                                          nameInfo->Name.Buffer,
                                          nameInfo->Name.Length );
        FltReleaseFileNameInformation( nameInfo );

        Data->IoStatus.Status = NT_SUCCESS( status ) ? STATUS_REPARSE : status;
        Data->IoStatus.Information = IO_REPARSE;
        return FLT_PREOP_COMPLETE;
    }

    FltReleaseFileNameInformation( nameInfo );
    return FLT_PREOP_SYNCHRONIZE;
}

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
IdiomPostCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
{
    PIDIOM_STREAM_CONTEXT context = NULL;
    PIDIOM_STREAM_CONTEXT old = NULL;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (!NT_SUCCESS( Data->IoStatus.Status ) || STATUS_REPARSE == Data->IoStatus.Status ||
        FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING )) {
        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    status = FltAllocateContext( Idiom.Filter,
                                 FLT_STREAM_CONTEXT,
                                 sizeof( IDIOM_STREAM_CONTEXT ),
                                 NonPagedPoolNx,
                                 (PFLT_CONTEXT *)&context );

    if (!NT_SUCCESS( status )) {
        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    RtlZeroMemory( context, sizeof( *context ) );
    FltInitializePushLock( &context->Lock );
    InterlockedIncrement( &context->Opens );

    status = FltSetStreamContext( FltObjects->Instance,
                                  FltObjects->FileObject,
                                  FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                  context,
                                  (PFLT_CONTEXT *)&old );

    if (status == STATUS_FLT_CONTEXT_ALREADY_DEFINED) {
        FltReleaseContext( old );
    } else if (!NT_SUCCESS( status )) {
        FltCancelFileOpen( FltObjects->Instance, FltObjects->FileObject );
        Data->IoStatus.Status = status;
        Data->IoStatus.Information = 0;
        FltSetCallbackDataDirty( Data );
    }

    FltReleaseContext( context );
    return FLT_POSTOP_FINISHED_PROCESSING;
}

//
//  Read: a buffer of the filter's own instead of the caller's, copied back under __try.
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
IdiomPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
{
    PFLT_IO_PARAMETER_BLOCK iopb = Data->Iopb;
    FLT_PREOP_CALLBACK_STATUS result = FLT_PREOP_SUCCESS_NO_CALLBACK;
    PVOID buffer = NULL;
    PMDL mdl = NULL;
    PIDIOM_SWAP swap;
    ULONG length = iopb->Parameters.Read.Length;

    try {

        if (length == 0) {
            leave;
        }

        if (FlagOn( IRP_NOCACHE, iopb->IrpFlags )) {
            length = (ULONG)ROUND_TO_SIZE( length, 0x1000 );
        }

        buffer = FltAllocatePoolAlignedWithTag( FltObjects->Instance,
                                                NonPagedPool,
                                                (SIZE_T)length,
                                                IDIOM_TAG );
        if (buffer == NULL) {
            leave;
        }

        if (FlagOn( Data->Flags, FLTFL_CALLBACK_DATA_IRP_OPERATION )) {
            mdl = IoAllocateMdl( buffer, length, FALSE, FALSE, NULL );
            if (mdl == NULL) {
                leave;
            }
            MmBuildMdlForNonPagedPool( mdl );
        }

        swap = ExAllocateFromNPagedLookasideList( &Idiom.Swaps );
        if (swap == NULL) {
            leave;
        }

        iopb->Parameters.Read.ReadBuffer = buffer;
        iopb->Parameters.Read.MdlAddress = mdl;
        FltSetCallbackDataDirty( Data );

        swap->SwappedBuffer = buffer;
        *CompletionContext = swap;
        result = FLT_PREOP_SUCCESS_WITH_CALLBACK;

    } finally {

        if (result != FLT_PREOP_SUCCESS_WITH_CALLBACK) {
            if (buffer != NULL) {
                FltFreePoolAlignedWithTag( FltObjects->Instance, buffer, IDIOM_TAG );
            }
            if (mdl != NULL) {
                IoFreeMdl( mdl );
            }
        }
    }

    return result;
}

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
IdiomPostReadWhenSafe (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
{
    PIDIOM_SWAP swap = CompletionContext;
    PVOID original;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( Flags );
    NT_ASSERT( Data->IoStatus.Information != 0 );

    status = FltLockUserBuffer( Data );

    if (!NT_SUCCESS( status )) {
        Data->IoStatus.Status = status;
        Data->IoStatus.Information = 0;
    } else {
        original = MmGetSystemAddressForMdlSafe( Data->Iopb->Parameters.Read.MdlAddress,
                                                 NormalPagePriority | MdlMappingNoExecute );
        if (original == NULL) {
            Data->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
            Data->IoStatus.Information = 0;
        } else {
            __try {
                RtlCopyMemory( original, swap->SwappedBuffer, Data->IoStatus.Information );
            } __except (EXCEPTION_EXECUTE_HANDLER) {
                Data->IoStatus.Status = GetExceptionCode();
                Data->IoStatus.Information = 0;
            }
        }
    }

    FltFreePoolAlignedWithTag( FltObjects->Instance, swap->SwappedBuffer, IDIOM_TAG );
    ExFreeToNPagedLookasideList( &Idiom.Swaps, swap );
    return FLT_POSTOP_FINISHED_PROCESSING;
}

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
IdiomPostRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
{
    FLT_POSTOP_CALLBACK_STATUS result = FLT_POSTOP_FINISHED_PROCESSING;

    if (!FltDoCompletionProcessingWhenSafe( Data,
                                            FltObjects,
                                            CompletionContext,
                                            Flags,
                                            IdiomPostReadWhenSafe,
                                            &result )) {
        Data->IoStatus.Status = STATUS_UNSUCCESSFUL;
        Data->IoStatus.Information = 0;
    }

    return result;
}

//
//  Rename and delete, file I/O of its own, transactions.
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
IdiomPreSetInformation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
{
    FILE_STANDARD_INFORMATION standard;
    PFILE_RENAME_INFORMATION rename;
    PFLT_FILE_NAME_INFORMATION destination;
    WCHAR text[64];
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    switch (Data->Iopb->Parameters.SetFileInformation.FileInformationClass) {

    case FileRenameInformation:
    case FileRenameInformationEx:
        rename = Data->Iopb->Parameters.SetFileInformation.InfoBuffer;
        status = FltGetDestinationFileNameInformation( FltObjects->Instance,
                                                       FltObjects->FileObject,
                                                       rename->RootDirectory,
                                                       rename->FileName,
                                                       rename->FileNameLength,
                                                       FLT_FILE_NAME_NORMALIZED,
                                                       &destination );
        if (NT_SUCCESS( status )) {
            RtlStringCbPrintfW( text, sizeof( text ), L"to %wZ", &destination->Name );
            DbgPrintEx( DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "%ws\n", text );
            FltReleaseFileNameInformation( destination );
        }
        break;

    case FileDispositionInformation:
        if (((PFILE_DISPOSITION_INFORMATION)
             Data->Iopb->Parameters.SetFileInformation.InfoBuffer)->DeleteFile) {
            status = FltQueryInformationFile( FltObjects->Instance,
                                              FltObjects->FileObject,
                                              &standard,
                                              sizeof( standard ),
                                              FileStandardInformation,
                                              NULL );
            if (status == STATUS_FILE_DELETED || FltObjects->Transaction != NULL) {
                return FLT_PREOP_DISALLOW_FASTIO;
            }
        }
        break;

    default:
        break;
    }

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}

//
//  Directory control: both minor functions, the new system buffer, found at run time.
//

typedef PVOID (FLTAPI *PFLT_GET_NEW_SYSTEM_BUFFER_ADDRESS) (_In_ PFLT_CALLBACK_DATA Data);

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
IdiomPostDirectoryControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
{
    PFLT_GET_NEW_SYSTEM_BUFFER_ADDRESS getNewSystemBuffer;
    PFILE_NOTIFY_INFORMATION entry;
    PMDL *mdl;
    PVOID *buffer;
    PULONG length;
    LOCK_OPERATION access;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );
    UNREFERENCED_PARAMETER( Flags );

    if (Data->Iopb->MinorFunction == IRP_MN_NOTIFY_CHANGE_DIRECTORY &&
        FlagOn( Data->Flags, FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER )) {

#pragma warning(suppress: 4055)
        getNewSystemBuffer =
            (PFLT_GET_NEW_SYSTEM_BUFFER_ADDRESS)FltGetRoutineAddress( "FltGetNewSystemBufferAddress" );

        if (getNewSystemBuffer != NULL) {
            entry = getNewSystemBuffer( Data );
            entry = Add2Ptr( entry, entry->NextEntryOffset );
            entry->Action = FILE_ACTION_MODIFIED;
        }
    }

    if (NT_SUCCESS( FltDecodeParameters( Data, &mdl, &buffer, &length, &access ) )) {
        *length = 0;
    }

    return FLT_POSTOP_FINISHED_PROCESSING;
}

FLT_PREOP_CALLBACK_STATUS
FLTAPI
IdiomPrePassOn (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
{
    FLT_RELATED_CONTEXTS contexts;
    PFLT_GENERIC_WORKITEM item;
    KIRQL irql;

    UNREFERENCED_PARAMETER( CompletionContext );

    FltGetContexts( FltObjects, FLT_ALL_CONTEXTS, &contexts );
    FltReleaseContexts( &contexts );

    KeAcquireSpinLock( &Idiom.SpinLock, &irql );
    KeReleaseSpinLock( &Idiom.SpinLock, irql );

    ExAcquireFastMutex( &Idiom.Mutex );
    ExReleaseFastMutex( &Idiom.Mutex );

    FsRtlEnterFileSystem();
    ExAcquireResourceExclusiveLite( &Idiom.Resource, TRUE );
    ExReleaseResourceLite( &Idiom.Resource );
    FsRtlExitFileSystem();

    if (ExAcquireRundownProtection( &Idiom.Rundown )) {
        ExReleaseRundownProtection( &Idiom.Rundown );
    }

    item = FltAllocateGenericWorkItem();
    if (item != NULL &&
        !NT_SUCCESS( FltQueueGenericWorkItem( item, Idiom.Filter, IdiomWork, DelayedWorkQueue,
                                              Data ) )) {
        FltFreeGenericWorkItem( item );
    }

    return IoGetTopLevelIrp() == NULL ? FLT_PREOP_SUCCESS_WITH_CALLBACK
                                      : FLT_PREOP_SUCCESS_NO_CALLBACK;
}

VOID
IdiomWork (
    _In_ PFLT_GENERIC_WORKITEM Item,
    _In_ PVOID FltObject,
    _In_opt_ PVOID Context
    )
{
    LARGE_INTEGER timeout;

    UNREFERENCED_PARAMETER( FltObject );
    UNREFERENCED_PARAMETER( Context );

    timeout.QuadPart = -10 * 1000 * 1000;
    (VOID)KeWaitForSingleObject( &Idiom.Event, Executive, KernelMode, FALSE, &timeout );

    while (!IsListEmpty( &Idiom.List )) {
        ExFreePoolWithTag( CONTAINING_RECORD( RemoveHeadList( &Idiom.List ), IDIOM_DATA, List ),
                           IDIOM_TAG );
    }

    FltFreeGenericWorkItem( Item );
}

//
//  Registration, ports, set-up.
//

CONST FLT_CONTEXT_REGISTRATION IdiomContexts[] = {

    { FLT_STREAM_CONTEXT,
      0,
      IdiomContextCleanup,
      sizeof( IDIOM_STREAM_CONTEXT ),
      IDIOM_TAG },

    { FLT_CONTEXT_END }
};

CONST FLT_OPERATION_REGISTRATION IdiomCallbacks[] = {

    { IRP_MJ_CREATE, 0, IdiomPreCreate, IdiomPostCreate },
    { IRP_MJ_READ, FLTFL_OPERATION_REGISTRATION_SKIP_PAGING_IO, IdiomPreRead, IdiomPostRead },
    { IRP_MJ_SET_INFORMATION, 0, IdiomPreSetInformation, NULL },
    { IRP_MJ_DIRECTORY_CONTROL, 0, IdiomPrePassOn, IdiomPostDirectoryControl },
    { IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION, 0, IdiomPrePassOn, NULL },
    { IRP_MJ_NETWORK_QUERY_OPEN, 0, IdiomPrePassOn, NULL },
    { IRP_MJ_OPERATION_END }
};

CONST FLT_REGISTRATION IdiomRegistration = {

    sizeof( FLT_REGISTRATION ),         //  Size
    FLT_REGISTRATION_VERSION,           //  Version
    0,                                  //  Flags

    IdiomContexts,
    IdiomCallbacks,
    IdiomUnload,

    IdiomInstanceSetup,
    NULL,                               //  InstanceQueryTeardown
    NULL,                               //  InstanceTeardownStart
    NULL,                               //  InstanceTeardownComplete

    NULL,                               //  GenerateFileName
    NULL,                               //  NormalizeNameComponent
    NULL                                //  NormalizeContextCleanup
};

NTSTATUS
IdiomConnect (
    _In_ PFLT_PORT ClientPort,
    _In_opt_ PVOID ServerPortCookie,
    _In_reads_bytes_opt_(SizeOfContext) PVOID ConnectionContext,
    _In_ ULONG SizeOfContext,
    _Outptr_result_maybenull_ PVOID *ConnectionCookie
    )
{
    UNREFERENCED_PARAMETER( ServerPortCookie );
    UNREFERENCED_PARAMETER( ConnectionContext );
    UNREFERENCED_PARAMETER( SizeOfContext );

    Idiom.ClientPort = ClientPort;
    *ConnectionCookie = NULL;
    return STATUS_SUCCESS;
}

VOID
IdiomDisconnect (
    _In_opt_ PVOID ConnectionCookie
    )
{
    UNREFERENCED_PARAMETER( ConnectionCookie );
    FltCloseClientPort( Idiom.Filter, &Idiom.ClientPort );
}

NTSTATUS
IdiomMessage (
    _In_opt_ PVOID ConnectionCookie,
    _In_reads_bytes_opt_(InputBufferSize) PVOID InputBuffer,
    _In_ ULONG InputBufferSize,
    _Out_writes_bytes_to_opt_(OutputBufferSize, *ReturnOutputBufferLength) PVOID OutputBuffer,
    _In_ ULONG OutputBufferSize,
    _Out_ PULONG ReturnOutputBufferLength
    )
{
    UNREFERENCED_PARAMETER( ConnectionCookie );

    if (OutputBuffer == NULL || OutputBufferSize < sizeof( ULONG ) ||
        !IS_ALIGNED( OutputBuffer, sizeof( ULONG ) )) {
        return STATUS_INVALID_PARAMETER;
    }

    __try {
        ProbeForRead( InputBuffer, InputBufferSize, sizeof( ULONG ) );
        *(PULONG)OutputBuffer = *(PULONG)InputBuffer;
        *ReturnOutputBufferLength = sizeof( ULONG );
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }

    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS
IdiomInstanceSetup (
    PCFLT_RELATED_OBJECTS FltObjects,
    FLT_INSTANCE_SETUP_FLAGS Flags,
    DEVICE_TYPE VolumeDeviceType,
    FLT_FILESYSTEM_TYPE VolumeFilesystemType
    )
{
    UCHAR storage[sizeof( FLT_VOLUME_PROPERTIES ) + 512];
    PFLT_VOLUME_PROPERTIES properties = (PFLT_VOLUME_PROPERTIES)storage;
    ULONG returned;

    UNREFERENCED_PARAMETER( Flags );
    PAGED_CODE();

    FLT_ASSERT( FltObjects->Filter == Idiom.Filter );

    if (VolumeDeviceType == FILE_DEVICE_NETWORK_FILE_SYSTEM ||
        VolumeFilesystemType == FLT_FSTYPE_RAW) {
        return STATUS_FLT_DO_NOT_ATTACH;
    }

    (VOID)FltGetVolumeProperties( FltObjects->Volume, properties, sizeof( storage ), &returned );
    return max( properties->SectorSize, 0x200 ) > 0x1000 ? STATUS_FLT_DO_NOT_ATTACH
                                                          : STATUS_SUCCESS;
}

VOID
IdiomContextCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    )
{
    PAGED_CODE();

    if (ContextType == FLT_STREAM_CONTEXT) {
        FltDeletePushLock( &((PIDIOM_STREAM_CONTEXT)Context)->Lock );
    }
}

NTSTATUS
IdiomUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    )
{
    UNREFERENCED_PARAMETER( Flags );
    PAGED_CODE();

    FltCloseCommunicationPort( Idiom.ServerPort );
    FltUnregisterFilter( Idiom.Filter );
    ExDeleteNPagedLookasideList( &Idiom.Swaps );
    ExDeleteResourceLite( &Idiom.Resource );
    return STATUS_SUCCESS;
}

NTSTATUS
DriverEntry (
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
{
    PSECURITY_DESCRIPTOR sd;
    OBJECT_ATTRIBUTES oa;
    UNICODE_STRING name;
    PVOID scratch;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( RegistryPath );

    ExInitializeDriverRuntime( DrvRtPoolNxOptIn );

    scratch = ExAllocatePoolZero( PagedPool, 64, IDIOM_TAG );
    if (scratch != NULL) {
        ExFreePoolWithTag( scratch, IDIOM_TAG );
    }

    ExInitializeNPagedLookasideList( &Idiom.Swaps, NULL, NULL, POOL_NX_ALLOCATION,
                                     sizeof( IDIOM_SWAP ), IDIOM_TAG, 0 );
    ExInitializeFastMutex( &Idiom.Mutex );
    ExInitializeResourceLite( &Idiom.Resource );
    ExInitializeRundownProtection( &Idiom.Rundown );
    KeInitializeSpinLock( &Idiom.SpinLock );
    KeInitializeEvent( &Idiom.Event, NotificationEvent, FALSE );
    InitializeListHead( &Idiom.List );

    status = FltRegisterFilter( DriverObject, &IdiomRegistration, &Idiom.Filter );
    if (!NT_SUCCESS( status )) {
        return status;
    }

    status = FltBuildDefaultSecurityDescriptor( &sd, FLT_PORT_ALL_ACCESS );

    if (NT_SUCCESS( status )) {
        RtlInitUnicodeString( &name, IDIOM_PORT_NAME );
        InitializeObjectAttributes( &oa, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL,
                                    sd );
        status = FltCreateCommunicationPort( Idiom.Filter, &Idiom.ServerPort, &oa, NULL,
                                             IdiomConnect, IdiomDisconnect, IdiomMessage, 1 );
        FltFreeSecurityDescriptor( sd );
    }

    if (NT_SUCCESS( status )) {
        status = FltStartFiltering( Idiom.Filter );
    }

    if (!NT_SUCCESS( status )) {
        FltUnregisterFilter( Idiom.Filter );
    }

    return status;
}
