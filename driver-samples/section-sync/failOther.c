/*++

Module Name:

    failOther.c

Abstract:

    The variants that fail an acquire. The creation of a section may be failed (FAIL_CREATE):
    nothing is acquired then, no release comes, and the caller gets the status.

    An acquire with SyncTypeOther cannot (FAIL_OTHER). Whoever asks does not look at the answer,
    goes on as if it held the file, and releases it afterwards.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_FAIL_OTHER) || defined(SECTIONSYNC_FAIL_CREATE)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Lets sections be created, and nothing else be done; or the other way round.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    status = STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;

    if ((Data->Iopb->MajorFunction == IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION) &&
        (Data->Iopb->Parameters.AcquireForSectionSynchronization.SyncType ==
         SyncTypeCreateSection)) {

#if defined(SECTIONSYNC_FAIL_CREATE)

        status = STATUS_INSUFFICIENT_RESOURCES;

#else

        status = STATUS_FILE_LOCKED_WITH_ONLY_READERS;

    } else {

        status = STATUS_INSUFFICIENT_RESOURCES;

#endif

    }

    if (NT_SUCCESS( status )) {

        FltAcquireResourceExclusive( &file->Resource );
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

    Releases what the acquire took, if it took anything.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (ExIsResourceAcquiredExclusiveLite( &file->Resource )) {

        FltReleaseResource( &file->Resource );
    }

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

#endif // SECTIONSYNC_FAIL_OTHER or SECTIONSYNC_FAIL_CREATE
