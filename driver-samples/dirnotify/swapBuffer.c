/*++

Module Name:

    swapBuffer.c

Abstract:

    The variant that is right on every version, and that needs no room of the caller's: it puts a
    buffer of its own in the place of the caller's on the way down, and copies what is left of the
    entries to the caller on the way up.

    The buffer goes down with an MDL over it, so the file system has no reason to make one of its own
    and FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER never comes.

    The price: such an operation cannot be drained. The file system would write into a buffer of a
    driver that has gone. When our instance is detached the Filter Manager cancels the request, and
    its caller learns STATUS_CANCELLED.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_SWAP_BUFFER)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DirNotifyInitializeVariant)
#endif

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
DirNotifyPostWhenSafe (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );


VOID
DirNotifyInitializeVariant (
    VOID
    )
/*++

Routine Description:

    There is nothing to prepare.

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

    Swaps the buffer of a notification.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives our buffer.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK for a notification whose buffer has been swapped;
    FLT_PREOP_COMPLETE if there is no memory for it.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    ULONG length;
    PVOID buffer;
    PMDL mdl = NULL;

    UNREFERENCED_PARAMETER( FltObjects );

    if (DirNotifyGetEntryFormat( Data->Iopb ) == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    length = parameters->DirectoryControl.NotifyDirectory.Length;

    if (length == 0) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    buffer = ExAllocatePoolWithTag( NonPagedPool, length, DIRNOTIFY_POOL_TAG );

    if (buffer != NULL) {

        mdl = IoAllocateMdl( buffer, length, FALSE, FALSE, NULL );
    }

    if (mdl == NULL) {

        if (buffer != NULL) {

            ExFreePoolWithTag( buffer, DIRNOTIFY_POOL_TAG );
        }

        Data->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
        Data->IoStatus.Information = 0;

        return FLT_PREOP_COMPLETE;
    }

    RtlZeroMemory( buffer, length );
    MmBuildMdlForNonPagedPool( mdl );

    //
    //  Both change together, or some layer below believes the one and some the other. The Filter
    //  Manager frees the MDL when our post-operation is over; the buffer is ours to free.
    //

    parameters->DirectoryControl.NotifyDirectory.DirectoryBuffer = buffer;
    parameters->DirectoryControl.NotifyDirectory.MdlAddress = mdl;

    FltSetCallbackDataDirty( Data );

    *CompletionContext = buffer;

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

    Hides entries from our buffer and gives the rest to the caller. The parameters are the caller's
    again: those that our pre-operation received.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Our buffer.

    Flags - Never says that the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING, or FLT_POSTOP_MORE_PROCESSING_REQUIRED while the copying waits
    for a thread that may touch the caller's memory.

--*/
{
    FLT_POSTOP_CALLBACK_STATUS status = FLT_POSTOP_FINISHED_PROCESSING;

    FLT_ASSERT( !FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING ) );

    if (DirNotifyHasEntries( Data, Flags )) {

        DirNotifyEditEntries( Data, CompletionContext );
    }

    //
    //  Nothing to copy: too much happened, the handle is closed, the request was cancelled, or all
    //  that happened is hidden.
    //

    if (!DirNotifyHasEntries( Data, Flags )) {

        ExFreePoolWithTag( CompletionContext, DIRNOTIFY_POOL_TAG );

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    //
    //  The caller's memory can be locked below DISPATCH_LEVEL only.
    //

    if (!FltDoCompletionProcessingWhenSafe( Data,
                                            FltObjects,
                                            CompletionContext,
                                            Flags,
                                            DirNotifyPostWhenSafe,
                                            &status )) {

        DirNotifyReturnNoEntries( Data );

        ExFreePoolWithTag( CompletionContext, DIRNOTIFY_POOL_TAG );
    }

    return status;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
DirNotifyPostWhenSafe (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Copies the entries to the caller.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Our buffer.

    Flags - Not used.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    PVOID destination = NULL;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( Flags );

    //
    //  This may be another process than the caller's: its address means nothing here. An MDL does.
    //

    if (NT_SUCCESS( FltLockUserBuffer( Data ) )) {

        destination =
            MmGetSystemAddressForMdlSafe( parameters->DirectoryControl.NotifyDirectory.MdlAddress,
                                          NormalPagePriority );
    }

    if (destination != NULL) {

        RtlCopyMemory( destination, CompletionContext, Data->IoStatus.Information );

    } else {

        DirNotifyReturnNoEntries( Data );
    }

    ExFreePoolWithTag( CompletionContext, DIRNOTIFY_POOL_TAG );

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif // DIRNOTIFY_SWAP_BUFFER
