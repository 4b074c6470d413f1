/*++

Module Name:

    filterrules.c

Abstract:

    Main module: registration and unload. See filterrules.h for what the sample does.

Environment:

    Kernel mode

--*/

#include "filterrules.h"

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
FLTAPI
FilterRulesUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, FilterRulesUnload)
#endif

PFLT_FILTER FilterRulesFilter;


NTSTATUS
DriverEntry (
    _In_ PDRIVER_OBJECT DriverObject,
    _In_ PUNICODE_STRING RegistryPath
    )
/*++

Routine Description:

    Registers with the Filter Manager and starts to filter.

Arguments:

    DriverObject - The driver object of this driver.

    RegistryPath - Path of the service key; not used.

Return Value:

    STATUS_SUCCESS, or what the Filter Manager answered.

--*/
{
    FLT_REGISTRATION registration = { 0 };
    NTSTATUS status;

    UNREFERENCED_PARAMETER( RegistryPath );

    registration.Size = sizeof(FLT_REGISTRATION);
    registration.Version = FLT_REGISTRATION_VERSION;
    registration.ContextRegistration = FilterRulesContexts;
    registration.OperationRegistration = FilterRulesOperations;
    registration.FilterUnloadCallback = FilterRulesUnload;

    status = FltRegisterFilter( DriverObject, &registration, &FilterRulesFilter );

    if (!NT_SUCCESS( status )) {

        return status;
    }

    status = FltStartFiltering( FilterRulesFilter );

    if (!NT_SUCCESS( status )) {

        FltUnregisterFilter( FilterRulesFilter );

        return status;
    }

    FilterRulesStarted();

    return STATUS_SUCCESS;
}


NTSTATUS
FLTAPI
FilterRulesUnload (
    _In_ FLT_FILTER_UNLOAD_FLAGS Flags
    )
/*++

Routine Description:

    Called when the filter is about to be unloaded.

Arguments:

    Flags - Says whether the unload can be refused.

Return Value:

    What the variant answers.

--*/
{
    UNREFERENCED_PARAMETER( Flags );

    PAGED_CODE();

#if defined(FILTERRULES_VERDICT)

    FilterRulesClosePort();

#endif

    FltUnregisterFilter( FilterRulesFilter );

    return FilterRulesMayUnload();
}
