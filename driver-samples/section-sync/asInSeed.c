/*++

Module Name:

    asInSeed.c

Abstract:

    The code of the report that began it, with its three mistakes:

    - the reference to the context is given back before the resource inside it is used;
    - whatever is no acquire for section synchronization is taken for a release, and when there is
      nothing to release, IoStatus.Status stays what it happened to be;
    - the routines of the executive are called without a critical region of one's own. That is
      legal, because the memory manager has entered one, and easy to get wrong elsewhere.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_AS_IN_SEED)


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    One routine for everything, as it was.

--*/
{
    PSECTIONSYNC_FILE file;
    PFLT_CONTEXT context;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (FltGetStreamHandleContext( FltObjects->Instance,
                                   FltObjects->FileObject,
                                   &context ) == STATUS_SUCCESS) {

        file = context;
        FltReleaseContext( context );

        if (Data->Iopb->MajorFunction == IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION) {

            ExAcquireResourceExclusiveLite( &file->Resource, TRUE );

            Data->IoStatus.Status =
                Data->Iopb->Parameters.AcquireForSectionSynchronization.SyncType ==
                        SyncTypeCreateSection ?
                    STATUS_FILE_LOCKED_WITH_ONLY_READERS :
                    STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;

        } else {

            if (ExIsResourceAcquiredExclusiveLite( &file->Resource )) {

                ExReleaseResourceForThreadLite( &file->Resource, ExGetCurrentResourceThread() );

                Data->IoStatus.Status = STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
            }
        }

        Data->IoStatus.Information = 0;

        return FLT_PREOP_COMPLETE;
    }

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
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

    The same routine.

--*/
{
    return SectionSyncPreAcquire( Data, FltObjects, CompletionContext );
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

#endif // SECTIONSYNC_AS_IN_SEED
