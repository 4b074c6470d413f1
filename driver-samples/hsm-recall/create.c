/*++

Module Name:

    create.c

Abstract:

    The create callbacks of the variants that wait for the file system to say that a file is a stub.
    What they do about it is HsmAnswer, which each of them supplies.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#if defined(HSM_NEW_NAME) || defined(HSM_REMEMBER) || defined(HSM_TEMP_ON_OTHER_VOLUME) || \
    defined(HSM_NO_NAME) || defined(HSM_RENAME) || defined(HSM_RENAME_NO_REISSUE) || \
    defined(HSM_STATUS_BEFORE_REISSUE) || defined(HSM_OPTIONS_DIRTY) || \
    defined(HSM_OPTIONS_NOT_DIRTY)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HsmPreCreate)
#pragma alloc_text(PAGE, HsmPostCreate)
#endif


FLT_PREOP_CALLBACK_STATUS
FLTAPI
HsmPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Asks for the name while it can be asked for: the post-create of a create that has not opened
    anything must not. A create that is opened relative to a directory has its full name here only.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives the name, for the post-create.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK if the create may be redirected. A create need not be returned
    with FLT_PREOP_SYNCHRONIZE to be reissued: it is synchronized anyway.

--*/
{
    PFLT_FILE_NAME_INFORMATION name;

    UNREFERENCED_PARAMETER( FltObjects );

    PAGED_CODE();

    if (!HsmMayRedirect( Data ) ||
        !NT_SUCCESS( FltGetFileNameInformation( Data,
                                                FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT,
                                                &name ) )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    *CompletionContext = name;

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
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

    Answers a create that has met a stub.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - The name, from the pre-create.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PFLT_FILE_NAME_INFORMATION name = CompletionContext;
    UNICODE_STRING archivedName;

    PAGED_CODE();

    if (!FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING ) &&
        HsmMetStub( Data, &archivedName )) {

        HsmAnswer( Data, FltObjects, &name->Name, &archivedName );
    }

    FltReleaseFileNameInformation( name );

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif
