// docs/wine.md, rendered from the table that comparisons use.
import { wineDeviations } from '../lab/compare/deviations/wine.ts';

export function wineDocument(): string {
  const rows = wineDeviations.map(
    ({ id, what, seen, source }) => `| ${id} | ${what} | ${seen} | ${source} |`,
  );
  return `# Where Wine is known to deviate from Windows

The target \`wine\` executes the native API for real, but it is not Windows. A row of a comparison that differs in one of these
ways reads "differs (known: wine-n)" and does not fail a run; every other difference does. A wait that timed out because of
such a completion follows from it.

| id | what Wine does | last seen | source |
| --- | --- | --- | --- |
${rows.join('\n')}

Wine never calls a filter's callbacks: what they would do is not comparable there, and every comparison says so.
`;
}
