/*++

Module Name:

    fltRead.c

Abstract:

    The variants that read the real file through the Filter Manager, from below this instance.

    FltReadFile waits for an event of its own, not for an APC, so it does not hang where
    ZwReadFile does. The verifier objects all the same when special kernel APCs are held back: the
    routine wants PASSIVE_LEVEL and APCs enabled (FLT_READ). What satisfies everybody is to leave
    the read to a worker thread there and to wait for it (WORKER).

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#if defined(SECTIONSYNC_FLT_READ) || defined(SECTIONSYNC_WORKER)


NTSTATUS
SectionSyncOpenReal (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING Name,
    _Inout_ PSECTIONSYNC_FILE File
    )
/*++

Routine Description:

    Opens the real file below this instance.

--*/
{
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK ioStatus;
    NTSTATUS status;

    InitializeObjectAttributes( &attributes,
                                Name,
                                OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE,
                                NULL,
                                NULL );

    status = FltCreateFile( SectionSyncFilter,
                            FltObjects->Instance,
                            &File->RealHandle,
                            FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                            &attributes,
                            &ioStatus,
                            NULL,
                            0,
                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                            FILE_OPEN,
                            FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE |
                                FILE_NO_INTERMEDIATE_BUFFERING,
                            NULL,
                            0,
                            0 );

    if (!NT_SUCCESS( status )) {

        File->RealHandle = NULL;

        return status;
    }

    return ObReferenceObjectByHandle( File->RealHandle,
                                      FILE_READ_DATA,
                                      *IoFileObjectType,
                                      KernelMode,
                                      (PVOID *)&File->RealFileObject,
                                      NULL );
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
    NTSTATUS status;

    status = FltQueryInformationFile( FltObjects->Instance,
                                      File->RealFileObject,
                                      &standard,
                                      sizeof(standard),
                                      FileStandardInformation,
                                      NULL );

    if (NT_SUCCESS( status )) {

        File->Size = standard.EndOfFile;
    }

    return status;
}


//
//  A read that may be another thread's.
//

typedef struct _SECTIONSYNC_READ {

    PFLT_INSTANCE Instance;
    PSECTIONSYNC_FILE File;
    LARGE_INTEGER Offset;
    ULONG Length;
    PVOID Buffer;

    ULONG BytesRead;
    NTSTATUS Status;
    KEVENT Done;

} SECTIONSYNC_READ, *PSECTIONSYNC_READ;


static
VOID
SectionSyncReadHere (
    _Inout_ PSECTIONSYNC_READ Read
    )
/*++

Routine Description:

    Reads the real file in this thread.

--*/
{
    Read->BytesRead = 0;
    Read->Status = FltReadFile( Read->Instance,
                                Read->File->RealFileObject,
                                &Read->Offset,
                                Read->Length,
                                Read->Buffer,
                                FLTFL_IO_OPERATION_NON_CACHED |
                                    FLTFL_IO_OPERATION_DO_NOT_UPDATE_BYTE_OFFSET,
                                &Read->BytesRead,
                                NULL,
                                NULL );
}

#if defined(SECTIONSYNC_WORKER)

static
VOID
FLTAPI
SectionSyncReadThere (
    _In_ PFLT_GENERIC_WORKITEM WorkItem,
    _In_ PVOID FltObject,
    _In_opt_ PVOID Context
    )
/*++

Routine Description:

    The same in a worker thread, at PASSIVE_LEVEL and with APCs enabled.

--*/
{
    PSECTIONSYNC_READ read = Context;

    UNREFERENCED_PARAMETER( WorkItem );
    UNREFERENCED_PARAMETER( FltObject );

    SectionSyncReadHere( read );
    KeSetEvent( &read->Done, IO_NO_INCREMENT, FALSE );
}


static
NTSTATUS
SectionSyncPostRead (
    _Inout_ PSECTIONSYNC_READ Read
    )
/*++

Routine Description:

    Has a worker thread read, and waits for it. The wait needs no APC.

--*/
{
    PFLT_GENERIC_WORKITEM workItem;
    NTSTATUS status;

    workItem = FltAllocateGenericWorkItem();

    if (workItem == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    KeInitializeEvent( &Read->Done, NotificationEvent, FALSE );

    status = FltQueueGenericWorkItem( workItem,
                                      Read->Instance,
                                      SectionSyncReadThere,
                                      CriticalWorkQueue,
                                      Read );

    if (NT_SUCCESS( status )) {

        (VOID) KeWaitForSingleObject( &Read->Done, Executive, KernelMode, FALSE, NULL );
    }

    FltFreeGenericWorkItem( workItem );

    return status;
}

#endif // SECTIONSYNC_WORKER


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

    Reads the real file.

--*/
{
    SECTIONSYNC_READ read;

    RtlZeroMemory( &read, sizeof(read) );
    read.Instance = FltObjects->Instance;
    read.File = File;
    read.Offset = Offset;
    read.Length = Length;
    read.Buffer = Buffer;

#if defined(SECTIONSYNC_WORKER)

    //
    //  KeAreAllApcsDisabled would be exact, but it is not exported before Windows Server 2003.
    //

    if ((KeGetCurrentIrql() >= APC_LEVEL) || KeAreApcsDisabled()) {

        NTSTATUS status = SectionSyncPostRead( &read );

        if (!NT_SUCCESS( status )) {

            read.Status = status;
        }

    } else {

        SectionSyncReadHere( &read );
    }

#else

    SectionSyncReadHere( &read );

#endif

    *BytesRead = NT_SUCCESS( read.Status ) ? read.BytesRead : 0;

    return read.Status;
}


VOID
SectionSyncPrepareContents (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Inout_ PSECTIONSYNC_FILE File
    )
/*++

Routine Description:

    Called between acquire and release: nothing to prepare.

--*/
{
    UNREFERENCED_PARAMETER( FltObjects );
    UNREFERENCED_PARAMETER( File );
}

#endif // SECTIONSYNC_FLT_READ or SECTIONSYNC_WORKER
