/*++

Module Name:

    notifyEntries.c

Abstract:

    Takes entries out of the list that a directory change notification returns. Every variant of
    the sample uses these routines; they differ only in where they find the list.

    Nothing here is pageable, because a post-operation callback may run at DISPATCH_LEVEL.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

static const WCHAR DirNotifyHiddenPrefix[] = DIRNOTIFY_HIDDEN_PREFIX;

#define HIDDEN_PREFIX_LENGTH (RTL_NUMBER_OF( DirNotifyHiddenPrefix ) - 1)

static const DIRNOTIFY_ENTRY_FORMAT DirNotifyBasicFormat = {

    FIELD_OFFSET( FILE_NOTIFY_INFORMATION, FileNameLength ),
    RTL_FIELD_SIZE( FILE_NOTIFY_INFORMATION, FileNameLength ),
    FIELD_OFFSET( FILE_NOTIFY_INFORMATION, FileName )
};

#if defined(IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX) && (NTDDI_VERSION >= NTDDI_WIN10_RS5)

static const DIRNOTIFY_ENTRY_FORMAT DirNotifyExtendedFormat = {

    FIELD_OFFSET( FILE_NOTIFY_EXTENDED_INFORMATION, FileNameLength ),
    RTL_FIELD_SIZE( FILE_NOTIFY_EXTENDED_INFORMATION, FileNameLength ),
    FIELD_OFFSET( FILE_NOTIFY_EXTENDED_INFORMATION, FileName )
};

#endif


PCDIRNOTIFY_ENTRY_FORMAT
DirNotifyGetEntryFormat (
    _In_ const FLT_IO_PARAMETER_BLOCK *Iopb
    )
/*++

Routine Description:

    Tells whether an operation is a directory change notification whose entries we can read.

Arguments:

    Iopb - The parameters of an IRP_MJ_DIRECTORY_CONTROL.

Return Value:

    The format of the entries; NULL for a directory query and for a kind of entry that this build
    does not know.

--*/
{
    if (Iopb->MinorFunction == IRP_MN_NOTIFY_CHANGE_DIRECTORY) {

        return &DirNotifyBasicFormat;
    }

#if defined(IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX) && (NTDDI_VERSION >= NTDDI_WIN10_RS5)

    //
    //  Windows 10 added a request that names the kind of entry, ReadDirectoryChangesExW. A filter
    //  that forgets it shows what it means to hide.
    //

    if (Iopb->MinorFunction == IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX) {

        switch (Iopb->Parameters.DirectoryControl.NotifyDirectoryEx.DirectoryNotifyInformationClass) {

        case DirectoryNotifyInformation:

            return &DirNotifyBasicFormat;

        case DirectoryNotifyExtendedInformation:

            return &DirNotifyExtendedFormat;

        default:

            return NULL;
        }
    }

#endif

    return NULL;
}


BOOLEAN
DirNotifyHasEntries (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Tells whether a notification that comes back carries entries at all.

Arguments:

    Data - The callback data of the post-operation.

    Flags - The flags of the post-operation.

Return Value:

    TRUE if there are entries.

--*/
{
    //
    //  While our instance is drained the request has not come back: neither the status nor any
    //  buffer means something.
    //

    if (FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING )) {

        return FALSE;
    }

    //
    //  STATUS_NOTIFY_ENUM_DIR (too much happened, look for yourself) and STATUS_NOTIFY_CLEANUP (the
    //  handle is going away) are success codes, so NT_SUCCESS alone does not do: it takes the
    //  number of bytes as well.
    //

    return NT_SUCCESS( Data->IoStatus.Status ) &&
           (Data->IoStatus.Status != STATUS_NOTIFY_ENUM_DIR) &&
           (Data->IoStatus.Status != STATUS_NOTIFY_CLEANUP) &&
           (Data->IoStatus.Information != 0);
}


static
BOOLEAN
DirNotifyMeasureEntry (
    _In_reads_bytes_(Remaining) const UCHAR *Entry,
    _In_ ULONG Remaining,
    _In_ PCDIRNOTIFY_ENTRY_FORMAT Format,
    _Out_ PULONG NameLength
    )
/*++

Routine Description:

    Checks one entry before anything in it is believed.

Arguments:

    Entry - The entry.

    Remaining - Bytes from the start of the entry to the end of the list.

    Format - Where the name lies in it.

    NameLength - Receives the length of the name, in bytes.

Return Value:

    FALSE if the entry does not fit into the list, or the next one would not follow it.

--*/
{
    ULONG next;
    ULONG nameLength;

    *NameLength = 0;

    if (Remaining < Format->NameOffset) {

        return FALSE;
    }

    if (Format->NameLengthSize == sizeof(USHORT)) {

        nameLength = *(const USHORT *)(Entry + Format->NameLengthOffset);

    } else {

        nameLength = *(const ULONG *)(Entry + Format->NameLengthOffset);
    }

    if ((nameLength > Remaining - Format->NameOffset) ||
        ((nameLength % sizeof(WCHAR)) != 0)) {

        return FALSE;
    }

    next = ((const FILE_NOTIFY_INFORMATION *)Entry)->NextEntryOffset;

    if ((next != 0) &&
        ((next < Format->NameOffset + nameLength) ||
         (next >= Remaining) ||
         ((next % sizeof(ULONG)) != 0))) {

        return FALSE;
    }

    *NameLength = nameLength;

    return TRUE;
}


static
BOOLEAN
DirNotifyIsHiddenName (
    _In_reads_(Length) const WCHAR *Name,
    _In_ ULONG Length
    )
/*++

Routine Description:

    Tells whether a name is one to hide. What lies below a hidden directory is hidden with it.

    RtlPrefixUnicodeString would compare better than this, but only below DISPATCH_LEVEL: its tables
    are pageable. An ASCII prefix needs no table.

Arguments:

    Name - A name relative to the watched directory, not terminated.

    Length - Its length, in characters.

Return Value:

    TRUE if a component of the name begins with the hidden prefix, in any case.

--*/
{
    ULONG index;
    ULONG matched = 0;
    WCHAR character;

    for (index = 0; index < Length; index++) {

        character = Name[index];

        if (character == OBJ_NAME_PATH_SEPARATOR) {

            matched = 0;
            continue;
        }

        //
        //  Past HIDDEN_PREFIX_LENGTH nothing matches until the next component begins.
        //

        if (matched > HIDDEN_PREFIX_LENGTH) {

            continue;
        }

        if ((character >= L'A') && (character <= L'Z')) {

            character += L'a' - L'A';
        }

        if (character != DirNotifyHiddenPrefix[matched]) {

            matched = HIDDEN_PREFIX_LENGTH + 1;
            continue;
        }

        matched += 1;

        if (matched == HIDDEN_PREFIX_LENGTH) {

            return TRUE;
        }
    }

    return FALSE;
}


static
ULONG
DirNotifyHideEntries (
    _Inout_updates_bytes_(Length) PUCHAR Buffer,
    _In_ ULONG Length,
    _In_ PCDIRNOTIFY_ENTRY_FORMAT Format
    )
/*++

Routine Description:

    Takes the hidden entries out of a list, in place.

    The entries that stay move together. Leading NextEntryOffset over a hidden entry would be less
    work, but the name would still be copied to the caller, in the gap.

Arguments:

    Buffer - The list.

    Length - Its length in bytes.

    Format - Where the name lies in an entry.

Return Value:

    The length of what is left: 0 if nothing is, or if the list is malformed.

--*/
{
    PFILE_NOTIFY_INFORMATION entry;
    PFILE_NOTIFY_INFORMATION kept = NULL;
    ULONG readOffset = 0;
    ULONG writeOffset = 0;
    ULONG keptEnd = 0;
    ULONG next;
    ULONG nameLength;
    ULONG action;
    ULONG previousAction = 0;
    BOOLEAN hidden;
    BOOLEAN previousHidden = FALSE;

    do {

        if (!DirNotifyMeasureEntry( Buffer + readOffset,
                                    Length - readOffset,
                                    Format,
                                    &nameLength )) {

            return 0;
        }

        entry = (PFILE_NOTIFY_INFORMATION)(Buffer + readOffset);
        next = entry->NextEntryOffset;
        action = entry->Action;
        hidden = DirNotifyIsHiddenName( (PWCHAR)(Buffer + readOffset + Format->NameOffset),
                                        nameLength / sizeof(WCHAR) );

        //
        //  Of a rename between a hidden and a visible name one half stays. To the caller the file
        //  has appeared, or gone.
        //

        if ((action == FILE_ACTION_RENAMED_NEW_NAME) &&
            (previousAction == FILE_ACTION_RENAMED_OLD_NAME) &&
            (hidden != previousHidden)) {

            if (previousHidden) {

                entry->Action = FILE_ACTION_ADDED;

            } else {

                _Analysis_assume_( kept != NULL );
                kept->Action = FILE_ACTION_REMOVED;
            }
        }

        if (!hidden) {

            kept = (PFILE_NOTIFY_INFORMATION)(Buffer + writeOffset);

            if (writeOffset != readOffset) {

                RtlMoveMemory( kept, entry, Format->NameOffset + nameLength );
            }

            keptEnd = writeOffset + Format->NameOffset + nameLength;
            writeOffset += next;
        }

        previousAction = action;
        previousHidden = hidden;
        readOffset += next;

    } while (next != 0);

    //
    //  The last entry ends the list and is not padded.
    //

    if (kept != NULL) {

        kept->NextEntryOffset = 0;
    }

    return keptEnd;
}


VOID
DirNotifyEditEntries (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _Inout_ PVOID Buffer
    )
/*++

Routine Description:

    Hides what is to be hidden from the list of a notification that comes back, and says in the
    status how much is left. The status of an operation is ours to change on the way up: unlike a
    change of parameters it needs no FltSetCallbackDataDirty.

Arguments:

    Data - The callback data of the post-operation.

    Buffer - The list of entries, Data->IoStatus.Information bytes.

--*/
{
    PCDIRNOTIFY_ENTRY_FORMAT format = DirNotifyGetEntryFormat( Data->Iopb );
    ULONG length = 0;

    //
    //  More than the caller has room for cannot be a list for the caller.
    //

    if ((format != NULL) &&
        (Data->IoStatus.Information <= Data->Iopb->Parameters.DirectoryControl.NotifyDirectory.Length)) {

        length = DirNotifyHideEntries( Buffer, (ULONG)Data->IoStatus.Information, format );
    }

    if (length == 0) {

        DirNotifyReturnNoEntries( Data );
        return;
    }

    Data->IoStatus.Information = length;
}


VOID
DirNotifyReturnNoEntries (
    _Inout_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Completes a notification without entries. A filter cannot ask the file system again here (the
    caller's request is already on its way up, and one that must not be made synchronous cannot be
    reissued), and success with no bytes at all is not something that callers expect. What is left
    is what the file system itself says when it cannot list the changes: look for yourself.

Arguments:

    Data - The callback data of the post-operation.

--*/
{
    Data->IoStatus.Status = STATUS_NOTIFY_ENUM_DIR;
    Data->IoStatus.Information = 0;
}
