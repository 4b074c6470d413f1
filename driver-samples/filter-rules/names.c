/*++

Module Name:

    names.c

Abstract:

    Names: where the file system may not be asked for one, and what is answered there. Nothing asks
    for the name of this file before, so the Filter Manager has none to give.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_NAMES)


static
VOID
FilterRulesAsk (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ FLT_FILE_NAME_OPTIONS Options,
    _In_ PCSTR Where
    )
/*++

Routine Description:

    Asks for the name and tells what was answered.

Arguments:

    Data - The operation.

    Options - The format, and how to ask.

    Where - Where this is.

--*/
{
    PFLT_FILE_NAME_INFORMATION information;
    NTSTATUS status;

    status = FltGetFileNameInformation( Data, Options, &information );

    DbgPrint( "names: %s 0x%08x\n", Where, status );

    if (NT_SUCCESS( status )) {

        FltReleaseFileNameInformation( information );
    }
}


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

    Asks on the way into paging I/O.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_NO_CALLBACK.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (FlagOn( Data->Iopb->IrpFlags, IRP_PAGING_IO )) {

        FilterRulesAsk( Data, FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT, "paging" );
    }

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}


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

    Asks the cache alone, and then as if under a file system, and with APCs held back.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_NO_CALLBACK.

--*/
{
    PIRP topLevelIrp = IoGetTopLevelIrp();
    KIRQL irql;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    FilterRulesAsk( Data, FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_CACHE_ONLY, "cache-only" );

    IoSetTopLevelIrp( (PIRP)FSRTL_FSP_TOP_LEVEL_IRP );

    FilterRulesAsk( Data, FLT_FILE_NAME_NORMALIZED | FLT_FILE_NAME_QUERY_DEFAULT, "top-level" );
    FilterRulesAsk( Data,
                    FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_ALWAYS_ALLOW_CACHE_LOOKUP,
                    "always-allow" );

    IoSetTopLevelIrp( topLevelIrp );

    KeRaiseIrql( APC_LEVEL, &irql );

    FilterRulesAsk( Data, FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT, "apcs-disabled" );

    KeLowerIrql( irql );

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPreRelease (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Asks while a section is being made.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_NO_CALLBACK.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    FilterRulesAsk( Data, FLT_FILE_NAME_NORMALIZED | FLT_FILE_NAME_QUERY_DEFAULT, "release" );

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_READ, 0, FilterRulesPreRead, NULL, NULL },
    { IRP_MJ_FLUSH_BUFFERS, 0, FilterRulesPreFlush, NULL, NULL },
    { IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION, 0, FilterRulesPreRelease, NULL, NULL },
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

    This variant has nothing to do here.

--*/
{
}


NTSTATUS
FilterRulesMayUnload (
    VOID
    )
/*++

Routine Description:

    This variant can be unloaded.

Return Value:

    STATUS_SUCCESS.

--*/
{
    return STATUS_SUCCESS;
}

#endif // FILTERRULES_NAMES
