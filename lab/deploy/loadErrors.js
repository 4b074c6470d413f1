// Why a driver did not load, in the terms of the one who wrote it. The service manager gives a Win32
// number; behind it stands the NTSTATUS of DriverEntry or of the image loader.
export const loadErrors = {
    2: {
        name: 'ERROR_FILE_NOT_FOUND',
        means: 'a file is missing, or DriverEntry returned STATUS_OBJECT_NAME_NOT_FOUND',
        remedy: 'FltRegisterFilter returns it without an altitude: check `instances` in fltlab.json first.',
        whose: 'driver',
    },
    5: {
        name: 'ERROR_ACCESS_DENIED',
        means: 'the account may not load drivers, or DriverEntry returned STATUS_ACCESS_DENIED',
        remedy: 'Use an account of the Administrators group for SSH.',
        whose: 'lab',
    },
    31: {
        name: 'ERROR_GEN_FAILURE',
        means: 'DriverEntry returned STATUS_UNSUCCESSFUL, or a status that has no Win32 number',
        remedy: 'Follow DriverEntry in the simulator; it shows each call and its status.',
        whose: 'driver',
    },
    87: {
        name: 'ERROR_INVALID_PARAMETER',
        means: 'DriverEntry returned STATUS_INVALID_PARAMETER',
        remedy: 'FltRegisterFilter returns it for a FLT_REGISTRATION of a wrong Size or Version.',
        whose: 'driver',
    },
    126: {
        name: 'ERROR_MOD_NOT_FOUND',
        means: 'it imports from a module that this Windows does not have',
        remedy: 'Import only from ntoskrnl.exe, hal.dll and fltmgr.sys.',
        whose: 'driver',
    },
    127: {
        name: 'ERROR_PROC_NOT_FOUND',
        means: 'it imports a routine that this Windows does not export',
        remedy: 'Find newer routines with FltGetRoutineAddress or MmGetSystemRoutineAddress instead.',
        whose: 'driver',
    },
    183: {
        name: 'ERROR_ALREADY_EXISTS',
        means: 'DriverEntry returned STATUS_OBJECT_NAME_COLLISION',
        remedy: 'Check for a device, link or port that an earlier load left behind.',
        whose: 'driver',
    },
    193: {
        name: 'ERROR_BAD_EXE_FORMAT',
        means: 'the file is not a driver image for this machine',
        remedy: 'Build it for x64 with the native subsystem.',
        whose: 'driver',
    },
    216: {
        name: 'ERROR_EXE_MACHINE_TYPE_MISMATCH',
        means: 'the image is for another processor',
        remedy: 'Build it for the architecture of the target.',
        whose: 'driver',
    },
    317: {
        name: 'ERROR_MR_MID_NOT_FOUND',
        means: 'DriverEntry returned a status that has no Win32 number, as the STATUS_FLT_ ones have none',
        remedy: 'Look for two instances at one altitude: STATUS_FLT_INSTANCE_ALTITUDE_COLLISION.',
        whose: 'driver',
    },
    577: {
        name: 'ERROR_INVALID_IMAGE_HASH',
        means: 'Windows does not accept its signature',
        remedy: 'Turn test signing on (`bcdedit /set testsigning on`, Secure Boot off) and restart the machine.',
        whose: 'lab',
    },
    1053: {
        name: 'ERROR_SERVICE_REQUEST_TIMEOUT',
        means: 'DriverEntry did not return: it hangs, or, on Wine, it crashed',
        remedy: 'Under Wine an import that Wine only stubs ends so; see the warnings before the load.',
        whose: 'driver',
    },
    1058: {
        name: 'ERROR_SERVICE_DISABLED',
        means: 'the service or one that it depends on (FltMgr) is disabled',
        remedy: 'Enable FltMgr on the target.',
        whose: 'lab',
    },
    1068: {
        name: 'ERROR_SERVICE_DEPENDENCY_FAIL',
        means: 'FltMgr does not run on the target',
        remedy: 'Start it with `sc start FltMgr` there, and look at why it did not start.',
        whose: 'lab',
    },
    1275: {
        name: 'ERROR_DRIVER_BLOCKED',
        means: 'Windows blocks it: memory integrity, a code-integrity policy, or the block list',
        remedy: 'Turn memory integrity off on the test machine, or sign the driver for it.',
        whose: 'lab',
    },
    1450: {
        name: 'ERROR_NO_SYSTEM_RESOURCES',
        means: 'DriverEntry returned STATUS_INSUFFICIENT_RESOURCES',
        remedy: 'Look at the allocations of DriverEntry; the target may also be out of pool.',
        whose: 'driver',
    },
};
