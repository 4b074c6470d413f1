/*++

Module Name:

    limits.c

Abstract:

    What a reissue, STATUS_REPARSE and FltCancelFileOpen cannot do. No recall takes place here.

    HSM_REISSUE_CANCELLED undoes an open that has succeeded, which is what FltCancelFileOpen is for,
    and then sends the create down again: a file object whose open was cancelled cannot be opened, and
    the answer is STATUS_CANCELLED, in IoStatus. FltReissueSynchronousIo itself returns nothing.

    HSM_REISSUE_UNSYNCHRONIZED reissues a read whose pre-operation did not return
    FLT_PREOP_SYNCHRONIZE: this thread may be any thread, and the Filter Manager is not prepared.

    HSM_VOLUME_OPEN answers the open of a volume with STATUS_REPARSE: the machine stops.

    HSM_CANCEL_LATE calls FltCancelFileOpen when the file has a handle already: the machine stops.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#if defined(HSM_REISSUE_CANCELLED) || defined(HSM_REISSUE_UNSYNCHRONIZED) || \
    defined(HSM_VOLUME_OPEN) || defined(HSM_CANCEL_LATE)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
HsmPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Answers the open of a volume, where that is the mistake to be shown.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE for what has been answered.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

#if defined(HSM_VOLUME_OPEN)

    if (FlagOn( FltObjects->FileObject->Flags, FO_VOLUME_OPEN )) {

        Data->IoStatus.Status = STATUS_REPARSE;
        Data->IoStatus.Information = IO_REPARSE;

        return FLT_PREOP_COMPLETE;
    }

#endif

#if defined(HSM_REISSUE_CANCELLED)

    if (!FlagOn( Data->Iopb->Parameters.Create.Options,
                 FILE_OPEN_REPARSE_POINT | FILE_DIRECTORY_FILE )) {

        return FLT_PREOP_SUCCESS_WITH_CALLBACK;
    }

#endif

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
HsmPostCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Undoes an open, and reissues it.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );
    UNREFERENCED_PARAMETER( Flags );

#if defined(HSM_REISSUE_CANCELLED)

    if (!FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING ) &&
        NT_SUCCESS( Data->IoStatus.Status ) &&
        (Data->IoStatus.Status != STATUS_REPARSE)) {

        FltCancelFileOpen( FltObjects->Instance, FltObjects->FileObject );

        FltReissueSynchronousIo( FltObjects->Instance, Data );

        DbgPrint( "hsmrecall: reissued after FltCancelFileOpen, status %08x\n",
                  Data->IoStatus.Status );
    }

#endif

    return FLT_POSTOP_FINISHED_PROCESSING;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
HsmPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Cancels an open that is over, where that is the mistake to be shown.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK, and not FLT_PREOP_SYNCHRONIZE.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

#if defined(HSM_CANCEL_LATE)

    FltCancelFileOpen( FltObjects->Instance, FltObjects->FileObject );

#endif

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
HsmPostRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Reissues a read, where that is the mistake to be shown.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );
    UNREFERENCED_PARAMETER( Flags );

#if defined(HSM_REISSUE_UNSYNCHRONIZED)

    if (!FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING ) && FLT_IS_IRP_OPERATION( Data )) {

        FltReissueSynchronousIo( FltObjects->Instance, Data );
    }

#endif

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif
