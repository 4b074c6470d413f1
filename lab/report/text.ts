// The run as a table of plain text, for a terminal. Verdict marks never rest on colour alone; the
// caller may paint them.
import type { Comparison, ComparisonRow, StepVerdict } from '../../contract/comparison.ts';
import type { Run } from '../../contract/run.ts';

export const verdictMarks: Readonly<Record<StepVerdict, string>> = {
  agrees: '=',
  differs: '≠',
  known: '≈',
  unsure: '?',
  'predicted-only': '−',
  'observed-only': '+',
  'not-comparable': '∅',
};

/** How a verdict is read aloud: "differs (known: wine-1)". */
export function verdictText(row: ComparisonRow): string {
  switch (row.verdict) {
    case 'known':
      return `differs (known: ${row.deviation ?? '?'})`;
    case 'unsure':
      return 'differs (model not sure)';
    case 'predicted-only':
      return 'predicted only';
    case 'observed-only':
      return 'observed only';
    case 'not-comparable':
      return 'not comparable';
    default:
      return row.verdict;
  }
}

/** "41 steps agree, 2 differ …": only what is there. */
export function countsText(run: Pick<Run, 'comparison'>): string {
  const { counts } = run.comparison;
  const words: readonly (readonly [StepVerdict, string])[] = [
    ['agrees', 'agree'],
    ['differs', 'differ'],
    ['known', 'differ in a known way'],
    ['unsure', 'differ where the model is not sure'],
    ['predicted-only', 'predicted only'],
    ['observed-only', 'observed only'],
    ['not-comparable', 'not comparable'],
  ];
  const parts = words.flatMap(([verdict, text]) =>
    (counts[verdict] ?? 0) > 0 ? [`${counts[verdict]} ${text}`] : [],
  );
  return parts.length === 0 ? 'nothing to compare' : parts.join(', ');
}

export const verdictLine: Readonly<Record<Run['comparison']['verdict'], string>> = {
  agrees: 'The run agrees with the prediction.',
  differs: 'The run differs from the prediction.',
  'nothing-comparable': 'Nothing of the prediction could be compared on this target.',
};

export interface Paint {
  (kind: StepVerdict | 'dim' | 'bold', text: string): string;
}
const plain: Paint = (_kind, text) => text;

/** The comparison as aligned columns. `width` is the terminal's. */
export function comparisonTable(
  comparison: Comparison,
  predictedName: string,
  observedName: string,
  paint: Paint = plain,
  width = 120,
): string {
  const rows = comparison.rows.map((row) => ({
    row,
    who: row.actor === '' ? row.phase : `${row.actor} ${row.step}`,
    what: row.phase === 'completion' ? `${row.operation} ▸` : row.operation,
    left: row.predicted?.text ?? '',
    right: row.observed?.text ?? '',
  }));
  const who = columnWidth(
    rows.map((one) => one.who),
    24,
  );
  const what = columnWidth(
    rows.map((one) => one.what),
    22,
  );
  const side = Math.max(20, Math.floor((width - who - what - 8) / 2));
  const line = (a: string, b: string, c: string, mark: string, d: string): string =>
    `${fit(a, who)}  ${fit(b, what)}  ${fit(c, side)}  ${mark} ${d}`.trimEnd();
  const head = line('', '', `predicted (${predictedName})`, ' ', `observed (${observedName})`);
  const lines = [paint('dim', head)];
  for (const { row, who: a, what: b, left, right } of rows) {
    const mark = paint(row.verdict, verdictMarks[row.verdict]);
    lines.push(line(a, b, left, mark, right));
    if (row.verdict !== 'agrees' || row.reason !== undefined) lines.push(...explain(row, paint));
  }
  return lines.join('\n');
}

export const runTable = (run: Run, paint: Paint = plain, width = 120): string =>
  comparisonTable(run.comparison, run.profile, run.facts.name, paint, width);

function explain(row: ComparisonRow, paint: Paint): readonly string[] {
  const reason = row.reason === undefined ? '' : `: ${row.reason}`;
  const rules = row.rules.length === 0 ? '' : `  ${row.rules.join(' ')}`;
  const head = paint('dim', `    ${verdictText(row)}${reason}${rules}`);
  const fields = row.differences.map((one) =>
    paint('dim', `      ${one.field}: predicted ${one.predicted}, observed ${one.observed}`),
  );
  return [head, ...fields];
}

const columnWidth = (texts: readonly string[], max: number): number =>
  Math.min(
    max,
    texts.reduce((widest, text) => Math.max(widest, text.length), 4),
  );

const fit = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
