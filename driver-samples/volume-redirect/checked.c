/*++

Module Name:

    checked.c

Abstract:

    The variants that ask before they redirect, and that make room where there is too little.

    A request is allocated with as many stack locations as the device on top of the source's stack
    says: one for each device that it may pass on its way down. If more devices stand below our frame
    on the target than on the source, for example because a legacy filter is attached to the target
    alone, a redirected request may run out of them, and that is bug check 0x35. Windows 7 brought
    three routines for it:

        FltIsIoRedirectionAllowed                   is there always room from this instance to that?
        FltAdjustDeviceStackSizeForIoRedirection    see to it for requests that are allocated from now on
        FltIsIoRedirectionAllowedForOperation       is there room in this one?

    The last question has to be asked for each operation, before anything is changed in it: requests
    that were allocated before the adjustment are as small as they were. These go by callback data of
    our own, see duplicate.c. So does everything on systems older than Windows 7, where nobody can be
    asked.

    When the room is made depends on when the two instances are known. VOLUMEREDIRECT_ADJUSTED does it
    when they are set up, VOLUMEREDIRECT_ADJUSTED_AT_CREATE when a file is opened, before the create
    is back with the caller, and VOLUMEREDIRECT_ADJUSTED_AT_READ when a read is met that does not fit.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

#if defined(VOLUMEREDIRECT_CHECKED)


static
VOID
VolumeRedirectMakeRoom (
    _In_ PFLT_INSTANCE SourceInstance,
    _In_ PFLT_INSTANCE TargetInstance
    )
/*++

Routine Description:

    Sees to it that requests which are allocated from now on can be redirected. If that cannot be,
    reads are told so one by one, and none is redirected.

Arguments:

    SourceInstance - Our instance on the source.

    TargetInstance - Our instance on the target.

--*/
{
    BOOLEAN allowed = FALSE;
    NTSTATUS status;

    if (VolumeRedirectGlobals.IsAllowed == NULL || VolumeRedirectGlobals.AdjustStackSize == NULL) {

        return;
    }

    status = VolumeRedirectGlobals.IsAllowed( SourceInstance, TargetInstance, &allowed );

    if (NT_SUCCESS( status ) && !allowed) {

        (VOID)VolumeRedirectGlobals.AdjustStackSize( SourceInstance, TargetInstance, NULL );
    }
}


VOID
VolumeRedirectLinked (
    _In_ PFLT_INSTANCE SourceInstance,
    _Inout_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    Both instances are there.

Arguments:

    SourceInstance - Our instance on the source.

    InstanceContext - Our instance on the target.

--*/
{
#if defined(VOLUMEREDIRECT_ADJUSTED)

    VolumeRedirectMakeRoom( SourceInstance, InstanceContext->TargetInstance );

#else

    UNREFERENCED_PARAMETER( SourceInstance );
    UNREFERENCED_PARAMETER( InstanceContext );

#endif
}


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
#if defined(VOLUMEREDIRECT_ADJUSTED_AT_CREATE)

    VolumeRedirectMakeRoom( FltObjects->Instance, InstanceContext->TargetInstance );

#else

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( InstanceContext );

#endif
}


static
VOID
VolumeRedirectAsk (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ PFLT_INSTANCE TargetInstance,
    _Out_ PBOOLEAN ThisOne,
    _Out_ PBOOLEAN AllOfThem
    )
/*++

Routine Description:

    Asks whether an operation may be redirected. It must not have been changed yet.

Arguments:

    Data - The operation.

    TargetInstance - Our instance on the target.

    ThisOne - Receives TRUE if this operation may be redirected.

    AllOfThem - Receives FALSE if there are others for which room has to be made.

--*/
{
    *ThisOne = FALSE;
    *AllOfThem = TRUE;

    //
    //  Nobody can be asked before Windows 7. STATUS_NOT_SUPPORTED means never for these two instances.
    //

    if (VolumeRedirectGlobals.IsAllowedForOperation == NULL ||
        !NT_SUCCESS( VolumeRedirectGlobals.IsAllowedForOperation( Data,
                                                                  TargetInstance,
                                                                  ThisOne,
                                                                  AllOfThem ))) {

        *ThisOne = FALSE;
        *AllOfThem = TRUE;
    }
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

    Redirects a read that has the room for it, and does the others with callback data of our own.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    InstanceContext - Our instance on the target.

    HandleContext - The other file.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK, or FLT_PREOP_COMPLETE where the read is done already.

--*/
{
    BOOLEAN thisOne;
    BOOLEAN allOfThem;

    VolumeRedirectAsk( Data, InstanceContext->TargetInstance, &thisOne, &allOfThem );

#if defined(VOLUMEREDIRECT_ADJUSTED_AT_READ)

    //
    //  Room is made for the requests to come. Asked again, this one is as small as it was.
    //

    if (!allOfThem) {

        VolumeRedirectMakeRoom( FltObjects->Instance, InstanceContext->TargetInstance );
        VolumeRedirectAsk( Data, InstanceContext->TargetInstance, &thisOne, &allOfThem );
    }

#endif

    if (!thisOne) {

        return VolumeRedirectDuplicateRead( Data,
                                            FltObjects,
                                            InstanceContext->TargetInstance,
                                            HandleContext->FileObject );
    }

    VolumeRedirectChangeTarget( Data, InstanceContext->TargetInstance, HandleContext->FileObject );

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}

#endif // VOLUMEREDIRECT_CHECKED
