/*++

Module Name:

    layouts.c

Abstract:

    Offsets and sizes of x64 Windows that a filter depends on, checked as it compiles. From the pages
    of fltkernel.h and ntifs.h in the WDK documentation; a wrong header here means a driver that
    reads the wrong field on the real machine.

--*/

#include <fltKernel.h>

#define AT(type, field, offset) C_ASSERT( FIELD_OFFSET( type, field ) == (offset) )
#define SIZE(type, size) C_ASSERT( sizeof( type ) == (size) )

AT( FLT_CALLBACK_DATA, Thread, 0x8 );
AT( FLT_CALLBACK_DATA, Iopb, 0x10 );
AT( FLT_CALLBACK_DATA, IoStatus, 0x18 );
AT( FLT_CALLBACK_DATA, TagData, 0x28 );
AT( FLT_CALLBACK_DATA, QueueLinks, 0x30 );
AT( FLT_CALLBACK_DATA, QueueContext, 0x40 );
AT( FLT_CALLBACK_DATA, FilterContext, 0x30 );
AT( FLT_CALLBACK_DATA, RequestorMode, 0x50 );
SIZE( FLT_CALLBACK_DATA, 0x58 );

AT( FLT_IO_PARAMETER_BLOCK, MajorFunction, 0x4 );
AT( FLT_IO_PARAMETER_BLOCK, TargetFileObject, 0x8 );
AT( FLT_IO_PARAMETER_BLOCK, TargetInstance, 0x10 );
AT( FLT_IO_PARAMETER_BLOCK, Parameters, 0x18 );
SIZE( FLT_IO_PARAMETER_BLOCK, 0x48 );
SIZE( FLT_PARAMETERS, 0x30 );

AT( FLT_PARAMETERS, Create.Options, 0x8 );
AT( FLT_PARAMETERS, Create.FileAttributes, 0x10 );
AT( FLT_PARAMETERS, Create.ShareAccess, 0x12 );
AT( FLT_PARAMETERS, Create.EaLength, 0x18 );
AT( FLT_PARAMETERS, Create.EaBuffer, 0x20 );
AT( FLT_PARAMETERS, Create.AllocationSize, 0x28 );
AT( FLT_PARAMETERS, Read.ByteOffset, 0x10 );
AT( FLT_PARAMETERS, Read.ReadBuffer, 0x18 );
AT( FLT_PARAMETERS, Read.MdlAddress, 0x20 );
AT( FLT_PARAMETERS, SetFileInformation.ParentOfTarget, 0x10 );
AT( FLT_PARAMETERS, SetFileInformation.InfoBuffer, 0x20 );
AT( FLT_PARAMETERS, DirectoryControl.QueryDirectory.FileName, 0x8 );
AT( FLT_PARAMETERS, DirectoryControl.QueryDirectory.DirectoryBuffer, 0x20 );
AT( FLT_PARAMETERS, DirectoryControl.NotifyDirectory.CompletionFilter, 0x8 );
AT( FLT_PARAMETERS, DirectoryControl.NotifyDirectory.DirectoryBuffer, 0x20 );
AT( FLT_PARAMETERS, DirectoryControl.NotifyDirectory.MdlAddress, 0x28 );
AT( FLT_PARAMETERS, FileSystemControl.Neither.FsControlCode, 0x10 );
AT( FLT_PARAMETERS, FileSystemControl.Neither.OutputMdlAddress, 0x28 );
AT( FLT_PARAMETERS, LockControl.ProcessId, 0x18 );
AT( FLT_PARAMETERS, AcquireForSectionSynchronization.PageProtection, 0x4 );
AT( FLT_PARAMETERS, AcquireForSectionSynchronization.OutputInformation, 0x8 );
AT( FLT_PARAMETERS, Others.Argument6, 0x28 );

AT( FLT_RELATED_OBJECTS, Filter, 0x8 );
AT( FLT_RELATED_OBJECTS, FileObject, 0x20 );
AT( FLT_RELATED_OBJECTS, Transaction, 0x28 );
SIZE( FLT_RELATED_OBJECTS, 0x30 );

AT( FLT_OPERATION_REGISTRATION, PreOperation, 0x8 );
SIZE( FLT_OPERATION_REGISTRATION, 0x20 );
AT( FLT_REGISTRATION, ContextRegistration, 0x8 );
AT( FLT_REGISTRATION, FilterUnloadCallback, 0x18 );
AT( FLT_REGISTRATION, NormalizeNameComponentExCallback, 0x60 );
AT( FLT_REGISTRATION, SectionNotificationCallback, 0x68 );
SIZE( FLT_REGISTRATION, 0x70 );

AT( FILE_NOTIFY_INFORMATION, Action, 0x4 );
AT( FILE_NOTIFY_INFORMATION, FileNameLength, 0x8 );
AT( FILE_NOTIFY_INFORMATION, FileName, 0xc );
AT( FILE_NOTIFY_EXTENDED_INFORMATION, FileId, 0x40 );
AT( FILE_NOTIFY_EXTENDED_INFORMATION, ParentFileId, 0x48 );
AT( FILE_NOTIFY_EXTENDED_INFORMATION, FileNameLength, 0x50 );
AT( FILE_NOTIFY_EXTENDED_INFORMATION, FileName, 0x54 );
AT( FILE_RENAME_INFORMATION, RootDirectory, 0x8 );
AT( FILE_RENAME_INFORMATION, FileName, 0x14 );
AT( FILE_BOTH_DIR_INFORMATION, FileName, 0x5e );
AT( FILE_ID_BOTH_DIR_INFORMATION, FileId, 0x60 );
AT( FILE_ID_BOTH_DIR_INFORMATION, FileName, 0x68 );

AT( FILE_OBJECT, FsContext, 0x18 );
AT( FILE_OBJECT, FsContext2, 0x20 );
AT( FILE_OBJECT, Flags, 0x50 );
AT( FILE_OBJECT, FileName, 0x58 );
SIZE( FILE_OBJECT, 0xd8 );
AT( IRP, IoStatus, 0x30 );
SIZE( IRP, 0xd0 );
SIZE( IO_STACK_LOCATION, 0x48 );
SIZE( FS_FILTER_SECTION_SYNC_OUTPUT, 0x10 );
SIZE( FLT_TAG_DATA_BUFFER, 0x1c );
SIZE( UNICODE_STRING, 0x10 );
C_ASSERT( sizeof( wchar_t ) == 2 );
C_ASSERT( sizeof( long ) == 4 );

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
DriverEntry (
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
{
    UNREFERENCED_PARAMETER( DriverObject );
    UNREFERENCED_PARAMETER( RegistryPath );

    return STATUS_SUCCESS;
}
