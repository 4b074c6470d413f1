/*++

Module Name:

    read.c

Abstract:

    Reads of virtual files. Those of the memory manager (IRP_PAGING_IO) come in the middle of a page
    fault of whoever touched the mapping, at APC_LEVEL.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"


static
NTSTATUS
SectionSyncReadPages (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PSECTIONSYNC_FILE File,
    _In_ LARGE_INTEGER Offset,
    _In_ ULONG Length,
    _Out_writes_bytes_(Length) PVOID Buffer
    )
/*++

Routine Description:

    Reads a range of the contents by way of whole pages. The range must lie before the end of the
    file.

Arguments:

    FltObjects - The instance.

    File - The file.

    Offset, Length, Buffer - The range, and where it goes: a system address.

Return Value:

    STATUS_SUCCESS, or what the read of the real file came to.

--*/
{
    ULONG skip = (ULONG)(Offset.QuadPart & (SECTIONSYNC_PAGE_SIZE - 1));
    ULONG whole = (skip + Length + SECTIONSYNC_PAGE_SIZE - 1) & ~(SECTIONSYNC_PAGE_SIZE - 1);
    LARGE_INTEGER start;
    ULONG bytesRead;
    PVOID pages;
    NTSTATUS status;

    //
    //  Nonpaged: a page fault of our own in the middle of another one is not what we need.
    //

    pages = ExAllocatePoolWithTag( NonPagedPool, whole, SECTIONSYNC_TAG );

    if (pages == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    start.QuadPart = Offset.QuadPart - skip;
    status = SectionSyncReadReal( FltObjects, File, start, whole, pages, &bytesRead );

    if (NT_SUCCESS( status ) && (bytesRead < skip + Length)) {

        status = STATUS_END_OF_FILE;
    }

    if (NT_SUCCESS( status )) {

        RtlCopyMemory( Buffer, Add2Ptr( pages, skip ), Length );
    }

    ExFreePoolWithTag( pages, SECTIONSYNC_TAG );

    return status;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Reads virtual files.

Arguments:

    Data - The read.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE for a virtual file.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    LARGE_INTEGER offset = parameters->Read.ByteOffset;
    ULONG length = parameters->Read.Length;
    PSECTIONSYNC_FILE file;
    PVOID buffer;
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER( CompletionContext );

    file = SectionSyncGetFile( FltObjects );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (FLT_IS_FASTIO_OPERATION( Data )) {

        FltReleaseContext( file );

        return FLT_PREOP_DISALLOW_FASTIO;
    }

    if (offset.QuadPart >= file->Size.QuadPart) {

        status = (length == 0) ? STATUS_SUCCESS : STATUS_END_OF_FILE;
        length = 0;

    } else if (length > file->Size.QuadPart - offset.QuadPart) {

        length = (ULONG)(file->Size.QuadPart - offset.QuadPart);
    }

    //
    //  Another thread may have to fill the buffer, so it must be good in any process. A paging read
    //  brings an MDL.
    //

    if (NT_SUCCESS( status ) && (length > 0) && (parameters->Read.MdlAddress == NULL)) {

        status = FltLockUserBuffer( Data );
    }

    if (NT_SUCCESS( status ) && (length > 0)) {

        buffer = MmGetSystemAddressForMdlSafe( parameters->Read.MdlAddress, NormalPagePriority );

        if (buffer == NULL) {

            status = STATUS_INSUFFICIENT_RESOURCES;

        } else if (file->Contents != NULL) {

            RtlCopyMemory( buffer, Add2Ptr( file->Contents, (SIZE_T)offset.QuadPart ), length );

        } else {

            status = SectionSyncReadPages( FltObjects, file, offset, length, buffer );
        }
    }

    if (NT_SUCCESS( status ) && !FlagOn( Data->Iopb->IrpFlags, IRP_PAGING_IO ) &&
        FlagOn( FltObjects->FileObject->Flags, FO_SYNCHRONOUS_IO )) {

        FltObjects->FileObject->CurrentByteOffset.QuadPart = offset.QuadPart + length;
    }

    FltReleaseContext( file );

    return SectionSyncComplete( Data, status, NT_SUCCESS( status ) ? length : 0 );
}
