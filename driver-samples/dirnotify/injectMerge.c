/*++

Module Name:

    injectMerge.c

Abstract:

    The variant that tells of virtual names when it can: it appends them to a list that the file
    system has made. On the way it hides names as newSystemBuffer.c does; it needs Windows 7.

    Two things are wrong with it, and both lie in the idea. The buffer was made by the file system, for
    what the file system had to say, so the only capacity that is known is that of the list before
    names were hidden from it. And as long as nothing happens in the file system there is no list to
    append to: a virtual name may never be told. The assertion in DirNotifyForgetNames says so where
    it happened. pendAndShadow.c is the mend.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_INJECT_MERGE)

#if (NTDDI_VERSION < NTDDI_WIN7)
#error injectMerge.c needs FltGetNewSystemBufferAddress, which came with Windows 7
#endif

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DirNotifyInitializeVariant)
#endif

//
//  A name that waits for a list.
//

typedef struct _DIRNOTIFY_NAME {

    LIST_ENTRY Links;
    PVOID Directory;
    ULONG Length;
    WCHAR Name[DIRNOTIFY_VIRTUAL_NAME_LENGTH / sizeof(WCHAR)];

} DIRNOTIFY_NAME, *PDIRNOTIFY_NAME;

static LIST_ENTRY DirNotifyNames;
static KSPIN_LOCK DirNotifyNamesLock;


VOID
DirNotifyInitializeVariant (
    VOID
    )
/*++

Routine Description:

    Makes the list of names. Called by DriverEntry.

--*/
{
    InitializeListHead( &DirNotifyNames );
    KeInitializeSpinLock( &DirNotifyNamesLock );
}


VOID
DirNotifyForgetNames (
    VOID
    )
/*++

Routine Description:

    Frees the names that are left. Called when nobody calls us any more.

--*/
{
    PDIRNOTIFY_NAME name;

    NT_ASSERTMSG( "A virtual name was never told: nothing happened in the file system.",
                  IsListEmpty( &DirNotifyNames ) );

    while (!IsListEmpty( &DirNotifyNames )) {

        name = CONTAINING_RECORD( RemoveHeadList( &DirNotifyNames ), DIRNOTIFY_NAME, Links );

        ExFreePoolWithTag( name, DIRNOTIFY_POOL_TAG );
    }
}


NTSTATUS
DirNotifyAnnounce (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_reads_bytes_(NameLength) const WCHAR *Name,
    _In_ ULONG NameLength
    )
/*++

Routine Description:

    Keeps a name until the file system has something to say.

Arguments:

    FltObjects - The instance, its filter, its volume and the directory.

    Name - The name.

    NameLength - Its length in bytes.

Return Value:

    STATUS_SUCCESS or STATUS_INSUFFICIENT_RESOURCES.

--*/
{
    PDIRNOTIFY_NAME name;
    KIRQL irql;

    name = ExAllocatePoolWithTag( NonPagedPool, sizeof(DIRNOTIFY_NAME), DIRNOTIFY_POOL_TAG );

    if (name == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    name->Directory = FltObjects->FileObject->FsContext;
    name->Length = NameLength;
    RtlCopyMemory( name->Name, Name, NameLength );

    KeAcquireSpinLock( &DirNotifyNamesLock, &irql );
    InsertTailList( &DirNotifyNames, &name->Links );
    KeReleaseSpinLock( &DirNotifyNamesLock, irql );

    return STATUS_SUCCESS;
}


static
PDIRNOTIFY_NAME
DirNotifyTakeName (
    _In_ PVOID Directory
    )
/*++

Routine Description:

    Takes a name off the list.

Arguments:

    Directory - The stream of the directory that it appeared in.

Return Value:

    The name, which the caller frees; NULL if there is none.

--*/
{
    PDIRNOTIFY_NAME found = NULL;
    PLIST_ENTRY link;
    KIRQL irql;

    KeAcquireSpinLock( &DirNotifyNamesLock, &irql );

    for (link = DirNotifyNames.Flink; link != &DirNotifyNames; link = link->Flink) {

        if (CONTAINING_RECORD( link, DIRNOTIFY_NAME, Links )->Directory == Directory) {

            found = CONTAINING_RECORD( link, DIRNOTIFY_NAME, Links );
            RemoveEntryList( link );
            break;
        }
    }

    KeReleaseSpinLock( &DirNotifyNamesLock, irql );

    return found;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
DirNotifyPreDirectoryControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Asks for the post-operation of notifications.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK for a notification.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (DirNotifyGetEntryFormat( Data->Iopb ) == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
DirNotifyPostDirectoryControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Hides entries, and appends the virtual names that fit.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PUCHAR entries;
    ULONG capacity = (ULONG)Data->IoStatus.Information;
    ULONG length;
    PDIRNOTIFY_NAME name;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (!DirNotifyHasEntries( Data, Flags ) ||
        !FlagOn( Data->Flags, FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER )) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    entries = FltGetNewSystemBufferAddress( Data );

    DirNotifyEditEntries( Data, entries );

    length = (ULONG)Data->IoStatus.Information;

    while ((name = DirNotifyTakeName( FltObjects->FileObject->FsContext )) != NULL) {

        length = DirNotifyAppendEntry( entries, length, capacity, name->Name, name->Length );

        ExFreePoolWithTag( name, DIRNOTIFY_POOL_TAG );

        if (length == 0) {

            //
            //  It does not fit into what the file system has made: the caller has to look for
            //  himself.
            //

            DirNotifyReturnNoEntries( Data );

            return FLT_POSTOP_FINISHED_PROCESSING;
        }

        Data->IoStatus.Status = STATUS_SUCCESS;
        Data->IoStatus.Information = length;
    }

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif // DIRNOTIFY_INJECT_MERGE
