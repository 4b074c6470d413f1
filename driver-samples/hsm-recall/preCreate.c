/*++

Module Name:

    preCreate.c

Abstract:

    The variant that redirects before anything is sent down: it asks by itself whether the file is a
    stub, answers the create with the name of the copy, and completes it. Filters below and the file
    system never see this create. The next one, with the new name, comes from the top.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#if defined(HSM_PRE_CREATE)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HsmPreCreate)
#pragma alloc_text(PAGE, HsmPostCreate)
#endif


static
BOOLEAN
HsmRedirectStub (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING Name
    )
/*++

Routine Description:

    Recalls a file, if it is a stub, and leads the create to the copy.

Arguments:

    Data - The create.

    FltObjects - The instance, its filter, its volume and the file.

    Name - Full name of the file.

Return Value:

    FALSE if the file is no stub; TRUE if IoStatus holds the answer.

--*/
{
    NTSTATUS status;
    UNICODE_STRING archivedName;
    HSM_COPY copy;
    PVOID buffer;

    status = HsmReadStub( FltObjects, Name, &archivedName, &buffer );

    if (!NT_SUCCESS( status )) {

        return FALSE;
    }

    status = HsmRecall( FltObjects, Name, &archivedName, &copy );

    ExFreePoolWithTag( buffer, HSM_POOL_TAG );

    if (NT_SUCCESS( status )) {

        status = HsmRedirect( Data, &copy.Name );

        HsmCloseCopy( &copy );
    }

    if (!NT_SUCCESS( status )) {

        HsmFailCreate( Data, status );
    }

    return TRUE;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
HsmPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Redirects opens of stubs.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE if the create has been answered.

--*/
{
    PFLT_FILE_NAME_INFORMATION name;
    ULONG options = Data->Iopb->Parameters.Create.Options;
    BOOLEAN redirected;

    UNREFERENCED_PARAMETER( CompletionContext );

    PAGED_CODE();

    //
    //  Whoever means the reparse point gets it.
    //

    if (!HsmMayRedirect( Data ) ||
        FlagOn( options, FILE_OPEN_REPARSE_POINT | FILE_DIRECTORY_FILE ) ||
        !NT_SUCCESS( FltGetFileNameInformation( Data,
                                                FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT,
                                                &name ) )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    redirected = HsmRedirectStub( Data, FltObjects, &name->Name );

    FltReleaseFileNameInformation( name );

    return redirected ? FLT_PREOP_COMPLETE : FLT_PREOP_SUCCESS_NO_CALLBACK;
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

    Never called: the pre-create does not ask for it.

Arguments:

    Data, FltObjects, CompletionContext, Flags - Not used.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif // HSM_PRE_CREATE
