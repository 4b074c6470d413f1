/*++

Module Name:

    create.c

Abstract:

    Opens of names that are on the other volume: the name of the file object is replaced by the one
    over there, and STATUS_REPARSE makes the I/O manager open that instead, from the top of the other
    volume's stack.

Environment:

    Kernel mode

--*/

#include "queryopen.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, QueryOpenIsRedirectedName)
#pragma alloc_text(PAGE, QueryOpenPreCreate)
#endif


BOOLEAN
QueryOpenIsRedirectedName (
    _In_ PFILE_OBJECT FileObject,
    _In_ PCQUERYOPEN_ROUTE Route
    )
/*++

Routine Description:

    Says whether the folder of a route is in the name of a file that is being opened or asked for.

    Names that are relative to another file object are left alone: a product would build the whole
    name first.

Arguments:

    FileObject - The file object, as its create or query names it.

    Route - The folder.

Return Value:

    TRUE if the folder is a component of the name, and not its last one.

--*/
{
    const UNICODE_STRING *name = &FileObject->FileName;
    UNICODE_STRING folder;
    USHORT units;
    USHORT folderUnits;
    USHORT start;
    USHORT index;

    PAGED_CODE();

    if (FileObject->RelatedFileObject != NULL) {

        return FALSE;
    }

    RtlInitUnicodeString( &folder, Route->Folder );

    units = name->Length / sizeof(WCHAR);
    folderUnits = folder.Length / sizeof(WCHAR);

    for (start = 0; start + folderUnits <= units; start++) {

        for (index = 0; index < folderUnits; index++) {

            WCHAR unit = name->Buffer[start + index];

            if ((unit >= L'A') && (unit <= L'Z')) {

                unit += L'a' - L'A';
            }

            if (unit != folder.Buffer[index]) {

                break;
            }
        }

        if (index == folderUnits) {

            return TRUE;
        }
    }

    return FALSE;
}


static
NTSTATUS
QueryOpenReplaceName (
    _Inout_ PFILE_OBJECT FileObject,
    _In_ PCUNICODE_STRING VolumeName
    )
/*++

Routine Description:

    Puts the name of a volume before the name of a file object.

Arguments:

    FileObject - The file object of a create that is on its way down.

    VolumeName - "\Device\HarddiskVolume3".

Return Value:

    STATUS_SUCCESS, or why the name was left as it is.

--*/
{
    UNICODE_STRING name;
    NTSTATUS status;

    PAGED_CODE();

    if (VolumeName->Length + FileObject->FileName.Length > MAXUSHORT - sizeof(WCHAR)) {

        return STATUS_NAME_TOO_LONG;
    }

    name.Length = 0;
    name.MaximumLength = VolumeName->Length + FileObject->FileName.Length;
    name.Buffer = ExAllocatePoolWithTag( PagedPool, name.MaximumLength, QUERYOPEN_TAG );

    if (name.Buffer == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    RtlCopyUnicodeString( &name, VolumeName );
    (VOID)RtlAppendUnicodeStringToString( &name, &FileObject->FileName );

    if (QueryOpenGlobals.ReplaceFileObjectName != NULL) {

        status = QueryOpenGlobals.ReplaceFileObjectName( FileObject, name.Buffer, name.Length );
        ExFreePoolWithTag( name.Buffer, QUERYOPEN_TAG );

        return status;
    }

    //
    //  Before Windows 7 filters do it by hand. The buffer is the file object's from now on, and who
    //  frees it knows nothing of our tag.
    //

    ExFreePool( FileObject->FileName.Buffer );
    FileObject->FileName = name;

    return STATUS_SUCCESS;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
QueryOpenPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Redirects an open to the other volume, where the name is in the folder.

Arguments:

    Data - The create.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE with STATUS_REPARSE, or with the reason why there is no other name;
    FLT_PREOP_SUCCESS_NO_CALLBACK for everything that is here.

--*/
{
    PQUERYOPEN_INSTANCE_CONTEXT context;
    PFILE_OBJECT fileObject = FltObjects->FileObject;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    PAGED_CODE();

    //
    //  Not to be reparsed: paging files, the volume itself, a file by its number, and the parent of
    //  what a rename leads to.
    //

    if (FlagOn( Data->Iopb->OperationFlags, SL_OPEN_PAGING_FILE | SL_OPEN_TARGET_DIRECTORY ) ||
        FlagOn( fileObject->Flags, FO_VOLUME_OPEN ) ||
        FlagOn( Data->Iopb->Parameters.Create.Options, FILE_OPEN_BY_FILE_ID )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (!NT_SUCCESS( FltGetInstanceContext( FltObjects->Instance, (PFLT_CONTEXT *)&context ))) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (!QueryOpenIsRedirectedName( fileObject, context->Route )) {

        FltReleaseContext( context );
        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    status = QueryOpenReplaceName( fileObject, &context->TargetVolumeName );
    FltReleaseContext( context );

    Data->IoStatus.Status = NT_SUCCESS( status ) ? STATUS_REPARSE : status;
    Data->IoStatus.Information = NT_SUCCESS( status ) ? IO_REPARSE : 0;

    return FLT_PREOP_COMPLETE;
}
