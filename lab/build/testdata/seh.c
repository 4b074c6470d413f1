/*++

Module Name:

    seh.c

Abstract:

    Shows that structured exception handling works in a driver built by this toolchain. Each
    routine below is one case; DriverEntry runs them all and writes two masks into the service
    key, so that a failure names its case: Ran and Passed, one bit a case, in the order of Cases.

    RtlRaiseException stands for every routine that raises: Wine 8 exports ExRaiseStatus, but
    ends the driver with "unimplemented" when it is called.

    The status is taken in the filter: GetExceptionCode() in the handler block reads the value that
    the unwinder hands over, and Wine 8 hands over zero. CodeIsKnownInTheHandler shows that alone,
    in a value of its own.

--*/

#include <ntifs.h>

DRIVER_INITIALIZE DriverEntry;

typedef BOOLEAN (*PCASE)(VOID);

//
//  Read through a volatile so that no compiler can know the address.
//

static ULONG_PTR volatile BadAddress = 8;

static volatile LONG Order;

static volatile NTSTATUS Seen;

#define CATCH_ALL (Seen = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER)

NTSYSAPI VOID NTAPI RtlRaiseException (_In_ PEXCEPTION_RECORD ExceptionRecord);

static
DECLSPEC_NOINLINE
VOID
RaiseStatus (
    _In_ NTSTATUS Status
    )
{
    EXCEPTION_RECORD record;

    RtlZeroMemory( &record, sizeof( record ) );
    record.ExceptionCode = Status;
    RtlRaiseException( &record );
}

static
BOOLEAN
RaisedStatusIsCaught (
    VOID
    )
{
    NTSTATUS seen = STATUS_SUCCESS;

    __try {
        RaiseStatus( STATUS_ACCESS_DENIED );
        seen = STATUS_UNSUCCESSFUL;
    } __except (CATCH_ALL) {
        seen = Seen;
    }

    return (BOOLEAN)(seen == STATUS_ACCESS_DENIED);
}

static
BOOLEAN
ReadInTheSameFrameIsCaught (
    VOID
    )
{
    NTSTATUS seen = STATUS_SUCCESS;
    ULONG value = 0;

    //
    //  Not volatile, and no call inside: the shape of every read of a user's buffer.
    //

    __try {
        value = *(PULONG)BadAddress;
    } __except (CATCH_ALL) {
        seen = Seen;
    }

    return (BOOLEAN)(seen == STATUS_ACCESS_VIOLATION && value == 0);
}

static
BOOLEAN
WriteInTheSameFrameIsCaught (
    VOID
    )
{
    NTSTATUS seen = STATUS_SUCCESS;

    __try {
        *(PULONG)BadAddress = 1;
    } __except (CATCH_ALL) {
        seen = Seen;
    }

    return (BOOLEAN)(seen == STATUS_ACCESS_VIOLATION);
}

static
BOOLEAN
CopyOfAStructureIsCaught (
    VOID
    )
{
    LARGE_INTEGER copied[4];
    NTSTATUS seen = STATUS_SUCCESS;

    __try {
        RtlCopyMemory( copied, (PVOID)BadAddress, sizeof( copied ) );
    } __except (CATCH_ALL) {
        seen = Seen;
    }

    return (BOOLEAN)(seen == STATUS_ACCESS_VIOLATION);
}

static
DECLSPEC_NOINLINE
ULONG
ReadDeep (
    _In_ ULONG Depth
    )
{
    if (Depth == 0) {
        return *(PULONG)BadAddress;
    }

    return ReadDeep( Depth - 1 ) + 1;
}

static
BOOLEAN
ReadInACalledFrameIsCaught (
    VOID
    )
{
    NTSTATUS seen = STATUS_SUCCESS;

    __try {
        (VOID)ReadDeep( 7 );
    } __except (CATCH_ALL) {
        seen = Seen;
    }

    return (BOOLEAN)(seen == STATUS_ACCESS_VIOLATION);
}

static
LONG
FilterOfStatus (
    _In_ PEXCEPTION_POINTERS Pointers,
    _In_ NTSTATUS Wanted
    )
{
    Order = Order * 10 + 1;

    return (NTSTATUS)Pointers->ExceptionRecord->ExceptionCode == Wanted
           ? EXCEPTION_EXECUTE_HANDLER
           : EXCEPTION_CONTINUE_SEARCH;
}

static
BOOLEAN
FilterDecidesWhoHandles (
    VOID
    )
{
    ULONG handler = 0;

    __try {
        __try {
            RaiseStatus( STATUS_INVALID_HANDLE );
        } __except (FilterOfStatus( GetExceptionInformation(), STATUS_ACCESS_DENIED )) {
            handler = 1;
        }
    } __except (FilterOfStatus( GetExceptionInformation(), STATUS_INVALID_HANDLE )) {
        handler = 2;
    }

    return (BOOLEAN)(handler == 2);
}

static
BOOLEAN
FilterRunsBeforeInnerFinally (
    VOID
    )
{
    Order = 0;

    __try {
        __try {
            RaiseStatus( STATUS_INVALID_HANDLE );
        } __finally {
            Order = Order * 10 + (AbnormalTermination() ? 2 : 9);
        }
    } __except (FilterOfStatus( GetExceptionInformation(), STATUS_INVALID_HANDLE )) {
        Order = Order * 10 + 3;
    }

    return (BOOLEAN)(Order == 123);
}

static
NTSTATUS
LeaveAndReturn (
    _In_ BOOLEAN Leave
    )
{
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        if (Leave) {
            status = STATUS_MORE_ENTRIES;
            __leave;
        }
        return STATUS_NO_MORE_ENTRIES;
    } __finally {
        Order = Order * 10 + 4;
    }

    return status;
}

static
BOOLEAN
FinallyRunsOnLeaveAndReturn (
    VOID
    )
{
    NTSTATUS left;
    NTSTATUS returned;

    Order = 0;
    left = LeaveAndReturn( TRUE );
    returned = LeaveAndReturn( FALSE );

    return (BOOLEAN)(left == STATUS_MORE_ENTRIES && returned == STATUS_NO_MORE_ENTRIES &&
                     Order == 44);
}

static
BOOLEAN
FinallyRunsOnBreakAndContinue (
    VOID
    )
{
    ULONG index;

    Order = 0;

    for (index = 0; index < 3; index++) {
        __try {
            if (index == 0) {
                continue;
            }
            break;
        } __finally {
            Order = Order * 10 + 5;
        }
    }

    return (BOOLEAN)(Order == 55 && index == 1);
}

static
BOOLEAN
LocalsKeepTheirValuesInTheHandler (
    VOID
    )
{
    ULONG plain = 1;
    ULONG seen = 0;

    __try {
        plain = 2;
        *(PULONG)BadAddress = plain;
        plain = 3;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        seen = plain;
    }

    return (BOOLEAN)(seen == 2);
}

static
BOOLEAN
HandlerMayRaiseAgain (
    VOID
    )
{
    NTSTATUS seen = STATUS_SUCCESS;

    __try {
        __try {
            *(PULONG)BadAddress = 1;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            RaiseStatus( STATUS_INVALID_USER_BUFFER );
        }
    } __except (CATCH_ALL) {
        seen = Seen;
    }

    return (BOOLEAN)(seen == STATUS_INVALID_USER_BUFFER);
}

static
BOOLEAN
DivisionByZeroIsCaught (
    VOID
    )
{
    volatile ULONG zero = 0;
    NTSTATUS seen = STATUS_SUCCESS;
    ULONG quotient = 7;

    __try {
        quotient = 1 / zero;
    } __except (CATCH_ALL) {
        seen = Seen;
    }

    return (BOOLEAN)(seen == STATUS_INTEGER_DIVIDE_BY_ZERO && quotient == 7);
}

static
BOOLEAN
CodeAfterTheHandlerIsNotGuarded (
    VOID
    )
{
    ULONG caught = 0;

    __try {
        __try {
            Order = 0;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            caught = 1;
        }
        *(PULONG)BadAddress = 1;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        caught = 2;
    }

    return (BOOLEAN)(caught == 2);
}

static
BOOLEAN
CodeIsKnownInTheHandler (
    VOID
    )
{
    NTSTATUS seen = STATUS_SUCCESS;

    __try {
        RaiseStatus( STATUS_ACCESS_DENIED );
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        seen = GetExceptionCode();
    }

    return (BOOLEAN)(seen == STATUS_ACCESS_DENIED);
}

static const PCASE Cases[] = {
    RaisedStatusIsCaught,
    ReadInTheSameFrameIsCaught,
    WriteInTheSameFrameIsCaught,
    CopyOfAStructureIsCaught,
    ReadInACalledFrameIsCaught,
    FilterDecidesWhoHandles,
    FilterRunsBeforeInnerFinally,
    FinallyRunsOnLeaveAndReturn,
    FinallyRunsOnBreakAndContinue,
    LocalsKeepTheirValuesInTheHandler,
    HandlerMayRaiseAgain,
    DivisionByZeroIsCaught,
    CodeAfterTheHandlerIsNotGuarded,
};

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
    ULONG index;
    ULONG passed = 0;

    UNREFERENCED_PARAMETER( DriverObject );

    for (index = 0; index < RTL_NUMBER_OF( Cases ); index++) {

        //
        //  Before the case, so that a case that ends the driver is known by its bit.
        //

        Tell( RegistryPath, L"Ran", (2u << index) - 1 );

        if (Cases[index]()) {
            passed |= 1u << index;
        }

        Tell( RegistryPath, L"Passed", passed );
    }

    Tell( RegistryPath, L"CodeInHandler", CodeIsKnownInTheHandler() );

    return passed == (1u << RTL_NUMBER_OF( Cases )) - 1 ? STATUS_SUCCESS
                                                        : STATUS_UNSUCCESSFUL;
}
