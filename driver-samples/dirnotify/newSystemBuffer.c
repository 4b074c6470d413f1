/*++

Module Name:

    newSystemBuffer.c

Abstract:

    The variant that is right on Windows 7 and later: it asks the Filter Manager where the file
    system put the entries.

    A notification waits in the file system, maybe for hours. When something happens, it happens in
    the thread and the process of whoever did it, where the caller's address means nothing. So the
    file system puts the entries into a buffer from pool, hangs it on the IRP, and the I/O manager
    copies it to the caller when the caller's thread is at hand. Our post-operation still shows the
    parameters that our pre-operation saw. FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER says that there is
    such a buffer, and FltGetNewSystemBufferAddress says where.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_NEW_SYSTEM_BUFFER)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DirNotifyInitializeVariant)
#endif

typedef
PVOID
(FLTAPI *PFLT_GET_NEW_SYSTEM_BUFFER_ADDRESS)(
    _In_ PFLT_CALLBACK_DATA CallbackData
    );

//
//  NULL before Windows 7. A driver that imported the routine would not even load there.
//

static PFLT_GET_NEW_SYSTEM_BUFFER_ADDRESS DirNotifyGetNewSystemBufferAddress;


VOID
DirNotifyInitializeVariant (
    VOID
    )
/*++

Routine Description:

    Looks for the routine that tells the address. Called by DriverEntry.

--*/
{
    DirNotifyGetNewSystemBufferAddress =
        (PFLT_GET_NEW_SYSTEM_BUFFER_ADDRESS)FltGetRoutineAddress( "FltGetNewSystemBufferAddress" );

    if (DirNotifyGetNewSystemBufferAddress == NULL) {

        DbgPrint( "dirnotify: no FltGetNewSystemBufferAddress here, nothing will be hidden\n" );
    }
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

    It must never be FLT_PREOP_SYNCHRONIZE: the Filter Manager would make the caller wait in this
    thread until something changes in the directory.

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


static
PVOID
DirNotifyFindEntries (
    _Inout_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Finds the entries that come back.

Arguments:

    Data - The callback data of the post-operation.

Return Value:

    An address that is valid in any process; NULL if there is none.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;

    if (FlagOn( Data->Flags, FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER )) {

        return DirNotifyGetNewSystemBufferAddress( Data );
    }

    //
    //  No new buffer. If a filter above locked the buffer, or the caller is in the kernel, the
    //  parameters say where it is.
    //

    if ((parameters->DirectoryControl.NotifyDirectory.MdlAddress == NULL) &&
        !FLT_IS_SYSTEM_BUFFER( Data )) {

        //
        //  Else there was something to tell when the request came, and the file system copied it to
        //  the caller before it returned. Then this is still the caller's thread: no need for
        //  FltDoCompletionProcessingWhenSafe. To be believed it must be so, though, and the caller
        //  may give the memory away at any moment: so lock it rather than touch it.
        //

        if ((KeGetCurrentIrql() > APC_LEVEL) ||
            (FltGetRequestorProcess( Data ) != PsGetCurrentProcess()) ||
            !NT_SUCCESS( FltLockUserBuffer( Data ) )) {

            return NULL;
        }
    }

    if (parameters->DirectoryControl.NotifyDirectory.MdlAddress != NULL) {

        return MmGetSystemAddressForMdlSafe( parameters->DirectoryControl.NotifyDirectory.MdlAddress,
                                             NormalPagePriority );
    }

    return parameters->DirectoryControl.NotifyDirectory.DirectoryBuffer;
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

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PVOID entries;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    //
    //  Before Windows 7 the entries are out of reach by now. There a filter must arrange for them on
    //  the way down: lock the caller's buffer, or put its own in its place.
    //

    if ((DirNotifyGetNewSystemBufferAddress == NULL) || !DirNotifyHasEntries( Data, Flags )) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    entries = DirNotifyFindEntries( Data );

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

#endif // DIRNOTIFY_NEW_SYSTEM_BUFFER
