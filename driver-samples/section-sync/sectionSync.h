/*++

Module Name:

    sectionSync.h

Abstract:

    Header file of the section synchronization sample: what its files share.

    The sample shows files that do not exist: below \virtual there is, read only, whatever lies
    below \real on the same volume. It opens these files by itself, so it also answers for them
    when the memory manager maps them: IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION and its release,
    and the paging reads that follow. Two things go wrong there in practice, and the variants
    differ in them.

    How the contents are read, in a thread that may be in the middle of a page fault:

        SECTIONSYNC_ZW_READ_PENDED          zwRead.c    ZwReadFile, pended below: the thread hangs
        SECTIONSYNC_ZW_READ_INLINE          zwRead.c    ZwReadFile, completed at once: luck
        SECTIONSYNC_ZW_READ_CRITICAL_REGION zwRead.c    ZwReadFile while only normal APCs are off
        SECTIONSYNC_FLT_READ                fltRead.c   FltReadFile: the verifier objects
        SECTIONSYNC_WORKER                  fltRead.c   a worker thread where APCs are off

    What acquire and release answer:

        SECTIONSYNC_STATUSES                synchronize.c    0x126 and 0x12A
        SECTIONSYNC_FAIL_CREATE             failOther.c      fails what can be failed
        SECTIONSYNC_FAIL_OTHER              failOther.c      fails what cannot fail: a bug
        SECTIONSYNC_AS_IN_SEED              asInSeed.c       as in the report that began it: bugs
        SECTIONSYNC_HALF_COMPLETED          halfCompleted.c  completes acquire only: a bug
        SECTIONSYNC_UNBALANCED              unbalanced.c     never releases its resource: a bug
        SECTIONSYNC_UNBALANCED_REGION       unbalanced.c     nor leaves its critical region: a bug
        SECTIONSYNC_ILLEGAL_RETURN          illegalReturn.c  statuses of other operations: a bug
        SECTIONSYNC_DEFERRED_WORK_ITEM      deferredWork.c   tries to post the operation: refused

    A variant of the first kind answers as SECTIONSYNC_STATUSES does; one of the second kind reads
    as SECTIONSYNC_WORKER does.

Environment:

    Kernel mode

--*/

#ifndef __SECTIONSYNC_H__
#define __SECTIONSYNC_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#if !defined(SECTIONSYNC_ZW_READ_PENDED) && !defined(SECTIONSYNC_ZW_READ_INLINE) && \
    !defined(SECTIONSYNC_ZW_READ_CRITICAL_REGION) && !defined(SECTIONSYNC_FLT_READ) && \
    !defined(SECTIONSYNC_WORKER)
#define SECTIONSYNC_WORKER
#endif

#if !defined(SECTIONSYNC_FAIL_CREATE) && !defined(SECTIONSYNC_FAIL_OTHER) && \
    !defined(SECTIONSYNC_AS_IN_SEED) && \
    !defined(SECTIONSYNC_HALF_COMPLETED) && !defined(SECTIONSYNC_UNBALANCED) && \
    !defined(SECTIONSYNC_UNBALANCED_REGION) && !defined(SECTIONSYNC_ILLEGAL_RETURN) && \
    !defined(SECTIONSYNC_DEFERRED_WORK_ITEM) && !defined(SECTIONSYNC_STATUSES)
#define SECTIONSYNC_STATUSES
#endif

#define SECTIONSYNC_TAG 'ySsS'

//
//  A file name below the first is answered with the contents of the same name below the second.
//

#define SECTIONSYNC_VIRTUAL_PREFIX L"\\virtual\\"
#define SECTIONSYNC_REAL_PREFIX L"\\real\\"

//
//  Contents are read in whole pages: the file may be open without a cache.
//

#define SECTIONSYNC_PAGE_SIZE 0x1000

//
//  What FileObject->FsContext and SectionObjectPointer of a virtual file point to. The I/O
//  manager and the Filter Manager expect the header of a file system there.
//

typedef struct _SECTIONSYNC_STREAM {

    FSRTL_ADVANCED_FCB_HEADER Header;
    SECTION_OBJECT_POINTERS SectionObjectPointers;
    FAST_MUTEX FastMutex;

} SECTIONSYNC_STREAM, *PSECTIONSYNC_STREAM;

//
//  Our own knowledge of an open virtual file: the context of its stream handle. Nonpaged, because
//  an ERESOURCE has to be.
//

typedef struct _SECTIONSYNC_FILE {

    ERESOURCE Resource;
    BOOLEAN ResourceInitialized;

    LARGE_INTEGER Size;
    HANDLE RealHandle;
    PFILE_OBJECT RealFileObject;

    //
    //  What was read ahead, or NULL.
    //

    PVOID Contents;

} SECTIONSYNC_FILE, *PSECTIONSYNC_FILE;

extern PFLT_FILTER SectionSyncFilter;

//
//  virtualFile.c
//

VOID
FLTAPI
SectionSyncCleanupFile (
    _In_ PFLT_CONTEXT Context,
    _In_ FLT_CONTEXT_TYPE ContextType
    );

PSECTIONSYNC_FILE
SectionSyncGetFile (
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    );

FLT_PREOP_CALLBACK_STATUS
SectionSyncComplete (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ NTSTATUS Status,
    _In_ ULONG_PTR Information
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreQueryInformation (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreClose (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreOther (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

//
//  read.c
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreRead (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

//
//  zwRead.c or fltRead.c
//

NTSTATUS
SectionSyncOpenReal (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PUNICODE_STRING Name,
    _Inout_ PSECTIONSYNC_FILE File
    );

NTSTATUS
SectionSyncQueryRealSize (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Inout_ PSECTIONSYNC_FILE File
    );

NTSTATUS
SectionSyncReadReal (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_ PSECTIONSYNC_FILE File,
    _In_ LARGE_INTEGER Offset,
    _In_ ULONG Length,
    _Out_writes_bytes_(Length) PVOID Buffer,
    _Out_ PULONG BytesRead
    );

VOID
SectionSyncPrepareContents (
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Inout_ PSECTIONSYNC_FILE File
    );

//
//  Supplied by the variant: IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION and the like, and their
//  releases.
//

FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreAcquire (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_PREOP_CALLBACK_STATUS
FLTAPI
SectionSyncPreRelease (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    );

FLT_POSTOP_CALLBACK_STATUS
FLTAPI
SectionSyncPostSynchronize (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

#endif // __SECTIONSYNC_H__
