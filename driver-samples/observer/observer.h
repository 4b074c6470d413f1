/*++

Module Name:

    observer.h

Abstract:

    Header file of the observer: what its files share.

    The observer sees each operation twice, in one instance above the driver under test and in another
    one below it, and changes none. A program reads what it saw through a communication port, in the
    layout of records.h. What it costs is bounded: a ring of nonpaged memory while a program is
    connected, and nothing otherwise.

        observer.c      registration and instances
        operations.c    the callbacks
        arguments.c     the parameters of an operation as numbers
        ring.c          records, from callbacks at any IRQL to a reader at PASSIVE_LEVEL
        port.c          the port and its commands

Environment:

    Kernel mode

--*/

#ifndef __OBSERVER_H__
#define __OBSERVER_H__

#include <fltKernel.h>
#include <dontuse.h>
#include <suppress.h>

#include "records.h"

#define OBSERVER_POOL_TAG 'sbOF'

//
//  A completion context says which operation and which instance it was: a number, no memory.
//

#define OBSERVER_INSTANCE_BITS 6
#define OBSERVER_INSTANCES_MOST (1 << OBSERVER_INSTANCE_BITS)
#define OBSERVER_NO_INSTANCE (OBSERVER_INSTANCES_MOST - 1)

//
//  observer.c
//

extern PFLT_FILTER ObserverFilter;

ULONG
ObserverGetInstanceId (
    _In_ PFLT_INSTANCE Instance
    );

ULONG
ObserverCopyInstance (
    _In_ ULONG Index,
    _Out_ POBSERVER_INSTANCE Copy
    );

//
//  operations.c
//

extern const FLT_OPERATION_REGISTRATION ObserverOperations[];

//
//  arguments.c
//

typedef struct _OBSERVER_TEXT {

    PCWSTR Buffer;
    ULONG Length;
    BOOLEAN Present;

} OBSERVER_TEXT, *POBSERVER_TEXT;

VOID
ObserverReadArguments (
    _In_ PFLT_CALLBACK_DATA Data,
    _Inout_ POBSERVER_RECORD Record,
    _Out_ POBSERVER_TEXT Text
    );

//
//  ring.c
//

VOID
ObserverInitializeRing (
    VOID
    );

VOID
ObserverDeleteRing (
    VOID
    );

NTSTATUS
ObserverOpenRing (
    _In_ ULONG Slots
    );

VOID
ObserverCloseRing (
    VOID
    );

VOID
ObserverTellCallback (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ USHORT Kind,
    _In_ ULONG InstanceId,
    _In_ ULONG64 Operation,
    _In_ ULONG PostFlags,
    _In_ ULONG Returned
    );

NTSTATUS
ObserverWatch (
    _In_ ULONG64 ProcessId
    );

NTSTATUS
ObserverTakeRecords (
    _Out_writes_bytes_to_(Length, *Returned) PVOID Output,
    _In_ ULONG Length,
    _Out_ PULONG Returned
    );

VOID
ObserverCount (
    _Out_ POBSERVER_BATCH Batch
    );

//
//  port.c
//

NTSTATUS
ObserverOpenPort (
    VOID
    );

VOID
ObserverClosePort (
    VOID
    );

#endif // __OBSERVER_H__
