/*++

    Variables that ntoskrnl exports: an image cannot import data, so each has its own copy, exported
    by address, which the loader fills before DriverEntry runs. Declared in include/wdm/variables.h.

--*/

#define EXPORT __attribute__((visibility("default"), used))

EXPORT void *MmHighestUserAddress;
EXPORT void *MmSystemRangeStart;
EXPORT unsigned int MmUserProbeAddress;
EXPORT void **IoFileObjectType;
EXPORT void **IoDriverObjectType;
EXPORT void **IoDeviceObjectType;
EXPORT void **ExEventObjectType;
EXPORT void **ExSemaphoreObjectType;
EXPORT void **PsProcessType;
EXPORT void **PsThreadType;
EXPORT void **SeTokenObjectType;
EXPORT void *PsInitialSystemProcess;
EXPORT unsigned int *InitSafeBootMode;
EXPORT signed char KeNumberProcessors;
