/*++

Module Name:

    unbalanced.c

Abstract:

    The variants that acquire a resource and never release it. The thread that has it goes on,
    because an ERESOURCE is recursive; another thread that maps the same file waits for it for
    ever.

    With FltAcquireResourceExclusive the critical region that it entered is never left either: the
    system finds it when the call goes back to user mode, bug check 0x1.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_UNBALANCED) || defined(SECTIONSYNC_UNBALANCED_REGION)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Acquires.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

#if defined(SECTIONSYNC_UNBALANCED_REGION)

    FltAcquireResourceExclusive( &file->Resource );

#else

    ExAcquireResourceExclusiveLite( &file->Resource, TRUE );

#endif

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

    Does not release.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
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

#endif // SECTIONSYNC_UNBALANCED or SECTIONSYNC_UNBALANCED_REGION
