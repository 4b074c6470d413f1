// The line above a callback: "pre-create ×4 · 3 SUCCESS_WITH_CALLBACK · 1 COMPLETE STATUS_REPARSE".
import type { CallbackSummary } from '../../../contract/rpc.ts';

export interface Lens {
  readonly line: number;
  readonly title: string;
}

/** One lens for each callback; the operations that it saw stand side by side. */
export function lensesOf(summaries: readonly CallbackSummary[]): Lens[] {
  const lines = new Map<number, string[]>();
  for (const one of summaries) {
    const returned = one.returned.map(([result, times]) => `${times} ${shortResult(result)}`);
    const text = [`${shortOperation(one.operation)} ×${one.times}`, ...returned].join(' · ');
    lines.set(one.line, [...(lines.get(one.line) ?? []), text]);
  }
  return [...lines].map(([line, texts]) => ({ line, title: texts.join('   ') }));
}

/** "pre IRP_MJ_DIRECTORY_CONTROL" is "pre-directory-control". */
const shortOperation = (operation: string): string =>
  operation.replace(' IRP_MJ_', '-').toLowerCase().replaceAll('_', '-');

const shortResult = (result: string): string => result.replace(/^FLT_(PREOP|POSTOP)_/, '');
