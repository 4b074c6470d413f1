/*++

Module Name:

    failOther.c

Abstract:

    The variant that fails an acquire with SyncTypeOther. Only the creation of a section can be failed;
    whoever asks for anything else does not look at the answer, goes on as if it held the file, and
    releases it afterwards.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_FAIL_OTHER)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Lets sections be created, and nothing else be done.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if ((Data->Iopb->MajorFunction == IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION) &&
        (Data->Iopb->Parameters.AcquireForSectionSynchronization.SyncType ==
         SyncTypeCreateSection)) {

        FltAcquireResourceExclusive( &file->Resource );
        status = STATUS_FILE_LOCKED_WITH_ONLY_READERS;

    } else {

        status = STATUS_INSUFFICIENT_RESOURCES;
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

#endif // SECTIONSYNC_FAIL_OTHER
