// A bench for drivers of a few lines: C in, prediction out. One compiler for all rows of a test file.
import { readWorkload } from '../../../contract/expandWorkload.ts';
import type { Prediction } from '../../../contract/prediction.ts';
import type { ProfileName } from '../../../contract/profiles.ts';
import { simulate } from '../../../simulator/index.ts';
import { versionDefines } from '../../build/releases.ts';
import {
  compileForSimulation,
  createCompiler,
  RUNTIME_FOLDER,
  WDK_FOLDER,
  type Compiler,
} from '../../compile/index.ts';

/** What differs from the driver that does nothing. */
export interface DriverParts {
  /** Beside the callbacks: helpers, globals, context registrations. */
  readonly globals?: string;
  /** Statements of DriverEntry before the registration. */
  readonly entry?: string;
  /** Statements of DriverEntry between the registration and the start of filtering. */
  readonly registered?: string;
  /** Body of the pre-operation; passes the operation on when left out. */
  readonly pre?: string;
  /** Body of the post-operation; none is registered when left out. */
  readonly post?: string;
  /** "IRP_MJ_FLUSH_BUFFERS" when left out. */
  readonly major?: string;
  /** Statements of the unload routine before FltUnregisterFilter. */
  readonly unload?: string;
  /** Initializers of FLT_REGISTRATION. */
  readonly registration?: string;
}

/** One line a part, so that a marker comment finds its line. */
export function driverSource(parts: DriverParts): string {
  const {
    globals = '',
    entry = '',
    registered = '',
    pre,
    post,
    unload = '',
    registration = '',
  } = parts;
  const { major = 'IRP_MJ_FLUSH_BUFFERS' } = parts;
  const passOn =
    post === undefined ? 'FLT_PREOP_SUCCESS_NO_CALLBACK' : 'FLT_PREOP_SUCCESS_WITH_CALLBACK';
  return `#include <fltKernel.h>
static PFLT_FILTER Filter;
${globals}
static FLT_PREOP_CALLBACK_STATUS FLTAPI Pre (PFLT_CALLBACK_DATA Data, PCFLT_RELATED_OBJECTS FltObjects, PVOID *CompletionContext)
{
    UNREFERENCED_PARAMETER(Data); UNREFERENCED_PARAMETER(FltObjects); UNREFERENCED_PARAMETER(CompletionContext);
${pre ?? `    return ${passOn};`}
}
${
  post === undefined
    ? '#define Post NULL'
    : `static FLT_POSTOP_CALLBACK_STATUS FLTAPI Post (PFLT_CALLBACK_DATA Data, PCFLT_RELATED_OBJECTS FltObjects, PVOID CompletionContext, FLT_POST_OPERATION_FLAGS Flags)
{
    UNREFERENCED_PARAMETER(Data); UNREFERENCED_PARAMETER(FltObjects); UNREFERENCED_PARAMETER(CompletionContext); UNREFERENCED_PARAMETER(Flags);
${post}
}`
}
static NTSTATUS FLTAPI Unload (FLT_FILTER_UNLOAD_FLAGS Flags)
{
    UNREFERENCED_PARAMETER(Flags);
${unload}
    FltUnregisterFilter(Filter);
    return STATUS_SUCCESS;
}
static const FLT_OPERATION_REGISTRATION Operations[] = {
    { ${major}, 0, Pre, Post },
    { IRP_MJ_OPERATION_END }
};
static const FLT_REGISTRATION Registration = {
    .Size = sizeof(FLT_REGISTRATION), .Version = FLT_REGISTRATION_VERSION,
    .OperationRegistration = Operations, .FilterUnloadCallback = Unload,
    ${registration}
};
DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry (PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;
    UNREFERENCED_PARAMETER(RegistryPath);
${entry}
    status = FltRegisterFilter(DriverObject, &Registration, &Filter);
    if (!NT_SUCCESS(status)) return status;
${registered}
    status = FltStartFiltering(Filter);
    if (!NT_SUCCESS(status)) FltUnregisterFilter(Filter);
    return status;
}
`;
}

export interface RunOptions {
  readonly profile?: ProfileName;
  readonly seed?: number;
  readonly actors?: object;
  readonly setup?: readonly object[];
  readonly order?: 'written' | 'free';
  readonly callbacksCalled?: boolean;
}

export interface DriverRun {
  readonly prediction: Prediction;
  readonly source: string;
  /** "id" of each finding; "id @name" where a comment "// @name" stands on its line. */
  readonly findings: readonly string[];
  readonly printed: readonly string[];
}

export interface DriverBench {
  run(
    parts: DriverParts | string,
    steps: readonly object[],
    options?: RunOptions,
  ): Promise<DriverRun>;
  dispose(): Promise<void>;
}

const FILE = 'driver.c';

export function openDriverBench(): DriverBench {
  const compiler = createCompiler();
  return {
    run: (parts, steps, options = {}) => runOn(compiler, parts, steps, options),
    dispose: () => compiler.dispose(),
  };
}

async function runOn(
  compiler: Compiler,
  parts: DriverParts | string,
  steps: readonly object[],
  { profile = 'win7', seed = 0, callbacksCalled = true, ...more }: RunOptions,
): Promise<DriverRun> {
  const source = typeof parts === 'string' ? parts : driverSource(parts);
  const ntddi = versionDefines[profile].ntddi.toString(16);
  const { image } = await compileForSimulation(compiler, {
    sources: [{ path: FILE, text: source }],
    headers: [],
    defines: [`NTDDI_VERSION=0x${ntddi}`],
    mode: 'simulate',
  });
  const workload = readWorkload({ workload: 1, name: 'bench', ...more, steps }, 'bench');
  const prediction = await simulate({
    workload,
    profile,
    seed,
    sample: 'bench',
    variant: 'bench',
    driver: {
      name: 'bench',
      image,
      foreignFolders: [WDK_FOLDER, RUNTIME_FOLDER, 'usr'],
      instances: [{ name: 'bench Instance', altitude: '370030', flags: 0 }],
      neighbours: [],
      without: [],
      callbacksCalled,
    },
  });
  const findings = prediction.findings.map(({ id, file, line }) => {
    const text = file === FILE ? (source.split('\n')[(line ?? 0) - 1] ?? '') : '';
    const [, name] = /\/\/ @(\w+)/.exec(text) ?? [];
    return name === undefined ? id : `${id} @${name}`;
  });
  const printed = prediction.events.flatMap((event) =>
    event.kind === 'debug-print' ? [event.text] : [],
  );
  return { prediction, source, findings, printed };
}

const SYNC = 'SYNCHRONOUS_IO_NONALERT';
/** Opens a file, flushes it, closes it: one IRP_MJ_FLUSH_BUFFERS. */
export const flushOnce: readonly object[] = [
  {
    do: 'create',
    path: 'f',
    disposition: 'OPEN_IF',
    access: 'GENERIC_READ|GENERIC_WRITE|DELETE|SYNCHRONIZE',
    options: SYNC,
    as: 'f',
  },
  { do: 'flush', handle: 'f', id: 'flush' },
  { do: 'close', handle: 'f' },
];
