/*
 * Pool of Windows 8 and later: no-execute pool, POOL_FLAGS, and the inline routines that give old
 * kernels zeroed pool. From the WDK documentation of ExAllocatePool2, ExAllocatePoolZero and
 * ExInitializeDriverRuntime, and from "Updating deprecated ExAllocatePool calls".
 */

#pragma once

#ifndef POOL_COLD_ALLOCATION
#define POOL_COLD_ALLOCATION 256
#endif
#ifndef POOL_NX_ALLOCATION
#define POOL_NX_ALLOCATION 512
#endif
#ifndef POOL_ZERO_ALLOCATION
#define POOL_ZERO_ALLOCATION 1024
#endif

typedef ULONG64 POOL_FLAGS;

#define POOL_FLAG_REQUIRED_START 0x0000000000000001UI64
#define POOL_FLAG_USE_QUOTA 0x0000000000000001UI64
#define POOL_FLAG_UNINITIALIZED 0x0000000000000002UI64
#define POOL_FLAG_SESSION 0x0000000000000004UI64
#define POOL_FLAG_CACHE_ALIGNED 0x0000000000000008UI64
#define POOL_FLAG_RESERVED1 0x0000000000000010UI64
#define POOL_FLAG_RAISE_ON_FAILURE 0x0000000000000020UI64
#define POOL_FLAG_NON_PAGED 0x0000000000000040UI64
#define POOL_FLAG_NON_PAGED_EXECUTE 0x0000000000000080UI64
#define POOL_FLAG_PAGED 0x0000000000000100UI64
#define POOL_FLAG_RESERVED2 0x0000000000000200UI64
#define POOL_FLAG_RESERVED3 0x0000000000000400UI64
#define POOL_FLAG_LAST_KNOWN_REQUIRED POOL_FLAG_RESERVED3
#define POOL_FLAG_REQUIRED_END 0x0000000080000000UI64
#define POOL_FLAG_OPTIONAL_START 0x0000000100000000UI64
#define POOL_FLAG_SPECIAL_POOL 0x0000000100000000UI64
#define POOL_FLAG_OPTIONAL_END 0x8000000000000000UI64

#if NTDDI_VERSION >= NTDDI_WIN10_VB
NTKERNELAPI PVOID NTAPI ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);

typedef struct _POOL_EXTENDED_PARAMETER POOL_EXTENDED_PARAMETER;
typedef POOL_EXTENDED_PARAMETER const *PCPOOL_EXTENDED_PARAMETER;
NTKERNELAPI PVOID NTAPI ExAllocatePool3(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag,
    PCPOOL_EXTENDED_PARAMETER ExtendedParameters, ULONG ExtendedParametersCount);
NTKERNELAPI VOID NTAPI ExFreePool2(PVOID Pool, ULONG Tag,
    PCPOOL_EXTENDED_PARAMETER ExtendedParameters, ULONG ExtendedParametersCount);
#endif

/* Old kernels ignore POOL_ZERO_ALLOCATION: the memory is cleared here, for all of them alike. */
FORCEINLINE PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    PVOID allocation =
        ExAllocatePoolWithTag((POOL_TYPE)(PoolType | POOL_ZERO_ALLOCATION), NumberOfBytes, Tag);
    if (allocation != NULL) {
        RtlZeroMemory(allocation, NumberOfBytes);
    }
    return allocation;
}

FORCEINLINE PVOID ExAllocatePoolUninitialized(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    return ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);
}

FORCEINLINE PVOID ExAllocatePoolQuotaZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    PVOID allocation = ExAllocatePoolWithQuotaTag(
        (POOL_TYPE)(PoolType | POOL_ZERO_ALLOCATION), NumberOfBytes, Tag);
    if (allocation != NULL) {
        RtlZeroMemory(allocation, NumberOfBytes);
    }
    return allocation;
}

FORCEINLINE PVOID ExAllocatePoolPriorityZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag,
    EX_POOL_PRIORITY Priority)
{
    PVOID allocation = ExAllocatePoolWithTagPriority(
        (POOL_TYPE)(PoolType | POOL_ZERO_ALLOCATION), NumberOfBytes, Tag, Priority);
    if (allocation != NULL) {
        RtlZeroMemory(allocation, NumberOfBytes);
    }
    return allocation;
}

/*
 * POOL_NX_OPTIN: NonPagedPool becomes no-execute where the kernel knows that type (Windows 8), as
 * found out by ExInitializeDriverRuntime; POOL_NX_OPTIN_AUTO decides at compile time.
 */
#if defined(POOL_NX_OPTIN_AUTO) && NTDDI_VERSION >= NTDDI_WIN8
#define NonPagedPool NonPagedPoolNx
#elif defined(POOL_NX_OPTIN)
extern DECLSPEC_SELECTANY POOL_TYPE ExDefaultNonPagedPoolType = NonPagedPool;
#define NonPagedPool ExDefaultNonPagedPoolType
#endif

#define DrvRtPoolNxOptIn 0x00000001

FORCEINLINE VOID ExInitializeDriverRuntime(ULONG RuntimeFlags)
{
#if defined(POOL_NX_OPTIN) && !defined(POOL_NX_OPTIN_AUTO)
    if ((RuntimeFlags & DrvRtPoolNxOptIn) != 0 && RtlIsNtDdiVersionAvailable(NTDDI_WIN8)) {
        ExDefaultNonPagedPoolType = NonPagedPoolNx;
    }
#else
    UNREFERENCED_PARAMETER(RuntimeFlags);
#endif
}
