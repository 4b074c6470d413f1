/*++

Module Name:

    instances.c

Abstract:

    The instances of the redirection sample: one on the source, one on the target, and how the first
    comes to know the second.

    Requests may be redirected from an instance to another one of the same filter, at the same
    altitude, in the same frame, on another volume. So there has to be an instance on the target,
    although it has nothing to do there: it says where redirected requests go on. The source keeps it
    in its instance context, with a reference, and the reference goes before the target's instance
    does.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, VolumeRedirectFindInstance)
#pragma alloc_text(PAGE, VolumeRedirectInstanceSetup)
#pragma alloc_text(PAGE, VolumeRedirectInstanceQueryTeardown)
#pragma alloc_text(PAGE, VolumeRedirectInstanceTeardownStart)
#endif


static
BOOLEAN
VolumeRedirectIsVolume (
    _In_ PFLT_VOLUME Volume,
    _In_ PCWSTR VolumeName
    )
/*++

Routine Description:

    Says whether a volume is the one of a name.

Arguments:

    Volume - The volume.

    VolumeName - A name that leads to a volume, or to none.

Return Value:

    TRUE if the name leads to this volume.

--*/
{
    UNICODE_STRING name;
    PFLT_VOLUME found;
    NTSTATUS status;

    PAGED_CODE();

    RtlInitUnicodeString( &name, VolumeName );

    status = FltGetVolumeFromName( VolumeRedirectGlobals.Filter, &name, &found );

    if (!NT_SUCCESS( status )) {

        return FALSE;
    }

    FltObjectDereference( found );

    return (BOOLEAN)(found == Volume);
}


NTSTATUS
VolumeRedirectFindInstance (
    _In_ PCWSTR VolumeName,
    _In_ PCWSTR InstanceName,
    _Outptr_ PFLT_INSTANCE *Instance
    )
/*++

Routine Description:

    Finds an instance of ours by its name and the name of its volume.

Arguments:

    VolumeName - A name that leads to a volume, or to none.

    InstanceName - The name of the instance in the INF.

    Instance - Receives the instance, with a reference that the caller gives back.

Return Value:

    STATUS_SUCCESS, or why there is no such instance.

--*/
{
    UNICODE_STRING volumeName;
    UNICODE_STRING instanceName;
    PFLT_VOLUME volume;
    NTSTATUS status;

    PAGED_CODE();

    RtlInitUnicodeString( &volumeName, VolumeName );
    RtlInitUnicodeString( &instanceName, InstanceName );

    status = FltGetVolumeFromName( VolumeRedirectGlobals.Filter, &volumeName, &volume );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltGetVolumeInstanceFromName( VolumeRedirectGlobals.Filter,
                                           volume,
                                           &instanceName,
                                           Instance );

    FltObjectDereference( volume );

    return status;
}


static
NTSTATUS
VolumeRedirectReadVolumeName (
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
    ULONG length = 0;
    NTSTATUS status;

    PAGED_CODE();

    RtlInitUnicodeString( Name, NULL );

    status = FltGetVolumeFromInstance( Instance, &volume );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltGetVolumeName( volume, NULL, &length );

    if (status == STATUS_BUFFER_TOO_SMALL) {

        Name->MaximumLength = (USHORT)length;
        Name->Buffer = ExAllocatePoolWithTag( PagedPool, length, VOLUMEREDIRECT_TAG );

        status = (Name->Buffer == NULL) ? STATUS_INSUFFICIENT_RESOURCES
                                        : FltGetVolumeName( volume, Name, NULL );
    }

    FltObjectDereference( volume );

    return status;
}


static
NTSTATUS
VolumeRedirectLink (
    _In_ PFLT_INSTANCE SourceInstance,
    _In_ PFLT_INSTANCE TargetInstance
    )
/*++

Routine Description:

    Tells the source's instance where its reads go.

Arguments:

    SourceInstance - Our instance on the source.

    TargetInstance - Our instance on the target.

Return Value:

    STATUS_SUCCESS, or why it did not work.

--*/
{
    PVOLUMEREDIRECT_INSTANCE_CONTEXT context;
    NTSTATUS status;

    PAGED_CODE();

    status = FltAllocateContext( VolumeRedirectGlobals.Filter,
                                 FLT_INSTANCE_CONTEXT,
                                 sizeof(VOLUMEREDIRECT_INSTANCE_CONTEXT),
                                 NonPagedPool,
                                 (PFLT_CONTEXT *)&context );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    RtlZeroMemory( context, sizeof(VOLUMEREDIRECT_INSTANCE_CONTEXT) );

#if defined(VOLUMEREDIRECT_OTHER_ON_SOURCE)
    status = VolumeRedirectReadVolumeName( SourceInstance, &context->VolumeName );
#else
    status = VolumeRedirectReadVolumeName( TargetInstance, &context->VolumeName );
#endif

    if (NT_SUCCESS( status )) {

        status = FltObjectReference( TargetInstance );
    }

    if (NT_SUCCESS( status )) {

        context->TargetInstance = TargetInstance;

        VolumeRedirectLinked( SourceInstance, context );

        status = FltSetInstanceContext( SourceInstance,
                                        FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                        context,
                                        NULL );
    }

    FltReleaseContext( context );

    return status;
}


NTSTATUS
FLTAPI
VolumeRedirectInstanceSetup (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_SETUP_FLAGS Flags,
    _In_ DEVICE_TYPE VolumeDeviceType,
    _In_ FLT_FILESYSTEM_TYPE VolumeFilesystemType
    )
/*++

Routine Description:

    Called when an instance may be attached to a volume. We want the source and the target, and link
    them as soon as the second of them is here, whichever that is.

Arguments:

    FltObjects - The instance, its filter and its volume.

    Flags - Why we are asked.

    VolumeDeviceType - Kind of the volume's device; not used.

    VolumeFilesystemType - Kind of the file system; not used.

Return Value:

    STATUS_SUCCESS to attach, STATUS_FLT_DO_NOT_ATTACH where we have nothing to do.

--*/
{
    PFLT_INSTANCE other;

    UNREFERENCED_PARAMETER( VolumeDeviceType );
    UNREFERENCED_PARAMETER( VolumeFilesystemType );

    PAGED_CODE();

    //
    //  The instances that a variant attaches by itself have no part in redirection.
    //

    if (FlagOn( Flags, FLTFL_INSTANCE_SETUP_MANUAL_ATTACHMENT )) {

        return STATUS_SUCCESS;
    }

    if (VolumeRedirectIsVolume( FltObjects->Volume, VOLUMEREDIRECT_SOURCE_VOLUME )) {

        if (NT_SUCCESS( VolumeRedirectFindInstance( VOLUMEREDIRECT_TARGET_VOLUME,
                                                    VOLUMEREDIRECT_INSTANCE,
                                                    &other ))) {

            (VOID)VolumeRedirectLink( FltObjects->Instance, other );
            FltObjectDereference( other );
        }

        return STATUS_SUCCESS;
    }

    if (VolumeRedirectIsVolume( FltObjects->Volume, VOLUMEREDIRECT_TARGET_VOLUME )) {

        if (NT_SUCCESS( VolumeRedirectFindInstance( VOLUMEREDIRECT_SOURCE_VOLUME,
                                                    VOLUMEREDIRECT_INSTANCE,
                                                    &other ))) {

            (VOID)VolumeRedirectLink( other, FltObjects->Instance );
            FltObjectDereference( other );
        }

        return STATUS_SUCCESS;
    }

    return STATUS_FLT_DO_NOT_ATTACH;
}


NTSTATUS
FLTAPI
VolumeRedirectInstanceQueryTeardown (
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
VolumeRedirectInstanceTeardownStart (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    )
/*++

Routine Description:

    Called when an instance begins to go, whichever it is: the source forgets where its reads went.
    The teardown waits for the reference in the source's context. Reads that are under way hold that
    context until they are done, and so the reference too.

Arguments:

    FltObjects - The instance, its filter and its volume; not used.

    Reason - Why it goes; not used.

--*/
{
    PFLT_INSTANCE source;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( Reason );

    PAGED_CODE();

    if (NT_SUCCESS( VolumeRedirectFindInstance( VOLUMEREDIRECT_SOURCE_VOLUME,
                                                VOLUMEREDIRECT_INSTANCE,
                                                &source ))) {

        (VOID)FltDeleteInstanceContext( source, NULL );
        FltObjectDereference( source );
    }
}


VOID
FLTAPI
VolumeRedirectInstanceContextCleanup (
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
    PVOLUMEREDIRECT_INSTANCE_CONTEXT context = Context;

    UNREFERENCED_PARAMETER( ContextType );

    if (context->TargetInstance != NULL) {

        FltObjectDereference( context->TargetInstance );
    }

    if (context->VolumeName.Buffer != NULL) {

        ExFreePoolWithTag( context->VolumeName.Buffer, VOLUMEREDIRECT_TAG );
    }

#if defined(VOLUMEREDIRECT_WRONG_INSTANCE)

    if (context->WrongInstance != NULL) {

        FltObjectDereference( context->WrongInstance );
    }

#endif
}
