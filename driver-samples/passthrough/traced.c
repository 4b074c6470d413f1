/*++

Module Name:

    traced.c

Abstract:

    The variant that prints one line for each callback.

    Only numbers and addresses are printed. DbgPrint may be called at any IRQL up to DIRQL, but not
    with a wide string (%ws, %wZ) above PASSIVE_LEVEL, and a post-operation may come at
    DISPATCH_LEVEL: names are for FltGetFileNameInformation, in a filter that wants them.

Environment:

    Kernel mode

--*/

#include "passthrough.h"

#if defined(PASSTHROUGH_TRACED)


static
PCSTR
PassThroughGetPath (
    _In_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Tells on which of the three ways an operation came.

Arguments:

    Data - The operation.

Return Value:

    A word for it.

--*/
{
    if (FLT_IS_FASTIO_OPERATION( Data )) {

        return "fast I/O";
    }

    if (FLT_IS_FS_FILTER_OPERATION( Data )) {

        return "FsFilter";
    }

    return "IRP";
}


VOID
PassThroughTellPreOperation (
    _In_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Prints what an operation asks for.

Arguments:

    Data - The operation.

--*/
{
    DbgPrint( "passthrough: pre  %02x.%02x %s, IRP flags %08x, file object %p\n",
              Data->Iopb->MajorFunction,
              Data->Iopb->MinorFunction,
              PassThroughGetPath( Data ),
              Data->Iopb->IrpFlags,
              Data->Iopb->TargetFileObject );
}


VOID
PassThroughTellPostOperation (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Prints how an operation ended.

Arguments:

    Data - The operation.

    Flags - Says whether the instance is being drained.

--*/
{
    //
    //  While the instance is drained the operation has not ended: there is no status to print.
    //

    if (FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING )) {

        DbgPrint( "passthrough: post %02x.%02x %s, draining\n",
                  Data->Iopb->MajorFunction,
                  Data->Iopb->MinorFunction,
                  PassThroughGetPath( Data ) );
        return;
    }

    DbgPrint( "passthrough: post %02x.%02x %s, status %08x, information %p\n",
              Data->Iopb->MajorFunction,
              Data->Iopb->MinorFunction,
              PassThroughGetPath( Data ),
              Data->IoStatus.Status,
              (PVOID)Data->IoStatus.Information );
}

#endif // PASSTHROUGH_TRACED
