// Goal: what a filter opens, reads, writes and sends by itself begins below it and does what the DDI
// says; reissue, cancellation and own callback data likewise.
// Method: a driver of a few lines per row; what it prints is what it saw.
import { afterAll, describe, expect, test } from 'vitest';
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
  readonly printed: readonly string[];
  readonly findings?: readonly string[];
}

const pass = '    return FLT_PREOP_SUCCESS_NO_CALLBACK;';

/** Opens `\\??\\C:\\own`, below the filter. */
const open = (access: string, disposition: string, then: string): string => `
    OBJECT_ATTRIBUTES attributes; UNICODE_STRING name; IO_STATUS_BLOCK iosb; HANDLE handle; PFILE_OBJECT file;
    NTSTATUS status;
    RtlInitUnicodeString(&name, L"\\\\??\\\\C:\\\\own");
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = FltCreateFile(FltObjects->Filter, FltObjects->Instance, &handle, ${access} | SYNCHRONIZE, &attributes, &iosb,
        NULL, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, ${disposition}, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0, 0);
    DbgPrint("open %x", status);
    if (NT_SUCCESS(status)) {
        status = ObReferenceObjectByHandle(handle, 0, *IoFileObjectType, KernelMode, (PVOID *)&file, NULL);
${then}
        ObDereferenceObject(file);
        DbgPrint("close %x", FltClose(handle));
    }
${pass}`;

const rows: readonly Row[] = [
  {
    title: 'a file of its own: made, written, read, closed',
    driver: {
      pre: open(
        'GENERIC_READ | GENERIC_WRITE',
        'FILE_CREATE',
        `        char text[] = "hello"; char back[8] = { 0 }; ULONG count = 0; LARGE_INTEGER at = { .QuadPart = 1 };
        DbgPrint("write %x", FltWriteFile(FltObjects->Instance, file, NULL, 5, text, 0, &count, NULL, NULL));
        DbgPrint("%u bytes", count);
        status = FltReadFile(FltObjects->Instance, file, &at, 8, back, FLTFL_IO_OPERATION_DO_NOT_UPDATE_BYTE_OFFSET, &count, NULL, NULL);
        DbgPrint("read %x %u %s at %u", status, count, back, (ULONG)file->CurrentByteOffset.QuadPart);`,
      ),
    },
    printed: ['open 0', 'write 0', '5 bytes', 'read 0 4 ello at 5', 'close 0'],
  },
  {
    title: 'it never sees its own requests, and the neighbour below sees them as generated',
    driver: {
      major: 'IRP_MJ_CREATE',
      pre: `    static ULONG creates;
    creates += 1;
    if (creates == 1) {
        OBJECT_ATTRIBUTES attributes; UNICODE_STRING name; IO_STATUS_BLOCK iosb; HANDLE handle;
        RtlInitUnicodeString(&name, L"\\\\??\\\\C:\\\\own");
        InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
        FltCreateFile(FltObjects->Filter, FltObjects->Instance, &handle, GENERIC_READ | SYNCHRONIZE, &attributes, &iosb,
            NULL, 0, 7, FILE_OPEN_IF, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0, 0);
        FltClose(handle);
    }
    DbgPrint("create %u", creates);
${pass}`,
    },
    printed: ['create 1'],
  },
  {
    title: 'a rename and a deletion by handle',
    driver: {
      pre: open(
        'DELETE',
        'FILE_CREATE',
        `        UCHAR room[100]; PFILE_RENAME_INFORMATION info = (PFILE_RENAME_INFORMATION)room; FILE_DISPOSITION_INFORMATION gone = { TRUE };
        FILE_STANDARD_INFORMATION standard;
        RtlZeroMemory(room, sizeof(room));
        info->FileNameLength = 26;
        RtlCopyMemory(info->FileName, L"\\\\??\\\\C:\\\\d\\\\away", 26);
        DbgPrint("rename %x", FltSetInformationFile(FltObjects->Instance, file, info, sizeof(*info) + 26, FileRenameInformation));
        DbgPrint("query %x", FltQueryInformationFile(FltObjects->Instance, file, &standard, sizeof(standard), FileStandardInformation, NULL));
        DbgPrint("links %u pending %u", standard.NumberOfLinks, standard.DeletePending);
        DbgPrint("delete %x", FltSetInformationFile(FltObjects->Instance, file, &gone, sizeof(gone), FileDispositionInformation));`,
      ),
    },
    setup: [{ mkdir: 'd' }],
    printed: ['open 0', 'rename 0', 'query 0', 'links 1 pending 0', 'delete 0', 'close 0'],
  },
  {
    title: 'a tag of its own, and how an open of the stub ends',
    driver: {
      pre: open(
        'GENERIC_READ | GENERIC_WRITE',
        'FILE_CREATE',
        `        GUID guid = { 1, 2, 3, { 4 } }; ULONG count;
        UCHAR back[64];
        DbgPrint("tag %x", FltTagFile(FltObjects->Instance, file, 0x00005555, &guid, "data", 4));
        status = FltFsControlFile(FltObjects->Instance, file, FSCTL_GET_REPARSE_POINT, NULL, 0, back, sizeof(back), &count);
        DbgPrint("get %x %u", status, count);`,
      ),
    },
    printed: ['open 0', 'tag 0', 'get 0 28', 'close 0'],
    steps: [
      ...flushOnce,
      {
        do: 'create',
        path: 'own',
        as: 'x',
        expect: { status: 'STATUS_IO_REPARSE_TAG_NOT_HANDLED' },
      },
    ],
  },
  {
    title: 'own callback data, performed synchronously, used again, and freed',
    driver: {
      pre: `    PFLT_CALLBACK_DATA own; FILE_BASIC_INFORMATION basic = { 0 }; FILE_STANDARD_INFORMATION standard;
    NTSTATUS status = FltAllocateCallbackData(FltObjects->Instance, FltObjects->FileObject, &own);
    DbgPrint("%x %x %d", status, own->Flags, own->Iopb->TargetInstance == FltObjects->Instance);
    own->Iopb->MajorFunction = IRP_MJ_QUERY_INFORMATION;
    own->Iopb->Parameters.QueryFileInformation.Length = sizeof(basic);
    own->Iopb->Parameters.QueryFileInformation.FileInformationClass = FileBasicInformation;
    own->Iopb->Parameters.QueryFileInformation.InfoBuffer = &basic;
    FltPerformSynchronousIo(own);
    DbgPrint("%x %u %x", own->IoStatus.Status, (ULONG)own->IoStatus.Information, basic.FileAttributes);
    FltReuseCallbackData(own);
    DbgPrint("%d %d", own->Iopb->MajorFunction, own->Iopb->TargetFileObject == FltObjects->FileObject);
    own->Iopb->MajorFunction = IRP_MJ_QUERY_INFORMATION;
    own->Iopb->Parameters.QueryFileInformation.Length = sizeof(standard);
    own->Iopb->Parameters.QueryFileInformation.FileInformationClass = FileStandardInformation;
    own->Iopb->Parameters.QueryFileInformation.InfoBuffer = &standard;
    FltPerformSynchronousIo(own);
    DbgPrint("%x %u", own->IoStatus.Status, standard.NumberOfLinks);
    FltFreeCallbackData(own);
${pass}`,
    },
    printed: ['0 10001 1', '0 40 20', '0 1', '0 1'],
  },
  {
    title: 'own callback data, asynchronously: the callback comes in any case (R-FLT-29)',
    driver: {
      globals: `static VOID FLTAPI Done (PFLT_CALLBACK_DATA Data, PFLT_CONTEXT Context)
{
    DbgPrint("done %x %u", Data->IoStatus.Status, (ULONG)(ULONG_PTR)Context);
    FltFreeCallbackData(Data);
}`,
      pre: `    PFLT_CALLBACK_DATA own; NTSTATUS status;
    FltAllocateCallbackData(FltObjects->Instance, FltObjects->FileObject, &own);
    own->Iopb->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    status = FltPerformAsynchronousIo(own, Done, (PVOID)7);
    DbgPrint("%x", status);
${pass}`,
    },
    printed: ['done 0 7', '0'],
  },
  {
    title: 'callback data that is never freed',
    driver: {
      pre: `    PFLT_CALLBACK_DATA own;
    FltAllocateCallbackData(FltObjects->Instance, FltObjects->FileObject, &own); // @here
${pass}`,
    },
    printed: [],
    findings: ['object-leak @here'],
  },
  {
    title: 'an MDL over its own pool',
    driver: {
      pre: `    PVOID buffer = ExAllocatePoolWithTag(NonPagedPool, 100, 'tseT');
    PMDL mdl = IoAllocateMdl(buffer, 100, FALSE, FALSE, NULL);
    MmBuildMdlForNonPagedPool(mdl);
    DbgPrint("%d %u", MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == buffer, MmGetMdlByteCount(mdl));
    IoFreeMdl(mdl);
    ExFreePoolWithTag(buffer, 'tseT');
${pass}`,
    },
    printed: ['1 100'],
  },
  {
    title: 'FltReadFile at APC_LEVEL, where no APC is delivered (R-SECTION-18)',
    driver: {
      pre: `    KIRQL irql; char back[4]; ULONG count;
    KeRaiseIrql(APC_LEVEL, &irql);
    FltReadFile(FltObjects->Instance, FltObjects->FileObject, NULL, 4, back, 0, &count, NULL, NULL); // @here
    KeLowerIrql(irql);
${pass}`,
    },
    printed: [],
    findings: ['apcs-disabled @here'],
  },
];

describe('I/O of a filter’s own', () => {
  test.each(rows)('$title', async (row) => {
    const { title, steps = flushOnce, printed, findings = [], driver, ...options } = row;
    expect(title).not.toBe('');
    const run = await bench.run(driver, steps, options);
    expect(run.prediction.notModelled).toBeUndefined();
    expect(run.printed).toEqual(printed);
    expect(run.findings).toEqual(findings);
    expect(run.prediction.outcome).toBe('completed');
    expect(run.prediction.expectations).toEqual([]);
  });
});
