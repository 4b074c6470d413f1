/*++

Module Name:

    hsmrecall.h

Abstract:

    Header file of the recall sample: what its files share.

    The sample stands for the filter of a storage manager. A file that has been moved to the archive
    leaves a stub: an empty file with a reparse point of the sample's own tag, whose data is the path
    of the archived file, relative to the stub's folder. When somebody opens the stub, the copy is recalled into a temporary file,
    and the open must lead there. How the filter makes it lead there is what the variants differ in.
    Each is chosen by the build:

        HSM_NEW_NAME                newName.c       a new name in post-create
        HSM_REMEMBER                newName.c       the same, and a list of what has been recalled
        HSM_TEMP_ON_OTHER_VOLUME    newName.c       the same as the first, to another volume
        HSM_NO_NAME                 newName.c       STATUS_REPARSE without a new name: a bug
        HSM_PRE_CREATE              preCreate.c     a new name in pre-create, nothing sent down
        HSM_RENAME                  renameOver.c    the copy takes the stub's place; reissue
        HSM_RENAME_NO_REISSUE       renameOver.c    the same without the reissue: a bug
        HSM_STATUS_BEFORE_REISSUE   reissue.c       STATUS_REPARSE, then a reissue: a bug
        HSM_OPTIONS_DIRTY           reissue.c       opens the stub itself, by a reissue
        HSM_OPTIONS_NOT_DIRTY       reissue.c       the same without FltSetCallbackDataDirty: a bug
        HSM_REISSUE_CANCELLED       limits.c        a reissue after FltCancelFileOpen
        HSM_REISSUE_UNSYNCHRONIZED  limits.c        a reissue that is not allowed: a bug
        HSM_VOLUME_OPEN             limits.c        STATUS_REPARSE for a volume: a bug
        HSM_CANCEL_LATE             limits.c        FltCancelFileOpen after the open: a bug

    A real filter asks a service to fetch the copy, and waits for its answer. Here the archive is a
    folder, so that the filter can do it by itself.

Environment:

    Kernel mode

--*/

#ifndef __HSMRECALL_H__
#define __HSMRECALL_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#if !defined(HSM_NEW_NAME) && !defined(HSM_REMEMBER) && !defined(HSM_TEMP_ON_OTHER_VOLUME) && \
    !defined(HSM_NO_NAME) && !defined(HSM_PRE_CREATE) && !defined(HSM_RENAME) && \
    !defined(HSM_RENAME_NO_REISSUE) && !defined(HSM_STATUS_BEFORE_REISSUE) && \
    !defined(HSM_OPTIONS_DIRTY) && !defined(HSM_OPTIONS_NOT_DIRTY) && \
    !defined(HSM_REISSUE_CANCELLED) && !defined(HSM_REISSUE_UNSYNCHRONIZED) && \
    !defined(HSM_VOLUME_OPEN) && !defined(HSM_CANCEL_LATE)
#define HSM_NEW_NAME
#endif

#define HSM_POOL_TAG 'rmsH'

//
//  Not a tag of Microsoft's, so its data begins with a GUID. Microsoft hands tags out: ask for one
//  before a filter leaves your test machine.
//

#define HSM_REPARSE_TAG 0x00004C46

extern const GUID HsmReparseGuid;

//
//  Where copies are recalled to, relative to the stub's folder.
//

#define HSM_RECALLED_FOLDER L"recalled\\"

//
//  Where HSM_TEMP_ON_OTHER_VOLUME recalls to.
//

#define HSM_OTHER_FOLDER L"\\??\\D:\\recalled\\"

//
//  A copy that has been recalled and is still open. Close it with HsmCloseCopy.
//

typedef struct _HSM_COPY {

    PFLT_INSTANCE Instance;
    HANDLE Handle;
    PFILE_OBJECT FileObject;
    UNICODE_STRING Name;

} HSM_COPY, *PHSM_COPY;

//
//  hsmrecall.c
//

extern PFLT_FILTER HsmFilter;

//
//  stub.c
//

BOOLEAN
HsmMayRedirect (
    _In_ PFLT_CALLBACK_DATA Data
    );

BOOLEAN
HsmMetStub (
    _In_ PFLT_CALLBACK_DATA Data,
    _Out_ PUNICODE_STRING ArchivedName
    );

#if defined(HSM_PRE_CREATE)

NTSTATUS
HsmReadStub (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _Out_ PUNICODE_STRING ArchivedName,
    _Outptr_ PVOID *Buffer
    );

#endif

//
//  recall.c
//

NTSTATUS
HsmRecall (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING ArchivedName,
    _Out_ PHSM_COPY Copy
    );

VOID
HsmCloseCopy (
    _Inout_ PHSM_COPY Copy
    );

NTSTATUS
HsmOpen (
    _In_opt_ PFLT_INSTANCE Instance,
    _In_ PUNICODE_STRING Name,
    _In_ ACCESS_MASK DesiredAccess,
    _In_ ULONG Disposition,
    _In_ ULONG Options,
    _Out_ PHANDLE Handle,
    _Outptr_ PFILE_OBJECT *FileObject
    );

NTSTATUS
HsmAllocateName (
    _Out_ PUNICODE_STRING Name,
    _In_ USHORT Length
    );

VOID
HsmFreeName (
    _Inout_ PUNICODE_STRING Name
    );

//
//  redirect.c
//

VOID
HsmInitializeRedirection (
    VOID
    );

NTSTATUS
HsmRedirect (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PUNICODE_STRING Target
    );

VOID
HsmFailCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ NTSTATUS Status
    );

//
//  Supplied by the variant. HsmAnswer is called in post-create when a stub has been met, with the
//  stub's own name.
//

VOID
HsmAnswer (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING StubName,
    _In_ PUNICODE_STRING ArchivedName
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
HsmPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
HsmPostCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
HsmPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
HsmPostRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

#if defined(HSM_REMEMBER)

VOID
HsmInitializeRecalled (
    VOID
    );

VOID
HsmForget (
    VOID
    );

#endif

#endif // __HSMRECALL_H__
