/*++

Module Name:

    ring.c

Abstract:

    Records on their way from the callbacks to the program.

    A callback reserves a slot of the ring under a spin lock, fills it without one and says that it is
    ready; so a name in paged pool can be copied where the callback came at PASSIVE_LEVEL, and a
    callback at DISPATCH_LEVEL waits for nobody. The reader takes slots in order, up to the first that
    is not ready. A full ring loses the record and counts it. Nothing here is pageable but the reader.

Environment:

    Kernel mode

--*/

#include "observer.h"

typedef struct _OBSERVER_SLOT {

    volatile LONG Ready;
    ULONG Reserved;
    OBSERVER_RECORD Record;
    WCHAR Text[OBSERVER_TEXT_CHARACTERS];

} OBSERVER_SLOT, *POBSERVER_SLOT;

//
//  The text lies right behind the record, as the reader expects it.
//

C_ASSERT( FIELD_OFFSET(OBSERVER_SLOT, Text) == FIELD_OFFSET(OBSERVER_SLOT, Record) + sizeof(OBSERVER_RECORD) );
C_ASSERT( sizeof(OBSERVER_SLOT) % 8 == 0 );

typedef struct _OBSERVER_RING {

    //
    //  Callbacks hold it while they write; closing the ring waits for them. Run down while no program
    //  is connected.
    //

    EX_RUNDOWN_REF Users;

    //
    //  Guards the numbers below, for a few instructions at a time.
    //

    KSPIN_LOCK Lock;

    ULONG Slots;
    ULONG First;
    ULONG Used;
    ULONG64 Sequence;
    ULONG64 Dropped;
    ULONG64 Ignored;

    POBSERVER_SLOT Slot;

    //
    //  One reader at a time.
    //

    EX_PUSH_LOCK Reader;

    //
    //  Whose operations are told; everybody's when there are none. Only ever added to while a program
    //  is connected.
    //

    volatile LONG ProcessCount;
    ULONG64 Processes[OBSERVER_PROCESSES_MOST];

} OBSERVER_RING, *POBSERVER_RING;

static OBSERVER_RING ObserverRing;

//
//  The System process has the same number on every Windows since XP.
//

#define OBSERVER_SYSTEM_PROCESS_ID 4

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, ObserverOpenRing)
#pragma alloc_text(PAGE, ObserverCloseRing)
#pragma alloc_text(PAGE, ObserverTakeRecords)
#endif


VOID
ObserverInitializeRing (
    VOID
    )
/*++

Routine Description:

    Called once. The ring is closed until a program connects.

--*/
{
    KeInitializeSpinLock( &ObserverRing.Lock );
    FltInitializePushLock( &ObserverRing.Reader );
    ExInitializeRundownProtection( &ObserverRing.Users );
    ExWaitForRundownProtectionRelease( &ObserverRing.Users );
}


VOID
ObserverDeleteRing (
    VOID
    )
/*++

Routine Description:

    Called once, when no callback of ours can come any more. The ring itself has gone with the program.

--*/
{
    FltDeletePushLock( &ObserverRing.Reader );
}


NTSTATUS
ObserverOpenRing (
    _In_ ULONG Slots
    )
/*++

Routine Description:

    Makes an empty ring and lets callbacks in.

Arguments:

    Slots - How many records it holds.

Return Value:

    STATUS_SUCCESS, STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES.

--*/
{
    SIZE_T length;

    PAGED_CODE();

    if (Slots < OBSERVER_SLOTS_LEAST || Slots > OBSERVER_SLOTS_MOST) {

        return STATUS_INVALID_PARAMETER;
    }

    length = Slots * sizeof(OBSERVER_SLOT);

    ObserverRing.Slot = ExAllocatePoolWithTag( NonPagedPool, length, OBSERVER_POOL_TAG );

    if (ObserverRing.Slot == NULL) {

        return STATUS_INSUFFICIENT_RESOURCES;
    }

    RtlZeroMemory( ObserverRing.Slot, length );

    ObserverRing.Slots = Slots;
    ObserverRing.First = 0;
    ObserverRing.Used = 0;
    ObserverRing.Sequence = 0;
    ObserverRing.Dropped = 0;
    ObserverRing.Ignored = 0;
    ObserverRing.ProcessCount = 0;

    ExReInitializeRundownProtection( &ObserverRing.Users );

    return STATUS_SUCCESS;
}


VOID
ObserverCloseRing (
    VOID
    )
/*++

Routine Description:

    Waits for callbacks that write right now and for the reader, and frees the ring.

--*/
{
    PAGED_CODE();

    ExWaitForRundownProtectionRelease( &ObserverRing.Users );

    FltAcquirePushLockExclusive( &ObserverRing.Reader );

    ExFreePoolWithTag( ObserverRing.Slot, OBSERVER_POOL_TAG );
    ObserverRing.Slot = NULL;

    FltReleasePushLock( &ObserverRing.Reader );
}


NTSTATUS
ObserverWatch (
    _In_ ULONG64 ProcessId
    )
/*++

Routine Description:

    From now on operations are told of this process, of those that were named before, and of System.

Arguments:

    ProcessId - The process.

Return Value:

    STATUS_SUCCESS; STATUS_INSUFFICIENT_RESOURCES when there are too many.

--*/
{
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
    KIRQL irql;

    KeAcquireSpinLock( &ObserverRing.Lock, &irql );

    if (ObserverRing.ProcessCount < OBSERVER_PROCESSES_MOST) {

        ObserverRing.Processes[ObserverRing.ProcessCount] = ProcessId;
        ObserverRing.ProcessCount += 1;
        status = STATUS_SUCCESS;
    }

    KeReleaseSpinLock( &ObserverRing.Lock, irql );

    return status;
}


static
BOOLEAN
ObserverIsWatched (
    _In_ ULONG64 ProcessId
    )
/*++

Routine Description:

    Whether operations of a process are told. Called with the lock held.

--*/
{
    LONG index;

    if (ObserverRing.ProcessCount == 0 || ProcessId == OBSERVER_SYSTEM_PROCESS_ID) {

        return TRUE;
    }

    for (index = 0; index < ObserverRing.ProcessCount; index += 1) {

        if (ObserverRing.Processes[index] == ProcessId) {

            return TRUE;
        }
    }

    return FALSE;
}


static
POBSERVER_SLOT
ObserverReserve (
    _In_ ULONG64 ProcessId,
    _Out_ PULONG64 Sequence
    )
/*++

Routine Description:

    Takes the next slot of the ring.

Arguments:

    ProcessId - Whose callback it is.

    Sequence - Receives the number of the record.

Return Value:

    The slot; NULL where the record is lost or nobody's concern.

--*/
{
    POBSERVER_SLOT slot = NULL;
    KIRQL irql;

    *Sequence = 0;

    KeAcquireSpinLock( &ObserverRing.Lock, &irql );

    if (!ObserverIsWatched( ProcessId )) {

        ObserverRing.Ignored += 1;

    } else {

        *Sequence = ObserverRing.Sequence;
        ObserverRing.Sequence += 1;

        if (ObserverRing.Used == ObserverRing.Slots) {

            ObserverRing.Dropped += 1;

        } else {

            slot = &ObserverRing.Slot[(ObserverRing.First + ObserverRing.Used) % ObserverRing.Slots];
            ObserverRing.Used += 1;
        }
    }

    KeReleaseSpinLock( &ObserverRing.Lock, irql );

    return slot;
}


static
VOID
ObserverFill (
    _Inout_ POBSERVER_SLOT Slot,
    _In_ PFLT_CALLBACK_DATA Data
    )
/*++

Routine Description:

    Writes the part of a record that comes from the callback data.

--*/
{
    POBSERVER_RECORD record = &Slot->Record;
    LARGE_INTEGER time;
    OBSERVER_TEXT text;

    KeQuerySystemTime( &time );

    record->SystemTime = (ULONG64)time.QuadPart;
    record->CallbackData = (ULONG_PTR)Data;
    record->FileObject = (ULONG_PTR)Data->Iopb->TargetFileObject;
    record->DataFlags = Data->Flags;
    record->IrpFlags = Data->Iopb->IrpFlags;
    record->MajorFunction = Data->Iopb->MajorFunction;
    record->MinorFunction = Data->Iopb->MinorFunction;
    record->OperationFlags = Data->Iopb->OperationFlags;
    record->RequestorMode = (UCHAR)Data->RequestorMode;
    record->Irql = (UCHAR)KeGetCurrentIrql();

    ObserverReadArguments( Data, record, &text );

    if (text.Present) {

        ULONG length = text.Length;

        SetFlag( record->RecordFlags, OBSERVER_TEXT_PRESENT );

        if (length > OBSERVER_TEXT_CHARACTERS * sizeof(WCHAR)) {

            length = OBSERVER_TEXT_CHARACTERS * sizeof(WCHAR);
            SetFlag( record->RecordFlags, OBSERVER_TEXT_CUT );
        }

        if (length != 0) {

            RtlCopyMemory( Slot->Text, text.Buffer, length );
        }

        record->TextLength = (USHORT)length;
    }

    record->Size = (ULONG)ROUND_TO_SIZE( sizeof(OBSERVER_RECORD) + record->TextLength, 8 );
}


VOID
ObserverTellCallback (
    _In_ PFLT_CALLBACK_DATA Data,
    _In_ USHORT Kind,
    _In_ ULONG InstanceId,
    _In_ ULONG64 Operation,
    _In_ ULONG PostFlags,
    _In_ ULONG Returned
    )
/*++

Routine Description:

    Leaves a record of a callback, if a program is connected. At whatever IRQL the callback came.

Arguments:

    Data - The operation.

    Kind - OBSERVER_PRE_OPERATION or OBSERVER_POST_OPERATION.

    InstanceId - Whose callback it is.

    Operation - The number that pairs the two.

    PostFlags - FLT_POST_OPERATION_FLAGS.

    Returned - What the callback is about to return.

--*/
{
    ULONG64 processId = (ULONG_PTR)PsGetCurrentProcessId();
    POBSERVER_SLOT slot;
    ULONG64 sequence;

    if (!ExAcquireRundownProtection( &ObserverRing.Users )) {

        return;
    }

    slot = ObserverReserve( processId, &sequence );

    if (slot != NULL) {

        POBSERVER_RECORD record = &slot->Record;

        RtlZeroMemory( record, sizeof(OBSERVER_RECORD) + sizeof(slot->Text) );

        record->Kind = Kind;
        record->Sequence = sequence;
        record->Operation = Operation;
        record->ThreadId = (ULONG_PTR)PsGetCurrentThreadId();
        record->ProcessId = processId;
        record->InstanceId = InstanceId;
        record->PostFlags = PostFlags;
        record->Returned = Returned;

        //
        //  While the instance is drained the operation has not ended: there is no status to tell.
        //

        if (Kind == OBSERVER_POST_OPERATION && !FlagOn( PostFlags, FLTFL_POST_OPERATION_DRAINING )) {

            record->Status = Data->IoStatus.Status;
            record->Information = Data->IoStatus.Information;
        }

        ObserverFill( slot, Data );

        InterlockedExchange( &slot->Ready, TRUE );
    }

    ExReleaseRundownProtection( &ObserverRing.Users );
}


VOID
ObserverCount (
    _Out_ POBSERVER_BATCH Batch
    )
/*++

Routine Description:

    Writes the header of an answer, with what was counted so far.

--*/
{
    KIRQL irql;

    RtlZeroMemory( Batch, sizeof(OBSERVER_BATCH) );

    Batch->Version = OBSERVER_VERSION;
    Batch->Size = sizeof(OBSERVER_BATCH);

    KeAcquireSpinLock( &ObserverRing.Lock, &irql );

    Batch->Left = ObserverRing.Used;
    Batch->Dropped = ObserverRing.Dropped;
    Batch->Ignored = ObserverRing.Ignored;
    Batch->Sequence = ObserverRing.Sequence;

    KeReleaseSpinLock( &ObserverRing.Lock, irql );
}


static
VOID
ObserverGiveBack (
    _In_ ULONG Taken
    )
/*++

Routine Description:

    Gives slots that were read back to the callbacks.

--*/
{
    KIRQL irql;

    KeAcquireSpinLock( &ObserverRing.Lock, &irql );

    ObserverRing.First = (ObserverRing.First + Taken) % ObserverRing.Slots;
    ObserverRing.Used -= Taken;

    KeReleaseSpinLock( &ObserverRing.Lock, irql );
}


NTSTATUS
ObserverTakeRecords (
    _Out_writes_bytes_to_(Length, *Returned) PVOID Output,
    _In_ ULONG Length,
    _Out_ PULONG Returned
    )
/*++

Routine Description:

    Moves as many records as fit into the program's buffer: an OBSERVER_BATCH, then the records. What
    could not be copied stays in the ring.

Arguments:

    Output - An address of the program's: anything may happen to it meanwhile.

    Length - Bytes that it has room for.

    Returned - Receives the bytes that were written.

Return Value:

    STATUS_SUCCESS; STATUS_BUFFER_TOO_SMALL; STATUS_PORT_DISCONNECTED; or the exception that the buffer
    raised.

--*/
{
    NTSTATUS status = STATUS_SUCCESS;
    OBSERVER_BATCH batch;
    ULONG there;
    ULONG taken = 0;

    PAGED_CODE();

    *Returned = 0;

    if (Length < sizeof(OBSERVER_BATCH)) {

        return STATUS_BUFFER_TOO_SMALL;
    }

    FltAcquirePushLockExclusive( &ObserverRing.Reader );

    if (ObserverRing.Slot == NULL) {

        FltReleasePushLock( &ObserverRing.Reader );
        return STATUS_PORT_DISCONNECTED;
    }

    ObserverCount( &batch );
    there = batch.Left;

    __try {

        while (taken < there) {

            POBSERVER_SLOT slot = &ObserverRing.Slot[(ObserverRing.First + taken) % ObserverRing.Slots];

            //
            //  A callback still writes it, and those behind it would come out of order.
            //

            if (!InterlockedCompareExchange( &slot->Ready, TRUE, TRUE )) {

                break;
            }

            if (slot->Record.Size > Length - batch.Size) {

                break;
            }

            RtlCopyMemory( Add2Ptr( Output, batch.Size ), &slot->Record, slot->Record.Size );

            batch.Size += slot->Record.Size;
            taken += 1;
        }

        batch.Count = taken;
        batch.Left = there - taken;

        RtlCopyMemory( Output, &batch, sizeof(OBSERVER_BATCH) );

    } __except (EXCEPTION_EXECUTE_HANDLER) {

        status = GetExceptionCode();
    }

    if (NT_SUCCESS( status )) {

        ULONG index;

        for (index = 0; index < taken; index += 1) {

            InterlockedExchange( &ObserverRing.Slot[(ObserverRing.First + index) % ObserverRing.Slots].Ready, FALSE );
        }

        ObserverGiveBack( taken );
        *Returned = batch.Size;
    }

    FltReleasePushLock( &ObserverRing.Reader );

    return status;
}
