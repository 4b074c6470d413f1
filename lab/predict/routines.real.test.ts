// Goal: what minifilters commonly do works as documented: contexts, names, work items, locks, threads,
// strings, and above all driver code that waits in several threads at once.
// Method: a driver of a few lines per row; what it prints is what it saw.
import { afterAll, describe, expect, test } from 'vitest';
import { ntStatusName } from '../../contract/windows/index.ts';
import {
  flushOnce,
  openDriverBench,
  type DriverParts,
  type DriverRun,
  type RunOptions,
} from './testing/driverBench.ts';

const bench = openDriverBench();
afterAll(() => bench.dispose());

interface Row extends RunOptions {
  readonly title: string;
  readonly driver: DriverParts;
  readonly steps?: readonly object[];
  readonly printed: readonly string[];
  readonly findings?: readonly string[];
  /** Of the step "flush". */
  readonly status?: string;
}

const pass = '    return FLT_PREOP_SUCCESS_NO_CALLBACK;';
const statusOf = ({ prediction }: DriverRun, id: string): string => {
  const step = prediction.events.find((event) => event.kind === 'step' && event.step === id);
  return step?.kind === 'step' ? ntStatusName(step.status) : 'did not return';
};

const names: readonly Row[] = [
  {
    title: 'the name of the file, parsed',
    driver: {
      pre: `    PFLT_FILE_NAME_INFORMATION info;
    NTSTATUS status = FltGetFileNameInformation(Data, FLT_FILE_NAME_NORMALIZED | FLT_FILE_NAME_QUERY_DEFAULT, &info);
    if (NT_SUCCESS(status)) {
        FltParseFileNameInformation(info);
        DbgPrint("%wZ", &info->Name);
        DbgPrint("%wZ|%wZ|%wZ|%wZ", &info->Volume, &info->ParentDir, &info->FinalComponent, &info->Extension);
        FltReleaseFileNameInformation(info);
    }
${pass}`,
    },
    setup: [{ mkdir: 'd' }],
    steps: [
      { do: 'create', path: 'd\\a.txt', disposition: 'CREATE', access: 'GENERIC_WRITE', as: 'f' },
      { do: 'flush', handle: 'f' },
    ],
    printed: ['\\Device\\HarddiskVolume2\\d\\a.txt', '\\Device\\HarddiskVolume2|\\d\\|a.txt|txt'],
  },
  {
    title: 'a name that is never released',
    driver: {
      pre: `    PFLT_FILE_NAME_INFORMATION info;
    FltGetFileNameInformation(Data, FLT_FILE_NAME_OPENED | FLT_FILE_NAME_QUERY_DEFAULT, &info); // @here
${pass}`,
    },
    printed: [],
    findings: ['object-leak @here'],
  },
  {
    title: 'the file object and the related objects',
    driver: {
      pre: `    DbgPrint("%wZ %d %d", &FltObjects->FileObject->FileName, FltObjects->FileObject->ReadAccess, FltObjects->FileObject->SharedDelete);
    DbgPrint("%d %d %d", FltObjects->Size == sizeof(*FltObjects), FltObjects->FileObject == Data->Iopb->TargetFileObject, FltObjects->Instance == Data->Iopb->TargetInstance);
${pass}`,
    },
    printed: ['\\f 1 1', '1 1 1'],
  },
  {
    title: 'the parameters of a write',
    driver: {
      major: 'IRP_MJ_WRITE',
      pre: `    PFLT_PARAMETERS p = &Data->Iopb->Parameters;
    DbgPrint("%u %I64d %d %d", p->Write.Length, p->Write.ByteOffset.QuadPart, p->Write.WriteBuffer != NULL, Data->RequestorMode);
${pass}`,
    },
    steps: [
      { ...flushOnce[0] },
      { do: 'write', handle: 'f', data: { text: 'hello' }, offset: 4096 },
    ],
    printed: ['5 4096 1 1'],
  },
  {
    title: 'strings',
    driver: {
      entry: `    UNICODE_STRING a, b; WCHAR room[8]; UNICODE_STRING c = { 0, sizeof(room), room };
    RtlInitUnicodeString(&a, L"Hid.One");
    RtlInitUnicodeString(&b, L"HID.");
    DbgPrint("%d %d %d", RtlPrefixUnicodeString(&b, &a, TRUE), RtlPrefixUnicodeString(&b, &a, FALSE), RtlEqualUnicodeString(&a, &b, TRUE));
    RtlCopyUnicodeString(&c, &a);
    DbgPrint("%wZ %d %d", &c, c.Length, RtlAppendUnicodeStringToString(&c, &b) == STATUS_BUFFER_TOO_SMALL);
    DbgPrint("%wZ", RegistryPath);`,
    },
    printed: [
      '1 0 0',
      'Hid.One 14 1',
      '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\bench',
    ],
  },
];

const contexts: readonly Row[] = [
  {
    title: 'an instance context lives until the instance goes, then is cleaned up',
    driver: {
      globals: `typedef struct _CTX { ULONG Count; } CTX, *PCTX;
static VOID FLTAPI Cleanup (PFLT_CONTEXT Context, FLT_CONTEXT_TYPE Type) { DbgPrint("cleanup %u type %u", ((PCTX)Context)->Count, Type); }
static const FLT_CONTEXT_REGISTRATION Contexts[] = { { FLT_INSTANCE_CONTEXT, 0, Cleanup, sizeof(CTX), 'xtCI' }, { FLT_CONTEXT_END } };
static NTSTATUS FLTAPI Setup (PCFLT_RELATED_OBJECTS Objects, FLT_INSTANCE_SETUP_FLAGS Flags, DEVICE_TYPE DeviceType, FLT_FILESYSTEM_TYPE FileSystem)
{
    PCTX context; NTSTATUS status = FltAllocateContext(Objects->Filter, FLT_INSTANCE_CONTEXT, sizeof(CTX), NonPagedPool, (PFLT_CONTEXT *)&context);
    if (!NT_SUCCESS(status)) return status;
    context->Count = 0;
    status = FltSetInstanceContext(Objects->Instance, FLT_SET_CONTEXT_KEEP_IF_EXISTS, context, NULL);
    FltReleaseContext(context);
    DbgPrint("setup %x %u %u", Flags, DeviceType, FileSystem);
    return status;
}`,
      registration: '.ContextRegistration = Contexts, .InstanceSetupCallback = Setup,',
      pre: `    PCTX context;
    if (NT_SUCCESS(FltGetInstanceContext(FltObjects->Instance, (PFLT_CONTEXT *)&context))) {
        context->Count += 1;
        FltReleaseContext(context);
    }
${pass}`,
    },
    printed: ['setup 1 8 2', 'cleanup 1 type 2'],
  },
  {
    title: 'a stream-handle context goes with the open',
    driver: {
      globals: `static VOID FLTAPI Cleanup (PFLT_CONTEXT Context, FLT_CONTEXT_TYPE Type) { UNREFERENCED_PARAMETER(Context); DbgPrint("cleanup %u", Type); }
static const FLT_CONTEXT_REGISTRATION Contexts[] = { { FLT_STREAMHANDLE_CONTEXT, 0, Cleanup, 8, 'xtCH' }, { FLT_CONTEXT_END } };`,
      registration: '.ContextRegistration = Contexts,',
      pre: `    PFLT_CONTEXT context, old;
    FltAllocateContext(FltObjects->Filter, FLT_STREAMHANDLE_CONTEXT, 8, PagedPool, &context);
    DbgPrint("%x", FltSetStreamHandleContext(FltObjects->Instance, FltObjects->FileObject, FLT_SET_CONTEXT_KEEP_IF_EXISTS, context, &old));
    FltReleaseContext(context);
    DbgPrint("%x", FltGetStreamHandleContext(FltObjects->Instance, FltObjects->FileObject, &old));
    FltReleaseContext(old);
${pass}`,
    },
    printed: ['0', '0', 'cleanup 16'],
  },
  {
    title: 'a context that is never released: told at its allocation',
    driver: {
      globals:
        "static const FLT_CONTEXT_REGISTRATION Contexts[] = { { FLT_STREAM_CONTEXT, 0, NULL, 8, 'xtCS' }, { FLT_CONTEXT_END } };",
      registration: '.ContextRegistration = Contexts,',
      pre: `    PFLT_CONTEXT context;
    FltAllocateContext(FltObjects->Filter, FLT_STREAM_CONTEXT, 8, PagedPool, &context); // @here
${pass}`,
    },
    printed: [],
    findings: ['object-leak @here'],
  },
];

const posted: readonly Row[] = [
  {
    title: 'a pre-operation pended to a deferred work item',
    driver: {
      globals: `static VOID FLTAPI Work (PFLT_DEFERRED_IO_WORKITEM Item, PFLT_CALLBACK_DATA Data, PVOID Context)
{
    DbgPrint("work %d", KeGetCurrentIrql());
    FltFreeDeferredIoWorkItem(Item);
    Data->IoStatus.Status = STATUS_DISK_FULL;
    FltCompletePendedPreOperation(Data, FLT_PREOP_COMPLETE, Context);
}`,
      pre: `    PFLT_DEFERRED_IO_WORKITEM item = FltAllocateDeferredIoWorkItem();
    NTSTATUS status = FltQueueDeferredIoWorkItem(item, Data, Work, DelayedWorkQueue, NULL);
    DbgPrint("queued %x", status);
    return FLT_PREOP_PENDING;`,
    },
    printed: ['queued 0', 'work 0'],
    status: 'STATUS_DISK_FULL',
  },
  {
    title: 'a post-operation pended to a generic work item',
    driver: {
      globals: `static VOID FLTAPI Work (PFLT_GENERIC_WORKITEM Item, PVOID Object, PVOID Context)
{
    PFLT_CALLBACK_DATA data = Context;
    UNREFERENCED_PARAMETER(Object);
    FltFreeGenericWorkItem(Item);
    data->IoStatus.Status = STATUS_DISK_FULL;
    FltCompletePendedPostOperation(data);
}`,
      post: `    PFLT_GENERIC_WORKITEM item = FltAllocateGenericWorkItem();
    FltQueueGenericWorkItem(item, FltObjects->Instance, Work, DelayedWorkQueue, Data);
    return FLT_POSTOP_MORE_PROCESSING_REQUIRED;`,
    },
    printed: [],
    status: 'STATUS_DISK_FULL',
  },
  {
    title: 'FltDoCompletionProcessingWhenSafe below DISPATCH_LEVEL calls at once',
    driver: {
      globals: `static FLT_POSTOP_CALLBACK_STATUS FLTAPI Safe (PFLT_CALLBACK_DATA Data, PCFLT_RELATED_OBJECTS FltObjects, PVOID CompletionContext, FLT_POST_OPERATION_FLAGS Flags)
{
    UNREFERENCED_PARAMETER(FltObjects); UNREFERENCED_PARAMETER(CompletionContext); UNREFERENCED_PARAMETER(Flags);
    DbgPrint("safe %x", Data->IoStatus.Status);
    return FLT_POSTOP_FINISHED_PROCESSING;
}`,
      post: `    FLT_POSTOP_CALLBACK_STATUS status = FLT_POSTOP_MORE_PROCESSING_REQUIRED;
    BOOLEAN done = FltDoCompletionProcessingWhenSafe(Data, FltObjects, CompletionContext, Flags, Safe, &status);
    DbgPrint("%d %d", done, status);
    return status;`,
    },
    printed: ['safe 0', '1 0'],
    status: 'STATUS_SUCCESS',
  },
  {
    title: 'a system thread, waited for',
    driver: {
      globals: `static KEVENT Go;
static VOID NTAPI Thread (PVOID Context)
{
    KeWaitForSingleObject(&Go, Executive, KernelMode, FALSE, NULL);
    DbgPrint("thread %d", *(PULONG)Context);
    PsTerminateSystemThread(STATUS_SUCCESS);
    DbgPrint("not reached");
}
static ULONG Value = 7; static PVOID ThreadObject;`,
      entry: `    HANDLE handle;
    KeInitializeEvent(&Go, NotificationEvent, FALSE);
    PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread, &Value);
    ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, &ThreadObject, NULL);
    ZwClose(handle);`,
      unload: `    KeSetEvent(&Go, IO_NO_INCREMENT, FALSE);
    DbgPrint("wait %x", KeWaitForSingleObject(ThreadObject, Executive, KernelMode, FALSE, NULL));
    ObDereferenceObject(ThreadObject);`,
    },
    printed: ['thread 7', 'wait 0'],
  },
  {
    title: 'what the dispatch returned (R-NOTIFY-64)',
    driver: {
      major: 'IRP_MJ_DIRECTORY_CONTROL',
      globals: `static VOID FLTAPI Told (PCFLT_RELATED_OBJECTS FltObjects, PFLT_IO_PARAMETER_BLOCK Iopb, NTSTATUS Status, PVOID Context)
{
    UNREFERENCED_PARAMETER(FltObjects); UNREFERENCED_PARAMETER(Context);
    DbgPrint("told %x of %u %u", Status, Iopb->MajorFunction, Iopb->MinorFunction);
}`,
      pre: `    DbgPrint("%x", FltRequestOperationStatusCallback(Data, Told, NULL));
${pass}`,
    },
    steps: [
      {
        do: 'create',
        path: 'w',
        disposition: 'CREATE',
        options: 'DIRECTORY_FILE',
        access: 'LIST_DIRECTORY|SYNCHRONIZE',
        as: 'd',
      },
      { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 2048, as: 'n' },
    ],
    printed: ['0', 'told 103 of 12 2'],
  },
  {
    title: 'rundown protection',
    driver: {
      globals: 'static EX_RUNDOWN_REF Rundown;',
      entry: '    ExInitializeRundownProtection(&Rundown);',
      pre: `    DbgPrint("%d", ExAcquireRundownProtection(&Rundown));
    ExReleaseRundownProtection(&Rundown);
${pass}`,
      unload: `    ExWaitForRundownProtectionRelease(&Rundown);
    DbgPrint("gone %d", ExAcquireRundownProtection(&Rundown));`,
    },
    printed: ['1', 'gone 0'],
  },
  {
    title: 'a wait that times out',
    driver: {
      pre: `    KEVENT event; LARGE_INTEGER timeout; timeout.QuadPart = -10000;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    DbgPrint("%x", KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout));
${pass}`,
    },
    printed: ['102'],
  },
  {
    title: 'IRQL by a fast mutex and by a spin lock',
    driver: {
      globals: 'static FAST_MUTEX Mutex; static KSPIN_LOCK Lock;',
      entry: '    ExInitializeFastMutex(&Mutex); KeInitializeSpinLock(&Lock);',
      pre: `    KIRQL old;
    ExAcquireFastMutex(&Mutex); DbgPrint("%d", KeGetCurrentIrql()); ExReleaseFastMutex(&Mutex);
    KeAcquireSpinLock(&Lock, &old); DbgPrint("%d", KeGetCurrentIrql()); KeReleaseSpinLock(&Lock, old);
    DbgPrint("%d", KeGetCurrentIrql());
${pass}`,
    },
    printed: ['1', '2', '0'],
  },
  {
    title: 'the version that the profile plays',
    driver: {
      entry: `    RTL_OSVERSIONINFOW v = { sizeof(v) };
    RtlGetVersion(&v);
    DbgPrint("%u.%u.%u", v.dwMajorVersion, v.dwMinorVersion, v.dwBuildNumber);`,
    },
    profile: 'winxp',
    printed: ['5.1.2600'],
  },
];

describe.each([
  ['names, objects, parameters', names],
  ['contexts', contexts],
  ['posted work, threads, locks', posted],
] as const)('%s', (_family, rows) => {
  test.each(rows)('$title', async (row) => {
    const { driver, steps = flushOnce, printed, findings = [], status, title, ...options } = row;
    const run = await bench.run(driver, steps, options);
    expect(run.prediction.notModelled, title).toBeUndefined();
    expect(run.findings).toEqual(findings);
    expect(run.printed).toEqual(printed);
    expect(run.prediction.outcome).toBe('completed');
    if (status !== undefined) expect(statusOf(run, 'flush')).toBe(status);
  });
});

describe('driver code that waits in several threads at once', () => {
  // Each thread fills an array on its own stack, waits for different lengths of time so that the order
  // of waking changes, and finds its own values again, some frames deep.
  const waiting: DriverParts = {
    globals: `static ULONG Turn;
static VOID Check (PULONG Values, ULONG Mine)
{
    ULONG i;
    for (i = 0; i < 16; i++) if (Values[i] != Mine + i) DbgPrint("thread %u found %u at %u", Mine, Values[i], i);
}
static VOID Down (ULONG Level, ULONG Mine)
{
    ULONG values[16]; ULONG i; LARGE_INTEGER time;
    for (i = 0; i < 16; i++) values[i] = Mine + i;
    time.QuadPart = -(LONGLONG)(1 + (Turn++ * 7919) % 13);
    KeDelayExecutionThread(KernelMode, FALSE, &time);
    Check(values, Mine);
    if (Level > 0) Down(Level - 1, Mine + 100);
    Check(values, Mine);
}`,
    pre: `    __try {
        Down(4, (ULONG)(ULONG_PTR)PsGetCurrentThreadId() * 1000);
        ExRaiseStatus(STATUS_CANCELLED);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        if (GetExceptionCode() != STATUS_CANCELLED) DbgPrint("exception %x", GetExceptionCode());
    }
${pass}`,
  };
  const actors = ['a', 'b', 'c', 'd', 'e'];
  const steps = [
    ...actors.map((actor) => ({ ...flushOnce[0], actor, path: actor, as: `f${actor}` })),
    { do: 'barrier', actors },
    ...actors.flatMap((actor) => [
      { do: 'flush', actor, handle: `f${actor}` },
      { do: 'flush', actor, handle: `f${actor}` },
    ]),
  ];
  test.each(Array.from({ length: 12 }, (_, seed) => seed))('seed %i', async (seed) => {
    const run = await bench.run(waiting, steps, {
      seed,
      order: 'free',
      actors: Object.fromEntries(actors.map((actor) => [actor, {}])),
    });
    expect(run.printed).toEqual([]);
    expect(run.findings).toEqual([]);
    expect(run.prediction.outcome).toBe('completed');
    const flushes = run.prediction.events.filter(
      (event) => event.kind === 'pre-operation' && event.filter === 'bench',
    );
    expect(flushes).toHaveLength(10);
    // They did overtake one another: else the test would prove nothing.
    const order = flushes.map((event) => event.actor).join('');
    expect(order).not.toBe('aabbccddee');
  });
});
