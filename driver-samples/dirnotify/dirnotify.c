/*++

Module Name:

    dirnotify.c

Abstract:

    Main module of the directory notification sample: registration and unload. See dirnotify.h for
    what the sample does.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
DirNotifyUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

NTSTATUS
FLTAPI
DirNotifyInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, DirNotifyUnload)
#pragma alloc_text(PAGE, DirNotifyInstanceQueryTeardown)
#endif

static PFLT_FILTER DirNotifyFilter;

static const FLT_OPERATION_REGISTRATION DirNotifyOperations[] = {

    { IRP_MJ_DIRECTORY_CONTROL,
      0,
      DirNotifyPreDirectoryControl,
      DirNotifyPostDirectoryControl,
      NULL },

#if defined(DIRNOTIFY_PEND_AND_SHADOW) || defined(DIRNOTIFY_INJECT_MERGE)

    { IRP_MJ_FILE_SYSTEM_CONTROL,
      0,
      DirNotifyPreFsControl,
      NULL,
      NULL },

#endif

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

#if defined(DIRNOTIFY_PEND_AND_SHADOW)

static const FLT_CONTEXT_REGISTRATION DirNotifyContexts[] = {

    { FLT_STREAMHANDLE_CONTEXT,
      0,
      DirNotifyWatchCleanup,
      FLT_VARIABLE_SIZED_CONTEXTS,
      DIRNOTIFY_POOL_TAG },

    { FLT_CONTEXT_END }
};

#endif

static const FLT_REGISTRATION DirNotifyRegistration = {

    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .OperationRegistration = DirNotifyOperations,

#if defined(DIRNOTIFY_PEND_AND_SHADOW)
    .ContextRegistration = DirNotifyContexts,
    .InstanceTeardownStartCallback = DirNotifyInstanceTeardownStart,
#endif

    .FilterUnloadCallback = DirNotifyUnload,
    .InstanceQueryTeardownCallback = DirNotifyInstanceQueryTeardown
};


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
    NTSTATUS status;

    UNREFERENCED_PARAMETER( RegistryPath );

    //
    //  Callbacks may come before FltStartFiltering returns, so the variant must be ready first.
    //

    DirNotifyInitializeVariant();

    status = FltRegisterFilter( DriverObject, &DirNotifyRegistration, &DirNotifyFilter );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltStartFiltering( DirNotifyFilter );

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( DirNotifyFilter );
    }

    return status;
}


NTSTATUS
FLTAPI
DirNotifyUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    )
/*++

Routine Description:

    Called when the filter is about to be unloaded. Requests that wait in the file system do not
    hold it up: FltUnregisterFilter drains them, that is, it calls our post-operation with
    FLTFL_POST_OPERATION_DRAINING and leaves the requests pending without us.

Arguments:

    Flags - Says whether the unload can be refused; we never refuse.

Return Value:

    STATUS_SUCCESS.

--*/
{
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    FltUnregisterFilter( DirNotifyFilter );

#if defined(DIRNOTIFY_INJECT_MERGE)

    DirNotifyForgetNames();

#endif

    return STATUS_SUCCESS;
}


NTSTATUS
FLTAPI
DirNotifyInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    )
/*++

Routine Description:

    Asked before an instance is detached by hand ("fltmc detach"). Without this callback the Filter
    Manager would refuse.

Arguments:

    FltObjects - The instance, its filter and its volume.

    Flags - Reserved.

Return Value:

    STATUS_SUCCESS: the instance may be detached.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    return STATUS_SUCCESS;
}
