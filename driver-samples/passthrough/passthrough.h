/*++

Module Name:

    passthrough.h

Abstract:

    Header file of the pass-through sample: what its files share.

    The sample registers for every operation that a minifilter may see, before and after the file
    system, and passes each on as it came. It is the baseline for other filters, and a start for
    new ones. The build chooses what it says on the way; each variant is one file that supplies
    the routines at the end of this header:

        PASSTHROUGH_QUIET       quiet.c     nothing
        PASSTHROUGH_TRACED      traced.c    one line to the debugger for each callback

Environment:

    Kernel mode

--*/

#ifndef __PASSTHROUGH_H__
#define __PASSTHROUGH_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#if !defined(PASSTHROUGH_QUIET) && !defined(PASSTHROUGH_TRACED)
#define PASSTHROUGH_QUIET
#endif

//
//  operations.c
//

extern const FLT_OPERATION_REGISTRATION PassThroughOperations[];

//
//  Supplied by the variant. Both are called at whatever IRQL the callback came.
//

VOID
PassThroughTellPreOperation (
    _In_ PFLT_CALLBACK_DATA Data
    );

VOID
PassThroughTellPostOperation (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    );

#endif // __PASSTHROUGH_H__
