/*++

Module Name:

    newName.c

Abstract:

    The variants that answer in post-create with the name of the recalled copy.

    The file system has just said STATUS_REPARSE with our tag. STATUS_REPARSE with IO_REPARSE instead
    of the tag tells the I/O manager to open FileObject->FileName, from the top. That is a new create,
    which we see as well: its name is that of a plain file, so it ends there.

    One open of the application is one recall. But an application that opens the file four times meets
    the stub four times, and so does a scanner that asks for the name that it saw first. Whoever does
    not want to fetch the file again each time has to remember what he has fetched: HSM_REMEMBER.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#if defined(HSM_NEW_NAME) || defined(HSM_REMEMBER) || defined(HSM_TEMP_ON_OTHER_VOLUME) || \
    defined(HSM_NO_NAME)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HsmAnswer)
#endif

#if defined(HSM_REMEMBER)

//
//  What has been recalled. The names follow the structure: the stub's, then the copy's.
//

typedef struct _HSM_RECALLED {

    SINGLE_LIST_ENTRY Link;
    UNICODE_STRING StubName;
    UNICODE_STRING CopyName;

} HSM_RECALLED, *PHSM_RECALLED;

static SINGLE_LIST_ENTRY HsmRecalled;
static EX_PUSH_LOCK HsmRecalledLock;


VOID
HsmInitializeRecalled (
    VOID
    )
/*++

Routine Description:

    Makes the list ready. Called by DriverEntry.

--*/
{
    FltInitializePushLock( &HsmRecalledLock );
}


static
BOOLEAN
HsmRedirectToRecalled (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PUNICODE_STRING StubName
    )
/*++

Routine Description:

    Redirects to a copy that has been recalled before.

Arguments:

    Data - The create.

    StubName - Full name of the stub.

Return Value:

    FALSE if there is none.

--*/
{
    PSINGLE_LIST_ENTRY link;
    PHSM_RECALLED recalled;
    BOOLEAN redirected = FALSE;

    FltAcquirePushLockShared( &HsmRecalledLock );

    for (link = HsmRecalled.Next; (link != NULL) && !redirected; link = link->Next) {

        recalled = CONTAINING_RECORD( link, HSM_RECALLED, Link );

        if (RtlEqualUnicodeString( &recalled->StubName, StubName, TRUE )) {

            redirected = NT_SUCCESS( HsmRedirect( Data, &recalled->CopyName ) );
        }
    }

    FltReleasePushLock( &HsmRecalledLock );

    return redirected;
}


static
VOID
HsmRememberRecalled (
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING CopyName
    )
/*++

Routine Description:

    Remembers a copy. If there is no memory for that, the file is recalled once more.

Arguments:

    StubName - Full name of the stub.

    CopyName - Full name of the copy.

--*/
{
    PHSM_RECALLED recalled;

    recalled = ExAllocatePoolWithTag( PagedPool,
                                      sizeof(HSM_RECALLED) + StubName->Length + CopyName->Length,
                                      HSM_POOL_TAG );

    if (recalled == NULL) {

        return;
    }

    recalled->StubName.Buffer = (PWSTR)(recalled + 1);
    recalled->StubName.Length = 0;
    recalled->StubName.MaximumLength = StubName->Length;
    RtlCopyUnicodeString( &recalled->StubName, StubName );

    recalled->CopyName.Buffer = (PWSTR)((PUCHAR)(recalled + 1) + StubName->Length);
    recalled->CopyName.Length = 0;
    recalled->CopyName.MaximumLength = CopyName->Length;
    RtlCopyUnicodeString( &recalled->CopyName, CopyName );

    FltAcquirePushLockExclusive( &HsmRecalledLock );
    PushEntryList( &HsmRecalled, &recalled->Link );
    FltReleasePushLock( &HsmRecalledLock );
}


VOID
HsmForget (
    VOID
    )
/*++

Routine Description:

    Forgets all copies. Called when nobody calls us any more.

--*/
{
    PSINGLE_LIST_ENTRY link;

    while ((link = PopEntryList( &HsmRecalled )) != NULL) {

        ExFreePoolWithTag( CONTAINING_RECORD( link, HSM_RECALLED, Link ), HSM_POOL_TAG );
    }

    FltDeletePushLock( &HsmRecalledLock );
}

#endif // HSM_REMEMBER


VOID
HsmAnswer (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING ArchivedName
    )
/*++

Routine Description:

    Recalls the file and leads the create to the copy.

Arguments:

    Data - The create, in post-create.

    FltObjects - The instance, its filter, its volume and the file.

    StubName - Full name of the stub.

    ArchivedName - Path of the archived file, relative to the folder of the stub.

--*/
{
    NTSTATUS status;
    HSM_COPY copy;

    PAGED_CODE();

#if defined(HSM_REMEMBER)

    if (HsmRedirectToRecalled( Data, StubName )) {

        return;
    }

#endif

    status = HsmRecall( FltObjects, StubName, ArchivedName, &copy );

    if (!NT_SUCCESS( status )) {

        HsmFailCreate( Data, status );
        return;
    }

#if defined(HSM_NO_NAME)

    //
    //  The bug. The name is still that of the stub: nothing says where to go.
    //

    ExFreePool( Data->TagData );
    Data->TagData = NULL;

    Data->IoStatus.Status = STATUS_REPARSE;
    Data->IoStatus.Information = IO_REPARSE;

#else

    status = HsmRedirect( Data, &copy.Name );

    if (!NT_SUCCESS( status )) {

        HsmFailCreate( Data, status );
    }

#if defined(HSM_REMEMBER)

    else {

        HsmRememberRecalled( StubName, &copy.Name );
    }

#endif

#endif

    HsmCloseCopy( &copy );
}

#endif
