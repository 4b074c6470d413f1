/*++

Module Name:

    arguments.c

Abstract:

    The parameters of an operation as numbers, in the order in which fltKernel.h declares them. A
    reader knows the same order, by major function.

    Nothing here is pageable. Above APC_LEVEL nothing is read that a parameter only points to.

Environment:

    Kernel mode

--*/

#include "observer.h"

#define METHOD_FROM_CODE( code ) ((code) & 3)

//
//  Where the arguments go.
//

typedef struct _OBSERVER_WRITER {

    POBSERVER_RECORD Record;

    //
    //  Whether what a parameter points to may be read.
    //

    BOOLEAN MayFollow;

} OBSERVER_WRITER, *POBSERVER_WRITER;


static
VOID
ObserverPut (
    _Inout_ POBSERVER_WRITER Writer,
    _In_ ULONG64 Value
    )
{
    POBSERVER_RECORD record = Writer->Record;

    if (record->ArgumentCount < OBSERVER_ARGUMENTS) {

        record->Arguments[record->ArgumentCount] = Value;
        record->ArgumentCount += 1;
    }
}


static
VOID
ObserverPutPointer (
    _Inout_ POBSERVER_WRITER Writer,
    _In_opt_ const VOID *Pointer
    )
{
    ObserverPut( Writer, (ULONG_PTR)Pointer );
}


static
VOID
ObserverPutFollowed (
    _Inout_ POBSERVER_WRITER Writer,
    _In_opt_ const LARGE_INTEGER *Pointer
    )
{
    if (Pointer == NULL || !Writer->MayFollow) {

        SetFlag( Writer->Record->RecordFlags, OBSERVER_POINTERS_UNREAD );
        ObserverPut( Writer, 0 );
        return;
    }

    ObserverPut( Writer, (ULONG64)Pointer->QuadPart );
}


static
VOID
ObserverSetText (
    _Inout_ POBSERVER_WRITER Writer,
    _Out_ POBSERVER_TEXT Text,
    _In_opt_ const UNICODE_STRING *Name
    )
{
    if (Name == NULL) {

        return;
    }

    if (!Writer->MayFollow) {

        SetFlag( Writer->Record->RecordFlags, OBSERVER_POINTERS_UNREAD );
        return;
    }

    Text->Buffer = Name->Buffer;
    Text->Length = Name->Buffer == NULL ? 0 : Name->Length;
    Text->Present = TRUE;
}


static
VOID
ObserverReadCreate (
    _In_ PFLT_CALLBACK_DATA Data,
    _Inout_ POBSERVER_WRITER Writer
    )
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    PIO_SECURITY_CONTEXT security = parameters->Create.SecurityContext;

    if (security == NULL || !Writer->MayFollow) {

        SetFlag( Writer->Record->RecordFlags, OBSERVER_POINTERS_UNREAD );
        ObserverPut( Writer, 0 );

    } else {

        ObserverPut( Writer, security->DesiredAccess );
    }

    ObserverPut( Writer, parameters->Create.Options );
    ObserverPut( Writer, parameters->Create.FileAttributes );
    ObserverPut( Writer, parameters->Create.ShareAccess );
    ObserverPut( Writer, parameters->Create.EaLength );
    ObserverPut( Writer, (ULONG64)parameters->Create.AllocationSize.QuadPart );
}


static
BOOLEAN
ObserverNamesFile (
    _In_ UCHAR MajorFunction
    )
/*++

Routine Description:

    Whether the name in the file object is good before this operation. After a create it is the file
    system's.

--*/
{
    return (BOOLEAN)((MajorFunction == IRP_MJ_CREATE) ||
#if defined(IRP_MJ_QUERY_OPEN) && (NTDDI_VERSION >= NTDDI_WIN10_RS2)
                     (MajorFunction == IRP_MJ_QUERY_OPEN) ||
#endif
                     (MajorFunction == IRP_MJ_NETWORK_QUERY_OPEN));
}


static
VOID
ObserverReadDirectoryControl (
    _In_ PFLT_CALLBACK_DATA Data,
    _Inout_ POBSERVER_WRITER Writer,
    _Out_ POBSERVER_TEXT Text
    )
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;

    if (Data->Iopb->MinorFunction == IRP_MN_QUERY_DIRECTORY) {

        ObserverPut( Writer, parameters->DirectoryControl.QueryDirectory.Length );
        ObserverPut( Writer, parameters->DirectoryControl.QueryDirectory.FileInformationClass );
        ObserverPut( Writer, parameters->DirectoryControl.QueryDirectory.FileIndex );
        ObserverPutPointer( Writer, parameters->DirectoryControl.QueryDirectory.DirectoryBuffer );
        ObserverPutPointer( Writer, parameters->DirectoryControl.QueryDirectory.MdlAddress );
        ObserverSetText( Writer, Text, parameters->DirectoryControl.QueryDirectory.FileName );
        return;
    }

    ObserverPut( Writer, parameters->DirectoryControl.NotifyDirectory.Length );
    ObserverPut( Writer, parameters->DirectoryControl.NotifyDirectory.CompletionFilter );
    ObserverPut( Writer, parameters->DirectoryControl.NotifyDirectory.Spare1 );
    ObserverPut( Writer, parameters->DirectoryControl.NotifyDirectory.Spare2 );
    ObserverPutPointer( Writer, parameters->DirectoryControl.NotifyDirectory.DirectoryBuffer );
    ObserverPutPointer( Writer, parameters->DirectoryControl.NotifyDirectory.MdlAddress );
}


static
VOID
ObserverReadControl (
    _In_ PFLT_CALLBACK_DATA Data,
    _Inout_ POBSERVER_WRITER Writer
    )
/*++

Routine Description:

    File-system and device controls. A METHOD_BUFFERED one has one system buffer; the others name an
    output buffer of their own.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;

    if (Data->Iopb->MajorFunction == IRP_MJ_FILE_SYSTEM_CONTROL) {

        ObserverPut( Writer, parameters->FileSystemControl.Common.OutputBufferLength );
        ObserverPut( Writer, parameters->FileSystemControl.Common.InputBufferLength );
        ObserverPut( Writer, parameters->FileSystemControl.Common.FsControlCode );
        ObserverPutPointer(
            Writer,
            METHOD_FROM_CODE( parameters->FileSystemControl.Common.FsControlCode ) == METHOD_BUFFERED
                ? parameters->FileSystemControl.Buffered.SystemBuffer
                : parameters->FileSystemControl.Neither.OutputBuffer );
        return;
    }

    ObserverPut( Writer, parameters->DeviceIoControl.Common.OutputBufferLength );
    ObserverPut( Writer, parameters->DeviceIoControl.Common.InputBufferLength );
    ObserverPut( Writer, parameters->DeviceIoControl.Common.IoControlCode );
    ObserverPutPointer( Writer, parameters->DeviceIoControl.Neither.InputBuffer );
    ObserverPutPointer( Writer, parameters->DeviceIoControl.Neither.OutputBuffer );
}


static
BOOLEAN
ObserverReadFileOperation (
    _In_ PFLT_CALLBACK_DATA Data,
    _Inout_ POBSERVER_WRITER Writer
    )
/*++

Routine Description:

    The parameters of reads, writes, queries and sets.

Return Value:

    FALSE for any other operation.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;

    switch (Data->Iopb->MajorFunction) {

    case IRP_MJ_READ:

        ObserverPut( Writer, parameters->Read.Length );
        ObserverPut( Writer, parameters->Read.Key );
        ObserverPut( Writer, (ULONG64)parameters->Read.ByteOffset.QuadPart );
        ObserverPutPointer( Writer, parameters->Read.ReadBuffer );
        ObserverPutPointer( Writer, parameters->Read.MdlAddress );
        return TRUE;

    case IRP_MJ_WRITE:

        ObserverPut( Writer, parameters->Write.Length );
        ObserverPut( Writer, parameters->Write.Key );
        ObserverPut( Writer, (ULONG64)parameters->Write.ByteOffset.QuadPart );
        ObserverPutPointer( Writer, parameters->Write.WriteBuffer );
        ObserverPutPointer( Writer, parameters->Write.MdlAddress );
        return TRUE;

    case IRP_MJ_QUERY_INFORMATION:

        ObserverPut( Writer, parameters->QueryFileInformation.Length );
        ObserverPut( Writer, parameters->QueryFileInformation.FileInformationClass );
        ObserverPutPointer( Writer, parameters->QueryFileInformation.InfoBuffer );
        return TRUE;

    case IRP_MJ_SET_INFORMATION:

        ObserverPut( Writer, parameters->SetFileInformation.Length );
        ObserverPut( Writer, parameters->SetFileInformation.FileInformationClass );
        ObserverPutPointer( Writer, parameters->SetFileInformation.ParentOfTarget );
        ObserverPut( Writer, parameters->SetFileInformation.ReplaceIfExists );
        ObserverPutPointer( Writer, parameters->SetFileInformation.InfoBuffer );
        return TRUE;

    case IRP_MJ_QUERY_EA:

        ObserverPut( Writer, parameters->QueryEa.Length );
        ObserverPut( Writer, parameters->QueryEa.EaListLength );
        ObserverPut( Writer, parameters->QueryEa.EaIndex );
        ObserverPutPointer( Writer, parameters->QueryEa.EaBuffer );
        ObserverPutPointer( Writer, parameters->QueryEa.MdlAddress );
        return TRUE;

    case IRP_MJ_SET_EA:

        ObserverPut( Writer, parameters->SetEa.Length );
        ObserverPutPointer( Writer, parameters->SetEa.EaBuffer );
        ObserverPutPointer( Writer, parameters->SetEa.MdlAddress );
        return TRUE;

    case IRP_MJ_QUERY_SECURITY:

        ObserverPut( Writer, parameters->QuerySecurity.SecurityInformation );
        ObserverPut( Writer, parameters->QuerySecurity.Length );
        ObserverPutPointer( Writer, parameters->QuerySecurity.SecurityBuffer );
        ObserverPutPointer( Writer, parameters->QuerySecurity.MdlAddress );
        return TRUE;

    case IRP_MJ_SET_SECURITY:

        ObserverPut( Writer, parameters->SetSecurity.SecurityInformation );
        return TRUE;

    case IRP_MJ_LOCK_CONTROL:

        ObserverPutFollowed( Writer, parameters->LockControl.Length );
        ObserverPut( Writer, parameters->LockControl.Key );
        ObserverPut( Writer, (ULONG64)parameters->LockControl.ByteOffset.QuadPart );
        ObserverPut( Writer, parameters->LockControl.FailImmediately );
        ObserverPut( Writer, parameters->LockControl.ExclusiveLock );
        return TRUE;

    default:

        return FALSE;
    }
}


static
VOID
ObserverReadPseudoOperation (
    _In_ PFLT_CALLBACK_DATA Data,
    _Inout_ POBSERVER_WRITER Writer
    )
/*++

Routine Description:

    The parameters of operations that have no IRP. Those that are not listed have none that are told.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;

    switch (Data->Iopb->MajorFunction) {

    case IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION:

        ObserverPut( Writer, parameters->AcquireForSectionSynchronization.SyncType );
        ObserverPut( Writer, parameters->AcquireForSectionSynchronization.PageProtection );
        break;

    case IRP_MJ_ACQUIRE_FOR_MOD_WRITE:

        ObserverPutFollowed( Writer, parameters->AcquireForModifiedPageWriter.EndingOffset );
        break;

    case IRP_MJ_FAST_IO_CHECK_IF_POSSIBLE:

        ObserverPut( Writer, (ULONG64)parameters->FastIoCheckIfPossible.FileOffset.QuadPart );
        ObserverPut( Writer, parameters->FastIoCheckIfPossible.Length );
        ObserverPut( Writer, parameters->FastIoCheckIfPossible.LockKey );
        ObserverPut( Writer, parameters->FastIoCheckIfPossible.CheckForReadOperation );
        break;

    case IRP_MJ_NETWORK_QUERY_OPEN:

        ObserverPutPointer( Writer, parameters->NetworkQueryOpen.Irp );
        ObserverPutPointer( Writer, parameters->NetworkQueryOpen.NetworkInformation );
        break;

#if defined(IRP_MJ_QUERY_OPEN) && (NTDDI_VERSION >= NTDDI_WIN10_RS2)

    case IRP_MJ_QUERY_OPEN:

        ObserverPutPointer( Writer, parameters->QueryOpen.Irp );
        ObserverPutPointer( Writer, parameters->QueryOpen.FileInformation );
        ObserverPutPointer( Writer, parameters->QueryOpen.Length );
        ObserverPut( Writer, parameters->QueryOpen.FileInformationClass );
        break;

#endif

    case IRP_MJ_MDL_READ:

        ObserverPut( Writer, (ULONG64)parameters->MdlRead.FileOffset.QuadPart );
        ObserverPut( Writer, parameters->MdlRead.Length );
        ObserverPut( Writer, parameters->MdlRead.Key );
        ObserverPutPointer( Writer, parameters->MdlRead.MdlChain );
        break;

    case IRP_MJ_MDL_READ_COMPLETE:

        ObserverPutPointer( Writer, parameters->MdlReadComplete.MdlChain );
        break;

    case IRP_MJ_PREPARE_MDL_WRITE:

        ObserverPut( Writer, (ULONG64)parameters->PrepareMdlWrite.FileOffset.QuadPart );
        ObserverPut( Writer, parameters->PrepareMdlWrite.Length );
        ObserverPut( Writer, parameters->PrepareMdlWrite.Key );
        ObserverPutPointer( Writer, parameters->PrepareMdlWrite.MdlChain );
        break;

    case IRP_MJ_MDL_WRITE_COMPLETE:

        ObserverPut( Writer, (ULONG64)parameters->MdlWriteComplete.FileOffset.QuadPart );
        ObserverPutPointer( Writer, parameters->MdlWriteComplete.MdlChain );
        break;

    default:

        break;
    }
}


VOID
ObserverReadArguments (
    _In_ PFLT_CALLBACK_DATA Data,
    _Inout_ POBSERVER_RECORD Record,
    _Out_ POBSERVER_TEXT Text
    )
/*++

Routine Description:

    Writes the parameters of an operation into a record, and says which text belongs to it.

Arguments:

    Data - The operation.

    Record - The record, with its Kind and Irql.

    Text - Receives the text. It is good as long as the callback.

--*/
{
    PFILE_OBJECT fileObject = Data->Iopb->TargetFileObject;
    OBSERVER_WRITER writer;

    RtlZeroMemory( Text, sizeof(OBSERVER_TEXT) );

    writer.Record = Record;
    writer.MayFollow = (BOOLEAN)(Record->Irql <= APC_LEVEL);

    switch (Data->Iopb->MajorFunction) {

    case IRP_MJ_CREATE:

        ObserverReadCreate( Data, &writer );
        break;

    case IRP_MJ_DIRECTORY_CONTROL:

        ObserverReadDirectoryControl( Data, &writer, Text );
        break;

    case IRP_MJ_FILE_SYSTEM_CONTROL:
    case IRP_MJ_DEVICE_CONTROL:

        ObserverReadControl( Data, &writer );
        break;

    default:

        if (!ObserverReadFileOperation( Data, &writer )) {

            ObserverReadPseudoOperation( Data, &writer );
        }

        break;
    }

    if ((Record->Kind == OBSERVER_PRE_OPERATION) &&
        (fileObject != NULL) &&
        ObserverNamesFile( Data->Iopb->MajorFunction )) {

        Record->RelatedFileObject = (ULONG_PTR)fileObject->RelatedFileObject;
        ObserverSetText( &writer, Text, &fileObject->FileName );
    }
}
