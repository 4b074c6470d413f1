/*++

Module Name:

    pendAndShadow.c

Abstract:

    The variant that is right on every version and for names that the file system does not know.

    It keeps the caller's request (FLT_PREOP_PENDING) and asks the file system by a request of its own,
    the shadow: own callback data, own buffer. So the caller's request is there whenever there is
    something to tell. If nothing is left of what the file system told, the shadow is sent again; if a
    virtual name appears, the caller's request is completed with it, and the shadow cancelled. What
    happens in the file system meanwhile is not lost: it keeps a list for each handle.

    What ends a request:

        the file system     the shadow comes back: with a list, with STATUS_NOTIFY_ENUM_DIR, with
                            STATUS_NOTIFY_CLEANUP because the handle is being closed
        the caller          cancels: we are called, because we asked for it
        a virtual name      see above
        our instance        goes: the request is sent on, and ends without us

    Whoever takes Request->Data completes the caller's request; the others find NULL. The request is
    freed with its last reference, and the shadow has one until its callback is over.

    DirNotifyForgetNames is not needed: names that come while nobody asks are kept with the handle, as
    the file system does, and the file system's own limit holds for them: what does not fit is
    STATUS_NOTIFY_ENUM_DIR.

Environment:

    Kernel mode

--*/

#include "dirnotify.h"

#if defined(DIRNOTIFY_PEND_AND_SHADOW)

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DirNotifyInitializeVariant)
#endif

//
//  Room for virtual names that nobody has asked for yet.
//

#define DIRNOTIFY_KEPT_LENGTH 512

//
//  A handle that watches. Hangs on the file object.
//

typedef struct _DIRNOTIFY_WATCH {

    LIST_ENTRY Links;
    PVOID Directory;
    ULONG KeptLength;
    BOOLEAN Overflow;
    UCHAR Kept[DIRNOTIFY_KEPT_LENGTH];

} DIRNOTIFY_WATCH, *PDIRNOTIFY_WATCH;

//
//  A request of a caller, and its shadow.
//

typedef struct _DIRNOTIFY_REQUEST {

    LIST_ENTRY Links;
    LONG References;
    PFLT_INSTANCE Instance;
    PDIRNOTIFY_WATCH Watch;

    //
    //  NULL once somebody has taken it to complete it.
    //

    PFLT_CALLBACK_DATA Data;

    PFLT_CALLBACK_DATA Shadow;
    PFLT_GENERIC_WORKITEM WorkItem;
    UCHAR OperationFlags;
    ULONG CompletionFilter;
    ULONG Length;
    PUCHAR CallerBuffer;
    PUCHAR Buffer;
    PMDL Mdl;

} DIRNOTIFY_REQUEST, *PDIRNOTIFY_REQUEST;

static LIST_ENTRY DirNotifyWatches;
static LIST_ENTRY DirNotifyRequests;
static KSPIN_LOCK DirNotifyLock;

static
VOID
DirNotifySendShadow (
    _In_ PDIRNOTIFY_REQUEST Request
    );


VOID
DirNotifyInitializeVariant (
    VOID
    )
/*++

Routine Description:

    Makes the lists. Called by DriverEntry.

--*/
{
    InitializeListHead( &DirNotifyWatches );
    InitializeListHead( &DirNotifyRequests );
    KeInitializeSpinLock( &DirNotifyLock );
}


VOID
FLTAPI
DirNotifyWatchCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    )
/*++

Routine Description:

    A handle that watched has been closed.

Arguments:

    Context - The watch.

    ContextType - FLT_STREAMHANDLE_CONTEXT.

--*/
{
    PDIRNOTIFY_WATCH watch = Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER( ContextType );

    KeAcquireSpinLock( &DirNotifyLock, &irql );

    //
    //  One that was never set on a handle is in no list: its links point to itself.
    //

    RemoveEntryList( &watch->Links );

    KeReleaseSpinLock( &DirNotifyLock, irql );
}


static
VOID
DirNotifyReleaseRequest (
    _In_ PDIRNOTIFY_REQUEST Request
    )
/*++

Routine Description:

    Gives a reference back; with the last one the request goes.

Arguments:

    Request - The request.

--*/
{
    KIRQL irql;

    if (InterlockedDecrement( &Request->References ) != 0) {

        return;
    }

    KeAcquireSpinLock( &DirNotifyLock, &irql );
    RemoveEntryList( &Request->Links );
    KeReleaseSpinLock( &DirNotifyLock, irql );

    if (Request->Shadow != NULL) {

        FltFreeCallbackData( Request->Shadow );
    }

    if (Request->WorkItem != NULL) {

        FltFreeGenericWorkItem( Request->WorkItem );
    }

    if (Request->Mdl != NULL) {

        IoFreeMdl( Request->Mdl );
    }

    if (Request->Buffer != NULL) {

        ExFreePoolWithTag( Request->Buffer, DIRNOTIFY_POOL_TAG );
    }

    if (Request->Watch != NULL) {

        FltReleaseContext( Request->Watch );
    }

    ExFreePoolWithTag( Request, DIRNOTIFY_POOL_TAG );
}


static
PFLT_CALLBACK_DATA
DirNotifyTakeData (
    _In_ PDIRNOTIFY_REQUEST Request
    )
/*++

Routine Description:

    Takes the caller's request. Whoever gets it completes it.

Arguments:

    Request - The request.

Return Value:

    NULL if somebody else has it.

--*/
{
    PFLT_CALLBACK_DATA data;

    data = InterlockedExchangePointer( (PVOID *)&Request->Data, NULL );

    if (data != NULL) {

        //
        //  A cancellation that has begun finds nothing to take any more.
        //

        FltClearCancelCompletion( data );
    }

    return data;
}


static
VOID
DirNotifyComplete (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ NTSTATUS Status,
    _In_ ULONG_PTR Information
    )
/*++

Routine Description:

    Completes a caller's request that has been taken.

Arguments:

    Data - The request.

    Status, Information - The result.

--*/
{
    Data->IoStatus.Status = Status;
    Data->IoStatus.Information = Information;

    FltCompletePendedPreOperation( Data, FLT_PREOP_COMPLETE, NULL );
}


VOID
FLTAPI
DirNotifyCanceled (
    _In_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    The caller has cancelled his request.

Arguments:

    Data - The request.

--*/
{
    PDIRNOTIFY_REQUEST request = NULL;
    PFLT_CALLBACK_DATA taken = NULL;
    PLIST_ENTRY link;
    KIRQL irql;

    KeAcquireSpinLock( &DirNotifyLock, &irql );

    for (link = DirNotifyRequests.Flink; link != &DirNotifyRequests; link = link->Flink) {

        request = CONTAINING_RECORD( link, DIRNOTIFY_REQUEST, Links );

        if (request->Data == Data) {

            taken = InterlockedExchangePointer( (PVOID *)&request->Data, NULL );
            InterlockedIncrement( &request->References );
            break;
        }
    }

    KeReleaseSpinLock( &DirNotifyLock, irql );

    if (taken != NULL) {

        FltCancelIo( request->Shadow );

        DirNotifyComplete( taken, STATUS_CANCELLED, 0 );
        DirNotifyReleaseRequest( request );
    }
}


static
VOID
FLTAPI
DirNotifySendAgain (
    _In_ PFLT_GENERIC_WORKITEM WorkItem,
    _In_ PVOID FltObject,
    _In_opt_ PVOID Context
    )
/*++

Routine Description:

    Sends a shadow again, in a thread that may.

Arguments:

    WorkItem - The request's work item, used again.

    FltObject - The instance.

    Context - The request, with the shadow's reference.

--*/
{
    PDIRNOTIFY_REQUEST request = Context;

    UNREFERENCED_PARAMETER( WorkItem );
    UNREFERENCED_PARAMETER( FltObject );

    if (request->Data == NULL) {

        DirNotifyReleaseRequest( request );

    } else {

        FltReuseCallbackData( request->Shadow );
        DirNotifySendShadow( request );
    }
}


VOID
FLTAPI
DirNotifyShadowDone (
    _In_ PFLT_CALLBACK_DATA Shadow,
    _In_opt_ PFLT_CONTEXT Context
    )
/*++

Routine Description:

    The file system has answered, in whatever thread something happened, at up to DISPATCH_LEVEL.

Arguments:

    Shadow - Our request.

    Context - The request that it stands for.

--*/
{
    PDIRNOTIFY_REQUEST request = Context;
    PFLT_CALLBACK_DATA data;
    BOOLEAN hadEntries = DirNotifyHasEntries( Shadow, 0 );

    if (hadEntries) {

        DirNotifyEditEntries( Shadow, request->Buffer );

        if ((Shadow->IoStatus.Information == 0) &&
            (request->Data != NULL) &&
            NT_SUCCESS( FltQueueGenericWorkItem( request->WorkItem,
                                                 request->Instance,
                                                 DirNotifySendAgain,
                                                 DelayedWorkQueue,
                                                 request ) )) {

            //
            //  All of it was hidden: nothing has happened, as far as the caller is concerned.
            //

            return;
        }
    }

    data = DirNotifyTakeData( request );

    if (data != NULL) {

        if (DirNotifyHasEntries( Shadow, 0 )) {

            RtlCopyMemory( request->CallerBuffer, request->Buffer, Shadow->IoStatus.Information );
        }

        DirNotifyComplete( data, Shadow->IoStatus.Status, Shadow->IoStatus.Information );
    }

    DirNotifyReleaseRequest( request );
}


static
VOID
DirNotifySendShadow (
    _In_ PDIRNOTIFY_REQUEST Request
    )
/*++

Routine Description:

    Asks the file system.

Arguments:

    Request - The request, with a reference for the shadow.

--*/
{
    PFLT_IO_PARAMETER_BLOCK iopb = Request->Shadow->Iopb;
    PFLT_CALLBACK_DATA shadow = Request->Shadow;

    //
    //  While we look at it the request must stay, whatever the shadow's callback does.
    //

    InterlockedIncrement( &Request->References );

    iopb->MajorFunction = IRP_MJ_DIRECTORY_CONTROL;
    iopb->MinorFunction = IRP_MN_NOTIFY_CHANGE_DIRECTORY;
    iopb->OperationFlags = Request->OperationFlags;
    iopb->Parameters.DirectoryControl.NotifyDirectory.Length = Request->Length;
    iopb->Parameters.DirectoryControl.NotifyDirectory.CompletionFilter = Request->CompletionFilter;
    iopb->Parameters.DirectoryControl.NotifyDirectory.DirectoryBuffer = Request->Buffer;
    iopb->Parameters.DirectoryControl.NotifyDirectory.MdlAddress = Request->Mdl;

    //
    //  The callback comes in any case, also for an error, and maybe before this returns.
    //

    FltPerformAsynchronousIo( shadow, DirNotifyShadowDone, Request );

    //
    //  Somebody has completed the caller's request meanwhile, and found no shadow to cancel.
    //

    if (Request->Data == NULL) {

        FltCancelIo( shadow );
    }

    DirNotifyReleaseRequest( Request );
}


static
PDIRNOTIFY_WATCH
DirNotifyGetWatch (
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    )
/*++

Routine Description:

    Finds what we know of a handle, or begins to know something of it.

Arguments:

    FltObjects - The instance and the file object.

Return Value:

    The watch, referenced; NULL if there is no memory.

--*/
{
    NTSTATUS status;
    PDIRNOTIFY_WATCH watch;
    PDIRNOTIFY_WATCH old = NULL;
    KIRQL irql;

    status = FltGetStreamHandleContext( FltObjects->Instance,
                                        FltObjects->FileObject,
                                        (PFLT_CONTEXT *)&watch );

    if (NT_SUCCESS( status )) {

        return watch;
    }

    status = FltAllocateContext( FltObjects->Filter,
                                 FLT_STREAMHANDLE_CONTEXT,
                                 sizeof(DIRNOTIFY_WATCH),
                                 NonPagedPool,
                                 (PFLT_CONTEXT *)&watch );

    if (!NT_SUCCESS( status )) {

        return NULL;
    }

    RtlZeroMemory( watch, sizeof(DIRNOTIFY_WATCH) );
    InitializeListHead( &watch->Links );
    watch->Directory = FltObjects->FileObject->FsContext;

    status = FltSetStreamHandleContext( FltObjects->Instance,
                                        FltObjects->FileObject,
                                        FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                        watch,
                                        (PFLT_CONTEXT *)&old );

    if (!NT_SUCCESS( status )) {

        FltReleaseContext( watch );

        return old;
    }

    KeAcquireSpinLock( &DirNotifyLock, &irql );
    InsertTailList( &DirNotifyWatches, &watch->Links );
    KeReleaseSpinLock( &DirNotifyLock, irql );

    return watch;
}


static
BOOLEAN
DirNotifyAnswerFromKept (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PDIRNOTIFY_WATCH Watch,
    _Out_writes_bytes_(Length) PUCHAR Buffer,
    _In_ ULONG Length
    )
/*++

Routine Description:

    Answers a request with the virtual names that came while nobody asked.

Arguments:

    Data - The request.

    Watch - The handle.

    Buffer - The caller's buffer.

    Length - Its length.

Return Value:

    FALSE if there is nothing to tell.

--*/
{
    ULONG kept;
    BOOLEAN overflow;
    KIRQL irql;

    KeAcquireSpinLock( &DirNotifyLock, &irql );

    kept = Watch->KeptLength;
    overflow = Watch->Overflow || (kept > Length);

    if (!overflow) {

        RtlCopyMemory( Buffer, Watch->Kept, kept );
    }

    Watch->KeptLength = 0;
    Watch->Overflow = FALSE;

    KeReleaseSpinLock( &DirNotifyLock, irql );

    if (overflow) {

        DirNotifyReturnNoEntries( Data );

        return TRUE;
    }

    Data->IoStatus.Status = STATUS_SUCCESS;
    Data->IoStatus.Information = kept;

    return kept != 0;
}


static
PDIRNOTIFY_REQUEST
DirNotifyCreateRequest (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PDIRNOTIFY_WATCH Watch,
    _In_ PUCHAR CallerBuffer
    )
/*++

Routine Description:

    Makes the shadow of a request.

Arguments:

    Data - The request.

    FltObjects - The instance and the file object.

    Watch - The handle; its reference goes to the request if there is one.

    CallerBuffer - The caller's buffer, by an address that is good everywhere.

Return Value:

    NULL if there is no memory.

--*/
{
    PDIRNOTIFY_REQUEST request;
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    KIRQL irql;

    request = ExAllocatePoolWithTag( NonPagedPool, sizeof(DIRNOTIFY_REQUEST), DIRNOTIFY_POOL_TAG );

    if (request == NULL) {

        return NULL;
    }

    RtlZeroMemory( request, sizeof(DIRNOTIFY_REQUEST) );
    request->References = 1;
    request->Instance = FltObjects->Instance;
    request->Data = Data;
    request->OperationFlags = Data->Iopb->OperationFlags;
    request->CompletionFilter = parameters->DirectoryControl.NotifyDirectory.CompletionFilter;
    request->Length = parameters->DirectoryControl.NotifyDirectory.Length;
    request->CallerBuffer = CallerBuffer;
    request->WorkItem = FltAllocateGenericWorkItem();
    request->Buffer = ExAllocatePoolWithTag( NonPagedPool, request->Length, DIRNOTIFY_POOL_TAG );

    KeAcquireSpinLock( &DirNotifyLock, &irql );
    InsertTailList( &DirNotifyRequests, &request->Links );
    KeReleaseSpinLock( &DirNotifyLock, irql );

    if ((request->WorkItem == NULL) ||
        (request->Buffer == NULL) ||
        ((request->Mdl = IoAllocateMdl( request->Buffer,
                                        request->Length,
                                        FALSE,
                                        FALSE,
                                        NULL )) == NULL) ||
        !NT_SUCCESS( FltAllocateCallbackData( FltObjects->Instance,
                                              FltObjects->FileObject,
                                              &request->Shadow ) )) {

        DirNotifyReleaseRequest( request );

        return NULL;
    }

    MmBuildMdlForNonPagedPool( request->Mdl );
    request->Watch = Watch;

    return request;
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

    Keeps a notification and asks the file system in its place.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_PENDING for a notification that waits; FLT_PREOP_COMPLETE for one that is answered.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    PDIRNOTIFY_WATCH watch;
    PDIRNOTIFY_REQUEST request;
    PUCHAR callerBuffer = NULL;

    UNREFERENCED_PARAMETER( CompletionContext );

    //
    //  A request without room for entries never gets any.
    //

    if ((Data->Iopb->MinorFunction != IRP_MN_NOTIFY_CHANGE_DIRECTORY) ||
        (parameters->DirectoryControl.NotifyDirectory.Length == 0)) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    //
    //  What is to be copied later is locked now, while the caller's thread is at hand.
    //

    if (NT_SUCCESS( FltLockUserBuffer( Data ) )) {

        callerBuffer =
            MmGetSystemAddressForMdlSafe( parameters->DirectoryControl.NotifyDirectory.MdlAddress,
                                          NormalPagePriority );
    }

    watch = DirNotifyGetWatch( FltObjects );

    if ((callerBuffer != NULL) &&
        (watch != NULL) &&
        DirNotifyAnswerFromKept( Data,
                                 watch,
                                 callerBuffer,
                                 parameters->DirectoryControl.NotifyDirectory.Length )) {

        FltReleaseContext( watch );

        return FLT_PREOP_COMPLETE;
    }

    request = ((callerBuffer == NULL) || (watch == NULL))
                  ? NULL
                  : DirNotifyCreateRequest( Data, FltObjects, watch, callerBuffer );

    if (request == NULL) {

        if (watch != NULL) {

            FltReleaseContext( watch );
        }

        Data->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
        Data->IoStatus.Information = 0;

        return FLT_PREOP_COMPLETE;
    }

    if (!NT_SUCCESS( FltSetCancelCompletion( Data, DirNotifyCanceled ) )) {

        //
        //  Cancelled on its way here.
        //

        DirNotifyReleaseRequest( request );

        Data->IoStatus.Status = STATUS_CANCELLED;
        Data->IoStatus.Information = 0;

        return FLT_PREOP_COMPLETE;
    }

    DirNotifySendShadow( request );

    return FLT_PREOP_PENDING;
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

    Never called: the pre-operation does not ask for it.

Arguments:

    Data, FltObjects, CompletionContext, Flags - Not used.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( CompletionContext );
    UNREFERENCED_PARAMETER( Flags );

    return FLT_POSTOP_FINISHED_PROCESSING;
}


NTSTATUS
DirNotifyAnnounce (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_reads_bytes_(NameLength) const WCHAR *Name,
    _In_ ULONG NameLength
    )
/*++

Routine Description:

    Tells everybody who watches a directory of a virtual name.

Arguments:

    FltObjects - The instance, its filter, its volume and the directory.

    Name - The name.

    NameLength - Its length in bytes.

Return Value:

    STATUS_SUCCESS.

--*/
{
    PDIRNOTIFY_WATCH watch;
    PDIRNOTIFY_REQUEST request;
    PFLT_CALLBACK_DATA data;
    PLIST_ENTRY watchLink;
    PLIST_ENTRY link;
    ULONG length;
    LIST_ENTRY taken;
    KIRQL irql;

    InitializeListHead( &taken );

    KeAcquireSpinLock( &DirNotifyLock, &irql );

    for (watchLink = DirNotifyWatches.Flink;
         watchLink != &DirNotifyWatches;
         watchLink = watchLink->Flink) {

        watch = CONTAINING_RECORD( watchLink, DIRNOTIFY_WATCH, Links );

        if (watch->Directory != FltObjects->FileObject->FsContext) {

            continue;
        }

        //
        //  The oldest request of the handle gets it; if there is none it is kept.
        //

        request = NULL;

        for (link = DirNotifyRequests.Flink; link != &DirNotifyRequests; link = link->Flink) {

            request = CONTAINING_RECORD( link, DIRNOTIFY_REQUEST, Links );

            if ((request->Watch == watch) && (request->Data != NULL)) {

                break;
            }

            request = NULL;
        }

        if (request != NULL) {

            InterlockedIncrement( &request->References );
            RemoveEntryList( &request->Links );
            InsertTailList( &taken, &request->Links );
            continue;
        }

        length = DirNotifyAppendEntry( watch->Kept,
                                       watch->KeptLength,
                                       DIRNOTIFY_KEPT_LENGTH,
                                       Name,
                                       NameLength );

        watch->KeptLength = length;
        watch->Overflow = watch->Overflow || (length == 0);
    }

    KeReleaseSpinLock( &DirNotifyLock, irql );

    while (!IsListEmpty( &taken )) {

        KeAcquireSpinLock( &DirNotifyLock, &irql );
        link = RemoveHeadList( &taken );
        InsertTailList( &DirNotifyRequests, link );
        KeReleaseSpinLock( &DirNotifyLock, irql );

        request = CONTAINING_RECORD( link, DIRNOTIFY_REQUEST, Links );
        data = DirNotifyTakeData( request );

        if (data != NULL) {

            length = DirNotifyAppendEntry( request->CallerBuffer, 0, request->Length, Name, NameLength );

            FltCancelIo( request->Shadow );

            DirNotifyComplete( data,
                               (length == 0) ? STATUS_NOTIFY_ENUM_DIR : STATUS_SUCCESS,
                               length );
        }

        DirNotifyReleaseRequest( request );
    }

    return STATUS_SUCCESS;
}


VOID
FLTAPI
DirNotifyInstanceTeardownStart (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    )
/*++

Routine Description:

    Our instance goes. The requests that it keeps are sent on: they wait in the file system from now
    on, and their callers notice nothing.

Arguments:

    FltObjects - The instance.

    Reason - Why.

--*/
{
    PDIRNOTIFY_REQUEST request;
    PFLT_CALLBACK_DATA data;
    PLIST_ENTRY link;
    KIRQL irql;

    UNREFERENCED_PARAMETER( Reason );

    for (;;) {

        request = NULL;

        KeAcquireSpinLock( &DirNotifyLock, &irql );

        for (link = DirNotifyRequests.Flink; link != &DirNotifyRequests; link = link->Flink) {

            request = CONTAINING_RECORD( link, DIRNOTIFY_REQUEST, Links );

            if ((request->Instance == FltObjects->Instance) && (request->Data != NULL)) {

                InterlockedIncrement( &request->References );
                break;
            }

            request = NULL;
        }

        KeReleaseSpinLock( &DirNotifyLock, irql );

        if (request == NULL) {

            return;
        }

        data = DirNotifyTakeData( request );

        //
        //  The shadow first: else it would take what belongs to the caller.
        //

        FltCancelIo( request->Shadow );

        if (data != NULL) {

            FltCompletePendedPreOperation( data, FLT_PREOP_SUCCESS_NO_CALLBACK, NULL );
        }

        DirNotifyReleaseRequest( request );
    }
}

#endif // DIRNOTIFY_PEND_AND_SHADOW
