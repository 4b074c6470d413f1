// Goal: a driver that reads a file of its own gets the bytes or hangs, by what holds its APCs back, and
// the wait graph names the line that did it (R-SECTION-16, R-SECTION-14).
// Method: a driver of a few lines; a filter below pends reads that go past the cache.
import { afterAll, describe, expect, test } from 'vitest';
import { openDriverBench, type DriverParts } from './testing/driverBench.ts';

const bench = openDriverBench();
afterAll(() => bench.dispose());

/** Reads \real in the pre-operation of a flush, between `before` and `after`. */
const reader = (before: string, after: string, options: string): DriverParts => ({
  globals: `static NTSTATUS ReadReal (VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\??\\\\C:\\\\real");
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK iosb;
    LARGE_INTEGER offset = { 0 };
    HANDLE handle;
    PVOID buffer;
    NTSTATUS status;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ZwCreateFile(&handle, FILE_READ_DATA | SYNCHRONIZE, &attributes, &iosb, NULL, 0, FILE_SHARE_READ, FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT${options}, NULL, 0);
    if (!NT_SUCCESS(status)) return status;
    buffer = ExAllocatePoolWithTag(NonPagedPool, 512, 'daeR');
    ${before}
    status = ZwReadFile(handle, NULL, NULL, NULL, &iosb, buffer, 512, &offset, NULL); // @read
    ${after}
    DbgPrint("%u bytes, first %02x", (ULONG)iosb.Information, *(PUCHAR)buffer);
    ExFreePoolWithTag(buffer, 'daeR');
    ZwClose(handle);
    return status;
}`,
  pre: `    if (NT_SUCCESS(ReadReal())) DbgPrint("read");
    return FLT_PREOP_SUCCESS_NO_CALLBACK;`,
});

const steps = [
  { do: 'create', path: 'f', disposition: 'CREATE', access: 'GENERIC_WRITE', as: 'f' },
  { do: 'flush', handle: 'f', id: 'flush' },
  { do: 'close', handle: 'f' },
];
const setup = [{ file: 'real', data: { fill: 0x5a, length: 512 } }];
const stack = { neighbours: [{ filter: 'Decryptor', altitude: '141000', kind: 'pends-reads' }] };
const pending = ' | FILE_NO_INTERMEDIATE_BUFFERING';

const guarded = ['KeEnterGuardedRegion(); // @held', 'KeLeaveGuardedRegion();'] as const;
const raised = [
  'KIRQL irql; KeRaiseIrql(APC_LEVEL, &irql); // @held',
  'KeLowerIrql(irql);',
] as const;
const critical = ['KeEnterCriticalRegion();', 'KeLeaveCriticalRegion();'] as const;

interface Row {
  readonly name: string;
  readonly around: readonly [before: string, after: string];
  readonly options: string;
  readonly hangs: string | null;
  readonly findings: readonly string[];
}

const rows: readonly Row[] = [
  { name: 'nothing held back', around: ['', ''], options: pending, hangs: null, findings: [] },
  { name: 'a critical region', around: critical, options: pending, hangs: null, findings: [] },
  {
    name: 'a guarded region',
    around: guarded,
    options: pending,
    hangs: 'inside a guarded region (driver.c:LINE, KeEnterGuardedRegion)',
    findings: ['apcs-disabled @read'],
  },
  {
    name: 'APC_LEVEL',
    around: raised,
    options: pending,
    hangs: 'IRQL is APC_LEVEL (driver.c:LINE, KeRaiseIrql)',
    findings: ['apcs-disabled @read'],
  },
  {
    name: 'a guarded region, and nobody pends',
    around: guarded,
    options: '',
    hangs: null,
    findings: ['apcs-disabled @read'],
  },
];

describe('ZwReadFile of a driver', () => {
  test.each(rows)('$name', async ({ around: [before, after], options, hangs, findings }) => {
    const driver = reader(before, after, options);
    const more = { setup, stack };
    const run = await bench.run(driver, steps, more);
    expect(run.findings).toEqual(findings);
    if (hangs === null) {
      expect(run.prediction.outcome).toBe('completed');
      expect(run.printed).toEqual(['512 bytes, first 5a', 'read']);
      return;
    }
    expect(run.prediction.outcome).toBe('hang');
    const line = run.source.split('\n').findIndex((one) => one.includes('// @held')) + 1;
    const [first] = run.prediction.waitGraph ?? [];
    expect(first).toContain('special kernel APC pending (completion of IRP 0x');
    expect(first).toContain(`not delivered: ${hangs.replace('LINE', String(line))}`);
    expect(first).toContain('in nt!IopSynchronousServiceTail; at driver.c:');
  });
});

test('a critical region that is never left is found where the call returns to user mode', async () => {
  const run = await bench.run(
    {
      major: 'IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION',
      pre: `    KeEnterCriticalRegion(); // @entered
    return FLT_PREOP_SUCCESS_NO_CALLBACK;`,
    },
    [
      { do: 'create', path: 'real', access: 'READ_DATA|SYNCHRONIZE', as: 'f' },
      { do: 'create-section', handle: 'f', protection: 'READONLY', as: 's' },
    ],
    { setup },
  );
  expect(run.prediction.bugcheck).toMatchObject({ code: 0x1, name: 'APC_INDEX_MISMATCH' });
  expect(run.findings).toEqual(['region-not-left @entered']);
});
