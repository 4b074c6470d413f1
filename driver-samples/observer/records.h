/*++

Module Name:

    records.h

Abstract:

    What the observer and the program that reads it say to each other, through the port
    OBSERVER_PORT_NAME. Little endian; every structure has the same layout on x86, x64 and ARM64, and
    pointers are widened to 64 bits, so that one reader serves all.

    The program connects, with an OBSERVER_CONTEXT or with nothing. From then on each callback of each
    instance leaves a record in a ring; a record that finds the ring full is counted and lost. The
    program takes records by sending OBSERVER_COMMANDs, and the ring goes when it disconnects.

Environment:

    Kernel mode; the layouts are read in user mode

--*/

#ifndef __OBSERVER_RECORDS_H__
#define __OBSERVER_RECORDS_H__

#define OBSERVER_PORT_NAME L"\\FltLabObserver"

//
//  The version of everything below. A reader refuses a version that it does not know.
//

#define OBSERVER_VERSION 1

//
//  Sent along when connecting. Both ends are bounded: fewer than the least or more than the most is
//  refused.
//

#define OBSERVER_SLOTS_LEAST 16
#define OBSERVER_SLOTS_DEFAULT 2048
#define OBSERVER_SLOTS_MOST 16384

typedef struct _OBSERVER_CONTEXT {

    ULONG Version;

    //
    //  How many records the ring holds.
    //

    ULONG Slots;

} OBSERVER_CONTEXT, *POBSERVER_CONTEXT;

//
//  Commands, and what each is answered with.
//

typedef enum _OBSERVER_COMMAND_CODE {

    ObserverGetInstances = 1,   // an OBSERVER_BATCH, then OBSERVER_INSTANCEs
    ObserverGetRecords = 2,     // an OBSERVER_BATCH, then as many OBSERVER_RECORDs as fit
    ObserverWatchProcess = 3    // nothing; from now on this process and those named before, and System

} OBSERVER_COMMAND_CODE;

#define OBSERVER_PROCESSES_MOST 32

typedef struct _OBSERVER_COMMAND {

    ULONG Version;
    ULONG Code;

    //
    //  Of ObserverWatchProcess.
    //

    ULONG64 ProcessId;

} OBSERVER_COMMAND, *POBSERVER_COMMAND;

typedef struct _OBSERVER_BATCH {

    ULONG Version;

    //
    //  Bytes, with this header.
    //

    ULONG Size;

    //
    //  What follows: instances or records.
    //

    ULONG Count;

    //
    //  Records that are there and did not fit.
    //

    ULONG Left;

    //
    //  Since the program has connected: records lost because the ring was full, callbacks left out
    //  because another process did it, and records made, lost ones too.
    //

    ULONG64 Dropped;
    ULONG64 Ignored;
    ULONG64 Sequence;

} OBSERVER_BATCH, *POBSERVER_BATCH;

#define OBSERVER_NAME_CHARACTERS 64

typedef struct _OBSERVER_INSTANCE {

    //
    //  OBSERVER_RECORD.InstanceId.
    //

    ULONG Id;

    //
    //  Bytes used of each text.
    //

    USHORT NameLength;
    USHORT AltitudeLength;
    USHORT VolumeLength;
    USHORT Reserved;
    ULONG Detached;

    WCHAR Name[OBSERVER_NAME_CHARACTERS];
    WCHAR Altitude[OBSERVER_NAME_CHARACTERS];
    WCHAR Volume[OBSERVER_NAME_CHARACTERS];

} OBSERVER_INSTANCE, *POBSERVER_INSTANCE;

//
//  OBSERVER_RECORD.Kind
//

#define OBSERVER_PRE_OPERATION 1
#define OBSERVER_POST_OPERATION 2

//
//  OBSERVER_RECORD.RecordFlags
//

#define OBSERVER_TEXT_PRESENT 0x01      // the text was there, though it may be empty
#define OBSERVER_TEXT_CUT 0x02          // and longer than what follows
#define OBSERVER_POINTERS_UNREAD 0x04   // above APC_LEVEL: what arguments point to was not read

#define OBSERVER_ARGUMENTS 8

//
//  One callback. The text follows, and zeroes up to a multiple of eight bytes: the name in the file
//  object before a create or a query by name, the pattern of a directory query.
//

typedef struct _OBSERVER_RECORD {

    ULONG Size;
    USHORT Kind;
    USHORT TextLength;

    //
    //  In the order in which the callbacks began; a gap is a record that was lost.
    //

    ULONG64 Sequence;

    //
    //  The same in the pre- and the post-operation of one instance.
    //

    ULONG64 Operation;

    ULONG64 SystemTime;
    ULONG64 ThreadId;
    ULONG64 ProcessId;

    //
    //  Addresses, to tell things apart by. The callback data is the same for all instances of a frame.
    //

    ULONG64 CallbackData;
    ULONG64 FileObject;
    ULONG64 RelatedFileObject;

    ULONG InstanceId;
    ULONG DataFlags;
    ULONG IrpFlags;

    //
    //  IoStatus, in a post-operation that is not draining.
    //

    LONG Status;
    ULONG64 Information;

    ULONG PostFlags;

    //
    //  What the observer itself returned.
    //

    ULONG Returned;

    UCHAR MajorFunction;
    UCHAR MinorFunction;
    UCHAR OperationFlags;
    UCHAR RequestorMode;
    UCHAR Irql;
    UCHAR RecordFlags;
    UCHAR ArgumentCount;
    UCHAR Reserved;

    //
    //  The parameters in the order of arguments.c.
    //

    ULONG64 Arguments[OBSERVER_ARGUMENTS];

} OBSERVER_RECORD, *POBSERVER_RECORD;

#define OBSERVER_TEXT_CHARACTERS 260

C_ASSERT( sizeof(OBSERVER_CONTEXT) == 8 );
C_ASSERT( sizeof(OBSERVER_COMMAND) == 16 );
C_ASSERT( sizeof(OBSERVER_BATCH) == 40 );
C_ASSERT( sizeof(OBSERVER_INSTANCE) == 400 );
C_ASSERT( sizeof(OBSERVER_RECORD) == 176 );
C_ASSERT( FIELD_OFFSET(OBSERVER_RECORD, Arguments) == 112 );

#endif // __OBSERVER_RECORDS_H__
