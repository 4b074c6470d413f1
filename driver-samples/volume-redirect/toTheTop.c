/*++

Module Name:

    toTheTop.c

Abstract:

    The variant that reads from the top of the target's stack.

    A redirected request is seen by those below our altitude in our frame on the target, and by
    nobody above: not by the filters above us in the frame, and not by those of higher frames. That is
    as it is with every request that a filter makes for itself. But here the caller gets bytes of the
    target, and a filter there may have a say in that: one that decrypts what it lets through, or that
    keeps secrets from some. If such a filter stands above our altitude, the read has to begin at the
    top, as any other caller's would. The other file has been opened so, see open.c, and is read so.

Environment:

    Kernel mode

--*/

#include "volumeredirect.h"

#if defined(VOLUMEREDIRECT_TO_THE_TOP)


VOID
VolumeRedirectLinked (
    _In_ PFLT_INSTANCE SourceInstance,
    _Inout_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    This variant has nothing to prepare.

--*/
{
    UNREFERENCED_PARAMETER( SourceInstance );
    UNREFERENCED_PARAMETER( InstanceContext );
}


VOID
VolumeRedirectOpened (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    )
/*++

Routine Description:

    This variant has nothing to prepare.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( InstanceContext );
}


FLT_PREOP_CALLBACK_STATUS
VolumeRedirectRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext,
    _In_ PVOLUMEREDIRECT_HANDLE_CONTEXT HandleContext
    )
/*++

Routine Description:

    Reads the other file through its handle, and completes the caller's read with the result.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    InstanceContext - Not used.

    HandleContext - The other file.

Return Value:

    FLT_PREOP_COMPLETE.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    IO_STATUS_BLOCK ioStatus = { 0 };
    LARGE_INTEGER offset = parameters->Read.ByteOffset;
    PVOID buffer = NULL;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( InstanceContext );

    //
    //  ZwReadFile takes its caller for the kernel and checks no address, so it must not get the
    //  caller's. The locked buffer has an address of the system's.
    //

    status = FltLockUserBuffer( Data );

    if (NT_SUCCESS( status )) {

        if (parameters->Read.MdlAddress != NULL) {

            buffer = MmGetSystemAddressForMdlSafe( parameters->Read.MdlAddress, NormalPagePriority );
        }

        status = (buffer == NULL) ? STATUS_INSUFFICIENT_RESOURCES
                                  : ZwReadFile( HandleContext->Handle,
                                                NULL,
                                                NULL,
                                                NULL,
                                                &ioStatus,
                                                buffer,
                                                parameters->Read.Length,
                                                &offset,
                                                NULL );
    }

    Data->IoStatus.Status = status;
    Data->IoStatus.Information = NT_SUCCESS( status ) ? ioStatus.Information : 0;

    VolumeRedirectNotePosition( Data, FltObjects );

    return FLT_PREOP_COMPLETE;
}

#endif // VOLUMEREDIRECT_TO_THE_TOP
