// One list of what is wrong with the source: what the compiler says and what the simulator found.
import type { Prediction } from '../../../contract/prediction.ts';
import type { SourceDiagnostic } from '../../../contract/rpc.ts';

export interface Problem {
  readonly kind: 'error' | 'warning' | 'note' | 'finding';
  /** Empty where no place is known. */
  readonly file: string;
  readonly line: number;
  /** From 1; absent where the whole line is meant. */
  readonly column?: number;
  readonly end?: { readonly line: number; readonly column: number };
  /** "user-address-wrong-process", "-Wunused-variable", "clang". */
  readonly source: string;
  readonly message: string;
  readonly rules: readonly string[];
}

const order: readonly Problem['kind'][] = ['error', 'finding', 'warning', 'note'];

/** Without a prediction of this very source there is nothing to say but what the compiler said. */
export function listProblems(
  diagnostics: readonly SourceDiagnostic[],
  findings: Prediction['findings'],
): Problem[] {
  const all = [...diagnostics.map(ofDiagnostic), ...findings.map(ofFinding)];
  return all.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function ofDiagnostic(one: SourceDiagnostic): Problem {
  const { file, line, column, endLine, endColumn, severity, message, flag } = one;
  return {
    kind: severity,
    file,
    line,
    source: flag ?? 'clang',
    message,
    rules: [],
    ...(column > 0 ? { column } : {}),
    ...(endLine === undefined || endColumn === undefined
      ? {}
      : { end: { line: endLine, column: endColumn } }),
  };
}

function ofFinding({ id, file, line, message, rules }: Prediction['findings'][number]): Problem {
  return { kind: 'finding', file: file ?? '', line: line ?? 0, source: id, message, rules };
}
