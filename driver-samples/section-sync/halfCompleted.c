/*++

Module Name:

    halfCompleted.c

Abstract:

    The variant that completes the acquire, of every file, and lets the release go down. Who
    completes the one has to complete the other: the file system is told to release what it never
    acquired, or, for a virtual file, what it never opened.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_HALF_COMPLETED)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Completes every acquire.

--*/
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    status = STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;

    if ((Data->Iopb->MajorFunction == IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION) &&
        (Data->Iopb->Parameters.AcquireForSectionSynchronization.SyncType ==
         SyncTypeCreateSection)) {

        status = STATUS_FILE_LOCKED_WITH_ONLY_READERS;
    }

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

    Leaves the release to those below.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
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

#endif // SECTIONSYNC_HALF_COMPLETED
