/*++

Module Name:

    volumeredirect.h

Abstract:

    Header file of the redirection sample: what its files share.

    The sample answers reads of files in the folder \mirror of one volume, the source, with the
    bytes of the file of the same name on another volume, the target. It opens that file itself
    when the caller's file has been opened, and redirects each read to it. How it redirects, and
    what it asks before it does, is what the variants differ in. Each variant supplies the routines
    at the end of this header, and the build chooses it:

        VOLUMEREDIRECT_ADJUSTED              checked.c     asks for each read; makes room for all of
                                                           them when the instances are set up
        VOLUMEREDIRECT_ADJUSTED_AT_CREATE    checked.c     makes room when a file is opened
        VOLUMEREDIRECT_ADJUSTED_AT_READ      checked.c     makes room when a read does not fit
        VOLUMEREDIRECT_DUPLICATE             duplicate.c   reads with callback data of its own
        VOLUMEREDIRECT_TO_THE_TOP            toTheTop.c    reads from the top of the target's stack
        VOLUMEREDIRECT_SAME_VOLUME           sameVolume.c  redirects to another file of the source

    and the mistakes, all in unchecked.c:

        VOLUMEREDIRECT_UNCHECKED             does not ask whether the request has the room
        VOLUMEREDIRECT_NOT_DIRTY             does not say that it changed something
        VOLUMEREDIRECT_FOREIGN_FILE_OBJECT   leaves the file object of the source where it is
        VOLUMEREDIRECT_IOPB_AFTER_CHANGE     asks the changed block who it is itself
        VOLUMEREDIRECT_OTHER_FILTER          redirects to an instance of another filter
        VOLUMEREDIRECT_OTHER_ALTITUDE        redirects to another altitude of the target
        VOLUMEREDIRECT_OTHER_FRAME           redirects into another frame of the target
        VOLUMEREDIRECT_OWN_INSTANCE          redirects to its other instance on the source

Environment:

    Kernel mode

--*/

#ifndef __VOLUMEREDIRECT_H__
#define __VOLUMEREDIRECT_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#if defined(VOLUMEREDIRECT_UNCHECKED) || defined(VOLUMEREDIRECT_NOT_DIRTY) || \
    defined(VOLUMEREDIRECT_FOREIGN_FILE_OBJECT) || defined(VOLUMEREDIRECT_IOPB_AFTER_CHANGE)
#define VOLUMEREDIRECT_MISTAKE
#elif defined(VOLUMEREDIRECT_OTHER_FILTER) || defined(VOLUMEREDIRECT_OTHER_ALTITUDE) || \
    defined(VOLUMEREDIRECT_OTHER_FRAME) || defined(VOLUMEREDIRECT_OWN_INSTANCE)
#define VOLUMEREDIRECT_MISTAKE
#define VOLUMEREDIRECT_WRONG_INSTANCE
#elif !defined(VOLUMEREDIRECT_DUPLICATE) && !defined(VOLUMEREDIRECT_TO_THE_TOP) && \
    !defined(VOLUMEREDIRECT_SAME_VOLUME)
#define VOLUMEREDIRECT_CHECKED
#endif

//
//  Where the other file is, and from where it is opened: on the target, below our instance there, but
//  for two variants.
//

#if defined(VOLUMEREDIRECT_SAME_VOLUME)
#define VOLUMEREDIRECT_OTHER_ON_SOURCE
#elif defined(VOLUMEREDIRECT_TO_THE_TOP)
#define VOLUMEREDIRECT_OTHER_FROM_TOP
#endif

#if defined(VOLUMEREDIRECT_CHECKED) && !defined(VOLUMEREDIRECT_ADJUSTED_AT_CREATE) && \
    !defined(VOLUMEREDIRECT_ADJUSTED_AT_READ) && !defined(VOLUMEREDIRECT_ADJUSTED)
#define VOLUMEREDIRECT_ADJUSTED
#endif

//
//  Files in this folder of the source are answered from the target. A product would be told by its
//  configuration; so it would the volumes.
//

#define VOLUMEREDIRECT_FOLDER           L"\\mirror\\"
#define VOLUMEREDIRECT_SOURCE_VOLUME    L"\\??\\C:"
#define VOLUMEREDIRECT_TARGET_VOLUME    L"\\??\\D:"

//
//  What the same-volume variant puts behind a name to get the other file's.
//

#define VOLUMEREDIRECT_SUFFIX           L".other"

//
//  The instances of the INF. The first attaches by itself and does the work; the others are attached
//  by the variants that redirect to them, which nobody may do.
//

#define VOLUMEREDIRECT_INSTANCE         L"volumeredirect Instance"
#define VOLUMEREDIRECT_LOWER_INSTANCE   L"volumeredirect Lower Instance"
#define VOLUMEREDIRECT_UPPER_INSTANCE   L"volumeredirect Upper Instance"

#define VOLUMEREDIRECT_TAG              'dRlV'

//
//  Instance context of the source: where its reads go. It exists as long as both instances do.
//

typedef struct _VOLUMEREDIRECT_INSTANCE_CONTEXT {

    //
    //  Our instance on the target, referenced.
    //

    PFLT_INSTANCE TargetInstance;

    //
    //  Name of the volume with the other files: "\Device\HarddiskVolume3".
    //

    UNICODE_STRING VolumeName;

#if defined(VOLUMEREDIRECT_WRONG_INSTANCE)

    //
    //  The instance that this variant redirects to, referenced. NULL if there is none.
    //

    PFLT_INSTANCE WrongInstance;

#endif

} VOLUMEREDIRECT_INSTANCE_CONTEXT, *PVOLUMEREDIRECT_INSTANCE_CONTEXT;

//
//  Stream handle context of a file of the source: the other file, open as long as this one is.
//

typedef struct _VOLUMEREDIRECT_HANDLE_CONTEXT {

    HANDLE Handle;

    //
    //  The file object behind the handle, referenced.
    //

    PFILE_OBJECT FileObject;

} VOLUMEREDIRECT_HANDLE_CONTEXT, *PVOLUMEREDIRECT_HANDLE_CONTEXT;

//
//  The routines that came with Windows 7. A build for an older system does not declare them, and the
//  Filter Manager of an older system does not export them, so they are asked for by name.
//

typedef NTSTATUS
(FLTAPI *PVOLUMEREDIRECT_IS_ALLOWED) (
    _In_ PFLT_INSTANCE SourceInstance,
    _In_ PFLT_INSTANCE TargetInstance,
    _Out_ PBOOLEAN RedirectionAllowed
    );

typedef NTSTATUS
(FLTAPI *PVOLUMEREDIRECT_IS_ALLOWED_FOR_OPERATION) (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ PFLT_INSTANCE TargetInstance,
    _Out_ PBOOLEAN RedirectionAllowedThisIo,
    _Out_opt_ PBOOLEAN RedirectionAllowedAllIo
    );

typedef NTSTATUS
(FLTAPI *PVOLUMEREDIRECT_ADJUST_STACK_SIZE) (
    _In_ PFLT_INSTANCE SourceInstance,
    _In_ PFLT_INSTANCE TargetInstance,
    _Out_opt_ PBOOLEAN SourceDeviceStackSizeModified
    );

typedef struct _VOLUMEREDIRECT_GLOBALS {

    PFLT_FILTER Filter;

    //
    //  All of them, or none: NULL before Windows 7.
    //

    PVOLUMEREDIRECT_IS_ALLOWED IsAllowed;
    PVOLUMEREDIRECT_IS_ALLOWED_FOR_OPERATION IsAllowedForOperation;
    PVOLUMEREDIRECT_ADJUST_STACK_SIZE AdjustStackSize;

} VOLUMEREDIRECT_GLOBALS;

extern VOLUMEREDIRECT_GLOBALS VolumeRedirectGlobals;

//
//  instances.c
//

NTSTATUS
VolumeRedirectFindInstance (
    _In_ PCWSTR VolumeName,
    _In_ PCWSTR InstanceName,
    _Outptr_ PFLT_INSTANCE *Instance
    );

NTSTATUS
FLTAPI
VolumeRedirectInstanceSetup (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_SETUP_FLAGS Flags,
    _In_ DEVICE_TYPE VolumeDeviceType,
    _In_ FLT_FILESYSTEM_TYPE VolumeFilesystemType
    );

NTSTATUS
FLTAPI
VolumeRedirectInstanceQueryTeardown (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_QUERY_TEARDOWN_FLAGS Flags
    );

VOID
FLTAPI
VolumeRedirectInstanceTeardownStart (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    );

VOID
FLTAPI
VolumeRedirectInstanceContextCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    );

//
//  open.c
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPostCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

VOID
FLTAPI
VolumeRedirectHandleContextCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    );

//
//  read.c
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
VolumeRedirectPostRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

VOID
VolumeRedirectNotePosition (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    );

VOID
VolumeRedirectChangeTarget (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PFLT_INSTANCE TargetInstance,
    _In_ PFILE_OBJECT FileObject
    );

//
//  duplicate.c
//

FLT_PREOP_CALLBACK_STATUS
VolumeRedirectDuplicateRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PFLT_INSTANCE TargetInstance,
    _In_ PFILE_OBJECT FileObject
    );

//
//  Supplied by the variant. VolumeRedirectLinked is called when both instances are there,
//  VolumeRedirectOpened when both files are, and VolumeRedirectRead redirects one read: it returns
//  what the pre-operation returns, and FLT_PREOP_SUCCESS_WITH_CALLBACK if the read goes on.
//

VOID
VolumeRedirectLinked (
    _In_ PFLT_INSTANCE SourceInstance,
    _Inout_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    );

VOID
VolumeRedirectOpened (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext
    );

FLT_PREOP_CALLBACK_STATUS
VolumeRedirectRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PVOLUMEREDIRECT_INSTANCE_CONTEXT InstanceContext,
    _In_ PVOLUMEREDIRECT_HANDLE_CONTEXT HandleContext
    );

#endif // __VOLUMEREDIRECT_H__
