/*++

Module Name:

    redirect.c

Abstract:

    The variants that send a query by name to the other volume by Iopb->TargetInstance.

    Nothing else has to change: no file is open yet, the name is the same on both volumes, and a call
    without an IRP has no stack locations that could run out. On Windows 7 the call follows the
    changed instance. On Windows XP the Filter Manager takes the device from elsewhere, and the file
    system of the original volume is asked, whatever the parameters say.

    The instance context is kept from the pre-operation to the post-operation. It holds a reference to
    the target's instance, which so stays until the query has ended.

Environment:

    Kernel mode

--*/

#include "queryopen.h"

#if defined(QUERYOPEN_REDIRECT) || defined(QUERYOPEN_CONTEXT_LEAK)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, QueryOpenPreNetworkQueryOpen)
#pragma alloc_text(PAGE, QueryOpenPostNetworkQueryOpen)
#endif


FLT_PREOP_CALLBACK_STATUS
FLTAPI
QueryOpenPreNetworkQueryOpen (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Sends a query of a name that is elsewhere to the instance there.

Arguments:

    Data - The query. Its file object lies on the caller's stack and is not to be kept.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives the instance context, for the post-operation to release.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK for a redirected query, FLT_PREOP_SUCCESS_NO_CALLBACK for others,
    FLT_PREOP_DISALLOW_FASTIO where we do not know: a create follows, and we are asked again.

--*/
{
    PQUERYOPEN_INSTANCE_CONTEXT context;
    NTSTATUS status;

    PAGED_CODE();

    status = FltGetInstanceContext( FltObjects->Instance, (PFLT_CONTEXT *)&context );

    if (status == STATUS_NOT_FOUND) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (!NT_SUCCESS( status )) {

        return FLT_PREOP_DISALLOW_FASTIO;
    }

    if (!QueryOpenIsRedirectedName( FltObjects->FileObject, context->Route )) {

        FltReleaseContext( context );
        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    Data->Iopb->TargetInstance = context->TargetInstance;
    FltSetCallbackDataDirty( Data );

    *CompletionContext = context;

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
QueryOpenPostNetworkQueryOpen (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Lets the target's instance go. The status may be STATUS_FLT_DISALLOW_FAST_IO, where a filter below
    us or the file system wants a create instead; that create comes to us too.

Arguments:

    Data - The query and its result.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - The instance context, referenced.

    Flags - A call without an IRP is never drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

#if defined(QUERYOPEN_CONTEXT_LEAK)
    UNREFERENCED_PARAMETER( CompletionContext );
#else
    FltReleaseContext( CompletionContext );
#endif

    return FLT_POSTOP_FINISHED_PROCESSING;
}

#endif // QUERYOPEN_REDIRECT || QUERYOPEN_CONTEXT_LEAK
