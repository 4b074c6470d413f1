/*++

Module Name:

    sectionSync.c

Abstract:

    Main module of the section synchronization sample: registration and unload. See sectionSync.h
    for what the sample does.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
SectionSyncUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

NTSTATUS
FLTAPI
SectionSyncInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, SectionSyncUnload)
#pragma alloc_text(PAGE, SectionSyncInstanceQueryTeardown)
#endif

PFLT_FILTER SectionSyncFilter;

static const FLT_CONTEXT_REGISTRATION SectionSyncContexts[] = {

    { FLT_STREAMHANDLE_CONTEXT,
      0,
      SectionSyncCleanupFile,
      sizeof(SECTIONSYNC_FILE),
      SECTIONSYNC_TAG,
      NULL,
      NULL,
      NULL },

    { FLT_CONTEXT_END, 0, NULL, 0, 0, NULL, NULL, NULL }
};

static const FLT_OPERATION_REGISTRATION SectionSyncOperations[] = {

    { IRP_MJ_CREATE, 0, SectionSyncPreCreate, NULL, NULL },
    { IRP_MJ_READ, 0, SectionSyncPreRead, NULL, NULL },
    { IRP_MJ_QUERY_INFORMATION, 0, SectionSyncPreQueryInformation, NULL, NULL },
    { IRP_MJ_CLOSE, 0, SectionSyncPreClose, NULL, NULL },

    //
    //  The other requests that can come for a file that is open for reading.
    //

    { IRP_MJ_CLEANUP, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_WRITE, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_SET_INFORMATION, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_FLUSH_BUFFERS, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_FILE_SYSTEM_CONTROL, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_LOCK_CONTROL, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_QUERY_EA, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_SET_EA, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_QUERY_SECURITY, 0, SectionSyncPreOther, NULL, NULL },
    { IRP_MJ_SET_SECURITY, 0, SectionSyncPreOther, NULL, NULL },

    //
    //  No IRPs and no fast I/O: the memory and cache managers ask the file system to hold still.
    //

    { IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION,
      0,
      SectionSyncPreAcquire,
      SectionSyncPostSynchronize,
      NULL },

    { IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION,
      0,
      SectionSyncPreRelease,
      SectionSyncPostSynchronize,
      NULL },

    { IRP_MJ_ACQUIRE_FOR_CC_FLUSH,
      0,
      SectionSyncPreAcquire,
      SectionSyncPostSynchronize,
      NULL },

    { IRP_MJ_RELEASE_FOR_CC_FLUSH,
      0,
      SectionSyncPreRelease,
      SectionSyncPostSynchronize,
      NULL },

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

static const FLT_REGISTRATION SectionSyncRegistration = {

    .Size = sizeof(FLT_REGISTRATION),
    .Version = FLT_REGISTRATION_VERSION,
    .ContextRegistration = SectionSyncContexts,
    .OperationRegistration = SectionSyncOperations,
    .FilterUnloadCallback = SectionSyncUnload,
    .InstanceQueryTeardownCallback = SectionSyncInstanceQueryTeardown
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

    status = FltRegisterFilter( DriverObject, &SectionSyncRegistration, &SectionSyncFilter );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltStartFiltering( SectionSyncFilter );

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( SectionSyncFilter );
    }

    return status;
}


NTSTATUS
FLTAPI
SectionSyncUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    )
/*++

Routine Description:

    Called when the filter is about to be unloaded.

    Virtual files that are still open would be nobody's from then on. A driver for use, not for
    teaching, counts them and refuses to go while there are any.

Arguments:

    Flags - Says whether the unload can be refused; we never refuse.

Return Value:

    STATUS_SUCCESS.

--*/
{
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    FltUnregisterFilter( SectionSyncFilter );

    return STATUS_SUCCESS;
}


NTSTATUS
FLTAPI
SectionSyncInstanceQueryTeardown (
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

    STATUS_FLT_DO_NOT_DETACH: open virtual files need us.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    return STATUS_FLT_DO_NOT_DETACH;
}
