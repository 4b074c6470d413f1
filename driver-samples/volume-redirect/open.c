/*++

Module Name:

    open.c

Abstract:

    Opening: when a file in our folder has been opened on the source, the sample opens the other file
    and keeps it as long as the caller keeps its own.

    A file object belongs to the volume on which it was opened. What stands below us on the target
    has to get one of the target's, so we need an open of our own there; the caller's file object on
    another volume is a bug that NTFS does not survive unharmed.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

static
BOOLEAN
VolumeRedirectIsOurs (
    _In_ PFLT_FILE_NAME_INFORMATION NameInformation
    );

static
NTSTATUS
VolumeRedirectOpenOther (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext,
    _In_ PFLT_FILE_NAME_INFORMATION NameInformation
    );

static
NTSTATUS
VolumeRedirectKeepOther (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ HANDLE Handle
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, VolumeRedirectPreCreate)
#pragma alloc_text(PAGE, VolumeRedirectPostCreate)
#pragma alloc_text(PAGE, VolumeRedirectIsOurs)
#pragma alloc_text(PAGE, VolumeRedirectOpenOther)
#pragma alloc_text(PAGE, VolumeRedirectKeepOther)
#pragma alloc_text(PAGE, VolumeRedirectHandleContextCleanup)
#endif


FLT_PREOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Asks for the post-operation of creates on the source.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Receives the instance context.

Return Value:

    FLT_PREOP_SYNCHRONIZE on the source, as long as there is a target.

--*/
{
    PVOLUMEREDIRECT_INSTANCE_CONTEXT instanceContext;

    PAGED_CODE();

    if (FlagOn( Data->Iopb->OperationFlags, SL_OPEN_TARGET_DIRECTORY | SL_OPEN_PAGING_FILE )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (!NT_SUCCESS( FltGetInstanceContext( FltObjects->Instance, (PFLT_CONTEXT *)&instanceContext ))) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    *CompletionContext = instanceContext;

    return FLT_PREOP_SYNCHRONIZE;
}


FLT_POSTOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPostCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Opens the other file for a file of our folder. Where there is none, the caller reads its own.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - The instance context.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    PVOLUMEREDIRECT_INSTANCE_CONTEXT instanceContext = CompletionContext;
    PFLT_FILE_NAME_INFORMATION nameInformation;
    NTSTATUS status;

    PAGED_CODE();

    if (FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING ) ||
        Data->IoStatus.Status != STATUS_SUCCESS) {

        FltReleaseContext( instanceContext );

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    status = FltGetFileNameInformation( Data,
                                        FLT_FILE_NAME_NORMALIZED | FLT_FILE_NAME_QUERY_DEFAULT,
                                        &nameInformation );

    if (NT_SUCCESS( status )) {

        status = FltParseFileNameInformation( nameInformation );

        if (NT_SUCCESS( status ) && VolumeRedirectIsOurs( nameInformation )) {

            status = VolumeRedirectOpenOther( FltObjects, instanceContext, nameInformation );

            //
            //  Before the create is back with the caller: every request that the caller will send
            //  on this file is allocated later than what is done here.
            //

            if (NT_SUCCESS( status )) {

                VolumeRedirectOpened( FltObjects, instanceContext );
            }
        }

        FltReleaseFileNameInformation( nameInformation );
    }

    FltReleaseContext( instanceContext );

    return FLT_POSTOP_FINISHED_PROCESSING;
}


static
BOOLEAN
VolumeRedirectIsOurs (
    _In_ PFLT_FILE_NAME_INFORMATION NameInformation
    )
/*++

Routine Description:

    Says whether a file lies in our folder.

Arguments:

    NameInformation - The name of the file, parsed.

Return Value:

    TRUE if it does.

--*/
{
    UNICODE_STRING folder;

    PAGED_CODE();

    RtlInitUnicodeString( &folder, VOLUMEREDIRECT_FOLDER );

    return (BOOLEAN)(NameInformation->FinalComponent.Length != 0 &&
                     RtlEqualUnicodeString( &NameInformation->ParentDir, &folder, TRUE ));
}


static
NTSTATUS
VolumeRedirectOpenOther (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext,
    _In_ PFLT_FILE_NAME_INFORMATION NameInformation
    )
/*++

Routine Description:

    Opens the other file and hangs it onto the caller's.

Arguments:

    FltObjects - The instance, its filter, its volume and the file.

    InstanceContext - Says on which volume the other file is.

    NameInformation - The name of the caller's file, parsed.

Return Value:

    STATUS_SUCCESS, or why there is no other file.

--*/
{
    UNICODE_STRING path;
    UNICODE_STRING suffix;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK ioStatus;
    PFLT_INSTANCE instance;
    ULONG options = FILE_NON_DIRECTORY_FILE;
    ACCESS_MASK access = FILE_READ_DATA;
    HANDLE handle;
    NTSTATUS status;

    PAGED_CODE();

#if defined(VOLUMEREDIRECT_OTHER_ON_SOURCE)

    RtlInitUnicodeString( &suffix, VOLUMEREDIRECT_SUFFIX );
    instance = FltObjects->Instance;

#elif defined(VOLUMEREDIRECT_OTHER_FROM_TOP)

    //
    //  No instance: the open goes through the whole stack of the target, and so do the reads that
    //  follow. ZwReadFile waits, so the file is opened for waiting.
    //

    RtlInitUnicodeString( &suffix, NULL );
    instance = NULL;
    options |= FILE_SYNCHRONOUS_IO_NONALERT;
    access |= SYNCHRONIZE;

#else

    //
    //  An open that only those below our instance on the target see, as they alone will see the
    //  reads.
    //

    RtlInitUnicodeString( &suffix, NULL );
    instance = InstanceContext->TargetInstance;

#endif

    //
    //  The name is the volume's and what follows the volume in the caller's.
    //

    path.Buffer = (PWCHAR)((PUCHAR)NameInformation->Name.Buffer + NameInformation->Volume.Length);
    path.Length = (USHORT)(NameInformation->Name.Length - NameInformation->Volume.Length);
    path.MaximumLength = path.Length;

    if ((ULONG)InstanceContext->VolumeName.Length + path.Length + suffix.Length > UNICODE_STRING_MAX_BYTES) {

        return STATUS_NAME_TOO_LONG;
    }

    name.Length = 0;
    name.MaximumLength = InstanceContext->VolumeName.Length + path.Length + suffix.Length;
    name.Buffer = ExAllocatePoolWithTag( PagedPool, name.MaximumLength, VOLUMEREDIRECT_TAG );

    if (name.Buffer == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    RtlCopyUnicodeString( &name, &InstanceContext->VolumeName );
    (VOID)RtlAppendUnicodeStringToString( &name, &path );
    (VOID)RtlAppendUnicodeStringToString( &name, &suffix );

    InitializeObjectAttributes( &attributes,
                                &name,
                                OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE,
                                NULL,
                                NULL );

    status = FltCreateFile( VolumeRedirectGlobals.Filter,
                            instance,
                            &handle,
                            access,
                            &attributes,
                            &ioStatus,
                            NULL,
                            FILE_ATTRIBUTE_NORMAL,
                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                            FILE_OPEN,
                            options,
                            NULL,
                            0,
                            0 );

    ExFreePoolWithTag( name.Buffer, VOLUMEREDIRECT_TAG );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    //
    //  The context owns the handle from here on.
    //

    return VolumeRedirectKeepOther( FltObjects, handle );
}


static
NTSTATUS
VolumeRedirectKeepOther (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ HANDLE Handle
    )
/*++

Routine Description:

    Hangs the other file onto the caller's, or closes it.

Arguments:

    FltObjects - The instance, its filter, its volume and the file.

    Handle - The other file.

Return Value:

    STATUS_SUCCESS, or why it could not be kept.

--*/
{
    PVOLUMEREDIRECT_HANDLE_CONTEXT context;
    NTSTATUS status;

    PAGED_CODE();

    status = FltAllocateContext( VolumeRedirectGlobals.Filter,
                                 FLT_STREAMHANDLE_CONTEXT,
                                 sizeof(VOLUMEREDIRECT_HANDLE_CONTEXT),
                                 NonPagedPool,
                                 (PFLT_CONTEXT *)&context );

    if (!NT_SUCCESS( status )) {

        FltClose( Handle );

        return status;
    }

    context->Handle = Handle;
    context->FileObject = NULL;

    status = ObReferenceObjectByHandle( Handle,
                                        FILE_READ_DATA,
                                        *IoFileObjectType,
                                        KernelMode,
                                        (PVOID *)&context->FileObject,
                                        NULL );

    if (NT_SUCCESS( status )) {

        status = FltSetStreamHandleContext( FltObjects->Instance,
                                            FltObjects->FileObject,
                                            FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                            context,
                                            NULL );
    }

    //
    //  If it is not hung anywhere, this was the last reference, and the cleanup closes the file.
    //

    FltReleaseContext( context );

    return status;
}


VOID
FLTAPI
VolumeRedirectHandleContextCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    )
/*++

Routine Description:

    Called when the caller's file has been closed and no read of it is under way any more.

Arguments:

    Context - The context.

    ContextType - FLT_STREAMHANDLE_CONTEXT.

--*/
{
    PVOLUMEREDIRECT_HANDLE_CONTEXT context = Context;

    UNREFERENCED_PARAMETER( ContextType );

    PAGED_CODE();

    if (context->FileObject != NULL) {

        ObDereferenceObject( context->FileObject );
    }

    FltClose( context->Handle );
}
