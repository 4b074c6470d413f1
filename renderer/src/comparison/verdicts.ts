// How verdicts are written: a mark that does not rest on colour, and words.
import type { ComparisonRow, StepVerdict } from '../../../contract/comparison.ts';

export const marks: Readonly<Record<StepVerdict, string>> = {
  agrees: '=',
  differs: '≠',
  known: '≈',
  unsure: '?',
  'predicted-only': '−',
  'observed-only': '+',
  'not-comparable': '∅',
};

export const verdictWords: Readonly<Record<StepVerdict, string>> = {
  agrees: 'agrees',
  differs: 'differs',
  known: 'differs in a known way',
  unsure: 'differs where the model is not sure',
  'predicted-only': 'left only',
  'observed-only': 'right only',
  'not-comparable': 'not comparable',
};

export const verdictText = (row: ComparisonRow): string =>
  row.verdict === 'known'
    ? `differs in a known way (${row.deviation ?? '?'})`
    : verdictWords[row.verdict];

export const whoOf = (row: ComparisonRow): string =>
  row.actor === '' ? row.phase : `${row.actor} ${row.step}`;
export const whatOf = (row: ComparisonRow): string =>
  row.phase === 'completion' ? `${row.operation} ▸` : row.operation;
