/*++

Module Name:

    observer.c

Abstract:

    Main module of the observer: registration, instances and unload. See observer.h for what it does.

Environment:

    Kernel mode

--*/

#include "observer.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
ObserverUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

NTSTATUS
FLTAPI
ObserverInstanceSetup (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_SETUP_FLAGS Flags,
    _In_ DEVICE_TYPE VolumeDeviceType,
    _In_ FLT_FILESYSTEM_TYPE VolumeFilesystemType
    );

NTSTATUS
FLTAPI
ObserverInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    );

VOID
FLTAPI
ObserverInstanceTeardownComplete (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, ObserverUnload)
#pragma alloc_text(PAGE, ObserverInstanceSetup)
#pragma alloc_text(PAGE, ObserverInstanceQueryTeardown)
#pragma alloc_text(PAGE, ObserverInstanceTeardownComplete)
#pragma alloc_text(PAGE, ObserverCopyInstance)
#endif

PFLT_FILTER ObserverFilter;

//
//  The instances since the driver was loaded. An entry is written before its instance is attached and
//  never used again, so that a record that is still in the ring names the right one.
//

static OBSERVER_INSTANCE ObserverInstances[OBSERVER_INSTANCES_MOST - 1];
static volatile LONG ObserverInstanceCount;

typedef struct _OBSERVER_INSTANCE_CONTEXT {

    ULONG Id;

} OBSERVER_INSTANCE_CONTEXT, *POBSERVER_INSTANCE_CONTEXT;

static const FLT_CONTEXT_REGISTRATION ObserverContexts[] = {

    { FLT_INSTANCE_CONTEXT,
      0,
      NULL,
      sizeof(OBSERVER_INSTANCE_CONTEXT),
      OBSERVER_POOL_TAG },

    { FLT_CONTEXT_END }
};

static const FLT_REGISTRATION ObserverRegistration = {

    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .ContextRegistration = ObserverContexts,
    .OperationRegistration = ObserverOperations,
    .FilterUnloadCallback = ObserverUnload,
    .InstanceSetupCallback = ObserverInstanceSetup,
    .InstanceQueryTeardownCallback = ObserverInstanceQueryTeardown,
    .InstanceTeardownCompleteCallback = ObserverInstanceTeardownComplete
};


NTSTATUS
DriverEntry (
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
/*++

Routine Description:

    Registers with the Filter Manager, opens the port and starts to filter.

Arguments:

    DriverObject - The driver object of this driver.

    RegistryPath - Path of the service key; not used.

Return Value:

    STATUS_SUCCESS, or what the Filter Manager answered.

--*/
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER( RegistryPath );

    ObserverInitializeRing();

    status = FltRegisterFilter( DriverObject, &ObserverRegistration, &ObserverFilter );

    if (!NT_SUCCESS( status )) {

        ObserverDeleteRing();
        return status;
    }

    status = ObserverOpenPort();

    if (NT_SUCCESS( status )) {

        status = FltStartFiltering( ObserverFilter );

        if (!NT_SUCCESS( status )) {

            ObserverClosePort();
        }
    }

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( ObserverFilter );
        ObserverDeleteRing();
    }

    return status;
}


NTSTATUS
FLTAPI
ObserverUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    )
/*++

Routine Description:

    Called when the filter is about to be unloaded. The port is closed first: FltUnregisterFilter would
    wait for it. A program that is still connected is disconnected by FltUnregisterFilter.

Arguments:

    Flags - Says whether the unload can be refused; we never refuse.

Return Value:

    STATUS_SUCCESS.

--*/
{
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    ObserverClosePort();
    FltUnregisterFilter( ObserverFilter );
    ObserverDeleteRing();

    return STATUS_SUCCESS;
}


static
USHORT
ObserverCopyText (
    _Out_writes_(OBSERVER_NAME_CHARACTERS) PWCHAR To,
    _In_ PVOID Information,
    _In_ USHORT Offset,
    _In_ USHORT Length
    )
/*++

Routine Description:

    Copies one text of an INSTANCE_FULL_INFORMATION, as much as there is room for.

Arguments:

    To - Receives it.

    Information - The structure.

    Offset - Where in it the text is.

    Length - Its length in bytes.

Return Value:

    Bytes copied.

--*/
{
    USHORT copied = Length;

    if (copied > OBSERVER_NAME_CHARACTERS * sizeof(WCHAR)) {

        copied = OBSERVER_NAME_CHARACTERS * sizeof(WCHAR);
    }

    RtlCopyMemory( To, Add2Ptr( Information, Offset ), copied );

    return copied;
}


static
NTSTATUS
ObserverDescribeInstance (
    _In_ PFLT_INSTANCE Instance,
    _Out_ POBSERVER_INSTANCE Described
    )
/*++

Routine Description:

    Writes down name, altitude and volume of an instance. None of them changes afterwards.

Arguments:

    Instance - The instance.

    Described - Receives them.

Return Value:

    STATUS_SUCCESS, or why it cannot be told.

--*/
{
    PINSTANCE_FULL_INFORMATION information;
    ULONG length = 0;
    NTSTATUS status;

    status = FltGetInstanceInformation( Instance, InstanceFullInformation, NULL, 0, &length );

    if (status != STATUS_BUFFER_TOO_SMALL) {

        return NT_SUCCESS( status ) ? STATUS_UNSUCCESSFUL : status;
    }

    information = ExAllocatePoolWithTag( PagedPool, length, OBSERVER_POOL_TAG );

    if (information == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    status = FltGetInstanceInformation( Instance,
                                        InstanceFullInformation,
                                        information,
                                        length,
                                        &length );

    if (NT_SUCCESS( status )) {

        Described->NameLength = ObserverCopyText( Described->Name,
                                                  information,
                                                  information->InstanceNameBufferOffset,
                                                  information->InstanceNameLength );
        Described->AltitudeLength = ObserverCopyText( Described->Altitude,
                                                      information,
                                                      information->AltitudeBufferOffset,
                                                      information->AltitudeLength );
        Described->VolumeLength = ObserverCopyText( Described->Volume,
                                                    information,
                                                    information->VolumeNameBufferOffset,
                                                    information->VolumeNameLength );
    }

    ExFreePoolWithTag( information, OBSERVER_POOL_TAG );

    return status;
}


NTSTATUS
FLTAPI
ObserverInstanceSetup (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_SETUP_FLAGS Flags,
    _In_ DEVICE_TYPE VolumeDeviceType,
    _In_ FLT_FILESYSTEM_TYPE VolumeFilesystemType
    )
/*++

Routine Description:

    Numbers an instance and remembers where it stands.

Arguments:

    FltObjects - The instance, its filter and its volume.

    Flags - Why it is attached.

    VolumeDeviceType - FILE_DEVICE_....

    VolumeFilesystemType - FLT_FSTYPE_....

Return Value:

    STATUS_SUCCESS; STATUS_FLT_DO_NOT_ATTACH when all numbers are used up.

--*/
{
    POBSERVER_INSTANCE_CONTEXT context;
    POBSERVER_INSTANCE described;
    NTSTATUS status;
    LONG id;

    UNREFERENCED_PARAMETER( Flags );
    UNREFERENCED_PARAMETER( VolumeDeviceType );
    UNREFERENCED_PARAMETER( VolumeFilesystemType );

    PAGED_CODE();

    if (ObserverInstanceCount >= OBSERVER_NO_INSTANCE) {

        return STATUS_FLT_DO_NOT_ATTACH;
    }

    id = InterlockedIncrement( &ObserverInstanceCount ) - 1;

    if (id >= OBSERVER_NO_INSTANCE) {

        InterlockedDecrement( &ObserverInstanceCount );
        return STATUS_FLT_DO_NOT_ATTACH;
    }

    described = &ObserverInstances[id];
    described->Id = (ULONG)id;

    //
    //  Until the context is set the entry says that nothing stands there.
    //

    described->Detached = TRUE;

    status = ObserverDescribeInstance( FltObjects->Instance, described );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltAllocateContext( FltObjects->Filter,
                                 FLT_INSTANCE_CONTEXT,
                                 sizeof(OBSERVER_INSTANCE_CONTEXT),
                                 NonPagedPool,
                                 (PFLT_CONTEXT *)&context );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    context->Id = (ULONG)id;

    status = FltSetInstanceContext( FltObjects->Instance, FLT_SET_CONTEXT_KEEP_IF_EXISTS, context, NULL );

    FltReleaseContext( context );

    described->Detached = !NT_SUCCESS( status );

    return status;
}


NTSTATUS
FLTAPI
ObserverInstanceQueryTeardown (
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


VOID
FLTAPI
ObserverInstanceTeardownComplete (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    )
/*++

Routine Description:

    Notes that an instance has gone.

Arguments:

    FltObjects - The instance, its filter and its volume.

    Reason - Why.

--*/
{
    ULONG id = ObserverGetInstanceId( FltObjects->Instance );

    UNREFERENCED_PARAMETER( Reason );

    PAGED_CODE();

    if (id != OBSERVER_NO_INSTANCE) {

        ObserverInstances[id].Detached = TRUE;
    }
}


ULONG
ObserverGetInstanceId (
    _In_ PFLT_INSTANCE Instance
    )
/*++

Routine Description:

    The number of an instance. Called from pre-operations, at PASSIVE_LEVEL or APC_LEVEL: contexts
    cannot be had above.

Arguments:

    Instance - The instance.

Return Value:

    Its number, or OBSERVER_NO_INSTANCE.

--*/
{
    POBSERVER_INSTANCE_CONTEXT context;
    ULONG id;

    if (!NT_SUCCESS( FltGetInstanceContext( Instance, (PFLT_CONTEXT *)&context ))) {

        return OBSERVER_NO_INSTANCE;
    }

    id = context->Id;

    FltReleaseContext( context );

    return id;
}


ULONG
ObserverCopyInstance (
    _In_ ULONG Index,
    _Out_ POBSERVER_INSTANCE Copy
    )
/*++

Routine Description:

    Copies what is known of one instance.

Arguments:

    Index - Which one, from 0.

    Copy - Receives it, where there is one.

Return Value:

    How many there are.

--*/
{
    ULONG count = (ULONG)ObserverInstanceCount;

    PAGED_CODE();

    if (Index < count) {

        *Copy = ObserverInstances[Index];
    }

    return count;
}
