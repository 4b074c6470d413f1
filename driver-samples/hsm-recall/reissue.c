/*++

Module Name:

    reissue.c

Abstract:

    The variants that only reissue.

    HSM_STATUS_BEFORE_REISSUE recalls, sets IoStatus and reissues, as if the layers below would look
    at it. They do not: IoStatus means something on the way up only, the file system answers anew, and
    with the same tag.

    HSM_OPTIONS_DIRTY opens the stub itself in place of the file: FILE_OPEN_REPARSE_POINT is put into
    the options, and the create is sent down again. HSM_OPTIONS_NOT_DIRTY forgets to say that the
    options have been changed; then they have not been.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#if defined(HSM_STATUS_BEFORE_REISSUE) || defined(HSM_OPTIONS_DIRTY) || \
    defined(HSM_OPTIONS_NOT_DIRTY)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HsmAnswer)
#endif


VOID
HsmAnswer (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING ArchivedName
    )
/*++

Routine Description:

    Sends the create down once more.

Arguments:

    Data - The create, in post-create.

    FltObjects - The instance, its filter, its volume and the file.

    StubName - Full name of the stub.

    ArchivedName - Path of the archived file, relative to the folder of the stub.

--*/
{
    PAGED_CODE();

#if defined(HSM_STATUS_BEFORE_REISSUE)

    {
        HSM_COPY copy;

        if (NT_SUCCESS( HsmRecall( FltObjects, StubName, ArchivedName, &copy ) )) {

            HsmCloseCopy( &copy );
        }
    }

    //
    //  The bug. This question is about the I/O manager, and tells nothing about a reissue.
    //

    if (FltIsOperationSynchronous( Data )) {

        Data->IoStatus.Status = STATUS_REPARSE;
        Data->IoStatus.Information = IO_REPARSE;

        FltSetCallbackDataDirty( Data );
        FltReissueSynchronousIo( FltObjects->Instance, Data );
    }

#else

    UNREFERENCED_PARAMETER( StubName );
    UNREFERENCED_PARAMETER( ArchivedName );

    SetFlag( Data->Iopb->Parameters.Create.Options, FILE_OPEN_REPARSE_POINT );

#if defined(HSM_OPTIONS_DIRTY)

    FltSetCallbackDataDirty( Data );

#endif

    FltReissueSynchronousIo( FltObjects->Instance, Data );

#endif
}

#endif
