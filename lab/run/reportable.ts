// A run as a report shows it. A page, a terminal and a list of test cases show what speaks, when all rows
// together would be more than anyone opens; what is left out is said, by verdict and number.
import type { ComparisonRow } from '../../contract/comparison.ts';
import type { Run } from '../../contract/run.ts';
import { ROWS_TOGETHER_MAX } from './rowsFile.ts';

/** A run whose rows are all at hand. */
export function reportable(run: Run): Run {
  const { rows } = run.comparison;
  if (rows.length <= ROWS_TOGETHER_MAX) return run;
  const speaking = rows.filter((row) => row.verdict !== 'agrees');
  return shortened(run, speaking.slice(0, ROWS_TOGETHER_MAX), rows.length, speaking.length);
}

/** `rows` are those that are shown, the first of `speaking` that do not just agree. */
export function shortened(
  run: Run,
  rows: readonly ComparisonRow[],
  total: number,
  speaking: number,
): Run {
  const left = [
    `${total - speaking} that agree`,
    ...(rows.length < speaking ? [`${speaking - rows.length} that do not just agree`] : []),
  ];
  const note = `Of ${total} rows ${rows.length} are shown here; left out are ${left.join(' and ')}. The workbench shows them all.`;
  return {
    ...run,
    comparison: { ...run.comparison, rows: [...rows], rowsApart: true },
    notes: [...run.notes, note],
  };
}
