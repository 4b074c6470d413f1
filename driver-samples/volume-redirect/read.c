/*++

Module Name:

    read.c

Abstract:

    Reads of files of our folder: what all variants have in common before and after the redirection.

    Whatever a pre-operation does to Iopb->TargetInstance and Iopb->TargetFileObject, FltObjects stays
    what it was: our own instance and the caller's file. So does our own block on the way up. The
    routines here take FltObjects for what is ours and hand over explicitly what is not.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"


FLT_PREOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Redirects a read of a file that has another one.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives the instance context if the read goes on.

Return Value:

    What the variant decides.

--*/
{
    PVOLUMEREDIRECT_INSTANCE_CONTEXT instanceContext;
    PVOLUMEREDIRECT_HANDLE_CONTEXT handleContext;
    FLT_PREOP_CALLBACK_STATUS result;

    if (!NT_SUCCESS( FltGetStreamHandleContext( FltObjects->Instance,
                                                FltObjects->FileObject,
                                                (PFLT_CONTEXT *)&handleContext ))) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    //
    //  There is no target any more: our instance there is going, and with it went the context. The
    //  caller's own file has other bytes, so it is no substitute.
    //

    if (!NT_SUCCESS( FltGetInstanceContext( FltObjects->Instance, (PFLT_CONTEXT *)&instanceContext ))) {

        FltReleaseContext( handleContext );

        Data->IoStatus.Status = STATUS_DEVICE_NOT_CONNECTED;
        Data->IoStatus.Information = 0;

        return FLT_PREOP_COMPLETE;
    }

    //
    //  A fast read could be redirected as well, without a thought to stack locations; but on Windows
    //  XP it would arrive at the source all the same. As a request it comes again at once.
    //

    if (FLT_IS_FASTIO_OPERATION( Data )) {

        result = FLT_PREOP_DISALLOW_FASTIO;

    } else {

        result = VolumeRedirectRead( Data, FltObjects, instanceContext, handleContext );
    }

    //
    //  The handle context needs no reference while the read is below: it lives as long as the
    //  caller's file is open, and the read keeps it open. The instance context goes with the read:
    //  as long as it is there, so is the instance to which the read has gone.
    //

    FltReleaseContext( handleContext );

    if (result == FLT_PREOP_SUCCESS_WITH_CALLBACK) {

        *CompletionContext = instanceContext;

    } else {

        FltReleaseContext( instanceContext );
    }

    return result;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPostRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    A redirected read is back.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - The instance context.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    if (!FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING )) {

        VolumeRedirectNotePosition( Data, FltObjects );
    }

    FltReleaseContext( CompletionContext );

    return FLT_POSTOP_FINISHED_PROCESSING;
}


VOID
VolumeRedirectNotePosition (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    )
/*++

Routine Description:

    Moves the position of the caller's file. The file system moves that of the file object that it
    was given, and it was given another one.

Arguments:

    Data - The operation, done.

    FltObjects - The instance, its filter, its volume and the file.

--*/
{
    PFILE_OBJECT fileObject = FltObjects->FileObject;

    if (NT_SUCCESS( Data->IoStatus.Status ) &&
        FlagOn( fileObject->Flags, FO_SYNCHRONOUS_IO )) {

        fileObject->CurrentByteOffset.QuadPart = Data->Iopb->Parameters.Read.ByteOffset.QuadPart +
                                                 Data->IoStatus.Information;
    }
}


VOID
VolumeRedirectChangeTarget (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PFLT_INSTANCE TargetInstance,
    _In_ PFILE_OBJECT FileObject
    )
/*++

Routine Description:

    Sends an operation on elsewhere. What is below the target's instance there sees it, on the file
    object given; what is below us here does not.

Arguments:

    Data - The operation.

    TargetInstance - Our instance on the volume where it goes on.

    FileObject - A file of that volume.

--*/
{
    Data->Iopb->TargetInstance = TargetInstance;
    Data->Iopb->TargetFileObject = FileObject;

    //
    //  A change that is not said to be one is not seen.
    //

    FltSetCallbackDataDirty( Data );
}
