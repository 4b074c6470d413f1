/*++

Module Name:

    dirnotify.h

Abstract:

    Header file of the directory notification sample: what its files share.

    The sample watches directory change notification and hides the entries of some names from the
    caller. The file system returns the entries in a place that a minifilter does not see in its
    parameters; where a filter looks for them is what the variants differ in. Each variant is one
    file that supplies the routines at the end of this header, and the build chooses it:

        DIRNOTIFY_NEW_SYSTEM_BUFFER     newSystemBuffer.c   asks FltGetNewSystemBufferAddress
        DIRNOTIFY_LOCK_BUFFER           lockBuffer.c        locks the caller's buffer on the way down
        DIRNOTIFY_SWAP_BUFFER           swapBuffer.c        puts a buffer of its own in its place
        DIRNOTIFY_PEND_AND_SHADOW       pendAndShadow.c     keeps the request, asks by one of its own
        DIRNOTIFY_INJECT_MERGE          injectMerge.c       adds names to lists, if any come: a bug
        DIRNOTIFY_USER_BUFFER           userBuffer.c        trusts the caller's address: a bug
        DIRNOTIFY_SYNCHRONIZE           synchronize.c       holds the caller's thread: a bug

    The editing of the entries, notifyEntries.c, is the same for all of them.

Environment:

    Kernel mode

--*/

#ifndef __DIRNOTIFY_H__
#define __DIRNOTIFY_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#if !defined(DIRNOTIFY_NEW_SYSTEM_BUFFER) && !defined(DIRNOTIFY_LOCK_BUFFER) && \
    !defined(DIRNOTIFY_USER_BUFFER) && !defined(DIRNOTIFY_SYNCHRONIZE) && \
    !defined(DIRNOTIFY_SWAP_BUFFER) && !defined(DIRNOTIFY_PEND_AND_SHADOW) && \
    !defined(DIRNOTIFY_INJECT_MERGE)
#define DIRNOTIFY_NEW_SYSTEM_BUFFER
#endif

//
//  A name is hidden if one of its components begins with this prefix. Written in lower case, and in
//  ASCII only: see DirNotifyIsHiddenName.
//

#define DIRNOTIFY_HIDDEN_PREFIX L"hid."

#define DIRNOTIFY_POOL_TAG 'tfND'

//
//  A control of our own, sent to a directory: a virtual name has appeared in it. Its input is the
//  name.
//

#define FSCTL_DIRNOTIFY_ANNOUNCE \
    CTL_CODE( FILE_DEVICE_FILE_SYSTEM, 0x8D1, METHOD_BUFFERED, FILE_ANY_ACCESS )

#define DIRNOTIFY_VIRTUAL_NAME_LENGTH (64 * sizeof(WCHAR))

//
//  The flag came with Windows 7. A build for an older system does not declare it, and the Filter
//  Manager of an older system never sets it.
//

#if !defined(FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER)
#define FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER 0x00100000
#endif

//
//  Where the name lies in an entry. All kinds of entries begin with NextEntryOffset and Action, as
//  FILE_NOTIFY_INFORMATION does.
//

typedef struct _DIRNOTIFY_ENTRY_FORMAT {

    ULONG NameLengthOffset;
    ULONG NameLengthSize;
    ULONG NameOffset;

} DIRNOTIFY_ENTRY_FORMAT, *PDIRNOTIFY_ENTRY_FORMAT;

typedef const DIRNOTIFY_ENTRY_FORMAT *PCDIRNOTIFY_ENTRY_FORMAT;

//
//  notifyEntries.c
//

PCDIRNOTIFY_ENTRY_FORMAT
DirNotifyGetEntryFormat (
    _In_ const FLT_IO_PARAMETER_BLOCK *Iopb
    );

BOOLEAN
DirNotifyHasEntries (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

VOID
DirNotifyEditEntries (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _Inout_ PVOID Buffer
    );

VOID
DirNotifyReturnNoEntries (
    _Inout_ PFLT_CALLBACK_DATA Data
    );

#if defined(DIRNOTIFY_PEND_AND_SHADOW) || defined(DIRNOTIFY_INJECT_MERGE)

//
//  virtualNames.c
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
DirNotifyPreFsControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

ULONG
DirNotifyAppendEntry (
    _Inout_updates_bytes_(Capacity) PUCHAR Buffer,
    _In_ ULONG Length,
    _In_ ULONG Capacity,
    _In_reads_bytes_(NameLength) const WCHAR *Name,
    _In_ ULONG NameLength
    );

//
//  Supplied by the variants that know virtual names.
//

NTSTATUS
DirNotifyAnnounce (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_reads_bytes_(NameLength) const WCHAR *Name,
    _In_ ULONG NameLength
    );

#endif

#if defined(DIRNOTIFY_INJECT_MERGE)

VOID
DirNotifyForgetNames (
    VOID
    );

#endif

#if defined(DIRNOTIFY_PEND_AND_SHADOW)

VOID
FLTAPI
DirNotifyWatchCleanup (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    );

VOID
FLTAPI
DirNotifyInstanceTeardownStart (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ FLT_INSTANCE_TEARDOWN_FLAGS Reason
    );

#endif

//
//  Supplied by the variant.
//

VOID
DirNotifyInitializeVariant (
    VOID
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
DirNotifyPreDirectoryControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
DirNotifyPostDirectoryControl (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

#endif // __DIRNOTIFY_H__
