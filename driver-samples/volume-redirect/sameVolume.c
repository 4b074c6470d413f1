/*++

Module Name:

    sameVolume.c

Abstract:

    The variant that stays on the source and changes only the file.

    Between two files of one volume nothing but the file object changes: the request goes on below us,
    through the same devices as before, and so it has the room that it needs. Nobody has to be asked.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

#if defined(VOLUMEREDIRECT_SAME_VOLUME)


VOID
VolumeRedirectLinked (
    _In_ PFLT_INSTANCE SourceInstance,
    _Inout_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    This variant has nothing to prepare.

--*/
{
    UNREFERENCED_PARAMETER( SourceInstance );
    UNREFERENCED_PARAMETER( InstanceContext );
}


VOID
VolumeRedirectOpened (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    This variant has nothing to prepare.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( InstanceContext );
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

    Redirects a read to the other file.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    InstanceContext - Not used.

    HandleContext - The other file, on the same volume.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK.

--*/
{
    UNREFERENCED_PARAMETER( InstanceContext );

    VolumeRedirectChangeTarget( Data, FltObjects->Instance, HandleContext->FileObject );

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}

#endif // VOLUMEREDIRECT_SAME_VOLUME
