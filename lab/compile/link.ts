// Objects and runtime → image.
import { LabError } from '../../contract/errors/labError.ts';
import { readModule, type FunctionType } from '../../simulator/image/index.ts';
import type { Diagnostic } from './diagnostics.ts';
import { linkArguments, type ImagePlacement } from './flags.ts';
import { onlyDuplicates, parseLinkOutput, toDiagnostics } from './linkDiagnostics.ts';
import { digestOf, hashOf } from './objectCache.ts';
import { shareStackPointer } from './shareStackPointer.ts';
import { toTree } from './sourceFiles.ts';
import type { ToolResult } from './toolchain.ts';
import type { Bench } from './units.ts';

export interface LinkInput {
  /** Path of each unit, and its object. */
  readonly units: ReadonlyMap<string, Uint8Array>;
  readonly runtime: ReadonlyMap<string, Uint8Array>;
  /** Names of ntoskrnl's variables, which the runtime defines. */
  readonly variables: readonly string[];
  readonly placement: ImagePlacement;
}

export type LinkResult =
  | (Linked & { readonly ok: true; readonly image: Uint8Array })
  | (Linked & { readonly ok: false; readonly problem: LabError });

interface Linked {
  readonly diagnostics: readonly Diagnostic[];
  readonly cpu_ms: number;
}

const RESULT = '$image';

/** An image is kept by the hash of its objects: what did not change needs no compiler at all. */
export async function link(
  { toolchain, cache, files }: Bench,
  input: LinkInput,
  signal?: AbortSignal,
): Promise<LinkResult> {
  const objects = [...input.units, ...input.runtime].map(
    ([path, object]) => [`${path}.o`, object] as const,
  );
  const names = objects.map(([name]) => name);
  const ingredients = objects.map(([, object]) => digestOf(object));
  const run = async (more: readonly string[]): Promise<ToolResult> => {
    const all = [
      ...['wasm-ld', ...linkArguments(input.placement, input.variables), ...more],
      ...[...names, '-o', RESULT],
    ];
    const key = hashOf([files.compilerVersion, ...all, ...ingredients]);
    const kept = await cache.get(key);
    if (kept !== undefined) {
      return { exitCode: 0, output: kept.output, file: kept.object, cpu_ms: 0 };
    }
    const made = await toolchain.run(
      { arguments: all, files: toTree(objects), result: RESULT },
      signal,
    );
    const { exitCode, file, output } = made;
    if (exitCode === 0 && file !== undefined) await cache.put(key, { object: file, output });
    return made;
  };
  let result = await run([]);
  const messages = [...parseLinkOutput(result.output)];
  if (result.exitCode !== 0 && onlyDuplicates(messages)) {
    // Tentative definitions in several units are common in drivers, and MSVC merges them.
    result = await run(['--allow-multiple-definition']);
    messages.push(...parseLinkOutput(result.output));
  }
  const said = {
    diagnostics: toDiagnostics(messages, (path) => input.units.has(path)),
    cpu_ms: result.cpu_ms,
  };
  if (result.exitCode !== 0 || result.file === undefined) {
    return { ok: false, ...said, problem: linkFailed(said.diagnostics, result.output) };
  }
  const problem = checkEntry(result.file);
  if (problem !== undefined) return { ok: false, ...said, problem };
  return { ok: true, ...said, image: shareStackPointer(result.file) };
}

function linkFailed(diagnostics: readonly Diagnostic[], detail: string): LabError {
  const first = diagnostics.find((one) => one.severity === 'error')?.message;
  if (/\bDriverEntry\b/.test(first ?? '')) return noEntry();
  return new LabError('compile.link-failed', {
    problem: `The objects of the driver do not link${first === undefined ? '' : `: ${first}`}.`,
    remedy: 'Define what is missing, or add the file that defines it to "sources" in fltlab.json.',
    detail,
  });
}

const noEntry = (): LabError =>
  new LabError('compile.link-failed', {
    problem: 'No file of the driver defines DriverEntry, where Windows starts it.',
    remedy:
      'Define NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING), not static, in one of the ' +
      'files that fltlab.json lists under "sources".',
  });

function checkEntry(image: Uint8Array): LabError | undefined {
  const module = readModule(image);
  const index = module.exports.find((one) => one.name === 'DriverEntry')?.index;
  const entry = module.functions.find((one) => one.index === index);
  if (entry === undefined) return noEntry();
  if (signature(entry.type) === 'i32,i32→i32') return undefined;
  return new LabError('compile.link-failed', {
    problem: 'DriverEntry does not take two pointers and return an NTSTATUS.',
    remedy: 'Declare it as NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING).',
  });
}

const signature = ({ parameters, results }: FunctionType): string =>
  `${parameters.join(',')}→${results.join(',')}`;
