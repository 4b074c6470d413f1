/*++

Module Name:

    port.c

Abstract:

    The communication port: one program at a time, which asks for records by commands.

    The callbacks of a port come at PASSIVE_LEVEL, in the program's own thread.

Environment:

    Kernel mode

--*/

#include "observer.h"

static PFLT_PORT ObserverServerPort;
static PFLT_PORT ObserverClientPort;

NTSTATUS
FLTAPI
ObserverConnect (
    _In_ PFLT_PORT ClientPort,
    _In_opt_ PVOID ServerPortCookie,
    _In_reads_bytes_opt_(SizeOfContext) PVOID ConnectionContext,
    _In_ ULONG SizeOfContext,
    _Outptr_result_maybenull_ PVOID *ConnectionCookie
    );

VOID
FLTAPI
ObserverDisconnect (
    _In_opt_ PVOID ConnectionCookie
    );

NTSTATUS
FLTAPI
ObserverMessage (
    _In_opt_ PVOID PortCookie,
    _In_reads_bytes_opt_(InputBufferLength) PVOID InputBuffer,
    _In_ ULONG InputBufferLength,
    _Out_writes_bytes_to_opt_(OutputBufferLength, *ReturnOutputBufferLength) PVOID OutputBuffer,
    _In_ ULONG OutputBufferLength,
    _Out_ PULONG ReturnOutputBufferLength
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, ObserverOpenPort)
#pragma alloc_text(PAGE, ObserverClosePort)
#pragma alloc_text(PAGE, ObserverConnect)
#pragma alloc_text(PAGE, ObserverDisconnect)
#pragma alloc_text(PAGE, ObserverMessage)
#endif


NTSTATUS
ObserverOpenPort (
    VOID
    )
/*++

Routine Description:

    Creates the port. The default descriptor lets administrators and the system connect.

Return Value:

    STATUS_SUCCESS, or what the Filter Manager answered.

--*/
{
    PSECURITY_DESCRIPTOR descriptor;
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;
    NTSTATUS status;

    PAGED_CODE();

    status = FltBuildDefaultSecurityDescriptor( &descriptor, FLT_PORT_ALL_ACCESS );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    RtlInitUnicodeString( &name, OBSERVER_PORT_NAME );

    InitializeObjectAttributes( &attributes,
                                &name,
                                OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE,
                                NULL,
                                descriptor );

    status = FltCreateCommunicationPort( ObserverFilter,
                                         &ObserverServerPort,
                                         &attributes,
                                         NULL,
                                         ObserverConnect,
                                         ObserverDisconnect,
                                         ObserverMessage,
                                         1 );

    FltFreeSecurityDescriptor( descriptor );

    return status;
}


VOID
ObserverClosePort (
    VOID
    )
/*++

Routine Description:

    Closes the port: nobody can connect any more.

--*/
{
    PAGED_CODE();

    FltCloseCommunicationPort( ObserverServerPort );
}


NTSTATUS
FLTAPI
ObserverConnect (
    _In_ PFLT_PORT ClientPort,
    _In_opt_ PVOID ServerPortCookie,
    _In_reads_bytes_opt_(SizeOfContext) PVOID ConnectionContext,
    _In_ ULONG SizeOfContext,
    _Outptr_result_maybenull_ PVOID *ConnectionCookie
    )
/*++

Routine Description:

    A program connects: from now on callbacks leave records.

Arguments:

    ClientPort - Our end of the connection.

    ServerPortCookie - Not used.

    ConnectionContext - An OBSERVER_CONTEXT, or nothing. A copy in system memory.

    SizeOfContext - Its length.

    ConnectionCookie - Not used.

Return Value:

    STATUS_SUCCESS; STATUS_INVALID_PARAMETER, STATUS_REVISION_MISMATCH, STATUS_INSUFFICIENT_RESOURCES.

--*/
{
    POBSERVER_CONTEXT context = ConnectionContext;
    ULONG slots = OBSERVER_SLOTS_DEFAULT;
    NTSTATUS status;

    UNREFERENCED_PARAMETER( ServerPortCookie );

    PAGED_CODE();

    *ConnectionCookie = NULL;

    if (context != NULL && SizeOfContext != 0) {

        if (SizeOfContext < sizeof(OBSERVER_CONTEXT)) {

            return STATUS_INVALID_PARAMETER;
        }

        if (context->Version != OBSERVER_VERSION) {

            return STATUS_REVISION_MISMATCH;
        }

        slots = context->Slots;
    }

    status = ObserverOpenRing( slots );

    if (NT_SUCCESS( status )) {

        ObserverClientPort = ClientPort;
    }

    return status;
}


VOID
FLTAPI
ObserverDisconnect (
    _In_opt_ PVOID ConnectionCookie
    )
/*++

Routine Description:

    The program has gone, or we go: no more records, and their memory is given back.

Arguments:

    ConnectionCookie - Not used.

--*/
{
    UNREFERENCED_PARAMETER( ConnectionCookie );

    PAGED_CODE();

    ObserverCloseRing();
    FltCloseClientPort( ObserverFilter, &ObserverClientPort );
}


static
NTSTATUS
ObserverTellInstances (
    _Out_writes_bytes_to_(Length, *Returned) PVOID Output,
    _In_ ULONG Length,
    _Out_ PULONG Returned
    )
/*++

Routine Description:

    Answers ObserverGetInstances.

Arguments:

    Output - An address of the program's.

    Length - Bytes that it has room for.

    Returned - Receives the bytes that were written.

Return Value:

    STATUS_SUCCESS; STATUS_BUFFER_TOO_SMALL; or the exception that the buffer raised.

--*/
{
    OBSERVER_INSTANCE instance;
    OBSERVER_BATCH batch;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG count;
    ULONG index;

    ObserverCount( &batch );

    count = ObserverCopyInstance( MAXULONG, &instance );
    batch.Count = count;
    batch.Size += count * sizeof(OBSERVER_INSTANCE);

    if (Length < batch.Size) {

        return STATUS_BUFFER_TOO_SMALL;
    }

    __try {

        RtlCopyMemory( Output, &batch, sizeof(OBSERVER_BATCH) );

        for (index = 0; index < count; index += 1) {

            (VOID)ObserverCopyInstance( index, &instance );

            RtlCopyMemory( Add2Ptr( Output, sizeof(OBSERVER_BATCH) + index * sizeof(OBSERVER_INSTANCE) ),
                           &instance,
                           sizeof(OBSERVER_INSTANCE) );
        }

        *Returned = batch.Size;

    } __except (EXCEPTION_EXECUTE_HANDLER) {

        status = GetExceptionCode();
    }

    return status;
}


NTSTATUS
FLTAPI
ObserverMessage (
    _In_opt_ PVOID PortCookie,
    _In_reads_bytes_opt_(InputBufferLength) PVOID InputBuffer,
    _In_ ULONG InputBufferLength,
    _Out_writes_bytes_to_opt_(OutputBufferLength, *ReturnOutputBufferLength) PVOID OutputBuffer,
    _In_ ULONG OutputBufferLength,
    _Out_ PULONG ReturnOutputBufferLength
    )
/*++

Routine Description:

    The program sends a command. Both buffers are the program's own memory, which another thread of it
    may change or free at any time: the command is copied once and judged afterwards.

Arguments:

    PortCookie - Not used.

    InputBuffer - An OBSERVER_COMMAND.

    InputBufferLength - Its length.

    OutputBuffer - Receives the answer.

    OutputBufferLength - Bytes that it has room for.

    ReturnOutputBufferLength - Receives the bytes that were written.

Return Value:

    STATUS_SUCCESS, or why there is no answer.

--*/
{
    OBSERVER_COMMAND command;
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER( PortCookie );

    PAGED_CODE();

    *ReturnOutputBufferLength = 0;

    if (InputBuffer == NULL || InputBufferLength < sizeof(OBSERVER_COMMAND)) {

        return STATUS_INVALID_PARAMETER;
    }

    __try {

        RtlCopyMemory( &command, InputBuffer, sizeof(OBSERVER_COMMAND) );

    } __except (EXCEPTION_EXECUTE_HANDLER) {

        status = GetExceptionCode();
    }

    if (!NT_SUCCESS( status )) {

        return status;
    }

    if (command.Version != OBSERVER_VERSION) {

        return STATUS_REVISION_MISMATCH;
    }

    if (command.Code == ObserverWatchProcess) {

        return ObserverWatch( command.ProcessId );
    }

    if (OutputBuffer == NULL) {

        return STATUS_INVALID_PARAMETER;
    }

    switch (command.Code) {

    case ObserverGetInstances:

        return ObserverTellInstances( OutputBuffer, OutputBufferLength, ReturnOutputBufferLength );

    case ObserverGetRecords:

        return ObserverTakeRecords( OutputBuffer, OutputBufferLength, ReturnOutputBufferLength );

    default:

        return STATUS_INVALID_PARAMETER;
    }
}
