/*++

Module Name:

    userBuffer.c

Abstract:

    The variant with the bug that everybody writes first: the post-operation looks for the entries
    where the parameters say the caller's buffer is.

    The parameters are those of the pre-operation. The address belongs to the process that asked; the
    notification comes back in the process that made the change. There the address is not mapped,
    and the system stops, or it is mapped to something else, and the filter edits the memory of a
    program that has nothing to do with it. In the caller's own process the address is right, but
    the entries are not there yet: the I/O manager copies them later, over whatever was edited.
    It works only where the entries were waiting when the request came.

    The mend is newSystemBuffer.c: compare the two files. A __try around the access would mend
    nothing, it would only hide that the wrong memory is read.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_USER_BUFFER)


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

    Asks for the post-operation of notifications, and of nothing else.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK for a notification.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (DirNotifyGetEntryFormat( Data->Iopb ) == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

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
    //  The usual two lines, right for a directory query that this thread has waited for. For a
    //  notification there is no MDL, and DirectoryBuffer is an address of another process.
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

#endif // DIRNOTIFY_USER_BUFFER
