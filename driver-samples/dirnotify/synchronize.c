/*++

Module Name:

    synchronize.c

Abstract:

    The variant that wants to come back in the caller's thread, and asks the Filter Manager for it.

    FLT_PREOP_SYNCHRONIZE promises a post-operation in the thread of the pre-operation, where the
    caller's address is right. The Filter Manager keeps the promise by not letting that thread go:
    it waits in the kernel until the request completes. A notification completes when somebody
    changes something in the directory, which may be never, and a caller that asked for
    STATUS_PENDING to go on with its work stands still meanwhile. If the change was to come from
    the same thread, it stands still for ever. And the entries are no nearer for all that: they
    still come in a system buffer that the I/O manager copies after the post-operation.

    The mends are newSystemBuffer.c and lockBuffer.c.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_SYNCHRONIZE)


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

    Asks for the post-operation of notifications in this thread: wrongly.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SYNCHRONIZE for a notification.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (DirNotifyGetEntryFormat( Data->Iopb ) == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    return FLT_PREOP_SYNCHRONIZE;
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

    Hides entries from a notification that comes back: wrongly.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    PVOID entries = NULL;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (!DirNotifyHasEntries( Data, Flags )) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    //
    //  This is the caller's thread now, and so its process. Right address, wrong moment.
    //

    if (parameters->DirectoryControl.NotifyDirectory.MdlAddress != NULL) {

        entries = MmGetSystemAddressForMdlSafe( parameters->DirectoryControl.NotifyDirectory.MdlAddress,
                                                NormalPagePriority );

    } else {

        entries = parameters->DirectoryControl.NotifyDirectory.DirectoryBuffer;
    }

    if (entries != NULL) {

        DirNotifyEditEntries( Data, entries );

    } else {

        DirNotifyReturnNoEntries( Data );
    }

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif // DIRNOTIFY_SYNCHRONIZE
