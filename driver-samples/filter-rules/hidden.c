/*++

Module Name:

    hidden.c

Abstract:

    A folder that is there and that nobody finds: who opens it is told that there is no such name, who
    wants to create it that he may not, and who looks below it that there is no such path.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_HIDDEN)

static const UNICODE_STRING FilterRulesHidden = RTL_CONSTANT_STRING( L"\\A\\B" );


static
NTSTATUS
FilterRulesAnswer (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ PCUNICODE_STRING Path
    )
/*++

Routine Description:

    What the file system would say if the folder were not there.

Arguments:

    Data - The create.

    Path - What is opened, from the root of the volume.

Return Value:

    STATUS_SUCCESS for every other path.

--*/
{
    ULONG disposition = (Data->Iopb->Parameters.Create.Options >> 24) & 0xff;
    USHORT length = FilterRulesHidden.Length;

    if (!RtlPrefixUnicodeString( &FilterRulesHidden, Path, TRUE )) {

        return STATUS_SUCCESS;
    }

    if (Path->Length > length) {

        return Path->Buffer[length / sizeof(WCHAR)] == L'\\' ? STATUS_OBJECT_PATH_NOT_FOUND
                                                              : STATUS_SUCCESS;
    }

    return disposition == FILE_OPEN || disposition == FILE_OVERWRITE ? STATUS_OBJECT_NAME_NOT_FOUND
                                                                     : STATUS_ACCESS_DENIED;
}


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

    Answers for the folder, and passes everything else on.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE for the folder and what is below it.

--*/
{
    PFLT_FILE_NAME_INFORMATION information;
    UNICODE_STRING path;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (FlagOn( Data->Iopb->Parameters.Create.Options, FILE_OPEN_BY_FILE_ID )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    status = FltGetFileNameInformation( Data,
                                        FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT,
                                        &information );

    if (!NT_SUCCESS( status )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    path.Buffer = (PWCH)Add2Ptr( information->Name.Buffer, information->Volume.Length );
    path.Length = information->Name.Length - information->Volume.Length;
    path.MaximumLength = path.Length;

    status = FilterRulesAnswer( Data, &path );

    FltReleaseFileNameInformation( information );

    if (NT_SUCCESS( status )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    Data->IoStatus.Status = status;
    Data->IoStatus.Information = 0;

    return FLT_PREOP_COMPLETE;
}

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_CREATE, 0, FilterRulesPreCreate, NULL, NULL },
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

#endif // FILTERRULES_HIDDEN
