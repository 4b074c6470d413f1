/*++

Module Name:

    stub.c

Abstract:

    Recognizes stubs, and reads out of them where the archived copy is.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HsmMayRedirect)
#pragma alloc_text(PAGE, HsmMetStub)
#if defined(HSM_PRE_CREATE)
#pragma alloc_text(PAGE, HsmReadStub)
#endif
#endif


BOOLEAN
HsmMayRedirect (
    _In_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Tells whether a create may be answered with STATUS_REPARSE and a name at all.

Arguments:

    Data - An IRP_MJ_CREATE.

Return Value:

    FALSE for paging files, volumes, opens by file id and the directory of a rename's target; TRUE
    for all else.

--*/
{
    PAGED_CODE();

    return !FlagOn( Data->Iopb->OperationFlags, SL_OPEN_PAGING_FILE | SL_OPEN_TARGET_DIRECTORY ) &&
           !FlagOn( Data->Iopb->TargetFileObject->Flags, FO_VOLUME_OPEN ) &&
           !FlagOn( Data->Iopb->Parameters.Create.Options, FILE_OPEN_BY_FILE_ID );
}


BOOLEAN
HsmMetStub (
    _In_ PFLT_CALLBACK_DATA Data,
    _Out_ PUNICODE_STRING ArchivedName
    )
/*++

Routine Description:

    Tells in post-create whether the file system has met one of our stubs.

Arguments:

    Data - An IRP_MJ_CREATE on its way up.

    ArchivedName - Receives the path of the archived file. It lies in the tag data, and is good as
        long as that is.

Return Value:

    TRUE if it has.

--*/
{
    PFLT_TAG_DATA_BUFFER tagData = Data->TagData;

    PAGED_CODE();

    RtlInitUnicodeString( ArchivedName, NULL );

    //
    //  Tag data is there only if the status is STATUS_REPARSE and Information is a tag. A stub in the
    //  middle of a path is none of ours: stubs are files.
    //

    if ((Data->IoStatus.Status != STATUS_REPARSE) ||
        (tagData == NULL) ||
        (tagData->FileTag != HSM_REPARSE_TAG) ||
        (tagData->UnparsedNameLength != 0) ||
        !IsEqualGUID( &tagData->GenericGUIDReparseBuffer.TagGuid, &HsmReparseGuid )) {

        return FALSE;
    }

    ArchivedName->Buffer = (PWSTR)tagData->GenericGUIDReparseBuffer.DataBuffer;
    ArchivedName->Length = tagData->TagDataLength;
    ArchivedName->MaximumLength = tagData->TagDataLength;

    return TRUE;
}

#if defined(HSM_PRE_CREATE)


NTSTATUS
HsmReadStub (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _Out_ PUNICODE_STRING ArchivedName,
    _Outptr_ PVOID *Buffer
    )
/*++

Routine Description:

    Opens a file below us, without following its reparse point, and reads that.

Arguments:

    FltObjects - The instance.

    StubName - Full name of the file.

    ArchivedName - Receives the path of the archived file; it lies in the buffer.

    Buffer - Receives the buffer, which the caller frees with ExFreePoolWithTag.

Return Value:

    STATUS_SUCCESS if the file is a stub; an error if it is none, or cannot be opened.

--*/
{
    NTSTATUS status;
    HANDLE handle;
    PFILE_OBJECT fileObject;
    PREPARSE_GUID_DATA_BUFFER data;

    PAGED_CODE();

    RtlInitUnicodeString( ArchivedName, NULL );
    *Buffer = NULL;

    status = HsmOpen( FltObjects->Instance,
                      StubName,
                      FILE_READ_ATTRIBUTES,
                      FILE_OPEN,
                      FILE_OPEN_REPARSE_POINT,
                      &handle,
                      &fileObject );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    data = ExAllocatePoolWithTag( PagedPool, MAXIMUM_REPARSE_DATA_BUFFER_SIZE, HSM_POOL_TAG );

    if (data == NULL) {

        status = STATUS_INSUFFICIENT_RESOURCES;

    } else {

        status = FltFsControlFile( FltObjects->Instance,
                                   fileObject,
                                   FSCTL_GET_REPARSE_POINT,
                                   NULL,
                                   0,
                                   data,
                                   MAXIMUM_REPARSE_DATA_BUFFER_SIZE,
                                   NULL );
    }

    if (NT_SUCCESS( status ) &&
        ((data->ReparseTag != HSM_REPARSE_TAG) ||
         !IsEqualGUID( &data->ReparseGuid, &HsmReparseGuid ))) {

        status = STATUS_IO_REPARSE_TAG_MISMATCH;
    }

    if (NT_SUCCESS( status )) {

        ArchivedName->Buffer = (PWSTR)data->GenericReparseBuffer.DataBuffer;
        ArchivedName->Length = data->ReparseDataLength;
        ArchivedName->MaximumLength = data->ReparseDataLength;
        *Buffer = data;

    } else if (data != NULL) {

        ExFreePoolWithTag( data, HSM_POOL_TAG );
    }

    ObDereferenceObject( fileObject );
    FltClose( handle );

    return status;
}

#endif // HSM_PRE_CREATE
