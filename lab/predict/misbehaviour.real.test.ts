// Goal: whatever a driver does wrong, the simulation ends within two seconds, in a finding with a source
// line, and the lab is as it was (the next row runs).
// Method: one small driver a mistake, compiled and run on an old, a middle and the newest Windows; the
// compilation is not counted, nor what other programs of the machine take.
import { afterAll, describe, expect, test } from 'vitest';
import type { FindingId } from '../../contract/finding.ts';
import type { Outcome } from '../../contract/prediction.ts';
import {
  flushOnce,
  openDriverBench,
  type DriverParts,
  type DriverRun,
  type RunOptions,
} from './testing/driverBench.ts';

const bench = openDriverBench();
afterAll(() => bench.dispose());

const LIMIT_MS = 2_000;

interface Row extends Omit<RunOptions, 'profile'> {
  readonly mistake: string;
  readonly driver: DriverParts;
  readonly steps?: readonly object[];
  readonly outcome: Outcome;
  /** The finding that tells it; with "// @here" on its line where the mistake is one line. */
  readonly finding: FindingId;
}

const passOn = '    return FLT_PREOP_SUCCESS_NO_CALLBACK;';
const pre = (lines: string): DriverParts => ({ pre: `${lines}\n${passOn}` });
const finished = '    return FLT_POSTOP_FINISHED_PROCESSING;';
const loop = '    volatile ULONG i = 0; for (;;) { i++; } // @here';

const pointers: readonly Row[] = [
  {
    mistake: 'a wild pointer read',
    driver: pre(
      '    volatile LONG *p = (PLONG)0xc0decafc; if (*p) return FLT_PREOP_COMPLETE; // @here',
    ),
    outcome: 'bugcheck',
    finding: 'wild-pointer',
  },
  {
    mistake: 'a wild pointer written in a loop over all memory',
    driver: pre('    volatile UCHAR *p = (PUCHAR)0xb0000000; for (;;) *p++ = 0xcc; // @here'),
    outcome: 'bugcheck',
    finding: 'wild-pointer',
  },
  {
    mistake: 'a wild length given to RtlZeroMemory',
    driver: pre('    UCHAR small[8]; RtlZeroMemory(small, 0x7fffffff); // @here'),
    outcome: 'bugcheck',
    finding: 'pool-overrun',
  },
  {
    mistake: 'a wild address freed',
    driver: pre('    ExFreePoolWithTag((PVOID)0xdead0000, 0); // @here'),
    outcome: 'bugcheck',
    finding: 'double-free',
  },
  {
    mistake: 'a call to a wild address',
    driver: {
      globals: 'typedef VOID (*PNONE)(VOID);\nstatic PNONE volatile Routine = (PNONE)0x12345678;',
      ...pre('    Routine(); // @here'),
    },
    outcome: 'bugcheck',
    finding: 'wild-pointer',
  },
];

const withoutEnd: readonly Row[] = [
  {
    mistake: 'an endless loop before an operation',
    driver: { pre: loop },
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop after an operation',
    driver: { post: loop },
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop in DriverEntry',
    driver: { entry: loop },
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop at unload',
    driver: { unload: loop },
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop that calls the kernel',
    driver: pre('    for (;;) { (VOID)KeGetCurrentIrql(); } // @here'),
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop that waits in the kernel',
    driver: pre(
      '    LARGE_INTEGER t; t.QuadPart = -1; for (;;) { KeDelayExecutionThread(KernelMode, FALSE, &t); } // @here',
    ),
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop that prints',
    driver: pre('    ULONG i = 0; for (;;) { DbgPrint("%u", i++); } // @here'),
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop at DISPATCH_LEVEL',
    driver: pre(`    KIRQL old; KeRaiseIrql(DISPATCH_LEVEL, &old);
${loop}`),
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'an endless loop inside __try',
    driver: pre(`    __try {
${loop}
    } __except (EXCEPTION_EXECUTE_HANDLER) { DbgPrint("never"); }`),
    outcome: 'hang',
    finding: 'endless-loop',
  },
  {
    mistake: 'recursion',
    driver: {
      globals:
        'static ULONG Down (volatile ULONG *Level) { (*Level)++; return Down(Level) + 1; } // @here',
      ...pre('    ULONG level = 0; Down(&level);'),
    },
    outcome: 'bugcheck',
    finding: 'endless-recursion',
  },
  {
    mistake: 'recursion of two functions with large frames',
    driver: {
      globals: `static ULONG Odd (ULONG Level);
static ULONG Even (ULONG Level) { volatile UCHAR big[512]; big[Level % 512] = 1; return Odd(Level + 1) + big[0]; }
static ULONG Odd (ULONG Level) { volatile UCHAR big[512]; big[Level % 512] = 1; return Even(Level + 1) + big[0]; }`,
      ...pre('    Even(0);'),
    },
    outcome: 'bugcheck',
    finding: 'endless-recursion',
  },
];

const leaks: readonly Row[] = [
  {
    mistake: 'pool that is never freed',
    driver: pre("    (VOID)ExAllocatePoolWithTag(NonPagedPool, 16, 'kaeL'); // @here"),
    outcome: 'completed',
    finding: 'pool-leak',
  },
  {
    mistake: 'a name that is never released',
    driver: {
      major: 'IRP_MJ_CLEANUP',
      ...pre(
        '    PFLT_FILE_NAME_INFORMATION n; (VOID)FltGetFileNameInformation(Data, FLT_FILE_NAME_NORMALIZED | FLT_FILE_NAME_QUERY_DEFAULT, &n); // @here',
      ),
    },
    outcome: 'completed',
    finding: 'object-leak',
  },
  {
    mistake: 'a context that is never released',
    driver: {
      globals:
        "static const FLT_CONTEXT_REGISTRATION Contexts[] = { { FLT_INSTANCE_CONTEXT, 0, NULL, 8, 'xtnC' }, { FLT_CONTEXT_END } };",
      registration: '.ContextRegistration = Contexts,',
      ...pre(
        '    PFLT_CONTEXT c; (VOID)FltAllocateContext(Filter, FLT_INSTANCE_CONTEXT, 8, NonPagedPool, &c); // @here',
      ),
    },
    outcome: 'completed',
    finding: 'object-leak',
  },
  {
    mistake: 'a filter registered twice',
    driver: {
      entry: '    (VOID)FltRegisterFilter(DriverObject, &Registration, &Filter);',
    },
    outcome: 'completed',
    finding: 'object-leak',
  },
];

const exhausting: readonly Row[] = [
  {
    mistake: 'pool allocated until nothing is left',
    driver: pre(
      "    while (ExAllocatePoolWithTag(NonPagedPool, 0x100000, 'lluF') != NULL) { } // @here",
    ),
    outcome: 'completed',
    finding: 'pool-leak',
  },
  {
    mistake: 'a work item that queues itself again',
    driver: {
      globals: `static VOID FLTAPI Again (PFLT_GENERIC_WORKITEM Item, PVOID Object, PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    (VOID)FltQueueGenericWorkItem(Item, Object, Again, DelayedWorkQueue, NULL); // @here
}`,
      ...pre(
        '    PFLT_GENERIC_WORKITEM item = FltAllocateGenericWorkItem(); (VOID)FltQueueGenericWorkItem(item, Filter, Again, DelayedWorkQueue, NULL);',
      ),
    },
    outcome: 'hang',
    finding: 'endless-loop',
  },
];

const locks: readonly Row[] = [
  {
    mistake: 'a critical region that is never left',
    driver: pre('    KeEnterCriticalRegion();'),
    outcome: 'completed',
    finding: 'irql-unbalanced',
  },
  {
    mistake: 'a spin lock that is never released',
    driver: {
      globals: 'static KSPIN_LOCK Lock;',
      ...pre('    KIRQL old; KeAcquireSpinLock(&Lock, &old);'),
    },
    outcome: 'completed',
    finding: 'irql-unbalanced',
  },
  {
    mistake: 'a spin lock taken twice',
    driver: {
      globals: 'static KSPIN_LOCK Lock;',
      ...pre(`    KIRQL a, b; KeAcquireSpinLock(&Lock, &a);
    KeAcquireSpinLock(&Lock, &b); // @here`),
    },
    outcome: 'hang',
    finding: 'endless-loop',
  },
];

const statuses: readonly Row[] = [
  {
    mistake: 'a pre-operation status that is none',
    driver: { pre: '    return (FLT_PREOP_CALLBACK_STATUS)99;' },
    outcome: 'completed',
    finding: 'illegal-preop-status',
  },
  {
    mistake: 'an NTSTATUS from a pre-operation',
    driver: { pre: '    return (FLT_PREOP_CALLBACK_STATUS)STATUS_ACCESS_DENIED;' },
    outcome: 'completed',
    finding: 'illegal-preop-status',
  },
  {
    mistake: 'a post-operation status that is none',
    driver: { post: '    return (FLT_POSTOP_CALLBACK_STATUS)-1;' },
    outcome: 'completed',
    finding: 'illegal-postop-status',
  },
  {
    mistake: 'a completion with STATUS_PENDING',
    driver: { pre: '    Data->IoStatus.Status = STATUS_PENDING; return FLT_PREOP_COMPLETE;' },
    outcome: 'not-modelled',
    finding: 'illegal-completion-status',
  },
  {
    mistake: 'a cleanup that fails',
    driver: {
      major: 'IRP_MJ_CLEANUP',
      pre: '    Data->IoStatus.Status = STATUS_UNSUCCESSFUL; return FLT_PREOP_COMPLETE;',
    },
    outcome: 'completed',
    finding: 'illegal-completion-status',
  },
];

const addresses: readonly Row[] = [
  {
    mistake: 'the memory of a user in the wrong process',
    driver: {
      major: 'IRP_MJ_DIRECTORY_CONTROL',
      post: `    if (*(volatile LONG *)Data->Iopb->Parameters.DirectoryControl.NotifyDirectory.DirectoryBuffer) return FLT_POSTOP_FINISHED_PROCESSING; // @here
${finished}`,
    },
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
    outcome: 'bugcheck',
    finding: 'user-address-wrong-process',
  },
  {
    mistake: 'paged pool at DISPATCH_LEVEL',
    driver: pre(`    KIRQL old; PLONG p = ExAllocatePoolWithTag(PagedPool, 64, 'tseT');
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    *p = 1; // @here
    KeLowerIrql(old);`),
    outcome: 'bugcheck',
    finding: 'paged-access-at-dispatch',
  },
  {
    mistake: 'a paging routine at DISPATCH_LEVEL',
    driver: pre(`    KIRQL old; PVOID p;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    p = ExAllocatePoolWithTag(PagedPool, 64, 'tseT'); // @here
    KeLowerIrql(old);
    if (p) ExFreePoolWithTag(p, 'tseT');`),
    outcome: 'completed',
    finding: 'irql-too-high',
  },
];

const profiles = ['winxp', 'win7', 'win11'] as const;

/** Whether the finding names the marked line; any line of the driver where none is marked. */
function tells({ prediction, findings, source }: DriverRun, id: FindingId): boolean {
  if (source.includes('// @here')) return findings.includes(`${id} @here`);
  return prediction.findings.some((one) => one.id === id && one.line !== undefined);
}

describe.each([
  ['wild pointers', pointers],
  ['code without end', withoutEnd],
  ['leaks', leaks],
  ['what uses everything up', exhausting],
  ['locks and regions', locks],
  ['nonsense statuses', statuses],
  ['addresses in the wrong place', addresses],
] as const)('%s', (_family, rows) => {
  const cases = rows.flatMap((row) => profiles.map((profile) => ({ ...row, profile })));
  test.each(cases)('$mistake, on $profile', async (row) => {
    const { mistake: _mistake, driver, steps = flushOnce, outcome, finding, ...options } = row;
    await bench.run(driver, steps, options); // Compiles it, and the engine its code.
    const begun = process.cpuUsage();
    const run = await bench.run(driver, steps, options);
    const { user, system } = process.cpuUsage(begun);
    const took_ms = (user + system) / 1_000;
    expect(run.prediction.outcome).toBe(outcome);
    expect(tells(run, finding), JSON.stringify(run.prediction.findings)).toBe(true);
    expect(took_ms).toBeLessThan(LIMIT_MS);
  });
});
