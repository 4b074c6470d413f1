/*++

Module Name:

    verdict.c

Abstract:

    A scanner in two parts: the driver asks a program about each file that is opened, and an open that
    the program does not like is undone.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

#if defined(FILTERRULES_VERDICT)

//
//  What the program answers: one byte, not 0 for a file that is infected.
//

typedef struct _FILTERRULES_REPLY {

    UCHAR Infected;

} FILTERRULES_REPLY, *PFILTERRULES_REPLY;

static PFLT_PORT FilterRulesServerPort;
static PFLT_PORT FilterRulesClientPort;


static
NTSTATUS
FLTAPI
FilterRulesConnect (
    _In_ PFLT_PORT ClientPort,
    _In_opt_ PVOID ServerPortCookie,
    _In_reads_bytes_opt_(SizeOfContext) PVOID ConnectionContext,
    _In_ ULONG SizeOfContext,
    _Outptr_result_maybenull_ PVOID *ConnectionCookie
    )
/*++

Routine Description:

    The program has connected.

Arguments:

    ClientPort - Its end.

    ServerPortCookie - Not used.

    ConnectionContext - Not used.

    SizeOfContext - Not used.

    ConnectionCookie - Receives nothing.

Return Value:

    STATUS_SUCCESS.

--*/
{
    UNREFERENCED_PARAMETER( ServerPortCookie );
    UNREFERENCED_PARAMETER( ConnectionContext );
    UNREFERENCED_PARAMETER( SizeOfContext );

    FilterRulesClientPort = ClientPort;
    *ConnectionCookie = NULL;

    return STATUS_SUCCESS;
}


static
VOID
FLTAPI
FilterRulesDisconnect (
    _In_opt_ PVOID ConnectionCookie
    )
/*++

Routine Description:

    The program has gone.

Arguments:

    ConnectionCookie - Not used.

--*/
{
    UNREFERENCED_PARAMETER( ConnectionCookie );

    FltCloseClientPort( FilterRulesFilter, &FilterRulesClientPort );
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

    Asks the program, and undoes the open of an infected file.

Arguments:

    Data - The operation.

    FltObjects - The instance, its filter, its volume and the file.

    CompletionContext - Not used.

    Flags - Says whether the instance is being drained.

Return Value:

    FLT_POSTOP_FINISHED_PROCESSING.

--*/
{
    FILTERRULES_REPLY reply = { 0 };
    ULONG length = sizeof(FILTERRULES_REPLY);
    NTSTATUS status;

    UNREFERENCED_PARAMETER( CompletionContext );

    if (FlagOn( Flags, FLTFL_POST_OPERATION_DRAINING ) || FilterRulesClientPort == NULL ||
        !NT_SUCCESS( Data->IoStatus.Status ) || Data->IoStatus.Status == STATUS_REPARSE) {

        return FLT_POSTOP_FINISHED_PROCESSING;
    }

    status = FltSendMessage( FilterRulesFilter,
                             &FilterRulesClientPort,
                             "scan",
                             4,
                             &reply,
                             &length,
                             NULL );

    if (status == STATUS_SUCCESS && reply.Infected) {

        FltCancelFileOpen( FltObjects->Instance, FltObjects->FileObject );

        Data->IoStatus.Status = STATUS_VIRUS_INFECTED;
        Data->IoStatus.Information = 0;
    }

    return FLT_POSTOP_FINISHED_PROCESSING;
}

const FLT_OPERATION_REGISTRATION FilterRulesOperations[] = {

    { IRP_MJ_CREATE, 0, NULL, FilterRulesPostCreate, NULL },
    { IRP_MJ_OPERATION_END, 0, NULL, NULL, NULL }
};

const FLT_CONTEXT_REGISTRATION FilterRulesContexts[] = {

    { FLT_CONTEXT_END }
};


VOID
FilterRulesStarted (
    VOID
    )
/*++

Routine Description:

    Opens the port for the program.

--*/
{
    PSECURITY_DESCRIPTOR securityDescriptor;
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name = RTL_CONSTANT_STRING( L"\\FilterRules" );
    NTSTATUS status;

    status = FltBuildDefaultSecurityDescriptor( &securityDescriptor, FLT_PORT_ALL_ACCESS );

    if (!NT_SUCCESS( status )) {

        return;
    }

    InitializeObjectAttributes( &attributes,
                                &name,
                                OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE,
                                NULL,
                                securityDescriptor );

    status = FltCreateCommunicationPort( FilterRulesFilter,
                                         &FilterRulesServerPort,
                                         &attributes,
                                         NULL,
                                         FilterRulesConnect,
                                         FilterRulesDisconnect,
                                         NULL,
                                         1 );

    FltFreeSecurityDescriptor( securityDescriptor );

    DbgPrint( "verdict: port 0x%08x\n", status );
}


VOID
FilterRulesClosePort (
    VOID
    )
/*++

Routine Description:

    Nobody can connect any more: unregistering the filter waits for that.

--*/
{
    FltCloseCommunicationPort( FilterRulesServerPort );
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
    return STATUS_SUCCESS;
}

#endif // FILTERRULES_VERDICT
