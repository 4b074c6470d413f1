/*++

Module Name:

    queryopen.c

Abstract:

    Main module of the sample about attributes by name: registration and unload. See queryopen.h for
    what the sample does.

Environment:

    Kernel mode

--*/

#include "queryopen.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
QueryOpenUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

#if defined(QUERYOPEN_FALLBACK_QUERY_OPEN)

VOID
QueryOpenLeaveOutNewOperations (
    VOID
    );

#endif

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, QueryOpenUnload)
#if defined(QUERYOPEN_FALLBACK_QUERY_OPEN)
#pragma alloc_text(INIT, QueryOpenLeaveOutNewOperations)
#endif
#endif

QUERYOPEN_GLOBALS QueryOpenGlobals;

static const FLT_CONTEXT_REGISTRATION QueryOpenContexts[] = {

    { FLT_INSTANCE_CONTEXT,
      0,
      QueryOpenInstanceContextCleanup,
      sizeof(QUERYOPEN_INSTANCE_CONTEXT),
      QUERYOPEN_TAG,
      NULL, NULL, NULL },

    { FLT_CONTEXT_END }
};

//
//  The last operation but the end is one that older systems do not know: see DriverEntry.
//

static FLT_OPERATION_REGISTRATION QueryOpenOperations[] = {

    { IRP_MJ_CREATE,
      0,
      QueryOpenPreCreate,
      NULL,
      NULL },

    { IRP_MJ_NETWORK_QUERY_OPEN,
      0,
      QueryOpenPreNetworkQueryOpen,
      QueryOpenPostNetworkQueryOpen,
      NULL },

#if defined(QUERYOPEN_FALLBACK_QUERY_OPEN)

    { IRP_MJ_QUERY_OPEN,
      0,
      QueryOpenPreQueryOpen,
      NULL,
      NULL },

#endif

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

static const FLT_REGISTRATION QueryOpenRegistration = {

    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .ContextRegistration = QueryOpenContexts,
    .OperationRegistration = QueryOpenOperations,
    .FilterUnloadCallback = QueryOpenUnload,
    .InstanceSetupCallback = QueryOpenInstanceSetup,
    .InstanceQueryTeardownCallback = QueryOpenInstanceQueryTeardown,
    .InstanceTeardownStartCallback = QueryOpenInstanceTeardownStart
};

#if defined(QUERYOPEN_FALLBACK_QUERY_OPEN)


VOID
QueryOpenLeaveOutNewOperations (
    VOID
    )
/*++

Routine Description:

    Ends the list of operations before IRP_MJ_QUERY_OPEN where the system does not have it.

--*/
{
    RTL_OSVERSIONINFOW version;
    ULONG last = RTL_NUMBER_OF( QueryOpenOperations ) - 2;

    PAGED_CODE();

    RtlZeroMemory( &version, sizeof(version) );
    version.dwOSVersionInfoSize = sizeof(version);

    if (NT_SUCCESS( RtlGetVersion( &version )) && (version.dwMajorVersion >= 10)) {

        return;
    }

    QueryOpenOperations[last].MajorFunction = IRP_MJ_OPERATION_END;
}

#endif // QUERYOPEN_FALLBACK_QUERY_OPEN


NTSTATUS
DriverEntry (
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
/*++

Routine Description:

    Registers with the Filter Manager and starts to filter.

Arguments:

    DriverObject - The driver object of this driver.

    RegistryPath - Path of the service key; not used.

Return Value:

    STATUS_SUCCESS, or what the Filter Manager answered.

--*/
{
    UNICODE_STRING routine;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( RegistryPath );

    RtlInitUnicodeString( &routine, L"IoReplaceFileObjectName" );

    QueryOpenGlobals.ReplaceFileObjectName =
        (PQUERYOPEN_REPLACE_FILE_OBJECT_NAME)MmGetSystemRoutineAddress( &routine );

#if defined(QUERYOPEN_FALLBACK_QUERY_OPEN)
    QueryOpenLeaveOutNewOperations();
#endif

    status = FltRegisterFilter( DriverObject, &QueryOpenRegistration, &QueryOpenGlobals.Filter );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltStartFiltering( QueryOpenGlobals.Filter );

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( QueryOpenGlobals.Filter );
    }

    return status;
}


NTSTATUS
FLTAPI
QueryOpenUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    )
/*++

Routine Description:

    Called when the filter is about to be unloaded.

Arguments:

    Flags - Says whether the unload can be refused; we never refuse.

Return Value:

    STATUS_SUCCESS.

--*/
{
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    FltUnregisterFilter( QueryOpenGlobals.Filter );

    return STATUS_SUCCESS;
}
