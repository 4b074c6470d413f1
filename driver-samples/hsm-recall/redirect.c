/*++

Module Name:

    redirect.c

Abstract:

    Answers a create with another name: what the I/O manager then does is a completely new create, from
    the top of the stack of the volume that the name leads to.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, HsmInitializeRedirection)
#pragma alloc_text(PAGE, HsmRedirect)
#pragma alloc_text(PAGE, HsmFailCreate)
#endif

typedef
NTSTATUS
(NTAPI *PIO_REPLACE_FILE_OBJECT_NAME)(
    _In_ PFILE_OBJECT FileObject,
    _In_reads_bytes_(FileNameLength) PWSTR NewFileName,
    _In_ USHORT FileNameLength
    );

//
//  NULL before Windows 7.
//

static PIO_REPLACE_FILE_OBJECT_NAME HsmReplaceName;


VOID
HsmInitializeRedirection (
    VOID
    )
/*++

Routine Description:

    Looks for the routine that replaces names. Called by DriverEntry.

--*/
{
    UNICODE_STRING name;

    RtlInitUnicodeString( &name, L"IoReplaceFileObjectName" );

    HsmReplaceName = (PIO_REPLACE_FILE_OBJECT_NAME)(ULONG_PTR)MmGetSystemRoutineAddress( &name );
}


static
NTSTATUS
HsmReplaceNameByHand (
    _Inout_ PFILE_OBJECT FileObject,
    _In_ PUNICODE_STRING Target
    )
/*++

Routine Description:

    Does what IoReplaceFileObjectName does, where there is none: the new buffer belongs to the I/O
    manager from now on, which frees it, as it would have freed the old one.

Arguments:

    FileObject - The file object of the create.

    Target - The new name.

Return Value:

    STATUS_SUCCESS or STATUS_INSUFFICIENT_RESOURCES.

--*/
{
    PWSTR buffer;

    if (FileObject->FileName.MaximumLength < Target->Length) {

        buffer = ExAllocatePoolWithTag( PagedPool, Target->Length, HSM_POOL_TAG );

        if (buffer == NULL) {

            return STATUS_INSUFFICIENT_RESOURCES;
        }

        if (FileObject->FileName.Buffer != NULL) {

            ExFreePool( FileObject->FileName.Buffer );
        }

        FileObject->FileName.Buffer = buffer;
        FileObject->FileName.MaximumLength = Target->Length;
    }

    RtlCopyMemory( FileObject->FileName.Buffer, Target->Buffer, Target->Length );
    FileObject->FileName.Length = Target->Length;

    return STATUS_SUCCESS;
}


NTSTATUS
HsmRedirect (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PUNICODE_STRING Target
    )
/*++

Routine Description:

    Makes a create lead to another file.

Arguments:

    Data - The create, in pre-create or in post-create.

    Target - Full name of the file, as of the object manager. FileObject->FileName must be that:
        without a new name STATUS_REPARSE leads nowhere.

Return Value:

    STATUS_SUCCESS, or why the name could not be replaced; nothing has been changed then.

--*/
{
    NTSTATUS status;
    PFILE_OBJECT fileObject = Data->Iopb->TargetFileObject;

    PAGED_CODE();

    if (HsmReplaceName != NULL) {

        status = HsmReplaceName( fileObject, Target->Buffer, Target->Length );

    } else {

        status = HsmReplaceNameByHand( fileObject, Target );
    }

    if (!NT_SUCCESS( status )) {

        return status;
    }

    //
    //  The tag was the answer of the file system. Ours has none.
    //

    if (Data->TagData != NULL) {

        ExFreePool( Data->TagData );
        Data->TagData = NULL;
    }

    Data->IoStatus.Status = STATUS_REPARSE;
    Data->IoStatus.Information = IO_REPARSE;

    return STATUS_SUCCESS;
}


VOID
HsmFailCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ NTSTATUS Status
    )
/*++

Routine Description:

    Makes a create fail that has met a stub. Nothing was opened, so there is nothing to undo.

Arguments:

    Data - The create, in post-create.

    Status - Why.

--*/
{
    PAGED_CODE();

    if (Data->TagData != NULL) {

        ExFreePool( Data->TagData );
        Data->TagData = NULL;
    }

    Data->IoStatus.Status = Status;
    Data->IoStatus.Information = 0;
}
