/*++

Module Name:

    recall.c

Abstract:

    Recalls: copies an archived file into a temporary one. Everything that is opened here is opened
    below us, so that we do not meet our own creates.

Environment:

    Kernel mode

--*/

#include "hsmrecall.h"

#define HSM_CHUNK_LENGTH 4096
#define HSM_NUMBER_LENGTH (10 * sizeof(WCHAR))

static LONG HsmRecalls;

static
NTSTATUS
HsmCopyData (
    _In_ PFLT_INSTANCE SourceInstance,
    _In_ PFILE_OBJECT Source,
    _In_ PHSM_COPY Copy
    );

static
NTSTATUS
HsmNameBeside (
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING Relative,
    _In_ USHORT Room,
    _Out_ PUNICODE_STRING Name
    );

static
NTSTATUS
HsmNameCopy (
    _In_ PUNICODE_STRING StubName,
    _In_ LONG Number,
    _Out_ PUNICODE_STRING Name
    );

static
NTSTATUS
HsmFindInstance (
    _In_ PFILE_OBJECT FileObject,
    _Outptr_ PFLT_INSTANCE *Instance
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HsmRecall)
#pragma alloc_text(PAGE, HsmCloseCopy)
#pragma alloc_text(PAGE, HsmOpen)
#pragma alloc_text(PAGE, HsmAllocateName)
#pragma alloc_text(PAGE, HsmFreeName)
#pragma alloc_text(PAGE, HsmCopyData)
#pragma alloc_text(PAGE, HsmNameBeside)
#pragma alloc_text(PAGE, HsmNameCopy)
#pragma alloc_text(PAGE, HsmFindInstance)
#endif


NTSTATUS
HsmAllocateName (
    _Out_ PUNICODE_STRING Name,
    _In_ USHORT Length
    )
/*++

Routine Description:

    Makes an empty string with room for a name.

Arguments:

    Name - The string.

    Length - Room, in bytes.

Return Value:

    STATUS_SUCCESS or STATUS_INSUFFICIENT_RESOURCES.

--*/
{
    PAGED_CODE();

    Name->Length = 0;
    Name->MaximumLength = Length;
    Name->Buffer = ExAllocatePoolWithTag( PagedPool, Length, HSM_POOL_TAG );

    return (Name->Buffer == NULL) ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}


VOID
HsmFreeName (
    _Inout_ PUNICODE_STRING Name
    )
/*++

Routine Description:

    Frees what HsmAllocateName allocated.

Arguments:

    Name - The string; it may be free already.

--*/
{
    PAGED_CODE();

    if (Name->Buffer != NULL) {

        ExFreePoolWithTag( Name->Buffer, HSM_POOL_TAG );
        RtlInitUnicodeString( Name, NULL );
    }
}


NTSTATUS
HsmOpen (
    _In_opt_ PFLT_INSTANCE Instance,
    _In_ PUNICODE_STRING Name,
    _In_ ACCESS_MASK DesiredAccess,
    _In_ ULONG Disposition,
    _In_ ULONG Options,
    _Out_ PHANDLE Handle,
    _Outptr_ PFILE_OBJECT *FileObject
    )
/*++

Routine Description:

    Opens a file for ourselves.

Arguments:

    Instance - The create goes to the instances below it; without one it goes to the top of the
        stack of whatever volume the name leads to.

    Name - Full name.

    DesiredAccess, Disposition, Options - As of FltCreateFile; the file is opened for synchronous I/O.

    Handle, FileObject - Receive the open file.

Return Value:

    The status of the create.

--*/
{
    NTSTATUS status;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK ioStatus;

    PAGED_CODE();

    *FileObject = NULL;

    InitializeObjectAttributes( &attributes,
                                Name,
                                OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE,
                                NULL,
                                NULL );

    status = FltCreateFile( HsmFilter,
                            Instance,
                            Handle,
                            DesiredAccess | SYNCHRONIZE,
                            &attributes,
                            &ioStatus,
                            NULL,
                            FILE_ATTRIBUTE_NORMAL,
                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                            Disposition,
                            Options | FILE_SYNCHRONOUS_IO_NONALERT,
                            NULL,
                            0,
                            0 );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = ObReferenceObjectByHandle( *Handle,
                                        0,
                                        *IoFileObjectType,
                                        KernelMode,
                                        (PVOID *)FileObject,
                                        NULL );

    if (!NT_SUCCESS( status )) {

        FltClose( *Handle );
    }

    return status;
}


static
NTSTATUS
HsmFindInstance (
    _In_ PFILE_OBJECT FileObject,
    _Outptr_ PFLT_INSTANCE *Instance
    )
/*++

Routine Description:

    Finds our instance on the volume of an open file.

Arguments:

    FileObject - The file.

    Instance - Receives the instance, referenced.

Return Value:

    STATUS_SUCCESS, or why there is none.

--*/
{
    NTSTATUS status;
    PFLT_VOLUME volume;

    PAGED_CODE();

    status = FltGetVolumeFromFileObject( HsmFilter, FileObject, &volume );

    if (NT_SUCCESS( status )) {

        status = FltGetVolumeInstanceFromName( HsmFilter, volume, NULL, Instance );

        FltObjectDereference( volume );
    }

    return status;
}


static
NTSTATUS
HsmNameBeside (
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING Relative,
    _In_ USHORT Room,
    _Out_ PUNICODE_STRING Name
    )
/*++

Routine Description:

    Makes the full name of something below the folder of a stub.

Arguments:

    StubName - Full name of the stub.

    Relative - Name relative to its folder.

    Room - Bytes to leave free behind it.

    Name - Receives the name; free it with HsmFreeName.

Return Value:

    STATUS_SUCCESS, or why there is none.

--*/
{
    NTSTATUS status;
    UNICODE_STRING folder = *StubName;

    PAGED_CODE();

    while ((folder.Length > 0) &&
           (folder.Buffer[folder.Length / sizeof(WCHAR) - 1] != OBJ_NAME_PATH_SEPARATOR)) {

        folder.Length -= sizeof(WCHAR);
    }

    status = HsmAllocateName( Name, folder.Length + Relative->Length + Room );

    if (NT_SUCCESS( status )) {

        RtlCopyUnicodeString( Name, &folder );

        status = RtlAppendUnicodeStringToString( Name, Relative );
    }

    return status;
}


static
NTSTATUS
HsmNameCopy (
    _In_ PUNICODE_STRING StubName,
    _In_ LONG Number,
    _Out_ PUNICODE_STRING Name
    )
/*++

Routine Description:

    Makes up the full name of a new temporary file.

Arguments:

    StubName - Full name of the stub.

    Number - The number of this recall.

    Name - Receives the name; free it with HsmFreeName.

Return Value:

    STATUS_SUCCESS, or why there is none.

--*/
{
    NTSTATUS status;
    UNICODE_STRING folder;
    UNICODE_STRING number;

    PAGED_CODE();

#if defined(HSM_TEMP_ON_OTHER_VOLUME)

    UNREFERENCED_PARAMETER( StubName );

    RtlInitUnicodeString( &folder, HSM_OTHER_FOLDER );

    status = HsmAllocateName( Name, folder.Length + HSM_NUMBER_LENGTH );

    if (NT_SUCCESS( status )) {

        RtlCopyUnicodeString( Name, &folder );
    }

#else

    RtlInitUnicodeString( &folder, HSM_RECALLED_FOLDER );

    status = HsmNameBeside( StubName, &folder, HSM_NUMBER_LENGTH, Name );

#endif

    if (!NT_SUCCESS( status )) {

        HsmFreeName( Name );
        return status;
    }

    //
    //  The number is written right behind the folder.
    //

    number.Buffer = Name->Buffer + Name->Length / sizeof(WCHAR);
    number.Length = 0;
    number.MaximumLength = Name->MaximumLength - Name->Length;

    status = RtlIntegerToUnicodeString( (ULONG)Number, 10, &number );

    if (!NT_SUCCESS( status )) {

        HsmFreeName( Name );
        return status;
    }

    Name->Length += number.Length;

    return STATUS_SUCCESS;
}


NTSTATUS
HsmRecall (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING ArchivedName,
    _Out_ PHSM_COPY Copy
    )
/*++

Routine Description:

    Fetches an archived file. This is what takes its time in life: it should be done once for each
    file that somebody wants, and not once for each create.

Arguments:

    FltObjects - Our instance on the volume of the stub.

    StubName - Full name of the stub.

    ArchivedName - Path of the archived file, relative to the folder of the stub.

    Copy - Receives the copy, open. Close it with HsmCloseCopy.

Return Value:

    STATUS_SUCCESS, or why it cannot be fetched.

--*/
{
    NTSTATUS status;
    UNICODE_STRING archived;
    HANDLE source;
    PFILE_OBJECT sourceObject;
    PFLT_INSTANCE below = FltObjects->Instance;
    LONG number;

    PAGED_CODE();

    RtlZeroMemory( Copy, sizeof(HSM_COPY) );
    RtlInitUnicodeString( &archived, NULL );

    number = InterlockedIncrement( &HsmRecalls );

    //
    //  Where it is.
    //

    status = HsmNameBeside( StubName, ArchivedName, 0, &archived );

    if (NT_SUCCESS( status )) {

        status = HsmOpen( FltObjects->Instance,
                          &archived,
                          FILE_READ_DATA,
                          FILE_OPEN,
                          FILE_NON_DIRECTORY_FILE,
                          &source,
                          &sourceObject );
    }

    HsmFreeName( &archived );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    //
    //  Where it goes. On another volume the create cannot begin below our instance here.
    //

#if defined(HSM_TEMP_ON_OTHER_VOLUME)

    below = NULL;

#endif

    status = HsmNameCopy( StubName, number, &Copy->Name );

    if (NT_SUCCESS( status )) {

        status = HsmOpen( below,
                          &Copy->Name,
                          FILE_WRITE_DATA | DELETE,
                          FILE_CREATE,
                          FILE_NON_DIRECTORY_FILE,
                          &Copy->Handle,
                          &Copy->FileObject );
    }

    if (NT_SUCCESS( status )) {

        status = HsmFindInstance( Copy->FileObject, &Copy->Instance );
    }

    if (NT_SUCCESS( status )) {

        status = HsmCopyData( FltObjects->Instance, sourceObject, Copy );
    }

    ObDereferenceObject( sourceObject );
    FltClose( source );

    if (NT_SUCCESS( status )) {

        DbgPrint( "hsmrecall: recall %d, %wZ to %wZ\n", number, ArchivedName, &Copy->Name );

    } else {

        HsmCloseCopy( Copy );
    }

    return status;
}


static
NTSTATUS
HsmCopyData (
    _In_ PFLT_INSTANCE SourceInstance,
    _In_ PFILE_OBJECT Source,
    _In_ PHSM_COPY Copy
    )
/*++

Routine Description:

    Copies a file to its end.

Arguments:

    SourceInstance - Our instance on the volume of the source.

    Source - The archived file.

    Copy - The copy.

Return Value:

    STATUS_SUCCESS, or what the first read or write that failed answered.

--*/
{
    NTSTATUS status;
    LARGE_INTEGER offset;
    ULONG length;
    PVOID chunk;

    PAGED_CODE();

    offset.QuadPart = 0;

    chunk = ExAllocatePoolWithTag( NonPagedPool, HSM_CHUNK_LENGTH, HSM_POOL_TAG );

    if (chunk == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    for (;;) {

        status = FltReadFile( SourceInstance,
                              Source,
                              &offset,
                              HSM_CHUNK_LENGTH,
                              chunk,
                              0,
                              &length,
                              NULL,
                              NULL );

        if (status == STATUS_END_OF_FILE) {

            status = STATUS_SUCCESS;
            break;
        }

        if (NT_SUCCESS( status )) {

            status = FltWriteFile( Copy->Instance,
                                   Copy->FileObject,
                                   &offset,
                                   length,
                                   chunk,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL );
        }

        if (!NT_SUCCESS( status )) {

            break;
        }

        offset.QuadPart += length;
    }

    ExFreePoolWithTag( chunk, HSM_POOL_TAG );

    return status;
}


VOID
HsmCloseCopy (
    _Inout_ PHSM_COPY Copy
    )
/*++

Routine Description:

    Closes a recalled copy. The file stays.

Arguments:

    Copy - The copy; parts of it may be missing.

--*/
{
    PAGED_CODE();

    if (Copy->Instance != NULL) {

        FltObjectDereference( Copy->Instance );
    }

    if (Copy->FileObject != NULL) {

        ObDereferenceObject( Copy->FileObject );
        FltClose( Copy->Handle );
    }

    HsmFreeName( &Copy->Name );
    RtlZeroMemory( Copy, sizeof(HSM_COPY) );
}
