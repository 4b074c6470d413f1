/*++

Module Name:

    fallback.c

Abstract:

    The variants that refuse a query by name. The I/O manager then opens the file, queries it and
    closes it, with requests; the open is redirected like any other. This is right on every version
    of Windows, and costs a create and a close for each query.

    Refused is only what would be redirected: all other queries keep their fast way.

Environment:

    Kernel mode

--*/

#include "queryopen.h"

#if defined(QUERYOPEN_FALLBACK) || defined(QUERYOPEN_FALLBACK_QUERY_OPEN) || \
    defined(QUERYOPEN_WRONG_CONSTANT)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, QueryOpenPreNetworkQueryOpen)
#endif


static
BOOLEAN
QueryOpenIsRedirected (
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    )
/*++

Routine Description:

    Says whether what a query asks for is on the other volume.

Arguments:

    FltObjects - The instance, its filter, its volume and the file.

Return Value:

    TRUE if a create of that name would be redirected, and if we do not know.

--*/
{
    PQUERYOPEN_INSTANCE_CONTEXT context;
    BOOLEAN isRedirected;
    NTSTATUS status;

    PAGED_CODE();

    status = FltGetInstanceContext( FltObjects->Instance, (PFLT_CONTEXT *)&context );

    if (!NT_SUCCESS( status )) {

        return (BOOLEAN)(status != STATUS_NOT_FOUND);
    }

    isRedirected = QueryOpenIsRedirectedName( FltObjects->FileObject, context->Route );
    FltReleaseContext( context );

    return isRedirected;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
QueryOpenPreNetworkQueryOpen (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Refuses a query of a name that is elsewhere.

Arguments:

    Data - The query.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_DISALLOW_FASTIO to be asked again by a create, FLT_PREOP_SUCCESS_NO_CALLBACK else. One
    variant returns STATUS_FLT_DISALLOW_FAST_IO, which is an NTSTATUS: the Filter Manager puts it
    into IoStatus for the filters above, and knows no such return value.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( CompletionContext );

    PAGED_CODE();

    if (!QueryOpenIsRedirected( FltObjects )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

#if defined(QUERYOPEN_WRONG_CONSTANT)
    return (FLT_PREOP_CALLBACK_STATUS)STATUS_FLT_DISALLOW_FAST_IO;
#else
    return FLT_PREOP_DISALLOW_FASTIO;
#endif
}

#if defined(QUERYOPEN_FALLBACK_QUERY_OPEN)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, QueryOpenPreQueryOpen)
#endif


FLT_PREOP_CALLBACK_STATUS
FLTAPI
QueryOpenPreQueryOpen (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Refuses what NtQueryInformationByName sends on Windows 10 and later: an FsFilter operation, with a
    return value of its own.

Arguments:

    Data - The query.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_DISALLOW_FSFILTER_IO to be asked again by a create, FLT_PREOP_SUCCESS_NO_CALLBACK else.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( CompletionContext );

    PAGED_CODE();

    if (!QueryOpenIsRedirected( FltObjects )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    return FLT_PREOP_DISALLOW_FSFILTER_IO;
}

#endif // QUERYOPEN_FALLBACK_QUERY_OPEN

#endif // QUERYOPEN_FALLBACK || QUERYOPEN_FALLBACK_QUERY_OPEN || QUERYOPEN_WRONG_CONSTANT
