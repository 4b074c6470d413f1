/*++

Module Name:

    operations.c

Abstract:

    The operations of the observer and the callbacks that all of them share.

    Nothing here is pageable: operations on the paging path must not cause page faults, and a
    post-operation callback may run at DISPATCH_LEVEL.

Environment:

    Kernel mode

--*/

#include "observer.h"

FLT_PREOP_CALLBACK_STATUS
FLTAPI
ObserverPreOperation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
ObserverPreOperationNoPostOperation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
ObserverPostOperation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

const FLT_OPERATION_REGISTRATION ObserverOperations[] = {

    //
    //  Operations of IRPs; reads, writes and some others come as fast I/O too. IRP_MJ_POWER and
    //  IRP_MJ_DEVICE_CHANGE are not sent to file systems and cannot be registered.
    //

    { IRP_MJ_CREATE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_CREATE_NAMED_PIPE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_CLOSE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_READ,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_WRITE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_QUERY_INFORMATION,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_SET_INFORMATION,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_QUERY_EA,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_SET_EA,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_FLUSH_BUFFERS,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_QUERY_VOLUME_INFORMATION,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_SET_VOLUME_INFORMATION,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_DIRECTORY_CONTROL,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_FILE_SYSTEM_CONTROL,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_DEVICE_CONTROL,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_INTERNAL_DEVICE_CONTROL,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    //
    //  After a shutdown nobody is left to be called: no post-operation here.
    //

    { IRP_MJ_SHUTDOWN,
      0,
      ObserverPreOperationNoPostOperation,
      NULL,
      NULL },

    { IRP_MJ_LOCK_CONTROL,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_CLEANUP,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_CREATE_MAILSLOT,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_QUERY_SECURITY,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_SET_SECURITY,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_SYSTEM_CONTROL,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_QUERY_QUOTA,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_SET_QUOTA,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_PNP,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    //
    //  FsFilter callbacks, by which the memory and cache managers take a file's locks.
    //

    { IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_ACQUIRE_FOR_MOD_WRITE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_RELEASE_FOR_MOD_WRITE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_ACQUIRE_FOR_CC_FLUSH,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_RELEASE_FOR_CC_FLUSH,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

#if defined(IRP_MJ_QUERY_OPEN) && (NTDDI_VERSION >= NTDDI_WIN10_RS2)

    //
    //  Attributes by name without an open: newer than NETWORK_QUERY_OPEN below, and beside it.
    //

    { IRP_MJ_QUERY_OPEN,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

#endif

    //
    //  What only ever comes as fast I/O.
    //

    { IRP_MJ_FAST_IO_CHECK_IF_POSSIBLE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_NETWORK_QUERY_OPEN,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_MDL_READ,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_MDL_READ_COMPLETE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_PREPARE_MDL_WRITE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_MDL_WRITE_COMPLETE,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    //
    //  Of volumes, not of files.
    //

    { IRP_MJ_VOLUME_MOUNT,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_VOLUME_DISMOUNT,
      0,
      ObserverPreOperation,
      ObserverPostOperation,
      NULL },

    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};


//
//  Counts operations, for the number that pairs the two callbacks of an instance.
//

static volatile LONG ObserverOperationCount;


static
ULONG_PTR
ObserverTellPreOperation (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_PREOP_CALLBACK_STATUS Returned
    )
/*++

Routine Description:

    Leaves a record of a pre-operation.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    Returned - What the callback is about to return.

Return Value:

    The completion context: the number of the operation above that of the instance. On a 32-bit system
    the number begins again after 67 million operations, long after its pair has been seen.

--*/
{
    ULONG_PTR operation = (ULONG)InterlockedIncrement( &ObserverOperationCount );
    ULONG instanceId = ObserverGetInstanceId( FltObjects->Instance );
    ULONG_PTR context = (operation << OBSERVER_INSTANCE_BITS) | instanceId;

    ObserverTellCallback( Data,
                          OBSERVER_PRE_OPERATION,
                          instanceId,
                          context >> OBSERVER_INSTANCE_BITS,
                          0,
                          Returned );

    return context;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
ObserverPreOperation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Sees an operation on its way down and asks to see how it ends.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives what the post-operation needs to know: a number, no memory.

Return Value:

    FLT_PREOP_SUCCESS_WITH_CALLBACK.

--*/
{
    *CompletionContext = (PVOID)ObserverTellPreOperation( Data,
                                                          FltObjects,
                                                          FLT_PREOP_SUCCESS_WITH_CALLBACK );

    return FLT_PREOP_SUCCESS_WITH_CALLBACK;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
ObserverPreOperationNoPostOperation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Sees an operation that has no post-operation.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SUCCESS_NO_CALLBACK.

--*/
{
    UNREFERENCED_PARAMETER( CompletionContext );

    (VOID)ObserverTellPreOperation( Data, FltObjects, FLT_PREOP_SUCCESS_NO_CALLBACK );

    return FLT_PREOP_SUCCESS_NO_CALLBACK;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
ObserverPostOperation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Sees an operation on its way up and leaves it as it is. It may come at DISPATCH_LEVEL.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - What the pre-operation has left.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    ULONG_PTR context = (ULONG_PTR)CompletionContext;

    UNREFERENCED_PARAMETER( FltObjects );

    ObserverTellCallback( Data,
                          OBSERVER_POST_OPERATION,
                          (ULONG)(context & (OBSERVER_INSTANCES_MOST - 1)),
                          context >> OBSERVER_INSTANCE_BITS,
                          Flags,
                          FLT_POSTOP_FINISHED_PROCESSING );

    return FLT_POSTOP_FINISHED_PROCESSING;
}
