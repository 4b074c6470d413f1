/*++

Module Name:

    lockBuffer.c

Abstract:

    The variant that is right on every version: it locks the caller's buffer on the way down.

    FltLockUserBuffer makes an MDL of the caller's buffer while the caller's address still means
    something, in the pre-operation, and the file system gets the MDL with the request. So it has
    a place to put the entries in whatever process the change is made: there is no new system
    buffer, and the post-operation edits the entries through the MDL. Compare newSystemBuffer.c,
    which looks for the entries only on the way up and has nothing to find before Windows 7.

    The price: the caller's pages stay locked as long as the request waits.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_LOCK_BUFFER)


VOID
DirNotifyInitializeVariant (
    VOID
    )
/*++

Routine Description:

    This variant has nothing to prepare.

--*/
{
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
DirNotifyPreDirectoryControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Locks the caller's buffer and asks for the post-operation; for notifications, and for nothing
    else.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives the MDL.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK for a notification. FLT_PREOP_COMPLETE if its buffer cannot be
    locked: then the file system would not have a place for the entries either.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( FltObjects );

    if (DirNotifyGetEntryFormat( Data->Iopb ) == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    //
    //  A request without room for entries is a legal one: there is nothing to lock, and nothing to
    //  hide.
    //

    if (parameters->DirectoryControl.NotifyDirectory.Length == 0) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    //
    //  Does nothing where a filter above has locked the buffer already.
    //

    status = FltLockUserBuffer( Data );

    if (!NT_SUCCESS( status )) {

        Data->IoStatus.Status = status;
        Data->IoStatus.Information = 0;

        return FLT_PREOP_COMPLETE;
    }

    //
    //  The MDL is a change of the parameters, and only what is said to be changed goes down.
    //  FltLockUserBuffer has said so itself; to say it again costs nothing.
    //

    FltSetCallbackDataDirty( Data );

    //
    //  Our post-operation gets the parameters as they are before we change them, so the MDL is
    //  handed over beside them. It belongs to the operation and is unlocked and freed with it, after
    //  our post-operation: there is nothing to undo, not even while our instance is drained.
    //

    *CompletionContext = parameters->DirectoryControl.NotifyDirectory.MdlAddress;

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
DirNotifyPostDirectoryControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Hides entries from a notification that comes back, in whatever thread made the change.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - The MDL of the caller's buffer.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PVOID entries = NULL;

    UNREFERENCED_PARAMETER( FltObjects );

    if (!DirNotifyHasEntries( Data, Flags )) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    //
    //  The mapping is good in any process and goes with the MDL.
    //

    if (CompletionContext != NULL) {

        entries = MmGetSystemAddressForMdlSafe( (PMDL)CompletionContext, NormalPagePriority );
    }

    if (entries != NULL) {

        DirNotifyEditEntries( Data, entries );

    } else {

        //
        //  What we cannot read we cannot vouch for.
        //

        DirNotifyReturnNoEntries( Data );
    }

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif // DIRNOTIFY_LOCK_BUFFER
