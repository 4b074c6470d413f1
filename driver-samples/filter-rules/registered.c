/*++

Module Name:

    registered.c

Abstract:

    Registration: who is asked about what, and what an unload may answer.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_DISALLOW_FASTIO) || defined(FILTERRULES_SKIP_CACHED) || \
    defined(FILTERRULES_SKIP_PAGING) || defined(FILTERRULES_POST_ONLY) || defined(FILTERRULES_START_TWICE) || defined(FILTERRULES_STAY)

#if defined(FILTERRULES_DISALLOW_FASTIO) || defined(FILTERRULES_SKIP_CACHED) || \
    defined(FILTERRULES_SKIP_PAGING)


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPre (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Refuses fast I/O and passes everything else on.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_DISALLOW_FASTIO for fast I/O.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    return FLT_IS_FASTIO_OPERATION( Data ) ? FLT_PREOP_DISALLOW_FASTIO
                                           : FLT_PREOP_SUCCESS_WITH_CALLBACK;
}

#endif


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesPost (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Passes everything on.

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

    return FLT_POSTOP_FINISHED_PROCESSING;
}

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

#if defined(FILTERRULES_DISALLOW_FASTIO)
    { IRP_MJ_QUERY_INFORMATION, 0, FilterRulesPre, FilterRulesPost, NULL },
#elif defined(FILTERRULES_SKIP_CACHED)
    { IRP_MJ_READ, FLTFL_OPERATION_REGISTRATION_SKIP_CACHED_IO, FilterRulesPre, FilterRulesPost, NULL },
#elif defined(FILTERRULES_SKIP_PAGING)
    { IRP_MJ_READ, FLTFL_OPERATION_REGISTRATION_SKIP_PAGING_IO, FilterRulesPre, FilterRulesPost, NULL },
#else
    { IRP_MJ_CREATE, 0, NULL, FilterRulesPost, NULL },
#endif
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
#if defined(FILTERRULES_START_TWICE)

    DbgPrint( "start again 0x%08x\n", FltStartFiltering( FilterRulesFilter ) );

#endif
}


NTSTATUS
FilterRulesMayUnload (
    VOID
    )
/*++

Routine Description:

    Answers an unload.

Return Value:

    STATUS_SUCCESS, or STATUS_FLT_DO_NOT_DETACH, which nobody heeds.

--*/
{
#if defined(FILTERRULES_STAY)

    return STATUS_FLT_DO_NOT_DETACH;

#else

    return STATUS_SUCCESS;

#endif
}

#endif // one of the variants
