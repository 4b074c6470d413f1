/*++

Module Name:

    hsmrecall.c

Abstract:

    Main module of the recall sample: registration and unload. See hsmrecall.h for what the sample
    does.

Environment:

    Kernel mode

--*/

#include <initguid.h>
#include "hsmrecall.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
HsmUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

NTSTATUS
FLTAPI
HsmInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, HsmUnload)
#pragma alloc_text(PAGE, HsmInstanceQueryTeardown)
#endif

PFLT_FILTER HsmFilter;

const GUID HsmReparseGuid =
    { 0x6c5d2b1f, 0x93a4, 0x4e0c, { 0x8d, 0x1e, 0x52, 0x70, 0x9b, 0x44, 0xc3, 0x0a } };

static const FLT_OPERATION_REGISTRATION HsmOperations[] = {

    { IRP_MJ_CREATE,
      0,
      HsmPreCreate,
      HsmPostCreate,
      NULL },

#if defined(HSM_REISSUE_UNSYNCHRONIZED) || defined(HSM_CANCEL_LATE)

    { IRP_MJ_READ,
      0,
      HsmPreRead,
      HsmPostRead,
      NULL },

#endif

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

static const FLT_REGISTRATION HsmRegistration = {

    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .OperationRegistration = HsmOperations,
    .FilterUnloadCallback = HsmUnload,
    .InstanceQueryTeardownCallback = HsmInstanceQueryTeardown
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
    //  Callbacks may come before FltStartFiltering returns.
    //

    HsmInitializeRedirection();

#if defined(HSM_REMEMBER)

    HsmInitializeRecalled();

#endif

    status = FltRegisterFilter( DriverObject, &HsmRegistration, &HsmFilter );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltStartFiltering( HsmFilter );

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( HsmFilter );
    }

    return status;
}


NTSTATUS
FLTAPI
HsmUnload (
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

    FltUnregisterFilter( HsmFilter );

#if defined(HSM_REMEMBER)

    HsmForget();

#endif

    return STATUS_SUCCESS;
}


NTSTATUS
FLTAPI
HsmInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    )
/*++

Routine Description:

    Asked before an instance is detached by hand ("fltmc detach").

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
