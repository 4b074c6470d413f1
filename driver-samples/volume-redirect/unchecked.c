/*++

Module Name:

    unchecked.c

Abstract:

    The mistakes. Each variant of this file does what checked.c does, but for one thing:

    VOLUMEREDIRECT_UNCHECKED does not ask whether the request has the stack locations. It works as
    long as the stacks of both volumes are equally deep, or while somebody above leaves a location
    over, and it works so on the machine of the one who wrote it.

    VOLUMEREDIRECT_NOT_DIRTY changes the block and does not say so: the change is ignored, in silence,
    and the caller gets the bytes of its own file.

    VOLUMEREDIRECT_FOREIGN_FILE_OBJECT changes the volume and leaves the file object, which belongs to
    the volume that the request has left.

    VOLUMEREDIRECT_IOPB_AFTER_CHANGE takes the block for the place that says who it is itself. After
    the change it says something else, and our context of the caller's file is not there.

    The others redirect to an instance that is not ours at the same altitude, in the same frame, on
    the other volume. That is not supported; what comes of it nobody says.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

#if defined(VOLUMEREDIRECT_MISTAKE)


VOID
VolumeRedirectLinked (
    _In_ PFLT_INSTANCE SourceInstance,
    _Inout_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    Both instances are there. These variants make no room.

--*/
{
    UNREFERENCED_PARAMETER( SourceInstance );
    UNREFERENCED_PARAMETER( InstanceContext );
}

#if defined(VOLUMEREDIRECT_WRONG_INSTANCE)


static
PFLT_INSTANCE
VolumeRedirectFindWrongInstance (
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    Finds the instance to which nobody may redirect from ours, and attaches it first if it is one of
    our own.

Arguments:

    InstanceContext - Our instance on the target.

Return Value:

    The instance, referenced; NULL if there is none.

--*/
{
    PFLT_INSTANCE instance = NULL;

#if defined(VOLUMEREDIRECT_OTHER_FILTER)

    if (!NT_SUCCESS( FltGetLowerInstance( InstanceContext->TargetInstance, &instance ))) {

        return NULL;
    }

    return instance;

#else

#if defined(VOLUMEREDIRECT_OWN_INSTANCE)
    PCWSTR volumeName = VOLUMEREDIRECT_SOURCE_VOLUME;
    PCWSTR instanceName = VOLUMEREDIRECT_LOWER_INSTANCE;
#elif defined(VOLUMEREDIRECT_OTHER_FRAME)
    PCWSTR volumeName = VOLUMEREDIRECT_TARGET_VOLUME;
    PCWSTR instanceName = VOLUMEREDIRECT_UPPER_INSTANCE;
#elif defined(VOLUMEREDIRECT_OTHER_ALTITUDE)
    PCWSTR volumeName = VOLUMEREDIRECT_TARGET_VOLUME;
    PCWSTR instanceName = VOLUMEREDIRECT_LOWER_INSTANCE;
#endif

    UNICODE_STRING name;
    PFLT_VOLUME volume;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( InstanceContext );

    RtlInitUnicodeString( &name, volumeName );

    status = FltGetVolumeFromName( VolumeRedirectGlobals.Filter, &name, &volume );

    if (!NT_SUCCESS( status )) {

        return NULL;
    }

    RtlInitUnicodeString( &name, instanceName );

    status = FltAttachVolume( VolumeRedirectGlobals.Filter, volume, &name, &instance );

    FltObjectDereference( volume );

    return NT_SUCCESS( status ) ? instance : NULL;

#endif
}

#endif // VOLUMEREDIRECT_WRONG_INSTANCE


VOID
VolumeRedirectOpened (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    Both files are there.

Arguments:

    FltObjects - The instance, its filter, its volume and the file.

    InstanceContext - Our instance on the target.

--*/
{
#if defined(VOLUMEREDIRECT_WRONG_INSTANCE)

    PFLT_INSTANCE instance;
    BOOLEAN allowed;

    if (InstanceContext->WrongInstance != NULL) {

        return;
    }

    instance = VolumeRedirectFindWrongInstance( InstanceContext );

    if (instance == NULL) {

        return;
    }

    //
    //  Had we heeded the answer, STATUS_NOT_SUPPORTED, there would be nothing to see.
    //

    if (VolumeRedirectGlobals.IsAllowed != NULL) {

        (VOID)VolumeRedirectGlobals.IsAllowed( FltObjects->Instance, instance, &allowed );
    }

    if (InterlockedCompareExchangePointer( (PVOID volatile *)&InstanceContext->WrongInstance,
                                           instance,
                                           NULL ) != NULL) {

        FltObjectDereference( instance );
    }

#else

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( InstanceContext );

#endif
}


FLT_PREOP_CALLBACK_STATUS
VolumeRedirectRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext,
    _In_ PVOLUMEREDIRECT_HANDLE_CONTEXT HandleContext
    )
/*++

Routine Description:

    Redirects a read: wrongly.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    InstanceContext - Our instance on the target.

    HandleContext - The other file.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK.

--*/
{
    PFLT_INSTANCE target = InstanceContext->TargetInstance;
    PFILE_OBJECT file = HandleContext->FileObject;

    UNREFERENCED_PARAMETER( FltObjects );

#if defined(VOLUMEREDIRECT_WRONG_INSTANCE)

    if (InstanceContext->WrongInstance != NULL) {

        target = InstanceContext->WrongInstance;
    }

#elif !defined(VOLUMEREDIRECT_UNCHECKED)

    //
    //  The room is not what these variants are wrong about: they ask, where somebody can be asked.
    //

    if (VolumeRedirectGlobals.IsAllowedForOperation != NULL) {

        BOOLEAN allowed = FALSE;

        (VOID)VolumeRedirectGlobals.IsAllowedForOperation( Data, target, &allowed, NULL );

        if (!allowed) {

            Data->IoStatus.Status = STATUS_NOT_SUPPORTED;
            Data->IoStatus.Information = 0;

            return FLT_PREOP_COMPLETE;
        }
    }

#endif

#if defined(VOLUMEREDIRECT_FOREIGN_FILE_OBJECT)

    file = FltObjects->FileObject;

#endif

    Data->Iopb->TargetInstance = target;
    Data->Iopb->TargetFileObject = file;

#if !defined(VOLUMEREDIRECT_NOT_DIRTY)

    FltSetCallbackDataDirty( Data );

#endif

#if defined(VOLUMEREDIRECT_IOPB_AFTER_CHANGE)

    {
        PVOLUMEREDIRECT_HANDLE_CONTEXT own;

        //
        //  Meant is the caller's file on our own instance. FltObjects->Instance and
        //  FltObjects->FileObject still say which they are.
        //

        if (NT_SUCCESS( FltGetStreamHandleContext( Data->Iopb->TargetInstance,
                                                   Data->Iopb->TargetFileObject,
                                                   (PFLT_CONTEXT *)&own ))) {

            FltReleaseContext( own );
        }
    }

#endif

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}

#endif // VOLUMEREDIRECT_MISTAKE
