/*++

Module Name:

    parameters.c

Abstract:

    Parameters: what a pre-operation changes, and who sees it.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_HALVED) || defined(FILTERRULES_HALVED_NOT_DIRTY) || defined(FILTERRULES_LOCK_TWICE)


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Changes a read, or locks its buffer.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (!FLT_IS_IRP_OPERATION( Data )) {

        return FLT_PREOP_DISALLOW_FASTIO;
    }

#if defined(FILTERRULES_LOCK_TWICE)

    DbgPrint( "lock: first 0x%08x\n", FltLockUserBuffer( Data ) );
    DbgPrint( "lock: again 0x%08x\n", FltLockUserBuffer( Data ) );

#else

    Data->Iopb->Parameters.Read.Length /= 2;

#if !defined(FILTERRULES_HALVED_NOT_DIRTY)

    FltSetCallbackDataDirty( Data );

#endif

#endif

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesPostRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Tells the length that it finds.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );
    UNREFERENCED_PARAMETER( Flags );

    DbgPrint( "length in post-operation %u\n", Data->Iopb->Parameters.Read.Length );

    return FLT_POSTOP_FINISHED_PROCESSING;
}

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_READ, 0, FilterRulesPreRead, FilterRulesPostRead, NULL },
    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

const FLT_CONTEXT_REGISTRATION FilterRulesContexts[] = {

    { FLT_CONTEXT_END }
};


VOID
FilterRulesStarted (
    VOID
    )
/*++

Routine Description:

    What follows the start of filtering.

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

#endif // one of the variants
