// What can be learnt of a machine that has died, before it is put back: the debugger's analysis, what the
// machine says of itself once it has restarted, a dump of its own or of its hypervisor. Each step is
// limited, none may fail the others, and what was not got is said.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Crash } from '../../contract/debugStream.ts';
import type { VmAbility } from '../../contract/vm.ts';
import { withLimit } from '../data/cancellation.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { withAnalysis, type DebugSession } from '../kd/index.ts';
import type { Death } from './judge.ts';
import { lastCrashCommand, parseLastCrash, readDumpHead, type LastCrash } from './windowsCrash.ts';

/** The machine again, after it has restarted. */
export interface Survivor {
  exec(command: string, options: { signal: AbortSignal }): Promise<{ readonly stdout: string }>;
  get(remote: string, local: string, options: { signal: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

export interface DeadMachine {
  can(ability: VmAbility): boolean;
  nmi(call: { signal: AbortSignal }): Promise<void>;
  dumpMemory(file: string, call: { signal: AbortSignal }): Promise<void>;
}

export interface AutopsyInput {
  readonly death: Death;
  readonly diedAt: Date;
  /** A guest that writes dumps and restarts by itself; others are not waited for. */
  readonly windows: boolean;
  readonly session: DebugSession | undefined;
  readonly machine: DeadMachine | undefined;
  /** Connects as soon as the machine answers. */
  readonly reach: (signal: AbortSignal) => Promise<Survivor>;
  /** Where what is collected is put. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  readonly limits?: Partial<typeof usualLimits_ms>;
}

export interface Autopsy {
  readonly death: Death;
  readonly files: readonly string[];
  readonly missing: readonly string[];
}

const usualLimits_ms = { analysis: 120_000, restart: 240_000, dump: 600_000 } as const;

export async function autopsy(input: AutopsyInput): Promise<Autopsy> {
  const limits_ms = { ...usualLimits_ms, ...input.limits };
  const missing: string[] = [];
  const files: string[] = [];
  let { death } = input;
  const attempt = async <T>(
    what: string,
    limit_ms: number,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> => {
    input.progress(what);
    const limit = withLimit(input.signal, limit_ms, () => tooLate(what, limit_ms));
    try {
      return await work(limit.signal);
    } catch (error) {
      missing.push(`${what}: ${error instanceof LabError ? error.problem : String(error)}`);
      return undefined;
    } finally {
      limit.done();
    }
  };
  const analysed = await attemptAnalysis(input, attempt, limits_ms.analysis, death);
  death = analysed ?? death;
  if (input.windows) {
    if (death.kind === 'silence' && input.machine?.can('nmi') === true) {
      const { machine } = input;
      await attempt('make the hung machine write a dump (NMI)', limits_ms.analysis, (signal) =>
        machine.nmi({ signal }),
      );
    }
    const last = await attempt('fetch the dump after the restart', limits_ms.restart, (signal) =>
      fetchDump(input, signal),
    );
    if (last?.file !== undefined) files.push(last.file);
    else if (last !== undefined) missing.push('the machine restarted and had written no dump');
    if (last?.crash !== undefined) death = betterKnown(death, last.crash);
  }
  if (files.length === 0) {
    const { machine } = input;
    if (machine?.can('memory-dump') === true) {
      const file = 'memory.elf';
      const done = await attempt("save the machine's memory", limits_ms.dump, async (signal) => {
        await machine.dumpMemory(join(input.folder, file), { signal });
        return true;
      });
      if (done === true) files.push(file);
    } else if (!input.windows) missing.push('a dump: this machine cannot save its memory');
  }
  return { death, files, missing };
}

type Attempt = <T>(
  what: string,
  limit_ms: number,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T | undefined>;

/** Then the machine may go on: with a debugger attached it writes its dump after `g` only. */
async function attemptAnalysis(
  { session }: AutopsyInput,
  attempt: Attempt,
  limit_ms: number,
  death: Death,
): Promise<Death | undefined> {
  if (session?.canBeAsked !== true || death.kind === 'silence') return undefined;
  return attempt('ask the debugger what happened', limit_ms, async (signal) => {
    const analysis = await session.command('!analyze -v', { signal, limit_ms });
    const crash = death.kind === 'bugcheck' ? death.crash : undefined;
    await session.go({ signal, limit_ms });
    return crash === undefined ? death : { kind: 'bugcheck', crash: withAnalysis(crash, analysis) };
  });
}

async function fetchDump(
  { reach, diedAt, folder }: AutopsyInput,
  signal: AbortSignal,
): Promise<{ readonly crash: Crash | undefined; readonly file: string | undefined }> {
  const survivor = await reach(signal);
  try {
    const { stdout } = await survivor.exec(lastCrashCommand(diedAt), { signal });
    const last: LastCrash | undefined = parseLastCrash(stdout);
    if (last?.dump === undefined) return { crash: last?.crash, file: undefined };
    const file = 'MEMORY.DMP';
    const local = join(folder, file);
    await survivor.get(last.dump.path, local, { signal });
    const head = await checkedHead(local, last.dump.bytes);
    return { crash: last.crash ?? head, file };
  } finally {
    await survivor.close();
  }
}

/** A dump that was cut off has been called written before; size and head are looked at. */
async function checkedHead(file: string, bytes: number): Promise<Crash | undefined> {
  const opened = await open(file);
  try {
    const { size } = await opened.stat();
    const first = Buffer.alloc(4096);
    const { bytesRead } = await opened.read(first, 0, first.length, 0);
    if (size === bytes) return readDumpHead(first.subarray(0, bytesRead));
    throw new LabError('deploy.copy-failed', {
      problem: `Of the dump's ${bytes} bytes ${size} arrived.`,
      remedy: 'Copy it by hand.',
    });
  } finally {
    await opened.close();
  }
}

/** A silence that turns out to be a bugcheck is one; what the console said of it is more than its code. */
const betterKnown = (death: Death, crash: Crash): Death =>
  death.kind === 'bugcheck' && death.crash.code !== undefined ? death : { kind: 'bugcheck', crash };

const tooLate = (what: string, limit_ms: number): LabError =>
  new LabError('vm.did-not-answer', {
    problem: `it took more than ${limit_ms / 1_000} s (${what})`,
    remedy: 'Do it by hand before the machine is put back.',
  });
