/*++

Module Name:

    duplicate.c

Abstract:

    The variant that reads with callback data of its own, and what the checked variants fall back to.

    A request that has too few stack locations for the target's stack cannot be sent there; one that
    we allocate for the target has as many as the target needs. So the read is done a second time: the
    same parameters, in callback data made for our instance on the target, and when it is done its
    result becomes that of the caller's read, which goes no further. That is right on every version of
    Windows and for every pair of volumes. It costs a request more for each read, and makes the
    caller's thread wait.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

#if defined(VOLUMEREDIRECT_DUPLICATE) || defined(VOLUMEREDIRECT_CHECKED)


FLT_PREOP_CALLBACK_STATUS
VolumeRedirectDuplicateRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PFLT_INSTANCE TargetInstance,
    _In_ PFILE_OBJECT FileObject
    )
/*++

Routine Description:

    Does a read on the target and completes the caller's with its result.

Arguments:

    Data - The caller's read.

    FltObjects - The instance, its filter, its volume and the file.

    TargetInstance - Our instance on the target.

    FileObject - The other file.

Return Value:

    FLT_PREOP_COMPLETE.

--*/
{
    PFLT_CALLBACK_DATA copy;
    NTSTATUS status;

    //
    //  The caller's buffer is known by the caller's address. Locked, it is known by an MDL as well,
    //  which is good for anybody; and it is checked that the caller may have it written to.
    //

    status = FltLockUserBuffer( Data );

    if (NT_SUCCESS( status )) {

        status = FltAllocateCallbackData( TargetInstance, FileObject, &copy );
    }

    if (!NT_SUCCESS( status )) {

        Data->IoStatus.Status = status;
        Data->IoStatus.Information = 0;

        return FLT_PREOP_COMPLETE;
    }

    copy->Iopb->MajorFunction = Data->Iopb->MajorFunction;
    copy->Iopb->MinorFunction = Data->Iopb->MinorFunction;
    copy->Iopb->IrpFlags = IRP_READ_OPERATION | FlagOn( Data->Iopb->IrpFlags, IRP_NOCACHE );
    copy->Iopb->OperationFlags = Data->Iopb->OperationFlags;
    copy->Iopb->Parameters = Data->Iopb->Parameters;

    FltPerformSynchronousIo( copy );

    Data->IoStatus = copy->IoStatus;

    FltFreeCallbackData( copy );

    VolumeRedirectNotePosition( Data, FltObjects );

    return FLT_PREOP_COMPLETE;
}

#endif // VOLUMEREDIRECT_DUPLICATE || VOLUMEREDIRECT_CHECKED

#if defined(VOLUMEREDIRECT_DUPLICATE)


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

    Reads the other file with callback data of our own.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    InstanceContext - Our instance on the target.

    HandleContext - The other file.

Return Value:

    FLT_PREOP_COMPLETE.

--*/
{
    return VolumeRedirectDuplicateRead( Data,
                                        FltObjects,
                                        InstanceContext->TargetInstance,
                                        HandleContext->FileObject );
}

#endif // VOLUMEREDIRECT_DUPLICATE
