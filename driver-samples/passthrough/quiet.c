/*++

Module Name:

    quiet.c

Abstract:

    The variant that says nothing.

Environment:

    Kernel mode

--*/

#include "passthrough.h"

#if defined(PASSTHROUGH_QUIET)


VOID
PassThroughTellPreOperation (
    _In_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Does nothing before an operation.

Arguments:

    Data - The operation.

--*/
{
    UNREFERENCED_PARAMETER( Data );
}


VOID
PassThroughTellPostOperation (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ FLT_POST_OPERATION_FLAGS Flags
    )
/*++

Routine Description:

    Does nothing after an operation.

Arguments:

    Data - The operation.

    Flags - Says whether the instance is being drained.

--*/
{
    UNREFERENCED_PARAMETER( Data );
    UNREFERENCED_PARAMETER( Flags );
}

#endif // PASSTHROUGH_QUIET
