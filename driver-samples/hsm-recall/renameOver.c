/*++

Module Name:

    renameOver.c

Abstract:

    The variants that put the recalled copy in the place of the stub, by a rename. That is one recall
    for ever: from then on the file is a plain file.

    The create that met the stub is still to be answered. Nobody opens the file again for us: the
    create must be sent down once more, by FltReissueSynchronousIo, and then finds the plain file.
    HSM_RENAME_NO_REISSUE forgets that. The application gets an error for a file that is there.

    The rename fails while somebody has the stub open. Then the create is led to the copy by its name.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#if defined(HSM_RENAME) || defined(HSM_RENAME_NO_REISSUE)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HsmAnswer)
#endif


static
NTSTATUS
HsmRenameOver (
    _In_ PHSM_COPY Copy,
    _In_ PUNICODE_STRING StubName
    )
/*++

Routine Description:

    Gives the copy the name of the stub. The stub goes.

Arguments:

    Copy - The copy, open with DELETE.

    StubName - Full name of the stub.

Return Value:

    STATUS_SUCCESS, or why the stub stays.

--*/
{
    NTSTATUS status;
    ULONG length = FIELD_OFFSET( FILE_RENAME_INFORMATION, FileName ) + StubName->Length;
    PFILE_RENAME_INFORMATION rename;

    length = max( length, sizeof(FILE_RENAME_INFORMATION) );

    rename = ExAllocatePoolWithTag( PagedPool, length, HSM_POOL_TAG );

    if (rename == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    RtlZeroMemory( rename, length );
    rename->ReplaceIfExists = TRUE;
    rename->FileNameLength = StubName->Length;
    RtlCopyMemory( rename->FileName, StubName->Buffer, StubName->Length );

    status = FltSetInformationFile( Copy->Instance,
                                    Copy->FileObject,
                                    rename,
                                    length,
                                    FileRenameInformation );

    ExFreePoolWithTag( rename, HSM_POOL_TAG );

    return status;
}


VOID
HsmAnswer (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING ArchivedName
    )
/*++

Routine Description:

    Recalls the file into the place of the stub.

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

    status = HsmRecall( FltObjects, StubName, ArchivedName, &copy );

    if (!NT_SUCCESS( status )) {

        HsmFailCreate( Data, status );
        return;
    }

    status = HsmRenameOver( &copy, StubName );

    if (!NT_SUCCESS( status )) {

        status = HsmRedirect( Data, &copy.Name );

        if (!NT_SUCCESS( status )) {

            HsmFailCreate( Data, status );
        }

        HsmCloseCopy( &copy );
        return;
    }

    //
    //  Close it first: the create is about to open the same file, with a share mode of its own.
    //

    HsmCloseCopy( &copy );

#if defined(HSM_RENAME)

    //
    //  Nothing of the create has changed, so nothing is dirty. The Filter Manager frees the tag data.
    //  When this returns, IoStatus holds the new answer; we are not called again for it.
    //

    FltReissueSynchronousIo( FltObjects->Instance, Data );

#endif
}

#endif
