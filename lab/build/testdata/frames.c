/*++

Module Name:

    frames.c

Abstract:

    Uses what the compiler takes from the lab's own runtime: locals larger than a page, floating
    point, control register 8; and what it takes from the kernel without being asked: memcpy and its
    like. DriverEntry writes into the service key what came out.

--*/

#include <ntifs.h>

DRIVER_INITIALIZE DriverEntry;

typedef struct _LARGE {
    UCHAR Bytes[600];
} LARGE;

static volatile ULONG Seed = 3;

static
DECLSPEC_NOINLINE
ULONG
SumOfManyLocals (
    _In_ ULONG Start
    )
{
    ULONG locals[3000];
    ULONG index;
    ULONG sum = 0;

    for (index = 0; index < RTL_NUMBER_OF( locals ); index++) {
        locals[index] = Start + index;
    }

    for (index = 0; index < RTL_NUMBER_OF( locals ); index++) {
        sum += locals[index];
    }

    return sum;
}

static
DECLSPEC_NOINLINE
LARGE
CopyOf (
    _In_ const LARGE *Source
    )
{
    return *Source;
}

static
VOID
Tell (
    _In_ PUNICODE_STRING RegistryPath,
    _In_ PCWSTR Name,
    _In_ ULONG Value
    )
{
    (VOID)RtlWriteRegistryValue( RTL_REGISTRY_ABSOLUTE,
                                 RegistryPath->Buffer,
                                 Name,
                                 REG_DWORD,
                                 &Value,
                                 sizeof( Value ) );
}

NTSTATUS
DriverEntry (
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
{
    LARGE source = { { 0 } };
    LARGE copy;
    double half = Seed / 2.0;

    UNREFERENCED_PARAMETER( DriverObject );

    Tell( RegistryPath, L"Sum", SumOfManyLocals( Seed ) );
    Tell( RegistryPath, L"Tenfold", (ULONG)(half * 10) );
    Tell( RegistryPath, L"Irql", KeGetCurrentIrql() );

    source.Bytes[599] = (UCHAR)Seed;
    copy = CopyOf( &source );
    Tell( RegistryPath, L"Copied", RtlCompareMemory( &copy, &source, sizeof( copy ) ) == 600 );

    return STATUS_SUCCESS;
}
