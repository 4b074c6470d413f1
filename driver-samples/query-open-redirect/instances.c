/*++

Module Name:

    instances.c

Abstract:

    The instances of the sample: one on each volume of a route, and how the source comes to know the
    target.

    A query may be sent on to an instance of the same filter, at the same altitude, in the same frame,
    on another volume. The source keeps that instance in its instance context, with a reference.

Environment:

    Kernel mode

--*/

#include "queryopen.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, QueryOpenInstanceSetup)
#pragma alloc_text(PAGE, QueryOpenInstanceQueryTeardown)
#pragma alloc_text(PAGE, QueryOpenInstanceTeardownStart)
#endif

static const QUERYOPEN_ROUTE QueryOpenRoutes[] = {

    { L"\\??\\C:", L"\\??\\D:", L"\\to-d\\" },
    { L"\\??\\D:", L"\\??\\C:", L"\\to-c\\" }
};


static
NTSTATUS
QueryOpenFindInstance (
    _In_ PCWSTR VolumeName,
    _Outptr_ PFLT_INSTANCE *Instance
    )
/*++

Routine Description:

    Finds our instance on a volume.

Arguments:

    VolumeName - A name that leads to a volume, or to none.

    Instance - Receives the instance, with a reference that the caller gives back.

Return Value:

    STATUS_SUCCESS, or why there is none.

--*/
{
    UNICODE_STRING volumeName;
    UNICODE_STRING instanceName;
    PFLT_VOLUME volume;
    NTSTATUS status;

    PAGED_CODE();

    RtlInitUnicodeString( &volumeName, VolumeName );
    RtlInitUnicodeString( &instanceName, QUERYOPEN_INSTANCE );

    status = FltGetVolumeFromName( QueryOpenGlobals.Filter, &volumeName, &volume );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltGetVolumeInstanceFromName( QueryOpenGlobals.Filter, volume, &instanceName, Instance );

    FltObjectDereference( volume );

    return status;
}


static
BOOLEAN
QueryOpenIsVolume (
    _In_ PFLT_VOLUME Volume,
    _In_ PCWSTR VolumeName
    )
/*++

Routine Description:

    Says whether a name leads to a volume.

Arguments:

    Volume - The volume.

    VolumeName - The name.

Return Value:

    TRUE if it leads to this volume.

--*/
{
    UNICODE_STRING name;
    PFLT_VOLUME found;

    PAGED_CODE();

    RtlInitUnicodeString( &name, VolumeName );

    if (!NT_SUCCESS( FltGetVolumeFromName( QueryOpenGlobals.Filter, &name, &found ))) {

        return FALSE;
    }

    FltObjectDereference( found );

    return (BOOLEAN)(found == Volume);
}


static
NTSTATUS
QueryOpenReadVolumeName (
    _In_ PFLT_INSTANCE Instance,
    _Out_ PUNICODE_STRING Name
    )
/*++

Routine Description:

    Gets the name of an instance's volume.

Arguments:

    Instance - The instance.

    Name - Receives the name, in paged pool that the caller frees.

Return Value:

    STATUS_SUCCESS, or why there is none.

--*/
{
    PFLT_VOLUME volume;
    ULONG bytes = 0;
    NTSTATUS status;

    PAGED_CODE();

    RtlInitUnicodeString( Name, NULL );

    status = FltGetVolumeFromInstance( Instance, &volume );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltGetVolumeName( volume, NULL, &bytes );

    if (status == STATUS_BUFFER_TOO_SMALL) {

        Name->Buffer = ExAllocatePoolWithTag( PagedPool, bytes, QUERYOPEN_TAG );

        if (Name->Buffer == NULL) {

            status = STATUS_INSUFFICIENT_RESOURCES;

        } else {

            Name->MaximumLength = (USHORT)bytes;
            status = FltGetVolumeName( volume, Name, NULL );
        }
    }

    FltObjectDereference( volume );

    return status;
}


static
VOID
QueryOpenLink (
    _In_ PCQUERYOPEN_ROUTE Route,
    _In_ PFLT_INSTANCE SourceInstance,
    _In_ PFLT_INSTANCE TargetInstance
    )
/*++

Routine Description:

    Tells the instance of a route's source where the route leads. Where that fails nothing is
    redirected.

Arguments:

    Route - The route.

    SourceInstance - Our instance on its source.

    TargetInstance - Our instance on its target.

--*/
{
    PQUERYOPEN_INSTANCE_CONTEXT context;
    NTSTATUS status;

    PAGED_CODE();

    status = FltAllocateContext( QueryOpenGlobals.Filter,
                                 FLT_INSTANCE_CONTEXT,
                                 sizeof(QUERYOPEN_INSTANCE_CONTEXT),
                                 NonPagedPool,
                                 (PFLT_CONTEXT *)&context );

    if (!NT_SUCCESS( status )) {

        return;
    }

    RtlZeroMemory( context, sizeof(QUERYOPEN_INSTANCE_CONTEXT) );
    context->Route = Route;

    status = QueryOpenReadVolumeName( TargetInstance, &context->TargetVolumeName );

    if (NT_SUCCESS( status )) {

        status = FltObjectReference( TargetInstance );
    }

    if (NT_SUCCESS( status )) {

        context->TargetInstance = TargetInstance;

        (VOID)FltSetInstanceContext( SourceInstance,
                                     FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                     context,
                                     NULL );
    }

    FltReleaseContext( context );
}


NTSTATUS
FLTAPI
QueryOpenInstanceSetup (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_SETUP_FLAGS Flags,
    _In_ DEVICE_TYPE VolumeDeviceType,
    _In_ FLT_FILESYSTEM_TYPE VolumeFilesystemType
    )
/*++

Routine Description:

    Called when an instance may be attached to a volume. A route is linked as soon as both of its
    volumes have one, whichever comes first.

Arguments:

    FltObjects - The instance, its filter and its volume.

    Flags - Why we are asked; not used.

    VolumeDeviceType - Kind of the volume's device; not used.

    VolumeFilesystemType - Kind of the file system; not used.

Return Value:

    STATUS_SUCCESS to attach, STATUS_FLT_DO_NOT_ATTACH where no route begins or ends.

--*/
{
    PFLT_INSTANCE other;
    NTSTATUS status = STATUS_FLT_DO_NOT_ATTACH;
    ULONG index;

    UNREFERENCED_PARAMETER( Flags );
    UNREFERENCED_PARAMETER( VolumeDeviceType );
    UNREFERENCED_PARAMETER( VolumeFilesystemType );

    PAGED_CODE();

    for (index = 0; index < RTL_NUMBER_OF( QueryOpenRoutes ); index++) {

        PCQUERYOPEN_ROUTE route = &QueryOpenRoutes[index];

        if (QueryOpenIsVolume( FltObjects->Volume, route->SourceVolume )) {

            status = STATUS_SUCCESS;

            if (NT_SUCCESS( QueryOpenFindInstance( route->TargetVolume, &other ))) {

                QueryOpenLink( route, FltObjects->Instance, other );
                FltObjectDereference( other );
            }

        } else if (QueryOpenIsVolume( FltObjects->Volume, route->TargetVolume )) {

            status = STATUS_SUCCESS;

            if (NT_SUCCESS( QueryOpenFindInstance( route->SourceVolume, &other ))) {

                QueryOpenLink( route, other, FltObjects->Instance );
                FltObjectDereference( other );
            }
        }
    }

    return status;
}


NTSTATUS
FLTAPI
QueryOpenInstanceQueryTeardown (
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


VOID
FLTAPI
QueryOpenInstanceTeardownStart (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    )
/*++

Routine Description:

    Called when an instance begins to go, whichever it is: the sources of both routes forget where they
    led. The teardown of a target waits for the reference in its source's context, and queries that are
    under way hold that context until they have ended.

Arguments:

    FltObjects - The instance, its filter and its volume; not used.

    Reason - Why it goes; not used.

--*/
{
    PFLT_INSTANCE source;
    ULONG index;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( Reason );

    PAGED_CODE();

    for (index = 0; index < RTL_NUMBER_OF( QueryOpenRoutes ); index++) {

        if (NT_SUCCESS( QueryOpenFindInstance( QueryOpenRoutes[index].SourceVolume, &source ))) {

            (VOID)FltDeleteInstanceContext( source, NULL );
            FltObjectDereference( source );
        }
    }
}


VOID
FLTAPI
QueryOpenInstanceContextCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    )
/*++

Routine Description:

    Called when nobody needs an instance context any more.

Arguments:

    Context - The context.

    ContextType - FLT_INSTANCE_CONTEXT.

--*/
{
    PQUERYOPEN_INSTANCE_CONTEXT context = Context;

    UNREFERENCED_PARAMETER( ContextType );

    if (context->TargetInstance != NULL) {

        FltObjectDereference( context->TargetInstance );
    }

    if (context->TargetVolumeName.Buffer != NULL) {

        ExFreePoolWithTag( context->TargetVolumeName.Buffer, QUERYOPEN_TAG );
    }
}
