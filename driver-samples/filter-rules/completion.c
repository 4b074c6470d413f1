/*++

Module Name:

    completion.c

Abstract:

    Completion: when it is safe, and when it is none; and what may not be called at which IRQL.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_WHEN_SAFE_PASSIVE) || defined(FILTERRULES_WHEN_SAFE_DISPATCH) || \
    defined(FILTERRULES_COMPLETE_PENDING) || defined(FILTERRULES_READ_AT_APC) || \
    defined(FILTERRULES_DEFER_PAGING)


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPreFlush (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Completes a flush, or asks for the post-operation.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK, or FLT_PREOP_COMPLETE with a status that is none.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

#if defined(FILTERRULES_COMPLETE_PENDING)

    Data->IoStatus.Status = STATUS_PENDING;
    Data->IoStatus.Information = 0;

    return FLT_PREOP_COMPLETE;

#elif defined(FILTERRULES_READ_AT_APC)

    {
        LARGE_INTEGER offset = { 0 };
        ULONG bytes = 0;
        UCHAR buffer[4];
        NTSTATUS status;
        KIRQL irql;

        KeRaiseIrql( APC_LEVEL, &irql );

        status = FltReadFile( FltObjects->Instance,
                              FltObjects->FileObject,
                              &offset,
                              sizeof(buffer),
                              buffer,
                              FLTFL_IO_OPERATION_DO_NOT_UPDATE_BYTE_OFFSET,
                              &bytes,
                              NULL,
                              NULL );

        KeLowerIrql( irql );

        DbgPrint( "read at APC_LEVEL 0x%08x\n", status );
    }

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;

#else

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;

#endif
}


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesSafePost (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    The part of the post-operation that needs a safe IRQL.

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

    DbgPrint( "when safe: called at IRQL %u\n", KeGetCurrentIrql() );

    return FLT_POSTOP_FINISHED_PROCESSING;
}


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesPostFlush (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Asks for the safe part, at one IRQL or the other.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    What FltDoCompletionProcessingWhenSafe says.

--*/
{
    FLT_POSTOP_CALLBACK_STATUS result = FLT_POSTOP_FINISHED_PROCESSING;
    BOOLEAN done;
    KIRQL irql = PASSIVE_LEVEL;

#if defined(FILTERRULES_WHEN_SAFE_DISPATCH)

    KeRaiseIrql( DISPATCH_LEVEL, &irql );

#endif

    done = FltDoCompletionProcessingWhenSafe( Data,
                                              FltObjects,
                                              CompletionContext,
                                              Flags,
                                              FilterRulesSafePost,
                                              &result );

    DbgPrint( "when safe: returns %u, status %u\n", done, result );

#if defined(FILTERRULES_WHEN_SAFE_DISPATCH)

    KeLowerIrql( irql );

#else

    UNREFERENCED_PARAMETER( irql );

#endif

    return result;
}

#if defined(FILTERRULES_DEFER_PAGING)


static
VOID
FLTAPI
FilterRulesDeferred (
    _In_ PFLT_DEFERRED_IO_WORKITEM WorkItem,
    _In_ PFLT_CALLBACK_DATA Data,
    _In_opt_ PVOID Context
    )
/*++

Routine Description:

    Would go on with a write in a worker thread. It is never called.

Arguments:

    WorkItem - The work item.

    Data - The operation.

    Context - Not used.

--*/
{
    UNREFERENCED_PARAMETER( Context );

    FltFreeDeferredIoWorkItem( WorkItem );
    FltCompletePendedPreOperation( Data, FLT_PREOP_SUCCESS_NO_CALLBACK, NULL );
}


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

    Tries to leave a paging write to a worker thread, which must not be.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_PENDING if it was queued; else FLT_PREOP_SUCCESS_NO_CALLBACK.

--*/
{
    PFLT_DEFERRED_IO_WORKITEM workItem;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (!FlagOn( Data->Iopb->IrpFlags, IRP_PAGING_IO )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    workItem = FltAllocateDeferredIoWorkItem();

    if (workItem == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    status = FltQueueDeferredIoWorkItem( workItem, Data, FilterRulesDeferred, DelayedWorkQueue, NULL );

    DbgPrint( "deferred paging write 0x%08x\n", status );

    if (NT_SUCCESS( status )) {

        return FLT_PREOP_PENDING;
    }

    FltFreeDeferredIoWorkItem( workItem );

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}

#endif

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_FLUSH_BUFFERS, 0, FilterRulesPreFlush, FilterRulesPostFlush, NULL },
#if defined(FILTERRULES_DEFER_PAGING)
    { IRP_MJ_WRITE, 0, FilterRulesPreWrite, NULL, NULL },
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
