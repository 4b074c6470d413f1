// A hypervisor that is driven by starting its program: every call has a time limit, and what the program
// says when it refuses becomes an error of the lab.
import type { ProgramResult } from '../../process/index.ts';
import { didNotAnswer, toolFailed, toolMissing, unknownToHypervisor } from '../vmErrors.ts';
import type { Host } from './host.ts';

export interface ToolParts {
  readonly host: Host;
  readonly vm: string;
  readonly program: string;
  /** What to do where it is missing. */
  readonly install: string;
  /** The name or path that the hypervisor knows the machine by. */
  readonly machine: string;
  /** In what it prints when it knows no such machine. */
  readonly unknown: RegExp;
}

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const QUICK_MS = 30_000;
/** Snapshots write gigabytes. */
export const SLOW_MS = 600_000;

export class Tool {
  readonly parts: ToolParts;

  constructor(parts: ToolParts) {
    this.parts = parts;
  }

  /** What it printed. Errors: `vm.tool-*`, `vm.unknown-to-hypervisor`, `vm.did-not-answer`. */
  async run(
    what: string,
    args: readonly string[],
    signal: AbortSignal,
    limit_ms = QUICK_MS,
  ): Promise<string> {
    const output = await this.ask(what, args, signal, limit_ms);
    if (output.code === 0) return output.stdout;
    throw this.refusal(what, output);
  }

  async powershell(
    what: string,
    script: string,
    signal: AbortSignal,
    limit_ms = QUICK_MS,
  ): Promise<string> {
    const result = await this.parts.host.powershell(script, { signal, timeout_ms: limit_ms });
    const output = this.ended(what, result);
    if (output.code === 0) return output.stdout;
    throw this.refusal(what, output);
  }

  /** For programs whose refusals are answers. */
  async ask(
    what: string,
    args: readonly string[],
    signal: AbortSignal,
    limit_ms = QUICK_MS,
  ): Promise<Output> {
    const { host, program } = this.parts;
    return this.ended(what, await host.run(program, args, { signal, timeout_ms: limit_ms }));
  }

  refusal(what: string, { stdout, stderr }: Output): Error {
    const { vm, machine, unknown } = this.parts;
    const said = `${stderr}\n${stdout}`.trim();
    return unknown.test(said) ? unknownToHypervisor(vm, machine, said) : toolFailed(vm, what, said);
  }

  private ended(what: string, result: ProgramResult): Output {
    const { vm, program, install } = this.parts;
    if (result.kind === 'not-found') throw toolMissing(program, install);
    if (result.kind === 'timed-out') throw didNotAnswer(vm, what, result.timeout_ms);
    if (result.kind === 'killed') throw toolFailed(vm, what, `${program} was ended: ${result.by}`);
    return result;
  }
}
