/*++

Module Name:

    synchronize.c

Abstract:

    The variant that is right: it completes acquire and release of its own files, both of them, and
    keeps others out in between with a resource of its own.

    Nothing below is called when a minifilter completes the acquire. STATUS_SUCCESS would say "not
    done yet"; what says "done" is

        STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY   for SyncTypeOther, and for every release
        STATUS_FILE_LOCKED_WITH_ONLY_READERS        for SyncTypeCreateSection: nobody has it open
        for
                                                    writing, as nobody can with these files

    All of them are success codes. A monitor above shows them as they are; that is no error.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_STATUSES)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Acquires a virtual file for the creation of a section, a change of size or a flush.

Arguments:

    Data - The operation: neither an IRP nor fast I/O.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE for a virtual file.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );
    NTSTATUS status = STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    //
    //  Enters a critical region and acquires. The release leaves it again: the same thread calls
    //  both.
    //

    FltAcquireResourceExclusive( &file->Resource );

    if ((Data->Iopb->MajorFunction == IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION) &&
        (parameters->AcquireForSectionSynchronization.SyncType == SyncTypeCreateSection)) {

        SectionSyncPrepareContents( FltObjects, file );
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

#endif // SECTIONSYNC_STATUSES
