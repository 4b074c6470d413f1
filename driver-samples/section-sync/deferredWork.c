/*++

Module Name:

    deferredWork.c

Abstract:

    The variant that tries to leave the acquire to a worker thread. FltQueueDeferredIoWorkItem posts
    IRPs only, and says so; then the acquire is done here after all, as it has to be: a resource
    belongs to the thread that acquires it.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_DEFERRED_WORK_ITEM)


static
VOID
FLTAPI
SectionSyncDeferred (
    _In_ PFLT_DEFERRED_IO_WORKITEM WorkItem,
    _In_ PFLT_CALLBACK_DATA Data,
    _In_opt_ PVOID Context
    )
/*++

Routine Description:

    Would run in a worker thread; it never does.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( Context );

    FltFreeDeferredIoWorkItem( WorkItem );
}


static
VOID
SectionSyncTryToPost (
    _In_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Shows what comes of posting.

--*/
{
    PFLT_DEFERRED_IO_WORKITEM workItem = FltAllocateDeferredIoWorkItem();
    NTSTATUS status;

    if (workItem == NULL) {

        return;
    }

    status = FltQueueDeferredIoWorkItem( workItem,
                                         Data,
                                         SectionSyncDeferred,
                                         DelayedWorkQueue,
                                         NULL );

    if (!NT_SUCCESS( status )) {

        DbgPrint( "sectionsync: this operation cannot be posted (0x%08x)\n", status );
        FltFreeDeferredIoWorkItem( workItem );
    }
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Tries to post the operation, then does it.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    SectionSyncTryToPost( Data );

    FltAcquireResourceExclusive( &file->Resource );

    status = STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;

    if ((Data->Iopb->MajorFunction == IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION) &&
        (Data->Iopb->Parameters.AcquireForSectionSynchronization.SyncType ==
         SyncTypeCreateSection)) {

        status = STATUS_FILE_LOCKED_WITH_ONLY_READERS;
    }

    FltReleaseContext( file );

    return SectionSyncComplete( Data, status, 0 );
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreRelease (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Releases what the acquire took.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    FltReleaseResource( &file->Resource );
    FltReleaseContext( file );

    return SectionSyncComplete( Data, STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY, 0 );
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
SectionSyncPostSynchronize (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Never asked for.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );
    UNREFERENCED_PARAMETER( Flags );

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif // SECTIONSYNC_DEFERRED_WORK_ITEM
