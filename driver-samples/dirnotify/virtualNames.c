/*++

Module Name:

    virtualNames.c

Abstract:

    Names that exist for this filter only. A service of the product tells the filter, by a control
    that it sends to a directory, that such a name has appeared there. Whoever watches the directory is
    to be told, and the file system knows nothing of it.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_PEND_AND_SHADOW) || defined(DIRNOTIFY_INJECT_MERGE)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
DirNotifyPreFsControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Takes FSCTL_DIRNOTIFY_ANNOUNCE: its input is a name, and its file the directory.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE for our control.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    ULONG length;

    UNREFERENCED_PARAMETER( CompletionContext );

    if ((Data->Iopb->MinorFunction != IRP_MN_USER_FS_REQUEST) ||
        (parameters->FileSystemControl.Common.FsControlCode != FSCTL_DIRNOTIFY_ANNOUNCE)) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    length = parameters->FileSystemControl.Buffered.InputBufferLength;

    Data->IoStatus.Information = 0;

    if ((length == 0) ||
        (length > DIRNOTIFY_VIRTUAL_NAME_LENGTH) ||
        ((length % sizeof(WCHAR)) != 0)) {

        Data->IoStatus.Status = STATUS_INVALID_PARAMETER;

    } else {

        Data->IoStatus.Status = DirNotifyAnnounce( FltObjects,
                                                   parameters->FileSystemControl.Buffered.SystemBuffer,
                                                   length );
    }

    return FLT_PREOP_COMPLETE;
}


ULONG
DirNotifyAppendEntry (
    _Inout_updates_bytes_(Capacity) PUCHAR Buffer,
    _In_ ULONG Length,
    _In_ ULONG Capacity,
    _In_reads_bytes_(NameLength) const WCHAR *Name,
    _In_ ULONG NameLength
    )
/*++

Routine Description:

    Appends an entry that says that a name was added. What is appended to is a list that ends at
    Length, or nothing.

Arguments:

    Buffer - The list.

    Length - Its length in bytes.

    Capacity - Bytes that the buffer has room for.

    Name - The name, relative to the directory.

    NameLength - Its length in bytes.

Return Value:

    The new length; 0 if the entry does not fit. The list is as it was then.

--*/
{
    PFILE_NOTIFY_INFORMATION entry = (PFILE_NOTIFY_INFORMATION)Buffer;
    ULONG start = ALIGN_UP_BY( Length, sizeof(ULONG) );
    ULONG end = start + FIELD_OFFSET( FILE_NOTIFY_INFORMATION, FileName ) + NameLength;
    ULONG offset = 0;

    if (end > Capacity) {

        return 0;
    }

    if (Length != 0) {

        while (((PFILE_NOTIFY_INFORMATION)(Buffer + offset))->NextEntryOffset != 0) {

            offset += ((PFILE_NOTIFY_INFORMATION)(Buffer + offset))->NextEntryOffset;
        }

        ((PFILE_NOTIFY_INFORMATION)(Buffer + offset))->NextEntryOffset = start - offset;
    }

    entry = (PFILE_NOTIFY_INFORMATION)(Buffer + start);
    entry->NextEntryOffset = 0;
    entry->Action = FILE_ACTION_ADDED;
    entry->FileNameLength = NameLength;
    RtlCopyMemory( entry->FileName, Name, NameLength );

    return end;
}

#endif
