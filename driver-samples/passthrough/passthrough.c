/*++

Module Name:

    passthrough.c

Abstract:

    Main module of the pass-through sample: registration and unload. See passthrough.h for
    what the sample does.

Environment:

    Kernel mode

--*/

#include "passthrough.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
PassThroughUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

NTSTATUS
FLTAPI
PassThroughInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, PassThroughUnload)
#pragma alloc_text(PAGE, PassThroughInstanceQueryTeardown)
#endif

static PFLT_FILTER PassThroughFilter;

static const FLT_REGISTRATION PassThroughRegistration = {

    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .OperationRegistration = PassThroughOperations,
    .FilterUnloadCallback = PassThroughUnload,
    .InstanceQueryTeardownCallback = PassThroughInstanceQueryTeardown
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

    status = FltRegisterFilter( DriverObject, &PassThroughRegistration, &PassThroughFilter );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltStartFiltering( PassThroughFilter );

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( PassThroughFilter );
    }

    return status;
}


NTSTATUS
FLTAPI
PassThroughUnload (
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

    FltUnregisterFilter( PassThroughFilter );

    return STATUS_SUCCESS;
}


NTSTATUS
FLTAPI
PassThroughInstanceQueryTeardown (
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
