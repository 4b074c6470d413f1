/* What wdm.h has in later kits and mingw-w64's does not. From the WDK documentation. */

#pragma once

#include "pool.h"

/* mingw-w64 has only the old name of the priorities; the flags are or-ed to one of them. */
#ifndef MdlMappingNoWrite
#define MdlMappingNoWrite 0x80000000
#endif
#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#endif
#ifndef MdlMappingWithGuardPtes
#define MdlMappingWithGuardPtes 0x20000000
#endif

typedef struct _KTRANSACTION KTRANSACTION, *PKTRANSACTION, *RESTRICTED_POINTER PRKTRANSACTION;

#ifndef IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX
#define IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX 0x03
#endif

#ifndef FILE_ATTRIBUTE_INTEGRITY_STREAM
#define FILE_ATTRIBUTE_INTEGRITY_STREAM 0x00008000
#endif
#ifndef FILE_ATTRIBUTE_NO_SCRUB_DATA
#define FILE_ATTRIBUTE_NO_SCRUB_DATA 0x00020000
#endif
#ifndef FILE_ATTRIBUTE_RECALL_ON_OPEN
#define FILE_ATTRIBUTE_RECALL_ON_OPEN 0x00040000
#endif
#ifndef FILE_ATTRIBUTE_PINNED
#define FILE_ATTRIBUTE_PINNED 0x00080000
#endif
#ifndef FILE_ATTRIBUTE_UNPINNED
#define FILE_ATTRIBUTE_UNPINNED 0x00100000
#endif
#ifndef FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS
#define FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS 0x00400000
#endif

/* Reads and writes with the ordering that their names say; x64 orders plain ones so already. */
FORCEINLINE LONG ReadAcquire(LONG const volatile *Source)
{
    LONG value = *Source;
    _ReadWriteBarrier();
    return value;
}

FORCEINLINE VOID WriteRelease(LONG volatile *Destination, LONG Value)
{
    _ReadWriteBarrier();
    *Destination = Value;
}

FORCEINLINE LONG ReadNoFence(LONG const volatile *Source)
{
    return *Source;
}

FORCEINLINE VOID WriteNoFence(LONG volatile *Destination, LONG Value)
{
    *Destination = Value;
}

FORCEINLINE ULONG ReadULongAcquire(ULONG const volatile *Source)
{
    return (ULONG)ReadAcquire((LONG const volatile *)Source);
}

FORCEINLINE ULONG ReadULongNoFence(ULONG const volatile *Source)
{
    return *Source;
}

FORCEINLINE VOID WriteULongRelease(ULONG volatile *Destination, ULONG Value)
{
    WriteRelease((LONG volatile *)Destination, (LONG)Value);
}

FORCEINLINE PVOID ReadPointerAcquire(PVOID const volatile *Source)
{
    PVOID value = *Source;
    _ReadWriteBarrier();
    return value;
}

FORCEINLINE VOID WritePointerRelease(PVOID volatile *Destination, PVOID Value)
{
    _ReadWriteBarrier();
    *Destination = Value;
}

FORCEINLINE PVOID ReadPointerNoFence(PVOID const volatile *Source)
{
    return *Source;
}

FORCEINLINE VOID WritePointerNoFence(PVOID volatile *Destination, PVOID Value)
{
    *Destination = Value;
}
