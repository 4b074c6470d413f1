/*++

Module Name:

    buffers.c

Abstract:

    Buffers: looked into on the way down, and swapped without anybody noticing.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_FOUL_WRITE)


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPreWrite (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Refuses a write that begins with a foul word. Paging writes are never refused: what they carry has
    been accepted long ago.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE for what is refused.

--*/
{
    static const UCHAR foul[] = { 'f', 'o', 'u', 'l' };
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    PVOID buffer = parameters->Write.WriteBuffer;
    BOOLEAN refused = FALSE;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (FlagOn( Data->Iopb->IrpFlags, IRP_PAGING_IO ) ||
        (parameters->Write.Length < sizeof(foul))) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (parameters->Write.MdlAddress != NULL) {

        buffer = MmGetSystemAddressForMdlSafe( parameters->Write.MdlAddress, NormalPagePriority );
    }

    //
    //  The caller may give the memory away while we look.
    //

    __try {

        refused = (buffer != NULL) &&
                  (RtlCompareMemory( buffer, foul, sizeof(foul) ) == sizeof(foul));

    } __except( EXCEPTION_EXECUTE_HANDLER ) {

        refused = TRUE;
    }

    if (!refused) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    Data->IoStatus.Status = STATUS_ACCESS_DENIED;
    Data->IoStatus.Information = 0;

    return FLT_PREOP_COMPLETE;
}


const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_WRITE, 0, FilterRulesPreWrite, NULL, NULL },

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

#endif // FILTERRULES_FOUL_WRITE

#if defined(FILTERRULES_SWAPPED)

//
//  Where an operation keeps its buffer.
//

typedef struct _FILTERRULES_BUFFER {

    PVOID *Address;
    PMDL *Mdl;
    ULONG Length;

} FILTERRULES_BUFFER, *PFILTERRULES_BUFFER;


static
BOOLEAN
FilterRulesFindBuffer (
    _In_ PFLT_CALLBACK_DATA Data,
    _Out_ PFILTERRULES_BUFFER Buffer
    )
/*++

Routine Description:

    Finds the buffer that an operation fills.

Arguments:

    Data - The operation.

    Buffer - Receives the places.

Return Value:

    FALSE if it has none, or is not one to swap.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;

    RtlZeroMemory( Buffer, sizeof(FILTERRULES_BUFFER) );

    if (!FLT_IS_IRP_OPERATION( Data ) || FlagOn( Data->Iopb->IrpFlags, IRP_PAGING_IO )) {

        return FALSE;
    }

    if (Data->Iopb->MajorFunction == IRP_MJ_READ) {

        Buffer->Address = &parameters->Read.ReadBuffer;
        Buffer->Mdl = &parameters->Read.MdlAddress;
        Buffer->Length = parameters->Read.Length;

    } else if (Data->Iopb->MinorFunction == IRP_MN_QUERY_DIRECTORY) {

        Buffer->Address = &parameters->DirectoryControl.QueryDirectory.DirectoryBuffer;
        Buffer->Mdl = &parameters->DirectoryControl.QueryDirectory.MdlAddress;
        Buffer->Length = parameters->DirectoryControl.QueryDirectory.Length;

    } else if (Data->Iopb->MinorFunction == IRP_MN_NOTIFY_CHANGE_DIRECTORY) {

        Buffer->Address = &parameters->DirectoryControl.NotifyDirectory.DirectoryBuffer;
        Buffer->Mdl = &parameters->DirectoryControl.NotifyDirectory.MdlAddress;
        Buffer->Length = parameters->DirectoryControl.NotifyDirectory.Length;
    }

    return Buffer->Length != 0;
}


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPreSwap (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Puts a buffer of our own in the place of the caller's.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives our buffer.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK for what has been swapped.

--*/
{
    FILTERRULES_BUFFER found;
    PVOID buffer;
    PMDL mdl;

    UNREFERENCED_PARAMETER( FltObjects );

    if (!FilterRulesFindBuffer( Data, &found )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    buffer = ExAllocatePoolWithTag( NonPagedPool, found.Length, FILTERRULES_TAG );

    if (buffer == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    mdl = IoAllocateMdl( buffer, found.Length, FALSE, FALSE, NULL );

    if (mdl == NULL) {

        ExFreePoolWithTag( buffer, FILTERRULES_TAG );

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    RtlZeroMemory( buffer, found.Length );
    MmBuildMdlForNonPagedPool( mdl );

    *found.Address = buffer;
    *found.Mdl = mdl;

    FltSetCallbackDataDirty( Data );

    *CompletionContext = buffer;

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesCopyBack (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Copies what came to the caller, at a safe IRQL.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Our buffer.

    Flags - Not used.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    FILTERRULES_BUFFER found;
    PVOID destination = NULL;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( Flags );

    if (NT_SUCCESS( FltLockUserBuffer( Data ) ) && FilterRulesFindBuffer( Data, &found )) {

        destination = MmGetSystemAddressForMdlSafe( *found.Mdl, NormalPagePriority );
    }

    if (destination != NULL) {

        RtlCopyMemory( destination, CompletionContext, Data->IoStatus.Information );

    } else {

        Data->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
        Data->IoStatus.Information = 0;
    }

    ExFreePoolWithTag( CompletionContext, FILTERRULES_TAG );

    return FLT_POSTOP_FINISHED_PROCESSING;
}


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesPostSwap (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Gives the caller what came into our buffer.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Our buffer.

    Flags - Never says that the instance is being drained: our buffer is in the way.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING, or that of the part that has to be safe.

--*/
{
    FLT_POSTOP_CALLBACK_STATUS status = FLT_POSTOP_FINISHED_PROCESSING;

    if (NT_SUCCESS( Data->IoStatus.Status ) &&
        (Data->IoStatus.Information != 0) &&
        FltDoCompletionProcessingWhenSafe( Data,
                                           FltObjects,
                                           CompletionContext,
                                           Flags,
                                           FilterRulesCopyBack,
                                           &status )) {

        return status;
    }

    if (NT_SUCCESS( Data->IoStatus.Status ) && (Data->IoStatus.Information != 0)) {

        Data->IoStatus.Status = STATUS_UNSUCCESSFUL;
        Data->IoStatus.Information = 0;
    }

    ExFreePoolWithTag( CompletionContext, FILTERRULES_TAG );

    return FLT_POSTOP_FINISHED_PROCESSING;
}


const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_READ, 0, FilterRulesPreSwap, FilterRulesPostSwap, NULL },

    { IRP_MJ_DIRECTORY_CONTROL, 0, FilterRulesPreSwap, FilterRulesPostSwap, NULL },

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

#endif // FILTERRULES_SWAPPED

#if defined(FILTERRULES_FOUL_WRITE) || defined(FILTERRULES_SWAPPED)

const FLT_CONTEXT_REGISTRATION FilterRulesContexts[] = {

    { FLT_CONTEXT_END }
};


VOID
FilterRulesStarted (
    VOID
    )
/*++

Routine Description:

    Has nothing to do once filtering has started.

--*/
{
}


NTSTATUS
FilterRulesMayUnload (
    VOID
    )
/*++

Routine Description:

    Answers an unload.

Return Value:

    STATUS_SUCCESS.

--*/
{
    return STATUS_SUCCESS;
}

#endif
