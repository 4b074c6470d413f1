/*++

Module Name:

    zwRead.c

Abstract:

    The variants that read the real file through a handle, as an application does.

    The handle is a synchronous one: ZwReadFile waits. If a driver below pends the request, it waits
    for the second stage of its completion, which is a special kernel APC in this very thread. Where
    special kernel APCs are held back, in a guarded region or at APC_LEVEL, that APC never runs: the
    request is complete, and the thread waits in IopSynchronousServiceTail for ever.

    Whether a driver below pends is its own affair. A file that is open without a cache makes it
    likely (PENDED); with a cache the bytes are often there (INLINE), and the hang comes once in a
    while.

    A critical region holds back normal kernel APCs only, so that ZwReadFile gets through there:
    between acquire and release for section synchronization the contents can be read
    (CRITICAL_REGION).

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_ZW_READ_PENDED) || defined(SECTIONSYNC_ZW_READ_INLINE) || \
    defined(SECTIONSYNC_ZW_READ_CRITICAL_REGION)

#if defined(SECTIONSYNC_ZW_READ_INLINE)
#define SECTIONSYNC_REAL_OPTIONS (FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE)
#else
#define SECTIONSYNC_REAL_OPTIONS                                                                \
    (FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE | FILE_NO_INTERMEDIATE_BUFFERING)
#endif


NTSTATUS
SectionSyncOpenReal (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING Name,
    _Inout_ PSECTIONSYNC_FILE File
    )
/*++

Routine Description:

    Opens the real file, from the top of the stack. A kernel handle, because the reads come in any
    process.

--*/
{
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK ioStatus;

    UNREFERENCED_PARAMETER( FltObjects );

    InitializeObjectAttributes( &attributes,
                                Name,
                                OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE,
                                NULL,
                                NULL );

    return ZwCreateFile( &File->RealHandle,
                         FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                         &attributes,
                         &ioStatus,
                         NULL,
                         0,
                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                         FILE_OPEN,
                         SECTIONSYNC_REAL_OPTIONS,
                         NULL,
                         0 );
}


NTSTATUS
SectionSyncQueryRealSize (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Inout_ PSECTIONSYNC_FILE File
    )
/*++

Routine Description:

    Asks for the size of the real file.

--*/
{
    FILE_STANDARD_INFORMATION standard;
    IO_STATUS_BLOCK ioStatus;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( FltObjects );

    status = ZwQueryInformationFile( File->RealHandle,
                                     &ioStatus,
                                     &standard,
                                     sizeof(standard),
                                     FileStandardInformation );

    if (NT_SUCCESS( status )) {

        File->Size = standard.EndOfFile;
    }

    return status;
}


NTSTATUS
SectionSyncReadReal (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PSECTIONSYNC_FILE File,
    _In_ LARGE_INTEGER Offset,
    _In_ ULONG Length,
    _Out_writes_bytes_(Length) PVOID Buffer,
    _Out_ PULONG BytesRead
    )
/*++

Routine Description:

    Reads the real file in the thread that wants the bytes.

--*/
{
    IO_STATUS_BLOCK ioStatus;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( FltObjects );

    status = ZwReadFile( File->RealHandle,
                         NULL,
                         NULL,
                         NULL,
                         &ioStatus,
                         Buffer,
                         Length,
                         &Offset,
                         NULL );

    *BytesRead = NT_SUCCESS( status ) ? (ULONG)ioStatus.Information : 0;

    return status;
}


VOID
SectionSyncPrepareContents (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Inout_ PSECTIONSYNC_FILE File
    )
/*++

Routine Description:

    Called between acquire and release for section synchronization, in a critical region. Reads
    everything while it can still be read here, so that page faults find it in memory.

--*/
{
#if defined(SECTIONSYNC_ZW_READ_CRITICAL_REGION)

    ULONG whole = (ULONG)((File->Size.QuadPart + SECTIONSYNC_PAGE_SIZE - 1) &
                          ~((LONGLONG)SECTIONSYNC_PAGE_SIZE - 1));
    LARGE_INTEGER start = { 0 };
    ULONG bytesRead;
    PVOID contents;

    if ((File->Contents != NULL) || (whole == 0)) {

        return;
    }

    contents = ExAllocatePoolWithTag( NonPagedPool, whole, SECTIONSYNC_TAG );

    if (contents == NULL) {

        return;
    }

    if (NT_SUCCESS( SectionSyncReadReal( FltObjects, File, start, whole, contents, &bytesRead ) ) &&
        (bytesRead >= File->Size.QuadPart)) {

        File->Contents = contents;

    } else {

        ExFreePoolWithTag( contents, SECTIONSYNC_TAG );
    }

#else

    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( File );

#endif
}

#endif // SECTIONSYNC_ZW_READ_PENDED, INLINE or CRITICAL_REGION
