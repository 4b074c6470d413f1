/*++

Module Name:

    virtualFile.c

Abstract:

    Virtual files: opening them without a file system, and what else there is to answer for them.

Environment:

    Kernel mode

--*/

#include "sectionSync.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, SectionSyncPreCreate)
#endif

//
//  Rights that would change a file that cannot be changed.
//

#define SECTIONSYNC_CHANGING_ACCESS                                                             \
    (FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES | DELETE |      \
     WRITE_DAC | WRITE_OWNER)


VOID
FLTAPI
SectionSyncCleanupFile (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    )
/*++

Routine Description:

    Called when nobody refers to the context of a virtual file any more.

Arguments:

    Context - The context.

    ContextType - FLT_STREAMHANDLE_CONTEXT.

--*/
{
    PSECTIONSYNC_FILE file = Context;

    UNREFERENCED_PARAMETER( ContextType );

    if (file->ResourceInitialized) {

        ExDeleteResourceLite( &file->Resource );
    }

    if (file->RealFileObject != NULL) {

        ObDereferenceObject( file->RealFileObject );
    }

    if (file->RealHandle != NULL) {

        ZwClose( file->RealHandle );
    }

    if (file->Contents != NULL) {

        ExFreePoolWithTag( file->Contents, SECTIONSYNC_TAG );
    }
}


PSECTIONSYNC_FILE
SectionSyncGetFile (
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    )
/*++

Routine Description:

    Tells whether a file object is one of ours.

Arguments:

    FltObjects - The instance and the file object.

Return Value:

    The file, with a reference that FltReleaseContext gives back, or NULL.

--*/
{
    PFLT_CONTEXT context = NULL;

    if ((FltObjects->FileObject == NULL) ||
        !NT_SUCCESS( FltGetStreamHandleContext( FltObjects->Instance,
                                                FltObjects->FileObject,
                                                &context ) )) {

        return NULL;
    }

    return context;
}


FLT_PREOP_CALLBACK_STATUS
SectionSyncComplete (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ NTSTATUS Status,
    _In_ ULONG_PTR Information
    )
/*++

Routine Description:

    Completes an operation: nobody below sees it.

--*/
{
    Data->IoStatus.Status = Status;
    Data->IoStatus.Information = Information;

    return FLT_PREOP_COMPLETE;
}


static
NTSTATUS
SectionSyncMakeRealName (
    _In_ PFLT_CALLBACK_DATA Data,
    _Out_ PUNICODE_STRING Name
    )
/*++

Routine Description:

    Makes the name of the real file out of the name of a virtual one.

Arguments:

    Data - A create.

    Name - Receives the name; its buffer is the caller's to free.

Return Value:

    STATUS_NOT_FOUND when the name is not one of a virtual file.

--*/
{
    static const UNICODE_STRING virtualPrefix = RTL_CONSTANT_STRING( SECTIONSYNC_VIRTUAL_PREFIX );
    static const UNICODE_STRING realPrefix = RTL_CONSTANT_STRING( SECTIONSYNC_REAL_PREFIX );
    PFLT_FILE_NAME_INFORMATION information;
    UNICODE_STRING path;
    NTSTATUS status;

    RtlZeroMemory( Name, sizeof(*Name) );

    status = FltGetFileNameInformation( Data,
                                        FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT,
                                        &information );

    if (!NT_SUCCESS( status )) {

        return STATUS_NOT_FOUND;
    }

    status = FltParseFileNameInformation( information );

    if (NT_SUCCESS( status )) {

        //
        //  What follows the name of the volume.
        //

        path.Buffer = Add2Ptr( information->Name.Buffer, information->Volume.Length );
        path.Length = information->Name.Length - information->Volume.Length;
        path.MaximumLength = path.Length;

        status = RtlPrefixUnicodeString( &virtualPrefix, &path, TRUE ) ? STATUS_SUCCESS :
                                                                         STATUS_NOT_FOUND;
    }

    if (NT_SUCCESS( status )) {

        path.Buffer = Add2Ptr( path.Buffer, virtualPrefix.Length );
        path.Length -= virtualPrefix.Length;
        path.MaximumLength = path.Length;

        Name->MaximumLength = information->Volume.Length + realPrefix.Length + path.Length;
        Name->Buffer = ExAllocatePoolWithTag( PagedPool, Name->MaximumLength, SECTIONSYNC_TAG );

        if (Name->Buffer == NULL) {

            status = STATUS_INSUFFICIENT_RESOURCES;

        } else {

            RtlCopyUnicodeString( Name, &information->Volume );
            (VOID) RtlAppendUnicodeStringToString( Name, &realPrefix );
            (VOID) RtlAppendUnicodeStringToString( Name, &path );
        }
    }

    FltReleaseFileNameInformation( information );

    return status;
}


static
NTSTATUS
SectionSyncOpenVirtual (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING RealName
    )
/*++

Routine Description:

    Makes the file object an open virtual file.

Arguments:

    FltObjects - The instance and the file object of the create.

    RealName - The file whose contents it has.

Return Value:

    STATUS_SUCCESS, or what the open of the real file came to.

--*/
{
    PFILE_OBJECT fileObject = FltObjects->FileObject;
    PSECTIONSYNC_STREAM stream;
    PFLT_CONTEXT context;
    PSECTIONSYNC_FILE file;
    NTSTATUS status;

    status = FltAllocateContext( SectionSyncFilter,
                                 FLT_STREAMHANDLE_CONTEXT,
                                 sizeof(SECTIONSYNC_FILE),
                                 NonPagedPool,
                                 &context );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    file = context;
    RtlZeroMemory( file, sizeof(*file) );

    status = ExInitializeResourceLite( &file->Resource );
    file->ResourceInitialized = (BOOLEAN)NT_SUCCESS( status );

    if (NT_SUCCESS( status )) {

        status = SectionSyncOpenReal( FltObjects, RealName, file );
    }

    if (NT_SUCCESS( status )) {

        status = SectionSyncQueryRealSize( FltObjects, file );
    }

    stream = NULL;

    if (NT_SUCCESS( status )) {

        stream = ExAllocatePoolWithTag( NonPagedPool, sizeof(*stream), SECTIONSYNC_TAG );

        if (stream == NULL) {

            status = STATUS_INSUFFICIENT_RESOURCES;
        }
    }

    if (NT_SUCCESS( status )) {

        RtlZeroMemory( stream, sizeof(*stream) );

        //
        //  The header lets the Filter Manager hang contexts on the stream; the section object
        //  pointers let the memory manager map it.
        //

        ExInitializeFastMutex( &stream->FastMutex );
        FsRtlSetupAdvancedHeader( &stream->Header, &stream->FastMutex );

        stream->Header.FileSize = file->Size;
        stream->Header.ValidDataLength = file->Size;
        stream->Header.AllocationSize.QuadPart =
            (file->Size.QuadPart + SECTIONSYNC_PAGE_SIZE - 1) &
            ~((LONGLONG)SECTIONSYNC_PAGE_SIZE - 1);

        fileObject->FsContext = stream;
        fileObject->SectionObjectPointer = &stream->SectionObjectPointers;

        status = FltSetStreamHandleContext( FltObjects->Instance,
                                            fileObject,
                                            FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                            context,
                                            NULL );

        if (!NT_SUCCESS( status )) {

            fileObject->FsContext = NULL;
            fileObject->SectionObjectPointer = NULL;
            ExFreePoolWithTag( stream, SECTIONSYNC_TAG );
        }
    }

    FltReleaseContext( context );

    return status;
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Opens virtual files. Everything else is the file system's.

Arguments:

    Data - The create.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_COMPLETE for a virtual file.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    ULONG disposition = parameters->Create.Options >> 24;
    UNICODE_STRING realName;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    PAGED_CODE();

    if (FlagOn( Data->Iopb->OperationFlags, SL_OPEN_TARGET_DIRECTORY ) ||
        FlagOn( parameters->Create.Options, FILE_DIRECTORY_FILE | FILE_OPEN_BY_FILE_ID )) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    status = SectionSyncMakeRealName( Data, &realName );

    if (status == STATUS_NOT_FOUND) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    if (NT_SUCCESS( status )) {

        if (((disposition != FILE_OPEN) && (disposition != FILE_OPEN_IF)) ||
            FlagOn( parameters->Create.SecurityContext->DesiredAccess, SECTIONSYNC_CHANGING_ACCESS
            ) || FlagOn( parameters->Create.Options, FILE_DELETE_ON_CLOSE )) {

            status = STATUS_ACCESS_DENIED;

        } else {

            status = SectionSyncOpenVirtual( FltObjects, &realName );
        }

        ExFreePoolWithTag( realName.Buffer, SECTIONSYNC_TAG );
    }

    return SectionSyncComplete( Data, status, NT_SUCCESS( status ) ? FILE_OPENED : 0 );
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreQueryInformation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Answers for virtual files. The memory manager asks for the size before it makes a section, by
    fast I/O if it can, between acquire and release.

--*/
{
    PFLT_PARAMETERS parameters = &Data->Iopb->Parameters;
    PVOID buffer = parameters->QueryFileInformation.InfoBuffer;
    ULONG length = parameters->QueryFileInformation.Length;
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    ULONG information = 0;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    //
    //  Fast I/O for an application brings the application's own buffer, which may go at any moment.
    //  A request brings a system buffer.
    //

    if (FLT_IS_FASTIO_OPERATION( Data ) && (Data->RequestorMode == UserMode)) {

        FltReleaseContext( file );

        return FLT_PREOP_DISALLOW_FASTIO;
    }

    switch (parameters->QueryFileInformation.FileInformationClass) {

    case FileStandardInformation:

        if (length >= sizeof(FILE_STANDARD_INFORMATION)) {

            PFILE_STANDARD_INFORMATION standard = buffer;

            RtlZeroMemory( standard, sizeof(*standard) );
            standard->EndOfFile = file->Size;
            standard->AllocationSize.QuadPart =
                (file->Size.QuadPart + SECTIONSYNC_PAGE_SIZE - 1) &
                ~((LONGLONG)SECTIONSYNC_PAGE_SIZE - 1);
            standard->NumberOfLinks = 1;
            information = sizeof(*standard);
            status = STATUS_SUCCESS;
        }
        break;

    case FileBasicInformation:

        if (length >= sizeof(FILE_BASIC_INFORMATION)) {

            PFILE_BASIC_INFORMATION basic = buffer;

            RtlZeroMemory( basic, sizeof(*basic) );
            basic->FileAttributes = FILE_ATTRIBUTE_READONLY;
            information = sizeof(*basic);
            status = STATUS_SUCCESS;
        }
        break;

    case FilePositionInformation:

        if (length >= sizeof(FILE_POSITION_INFORMATION)) {

            PFILE_POSITION_INFORMATION position = buffer;

            position->CurrentByteOffset = FltObjects->FileObject->CurrentByteOffset;
            information = sizeof(*position);
            status = STATUS_SUCCESS;
        }
        break;

    default:
        break;
    }

    FltReleaseContext( file );

    return SectionSyncComplete( Data, status, information );
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreClose (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Nobody refers to the file object any more, mappings included: what we hung on it goes.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );
    PSECTIONSYNC_STREAM stream;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    FltReleaseContext( file );

    stream = FltObjects->FileObject->FsContext;
    FltObjects->FileObject->FsContext = NULL;
    FltObjects->FileObject->SectionObjectPointer = NULL;

    FsRtlTeardownPerStreamContexts( &stream->Header );
    ExFreePoolWithTag( stream, SECTIONSYNC_TAG );

    return SectionSyncComplete( Data, STATUS_SUCCESS, 0 );
}


FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreOther (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Everything else about virtual files: none of it may reach the file system, which never opened
    them.

--*/
{
    PSECTIONSYNC_FILE file = SectionSyncGetFile( FltObjects );

    UNREFERENCED_PARAMETER( CompletionContext );

    if (file == NULL) {

        return FLT_PREOP_SUCCESS_NO_CALLBACK;
    }

    FltReleaseContext( file );

    //
    //  Fast I/O for what we do not do goes the long way, and is answered there.
    //

    if (FLT_IS_FASTIO_OPERATION( Data )) {

        return FLT_PREOP_DISALLOW_FASTIO;
    }

    switch (Data->Iopb->MajorFunction) {

    case IRP_MJ_CLEANUP:
    case IRP_MJ_FLUSH_BUFFERS:

        return SectionSyncComplete( Data, STATUS_SUCCESS, 0 );

    case IRP_MJ_SET_INFORMATION:

        //
        //  The position is the I/O manager's own; nothing else can be set.
        //

        return SectionSyncComplete( Data, STATUS_ACCESS_DENIED, 0 );

    default:

        return SectionSyncComplete( Data, STATUS_INVALID_DEVICE_REQUEST, 0 );
    }
}
