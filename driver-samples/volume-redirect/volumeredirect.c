/*++

Module Name:

    volumeredirect.c

Abstract:

    Main module of the redirection sample: registration and unload. See volumeredirect.h for what the
    sample does.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
VolumeRedirectUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, VolumeRedirectUnload)
#endif

VOLUMEREDIRECT_GLOBALS VolumeRedirectGlobals;

static const FLT_CONTEXT_REGISTRATION VolumeRedirectContexts[] = {

    { FLT_INSTANCE_CONTEXT,
      0,
      VolumeRedirectInstanceContextCleanup,
      sizeof(VOLUMEREDIRECT_INSTANCE_CONTEXT),
      VOLUMEREDIRECT_TAG,
      NULL, NULL, NULL },

    { FLT_STREAMHANDLE_CONTEXT,
      0,
      VolumeRedirectHandleContextCleanup,
      sizeof(VOLUMEREDIRECT_HANDLE_CONTEXT),
      VOLUMEREDIRECT_TAG,
      NULL, NULL, NULL },

    { FLT_CONTEXT_END }
};

//
//  Paging reads fill the cache of the caller's own file, which stays that file's: what the caller
//  reads comes from the other file's cache.
//

static const FLT_OPERATION_REGISTRATION VolumeRedirectOperations[] = {

    { IRP_MJ_CREATE,
      0,
      VolumeRedirectPreCreate,
      VolumeRedirectPostCreate,
      NULL },

    { IRP_MJ_READ,
      FLTFL_OPERATION_REGISTRATION_SKIP_PAGING_IO,
      VolumeRedirectPreRead,
      VolumeRedirectPostRead,
      NULL },

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

static const FLT_REGISTRATION VolumeRedirectRegistration = {

    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .ContextRegistration = VolumeRedirectContexts,
    .OperationRegistration = VolumeRedirectOperations,
    .FilterUnloadCallback = VolumeRedirectUnload,
    .InstanceSetupCallback = VolumeRedirectInstanceSetup,
    .InstanceQueryTeardownCallback = VolumeRedirectInstanceQueryTeardown,
    .InstanceTeardownStartCallback = VolumeRedirectInstanceTeardownStart
};


static
VOID
VolumeRedirectResolveRoutines (
    VOID
    )
/*++

Routine Description:

    Looks for the routines that Windows 7 added.

--*/
{
    VolumeRedirectGlobals.IsAllowed =
        (PVOLUMEREDIRECT_IS_ALLOWED)FltGetRoutineAddress( "FltIsIoRedirectionAllowed" );

    VolumeRedirectGlobals.IsAllowedForOperation =
        (PVOLUMEREDIRECT_IS_ALLOWED_FOR_OPERATION)FltGetRoutineAddress( "FltIsIoRedirectionAllowedForOperation" );

    VolumeRedirectGlobals.AdjustStackSize =
        (PVOLUMEREDIRECT_ADJUST_STACK_SIZE)FltGetRoutineAddress( "FltAdjustDeviceStackSizeForIoRedirection" );
}


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

    VolumeRedirectResolveRoutines();

    status = FltRegisterFilter( DriverObject,
                                &VolumeRedirectRegistration,
                                &VolumeRedirectGlobals.Filter );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltStartFiltering( VolumeRedirectGlobals.Filter );

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( VolumeRedirectGlobals.Filter );
    }

    return status;
}


NTSTATUS
FLTAPI
VolumeRedirectUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    )
/*++

Routine Description:

    Called when the filter is about to be unloaded. FltUnregisterFilter tears the instances down, and
    with them the contexts go: the files that we opened are closed in their cleanup.

Arguments:

    Flags - Says whether the unload can be refused; we never refuse.

Return Value:

    STATUS_SUCCESS.

--*/
{
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    FltUnregisterFilter( VolumeRedirectGlobals.Filter );

    return STATUS_SUCCESS;
}
