/*
 * The smallest minifilter that a service manager can start: it registers and starts filtering, and does
 * nothing else. Declares what it needs itself, so that the tests of the deployment need no headers.
 * -DFAIL=status: DriverEntry returns it. -DSTRANGE: imports a routine that no system exports.
 */
typedef int NTSTATUS;
typedef unsigned short USHORT;
typedef unsigned long ULONG;

typedef NTSTATUS (*UNLOAD)(ULONG flags);

typedef struct {
    USHORT Size;
    USHORT Version;
    ULONG Flags;
    const void *ContextRegistration;
    const void *OperationRegistration;
    UNLOAD FilterUnloadCallback;
    void *Others[8];
} REGISTRATION;

__declspec(dllimport) NTSTATUS FltRegisterFilter(void *driver, const REGISTRATION *r, void **filter);
__declspec(dllimport) NTSTATUS FltStartFiltering(void *filter);
__declspec(dllimport) void FltUnregisterFilter(void *filter);
__declspec(dllimport) NTSTATUS FltRoutineOfNoSystem(void);

static void *Filter;

/* IRP_MJ_OPERATION_END alone. */
static const unsigned char Operations[32] = {0x80};

static NTSTATUS Unload(ULONG flags)
{
    (void)flags;
    FltUnregisterFilter(Filter);
    return 0;
}

static const REGISTRATION Registration = {
    sizeof(REGISTRATION), 0x0203, 0, 0, Operations, Unload, {0},
};

NTSTATUS DriverEntry(void *driver, void *path)
{
    NTSTATUS status;

    (void)path;
#ifdef FAIL
    return FAIL;
#endif
#ifdef STRANGE
    FltRoutineOfNoSystem();
#endif
    status = FltRegisterFilter(driver, &Registration, &Filter);
    return status < 0 ? status : FltStartFiltering(Filter);
}
