/*++

Module Name:

    filterrules.h

Abstract:

    Header file of the sample that asks the Filter Manager about its rules: what its files share.

    Each variant does one thing that the documentation has a sentence about, and the trace, or a line
    in the debugger, shows what came of it. None of them is a filter to build upon; together they are
    a place to look up what happens when. The build chooses one:

        FILTERRULES_CONTEXTS             contexts.c     set, keep, get and delete contexts
        FILTERRULES_HALVED               parameters.c   halves a read and says so
        FILTERRULES_HALVED_NOT_DIRTY     parameters.c   halves a read and does not say so
        FILTERRULES_LOCK_TWICE           parameters.c   locks a buffer that is locked
        FILTERRULES_WHEN_SAFE_PASSIVE    completion.c   completion when safe, at PASSIVE_LEVEL
        FILTERRULES_WHEN_SAFE_DISPATCH   completion.c   completion when safe, at DISPATCH_LEVEL
        FILTERRULES_COMPLETE_PENDING     completion.c   completes with STATUS_PENDING
        FILTERRULES_READ_AT_APC          completion.c   reads a file of its own at APC_LEVEL
        FILTERRULES_DEFER_PAGING         completion.c   leaves a paging write to a worker thread
        FILTERRULES_NAMES                names.c        asks for names where it may not
        FILTERRULES_DISALLOW_FASTIO      registered.c   refuses fast I/O
        FILTERRULES_SKIP_CACHED          registered.c   registers for reads that are not cached
        FILTERRULES_SKIP_PAGING          registered.c   registers for reads that are not paging I/O
        FILTERRULES_POST_ONLY            registered.c   registers a post-operation alone
        FILTERRULES_START_TWICE          registered.c   starts to filter twice
        FILTERRULES_STAY                 registered.c   does not want to be unloaded
        FILTERRULES_FOUL_WRITE           buffers.c      refuses what a write carries
        FILTERRULES_SWAPPED              buffers.c      swaps buffers
        FILTERRULES_BY_ID                opens.c        leaves opens by file id alone
        FILTERRULES_NAME_BY_ID           opens.c        asks for the name of what was opened by its id
        FILTERRULES_NOTIFY_LATE          opens.c        watches a directory after its cleanup
        FILTERRULES_HIDDEN               hidden.c       answers for a folder as if it were not there
        FILTERRULES_VERDICT              verdict.c      asks a program about each open, and undoes it

Environment:

    Kernel mode

--*/

#ifndef __FILTERRULES_H__
#define __FILTERRULES_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#define FILTERRULES_TAG 'uRlF'

extern PFLT_FILTER FilterRulesFilter;

//
//  Supplied by the variant's file: what is registered, what is done once filtering has started, and
//  what an unload is answered.
//

extern const FLT_OPERATION_REGISTRATION FilterRulesOperations[];
extern const FLT_CONTEXT_REGISTRATION FilterRulesContexts[];

VOID
FilterRulesStarted (
    VOID
    );

NTSTATUS
FilterRulesMayUnload (
    VOID
    );

#if defined(FILTERRULES_VERDICT)

VOID
FilterRulesClosePort (
    VOID
    );

#endif

#endif // __FILTERRULES_H__
