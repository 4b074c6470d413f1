/*++

Module Name:

    contexts.c

Abstract:

    Contexts: what each routine answers, on the opens of one file.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_CONTEXTS)

typedef struct _FILTERRULES_CONTEXT {

    ULONG Number;

} FILTERRULES_CONTEXT, *PFILTERRULES_CONTEXT;

//
//  The context of the first open, with a reference of our own.
//

static PFLT_CONTEXT FilterRulesFirst;

static
NTSTATUS
FilterRulesAllocate (
    _In_ FLT_CONTEXT_TYPE Type,
    _Outptr_result_maybenull_ PFLT_CONTEXT *Context
    )
/*++

Routine Description:

    Allocates a context.

Arguments:

    Type - FLT_..._CONTEXT.

    Context - Receives it, or NULL.

Return Value:

    What FltAllocateContext answered.

--*/
{
    *Context = NULL;

    return FltAllocateContext( FilterRulesFilter, Type, sizeof(FILTERRULES_CONTEXT), NonPagedPool, Context );
}


static
VOID
FilterRulesTell (
    _In_ PCSTR What,
    _In_ NTSTATUS Status,
    _In_ PCSTR More
    )
/*++

Routine Description:

    Writes a line.

Arguments:

    What - What was done.

    Status - What was answered.

    More - What else there is to say.

--*/
{
    DbgPrint( "contexts: %s 0x%08x %s\n", What, Status, More );
}


static
VOID
FilterRulesOnFirstOpen (
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    )
/*++

Routine Description:

    Sets a context, finds it, keeps it against another one.

Arguments:

    FltObjects - The instance, its filter, its volume and the file.

--*/
{
    PFLT_CONTEXT first = NULL;
    PFLT_CONTEXT second = NULL;
    PFLT_CONTEXT found = NULL;
    NTSTATUS status;

    status = FltGetStreamHandleContext( FltObjects->Instance, FltObjects->FileObject, &found );
    FilterRulesTell( "get-none", status, found == NULL ? "NULL" : "a context" );

    //
    //  A kind of context that was not registered.
    //

    status = FilterRulesAllocate( FLT_STREAM_CONTEXT, &found );
    FilterRulesTell( "allocate-unregistered", status, "" );

    //
    //  A context of another kind than the routine's.
    //

    if (NT_SUCCESS( FilterRulesAllocate( FLT_INSTANCE_CONTEXT, &found ))) {

        status = FltSetStreamHandleContext( FltObjects->Instance,
                                            FltObjects->FileObject,
                                            FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                            found,
                                            NULL );
        FilterRulesTell( "set-wrong-type", status, "" );
        FltReleaseContext( found );
    }

    if (!NT_SUCCESS( FilterRulesAllocate( FLT_STREAMHANDLE_CONTEXT, &first )) ||
        !NT_SUCCESS( FilterRulesAllocate( FLT_STREAMHANDLE_CONTEXT, &second ))) {

        return;
    }

    status = FltSetStreamHandleContext( FltObjects->Instance,
                                        FltObjects->FileObject,
                                        FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                        first,
                                        NULL );
    FilterRulesTell( "set", status, "" );

    found = NULL;
    status = FltSetStreamHandleContext( FltObjects->Instance,
                                        FltObjects->FileObject,
                                        FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                        second,
                                        &found );
    FilterRulesTell( "keep-existing", status, found == first ? "the first" : "something else" );

    if (found != NULL) {

        FltReleaseContext( found );
    }

    //
    //  The second was not set: our reference is the only one. The first has one of the list's as
    //  well, so that it is there when we have given ours back.
    //

    FltReleaseContext( second );
    FltReleaseContext( first );

    found = NULL;
    status = FltGetStreamHandleContext( FltObjects->Instance, FltObjects->FileObject, &found );
    FilterRulesTell( "after-release", status, found == first ? "the first" : "something else" );

    FilterRulesFirst = found;
}


static
VOID
FilterRulesOnSecondOpen (
    _In_ PCFLT_RELATED_OBJECTS FltObjects
    )
/*++

Routine Description:

    Sets the context of the first open once more, on this one; then deletes it.

Arguments:

    FltObjects - The instance, its filter, its volume and the file.

--*/
{
    PFLT_CONTEXT own = NULL;
    PFLT_CONTEXT found = NULL;
    NTSTATUS status;

    status = FltSetStreamHandleContext( FltObjects->Instance,
                                        FltObjects->FileObject,
                                        FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                        FilterRulesFirst,
                                        NULL );
    FilterRulesTell( "already-linked", status, "" );

    if (NT_SUCCESS( FilterRulesAllocate( FLT_STREAMHANDLE_CONTEXT, &own ))) {

        (VOID)FltSetStreamHandleContext( FltObjects->Instance,
                                         FltObjects->FileObject,
                                         FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                         own,
                                         NULL );
        FltDeleteContext( own );

        status = FltGetStreamHandleContext( FltObjects->Instance, FltObjects->FileObject, &found );
        FilterRulesTell( "delete-then-get", status, found == NULL ? "NULL" : "a context" );

        FltReleaseContext( own );
    }

    FltReleaseContext( FilterRulesFirst );
    FilterRulesFirst = NULL;
}


static
FLT_PREOP_CALLBACK_STATUS
FLTAPI
FilterRulesPreCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _Flt_CompletionContext_Outptr_ PVOID *CompletionContext
    )
/*++

Routine Description:

    Tries to set a context on a file that is not open yet.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

Return Value:

    FLT_PREOP_SYNCHRONIZE.

--*/
{
    PFLT_CONTEXT context;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( CompletionContext );

    if (NT_SUCCESS( FilterRulesAllocate( FLT_STREAMHANDLE_CONTEXT, &context ))) {

        status = FltSetStreamHandleContext( FltObjects->Instance,
                                            FltObjects->FileObject,
                                            FLT_SET_CONTEXT_KEEP_IF_EXISTS,
                                            context,
                                            NULL );
        FilterRulesTell( "set-in-pre-create", status, "" );
        FltReleaseContext( context );
    }

    return FLT_PREOP_SYNCHRONIZE;
}


static
FLT_POSTOP_CALLBACK_STATUS
FLTAPI
FilterRulesPostCreate (
    _Inout_ PFLT_CALLBACK_DATA Data,
    _In_ PCFLT_RELATED_OBJECTS FltObjects,
    _In_opt_ PVOID CompletionContext,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Does the rest, on the first and on the second open.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    UNREFERENCED_PARAMETER( CompletionContext );

    if (FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING ) || !NT_SUCCESS( Data->IoStatus.Status )) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    if (FilterRulesFirst == NULL) {

        FilterRulesOnFirstOpen( FltObjects );

    } else {

        FilterRulesOnSecondOpen( FltObjects );
    }

    return FLT_POSTOP_FINISHED_PROCESSING;
}

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_CREATE, 0, FilterRulesPreCreate, FilterRulesPostCreate, NULL },
    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

const FLT_CONTEXT_REGISTRATION FilterRulesContexts[] = {

    { FLT_STREAMHANDLE_CONTEXT, 0, NULL, sizeof(FILTERRULES_CONTEXT), FILTERRULES_TAG, NULL, NULL, NULL },
    { FLT_INSTANCE_CONTEXT, 0, NULL, sizeof(FILTERRULES_CONTEXT), FILTERRULES_TAG, NULL, NULL, NULL },
    { FLT_CONTEXT_END }
};


VOID
FilterRulesStarted (
    VOID
    )
/*++

Routine Description:

    This variant has nothing to do here.

--*/
{
}


NTSTATUS
FilterRulesMayUnload (
    VOID
    )
/*++

Routine Description:

    This variant can be unloaded.

Return Value:

    STATUS_SUCCESS.

--*/
{
    if (FilterRulesFirst != NULL) {

        FltReleaseContext( FilterRulesFirst );
    }

    return STATUS_SUCCESS;
}

#endif // FILTERRULES_CONTEXTS
