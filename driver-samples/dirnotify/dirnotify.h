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
    !defined(DIRNOTIFY_USER_BUFFER) && !defined(DIRNOTIFY_SYNCHRONIZE)
#define DIRNOTIFY_NEW_SYSTEM_BUFFER
#endif

//
//  A name is hidden if one of its components begins with this prefix. Written in lower case, and in
//  ASCII only: see DirNotifyIsHiddenName.
//

#define DIRNOTIFY_HIDDEN_PREFIX L"hid."

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
