/*++

Module Name:

    opens.c

Abstract:

    Opens by file id, which have no name to go by, and a directory whose last handle is closed while
    its file object is still there.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_BY_ID) || defined(FILTERRULES_NAME_BY_ID) || defined(FILTERRULES_NOTIFY_LATE)

#if defined(FILTERRULES_BY_ID)


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Leaves opens by file id alone: what is in the file object's name then is no path, and nothing that
    is done to paths may be done to it.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_NO_CALLBACK for an open by file id.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (FlagOn( Data->Iopb->Parameters.Create.Options, FILE_OPEN_BY_FILE_ID )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesPostCreate (
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

#elif defined(FILTERRULES_NAME_BY_ID)


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

    Asks for the name of a file that may have been opened by its id. The file system knows it, and
    tells it only to who may pass the directories on the way.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_NO_CALLBACK.

--*/
{
    PFLT_FILE_NAME_INFORMATION information;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    status = FltGetFileNameInformation( Data,
                                        FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT,
                                        &information );

    DbgPrint( "name by id: 0x%08x\n", status );

    if (NT_SUCCESS( status )) {

        FltReleaseFileNameInformation( information );
    }

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}

#else

#define FILTERRULES_NOTIFY_LENGTH 256


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesPostCleanup (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Watches a directory that nobody has a handle to any more: the file object is still there, and the
    file system has seen its cleanup.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PFLT_CALLBACK_DATA own;
    PVOID buffer;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING )) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    buffer = ExAllocatePoolWithTag( NonPagedPool, FILTERRULES_NOTIFY_LENGTH, FILTERRULES_TAG );

    if (buffer == NULL) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    status = FltAllocateCallbackData( FltObjects->Instance, FltObjects->FileObject, &own );

    if (NT_SUCCESS( status )) {

        own->Iopb->MajorFunction = IRP_MJ_DIRECTORY_CONTROL;
        own->Iopb->MinorFunction = IRP_MN_NOTIFY_CHANGE_DIRECTORY;
        own->Iopb->Parameters.DirectoryControl.NotifyDirectory.Length = FILTERRULES_NOTIFY_LENGTH;
        own->Iopb->Parameters.DirectoryControl.NotifyDirectory.CompletionFilter =
            FILE_NOTIFY_CHANGE_FILE_NAME;
        own->Iopb->Parameters.DirectoryControl.NotifyDirectory.DirectoryBuffer = buffer;

        FltPerformSynchronousIo( own );

        DbgPrint( "notify after cleanup: 0x%08x\n", own->IoStatus.Status );

        FltFreeCallbackData( own );
    }

    ExFreePoolWithTag( buffer, FILTERRULES_TAG );

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

#if defined(FILTERRULES_BY_ID)
    { IRP_MJ_CREATE, 0, FilterRulesPreCreate, FilterRulesPostCreate, NULL },
#elif defined(FILTERRULES_NAME_BY_ID)
    { IRP_MJ_FLUSH_BUFFERS, 0, FilterRulesPreFlush, NULL, NULL },
#else
    { IRP_MJ_CLEANUP, 0, NULL, FilterRulesPostCleanup, NULL },
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

#endif // FILTERRULES_BY_ID || FILTERRULES_NAME_BY_ID || FILTERRULES_NOTIFY_LATE
