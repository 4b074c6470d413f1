/*++

Module Name:

    queryopen.h

Abstract:

    Header file of the sample about attributes by name: what its files share.

    The sample answers for files that are not there: what programs look for in the folder \to-d of
    volume C: is found in the same folder of volume D:, and the other way round in \to-c. Opens are
    redirected by STATUS_REPARSE. But a program that wants the attributes of a file often opens
    nothing: NtQueryAttributesFile and NtQueryFullAttributesFile become FastIoQueryOpen, which a
    minifilter sees as IRP_MJ_NETWORK_QUERY_OPEN and which cannot be reparsed. What to do about it is
    what the variants differ in. Each is one file that supplies QueryOpenPreNetworkQueryOpen, and
    the build chooses it:

        QUERYOPEN_REDIRECT              redirect.c    sends it on to the other volume
        QUERYOPEN_CONTEXT_LEAK          redirect.c    the same, and forgets a reference: a bug
        QUERYOPEN_FALLBACK              fallback.c    refuses it, and redirects the create that follows
        QUERYOPEN_FALLBACK_QUERY_OPEN   fallback.c    refuses the query of newer callers too
        QUERYOPEN_WRONG_CONSTANT        fallback.c    refuses it with a status of another kind: a bug

Environment:

    Kernel mode

--*/

#ifndef __QUERYOPEN_H__
#define __QUERYOPEN_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#if !defined(QUERYOPEN_REDIRECT) && !defined(QUERYOPEN_CONTEXT_LEAK) && \
    !defined(QUERYOPEN_FALLBACK) && !defined(QUERYOPEN_FALLBACK_QUERY_OPEN) && \
    !defined(QUERYOPEN_WRONG_CONSTANT)
#define QUERYOPEN_REDIRECT
#endif

//
//  Newer than the oldest systems that the sample runs on. A build for an older one does not declare it,
//  and the Filter Manager of an older one does not know it.
//

#if !defined(IRP_MJ_QUERY_OPEN)
#define IRP_MJ_QUERY_OPEN ((UCHAR)-7)
#endif

#define QUERYOPEN_INSTANCE  L"queryopen Instance"
#define QUERYOPEN_TAG       'nepO'

//
//  A folder of one volume that is looked for on another. A product would be told by its configuration.
//

typedef struct _QUERYOPEN_ROUTE {

    PCWSTR SourceVolume;
    PCWSTR TargetVolume;

    //
    //  A component of the name, with the backslashes on both sides of it. In lower case and in ASCII:
    //  see QueryOpenIsRedirectedName.
    //

    PCWSTR Folder;

} QUERYOPEN_ROUTE, *PQUERYOPEN_ROUTE;

typedef const QUERYOPEN_ROUTE *PCQUERYOPEN_ROUTE;

//
//  Instance context: where names of this volume lead. It exists as long as both instances do.
//

typedef struct _QUERYOPEN_INSTANCE_CONTEXT {

    //
    //  Our instance on the other volume, referenced.
    //

    PFLT_INSTANCE TargetInstance;

    //
    //  The name of that volume: "\Device\HarddiskVolume3".
    //

    UNICODE_STRING TargetVolumeName;

    PCQUERYOPEN_ROUTE Route;

} QUERYOPEN_INSTANCE_CONTEXT, *PQUERYOPEN_INSTANCE_CONTEXT;

//
//  IoReplaceFileObjectName came with Windows 7 and is asked for by name.
//

typedef NTSTATUS
(NTAPI *PQUERYOPEN_REPLACE_FILE_OBJECT_NAME) (
    _In_ PFILE_OBJECT FileObject,
    _In_reads_bytes_(FileNameLength) PWSTR NewFileName,
    _In_ USHORT FileNameLength
    );

typedef struct _QUERYOPEN_GLOBALS {

    PFLT_FILTER Filter;
    PQUERYOPEN_REPLACE_FILE_OBJECT_NAME ReplaceFileObjectName;

} QUERYOPEN_GLOBALS, *PQUERYOPEN_GLOBALS;

extern QUERYOPEN_GLOBALS QueryOpenGlobals;

//
//  instances.c
//

NTSTATUS
FLTAPI
QueryOpenInstanceSetup (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_SETUP_FLAGS Flags,
    _In_ DEVICE_TYPE VolumeDeviceType,
    _In_ FLT_FILESYSTEM_TYPE VolumeFilesystemType
    );

NTSTATUS
FLTAPI
QueryOpenInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    );

VOID
FLTAPI
QueryOpenInstanceTeardownStart (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    );

VOID
FLTAPI
QueryOpenInstanceContextCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    );

//
//  create.c
//

BOOLEAN
QueryOpenIsRedirectedName (
    _In_ PFILE_OBJECT FileObject,
    _In_ PCQUERYOPEN_ROUTE Route
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
QueryOpenPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

//
//  Supplied by the variant.
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
QueryOpenPreNetworkQueryOpen (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

#if defined(QUERYOPEN_REDIRECT) || defined(QUERYOPEN_CONTEXT_LEAK)

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
QueryOpenPostNetworkQueryOpen (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

#else

#define QueryOpenPostNetworkQueryOpen NULL

#endif

#if defined(QUERYOPEN_FALLBACK_QUERY_OPEN)

FLT_PREOP_CALLBACK_STATUS
FLTAPI
QueryOpenPreQueryOpen (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

#endif

#endif // __QUERYOPEN_H__
