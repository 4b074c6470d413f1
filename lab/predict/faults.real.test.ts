// Goal: each class of mistake in driver code ends where and how the same mistake ends on Windows, with
// its line.
// Method: a driver of a few lines per row, compiled and run; "// @here" marks the line that a finding
// must name.
import { afterAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../contract/prediction.ts';
import {
  flushOnce,
  openDriverBench,
  type DriverParts,
  type RunOptions,
} from './testing/driverBench.ts';

const bench = openDriverBench();
afterAll(() => bench.dispose());

interface Row extends RunOptions {
  readonly title: string;
  readonly driver: DriverParts;
  readonly steps?: readonly object[];
  readonly outcome?: Outcome;
  /** Bug check code. */
  readonly bugcheck?: number;
  readonly findings: readonly string[];
  readonly notModelled?: string;
}

const passOn = '    return FLT_PREOP_SUCCESS_NO_CALLBACK;';
const pre = (lines: string): string => `${lines}\n${passOn}`;
const dies = (code: number) => ({ outcome: 'bugcheck', bugcheck: code }) as const;

const memory: readonly Row[] = [
  {
    title: 'a NULL pointer',
    driver: { pre: pre('    volatile LONG *p = NULL;\n    *p = 1; // @here') },
    ...dies(0x8e),
    findings: ['null-pointer @here'],
  },
  {
    title: 'a member of a NULL structure',
    driver: {
      pre: pre(
        '    PFILE_OBJECT file = NULL;\n    if (file->Flags != 0) return FLT_PREOP_COMPLETE; // @here',
      ),
    },
    ...dies(0x8e),
    findings: ['null-pointer @here'],
  },
  {
    title: 'a NULL pointer inside __try: caught, and told',
    driver: {
      pre: pre(`    volatile LONG *p = NULL;
    __try {
        *p = 1; // @here
    } __except (GetExceptionCode() == STATUS_ACCESS_VIOLATION ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH) {
        DbgPrint("caught %x", GetExceptionCode());
    }`),
    },
    findings: ['null-pointer @here'],
  },
  {
    title: 'freed pool',
    driver: {
      pre: pre(`    LONG *p = ExAllocatePoolWithTag(NonPagedPool, 64, 'tseT');
    ExFreePoolWithTag(p, 'tseT');
    p[3] = 1; // @here`),
    },
    ...dies(0xcc),
    findings: ['use-after-free @here'],
  },
  {
    title: 'one byte past a pool block',
    driver: {
      pre: pre(`    PUCHAR p = ExAllocatePoolWithTag(PagedPool, 61, 'tseT');
    p[60] = 1;
    p[61] = 1; // @here`),
    },
    ...dies(0xcd),
    findings: ['pool-overrun @here'],
  },
  {
    title: 'RtlCopyMemory past a pool block, told where the driver calls it',
    driver: {
      globals: 'static UCHAR Source[128];',
      pre: pre(`    PUCHAR p = ExAllocatePoolWithTag(PagedPool, 100, 'tseT');
    RtlCopyMemory(p, Source, sizeof(Source)); // @here`),
    },
    ...dies(0xcd),
    findings: ['pool-overrun @here'],
  },
  {
    title: 'pool freed twice',
    driver: {
      pre: pre(`    PVOID p = ExAllocatePoolWithTag(NonPagedPool, 64, 'tseT');
    ExFreePoolWithTag(p, 'tseT');
    ExFreePool(p); // @here`),
    },
    ...dies(0xc2),
    findings: ['double-free @here'],
  },
  {
    title: 'memory that nobody owns',
    driver: { pre: pre('    volatile LONG *p = (PLONG)0xdeadbeec;\n    *p = 1; // @here') },
    ...dies(0x50),
    findings: ['wild-pointer @here'],
  },
  {
    title: 'paged pool at DISPATCH_LEVEL',
    driver: {
      globals: 'static KSPIN_LOCK Lock;',
      pre: pre(`    KIRQL irql;
    PLONG p = ExAllocatePoolWithTag(PagedPool, 64, 'tseT');
    KeAcquireSpinLock(&Lock, &irql);
    *p = 1; // @here
    KeReleaseSpinLock(&Lock, irql);`),
    },
    ...dies(0xd1),
    findings: ['paged-access-at-dispatch @here'],
  },
  {
    title: 'a local array overrun',
    driver: {
      globals: `static VOID Fill (PUCHAR Buffer, ULONG Length) { ULONG i; for (i = 0; i < Length; i++) Buffer[i] = 0x41; }
static ULONG Smash (ULONG Length) { UCHAR local[16]; Fill(local, Length); return local[0]; } // @here`,
      pre: pre('    Smash(80);'),
    },
    ...dies(0xf7),
    findings: ['stack-overrun @here'],
  },
  {
    title: 'a kernel routine given a NULL string',
    driver: {
      pre: pre(`    UNICODE_STRING s;
    RtlInitUnicodeString(&s, L"x");
    RtlCopyUnicodeString(NULL, &s); // @here`),
    },
    ...dies(0x8e),
    findings: ['bad-argument-pointer @here'],
  },
];

const watching = {
  major: 'IRP_MJ_DIRECTORY_CONTROL',
  globals:
    '#define BUFFER ((volatile LONG *)Data->Iopb->Parameters.DirectoryControl.NotifyDirectory.DirectoryBuffer)',
} as const;
const finished = '    return FLT_POSTOP_FINISHED_PROCESSING;';
/** One process asks, another makes the change. */
const notifyOnce = {
  actors: { watcher: { process: 'explorer' }, changer: { process: 'editor' } },
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
    { do: 'create', actor: 'changer', path: 'w\\x', disposition: 'CREATE', as: 'x' },
    { do: 'wait', request: 'n' },
  ],
} as const;

const userMemory: readonly Row[] = [
  {
    title: 'in a pre-operation, unguarded: it is mapped, and told',
    ...notifyOnce,
    driver: { ...watching, pre: pre('    if (*BUFFER == 1) return FLT_PREOP_COMPLETE; // @here') },
    findings: ['user-address-unguarded @here'],
  },
  {
    title: 'in a pre-operation, probed and guarded: right',
    ...notifyOnce,
    driver: {
      ...watching,
      pre: pre(`    __try {
        ProbeForRead((PVOID)BUFFER, 4, 1);
        if (*BUFFER == 1) return FLT_PREOP_COMPLETE;
    } __except (EXCEPTION_EXECUTE_HANDLER) { DbgPrint("not reached"); }`),
    },
    findings: [],
  },
  {
    title: 'in a post-operation in another process, guarded: caught, and told all the same',
    ...notifyOnce,
    driver: {
      ...watching,
      post: `    __try {
        if (*BUFFER == 1) return FLT_POSTOP_FINISHED_PROCESSING; // @here
    } __except (EXCEPTION_EXECUTE_HANDLER) { Data->IoStatus.Information = 0; }
${finished}`,
    },
    findings: ['user-address-wrong-process @here'],
  },
  {
    title: 'an address that is nobody’s, guarded by __try: nothing to tell',
    driver: {
      pre: pre(`    __try {
        *(volatile LONG *)0x2e0000 = 1;
    } __except (EXCEPTION_EXECUTE_HANDLER) { }`),
    },
    findings: [],
  },
  {
    title: 'an address that is nobody’s',
    driver: { pre: pre('    *(volatile LONG *)0x2e0000 = 1; // @here') },
    ...dies(0x8e),
    findings: ['user-address-unguarded @here'],
  },
];

const ends: readonly Row[] = [
  {
    title: 'an endless loop',
    driver: { pre: pre('    volatile ULONG i = 0;\n    while (TRUE) i++; // @here') },
    outcome: 'hang',
    findings: ['endless-loop @here'],
  },
  {
    title: 'an empty endless loop',
    driver: { pre: pre('    for (;;) ; // @here') },
    outcome: 'hang',
    findings: ['endless-loop @here'],
  },
  {
    title: 'recursion without end',
    driver: {
      globals: 'static ULONG Down (ULONG Level) { return Down(Level + 1) + 1; } // @here',
      pre: pre('    Down(0);'),
    },
    ...dies(0x7f),
    findings: ['endless-recursion @here'],
  },
  {
    title: 'a division by zero',
    driver: {
      pre: pre(
        '    volatile ULONG zero = 0;\n    if (7 / zero == 1) return FLT_PREOP_COMPLETE; // @here',
      ),
    },
    ...dies(0x8e),
    findings: ['machine-trap @here'],
  },
  {
    title: 'a call through a pointer of another type',
    driver: {
      globals:
        'static VOID One (ULONG A) { UNREFERENCED_PARAMETER(A); }\ntypedef VOID (*PTWO)(ULONG A, ULONG B);\nstatic PVOID volatile Routine = (PVOID)One;',
      pre: pre('    ((PTWO)Routine)(1, 2); // @here'),
    },
    ...dies(0x8e),
    findings: ['wrong-prototype @here'],
  },
  {
    title: 'a call through NULL',
    driver: {
      globals: 'typedef VOID (*PNONE)(VOID);\nstatic PNONE volatile Routine;',
      pre: pre('    Routine(); // @here'),
    },
    ...dies(0x8e),
    findings: ['wrong-prototype @here'],
  },
  {
    title: 'an exception that nobody handles',
    driver: { pre: pre('    ExRaiseStatus(STATUS_INVALID_PARAMETER); // @here') },
    ...dies(0x8e),
    findings: ['unhandled-exception @here'],
  },
  {
    title: 'the same in a system thread',
    driver: { entry: '    ExRaiseStatus(STATUS_INVALID_PARAMETER); // @here' },
    ...dies(0x7e),
    findings: ['unhandled-exception @here'],
  },
  {
    title: 'an exception that is handled, and a __finally on the way',
    driver: {
      pre: pre(`    LONG order = 0;
    __try {
        __try { ExRaiseStatus(STATUS_INVALID_PARAMETER); } __finally { order = order * 10 + 1; }
    } __except (EXCEPTION_EXECUTE_HANDLER) { order = order * 10 + 2; }
    DbgPrint("%d", order);`),
    },
    findings: [],
  },
  {
    title: 'KeBugCheckEx',
    driver: { pre: pre('    KeBugCheckEx(0x24, 1, 2, 3, 4);') },
    ...dies(0x24),
    findings: [],
  },
];

const contract: readonly Row[] = [
  {
    title: 'pool never freed: told at the allocation',
    driver: { entry: "    ExAllocatePoolWithTag(NonPagedPool, 100, 'kaeL'); // @here" },
    findings: ['pool-leak @here'],
  },
  {
    title: 'a callback that returns at another IRQL',
    driver: {
      pre: '    KIRQL old; KeRaiseIrql(APC_LEVEL, &old);\n    return FLT_PREOP_SUCCESS_NO_CALLBACK;',
    },
    findings: ['irql-unbalanced'],
  },
  {
    title: 'a callback that returns inside a critical region',
    driver: { pre: pre('    KeEnterCriticalRegion();') },
    findings: ['irql-unbalanced'],
  },
  {
    title: 'a routine called too high',
    driver: {
      pre: pre(`    KIRQL old; UNICODE_STRING s; PVOID t = NULL;
    UNREFERENCED_PARAMETER(s); UNREFERENCED_PARAMETER(t);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    ExAllocatePoolWithTag(PagedPool, 8, 'tseT'); // @here
    KeLowerIrql(old);`),
    },
    findings: ['irql-too-high @here', 'pool-leak @here'],
  },
  {
    title: 'no post-operation where one was asked for: 0xF5',
    driver: { pre: '    return FLT_PREOP_SUCCESS_WITH_CALLBACK;' },
    ...dies(0xf5),
    findings: ['callback-missing'],
  },
  {
    title: 'a pre-operation status that is none',
    driver: { pre: '    return (FLT_PREOP_CALLBACK_STATUS)STATUS_FLT_DISALLOW_FAST_IO;' },
    findings: ['illegal-preop-status'],
  },
  {
    title: 'parameters changed and not said so',
    driver: {
      major: 'IRP_MJ_CREATE',
      pre: pre('    Data->Iopb->Parameters.Create.Options |= FILE_WRITE_THROUGH;'),
    },
    findings: ['not-dirty'],
  },
  {
    title: 'callback data that is none',
    driver: { pre: pre('    FltSetCallbackDataDirty((PFLT_CALLBACK_DATA)FltObjects); // @here') },
    outcome: 'not-modelled',
    notModelled: 'FltSetCallbackDataDirty with a pointer that is no callback data',
    findings: ['bad-handle @here'],
  },
  {
    title: 'a completion that no callback has pended',
    driver: { pre: pre('    FltCompletePendedPostOperation(Data); // @here') },
    findings: ['bad-handle @here'],
  },
  {
    title: 'a spin lock taken twice',
    driver: {
      globals: 'static KSPIN_LOCK Lock;',
      pre: pre(`    KIRQL a, b;
    KeAcquireSpinLock(&Lock, &a);
    KeAcquireSpinLock(&Lock, &b); // @here`),
    },
    outcome: 'hang',
    findings: ['endless-loop @here'],
  },
];

const load: readonly Row[] = [
  {
    title: 'DriverEntry that fails',
    driver: { entry: '    return STATUS_INSUFFICIENT_RESOURCES;' },
    outcome: 'load-failed',
    findings: ['driver-entry-failed'],
  },
  {
    title: 'an import that no table knows',
    driver: {
      globals: '__attribute__((import_module("ntoskrnl"))) VOID KeUnheardOf (VOID);',
      entry: '    KeUnheardOf();',
    },
    outcome: 'not-modelled',
    notModelled: 'ntoskrnl!KeUnheardOf',
    findings: [],
  },
  {
    title: 'a prototype without a module',
    driver: { globals: 'VOID SomeHelper (VOID);', entry: '    SomeHelper();' },
    outcome: 'not-modelled',
    notModelled: 'SomeHelper',
    findings: [],
  },
  {
    title: 'a routine that may be imported but not called',
    driver: { pre: pre('    FltGetVolumeProperties(FltObjects->Volume, NULL, 0, NULL);') },
    outcome: 'not-modelled',
    notModelled: 'fltmgr!FltGetVolumeProperties',
    findings: [],
  },
  {
    title: 'a static import that this Windows does not export',
    driver: {
      globals:
        '__attribute__((import_module("fltmgr"))) PVOID FLTAPI FltGetNewSystemBufferAddress (PFLT_CALLBACK_DATA Data);',
      pre: pre('    FltGetNewSystemBufferAddress(Data);'),
    },
    profile: 'winxp',
    outcome: 'load-failed',
    findings: ['import-not-exported'],
  },
  {
    title: 'a registration newer than the Filter Manager',
    driver: {
      entry:
        '    FLT_REGISTRATION newer = { .Size = sizeof(newer), .Version = 0x0203, .OperationRegistration = Operations };\n    return FltRegisterFilter(DriverObject, &newer, &Filter); // @here',
    },
    outcome: 'load-failed',
    findings: ['registration-invalid @here', 'driver-entry-failed'],
  },
  {
    title: 'a driver that never registers, with an unload routine of its own',
    driver: {
      globals:
        'static VOID NTAPI OwnUnload (PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }',
      entry:
        "    DriverObject->DriverUnload = OwnUnload;\n    ExAllocatePoolWithTag(PagedPool, 8, 'kaeL'); // @here\n    return STATUS_SUCCESS;",
    },
    findings: ['pool-leak @here'],
  },
  {
    title: 'a driver that cannot be stopped keeps what it has',
    driver: {
      registration: '.Flags = FLTFL_REGISTRATION_DO_NOT_SUPPORT_SERVICE_STOP,',
      entry: "    ExAllocatePoolWithTag(PagedPool, 8, 'kaeL');",
    },
    findings: [],
  },
  {
    title: 'an unload that forgets FltUnregisterFilter',
    driver: { unload: '    return STATUS_SUCCESS;' },
    findings: ['object-leak'],
  },
  {
    title: 'loaded, not called: no callback runs',
    driver: {
      pre: '    volatile LONG *p = NULL; *p = 1;\n    return FLT_PREOP_SUCCESS_NO_CALLBACK;',
    },
    callbacksCalled: false,
    findings: [],
  },
];

describe.each([
  ['memory', memory],
  ['user-mode addresses', userMemory],
  ['how driver code ends', ends],
  ['the contract of routines and callbacks', contract],
  ['loading', load],
] as const)('%s', (_family, rows) => {
  test.each(rows)('$title', async (row) => {
    const { title, driver, steps = flushOnce, outcome = 'completed', bugcheck, ...rest } = row;
    const { findings, notModelled, ...options } = rest;
    const run = await bench.run(driver, steps, options);
    expect(run.prediction.outcome, title).toBe(outcome);
    expect(run.prediction.bugcheck?.code).toBe(bugcheck);
    expect(run.prediction.notModelled).toBe(notModelled);
    expect(run.findings).toEqual(findings);
    // The same input gives the same bytes, whatever way it ends.
    const again = await bench.run(driver, steps, options);
    expect(JSON.stringify(again.prediction)).toBe(JSON.stringify(run.prediction));
  });
});
