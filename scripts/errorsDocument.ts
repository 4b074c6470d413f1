// docs/errors.md, rendered from the catalogue: code and document cannot differ. `npm run golden` writes
// it; a test compares.
import { catalogue } from '../contract/errors/catalogue.ts';
import type { ErrorEntry, Whose } from '../contract/errors/labError.ts';

const exitOf: Readonly<Record<Whose, number>> = {
  'your lab': 2,
  'your driver': 3,
  'our bug': 4,
  usage: 64,
};

export function errorsDocument(): string {
  const entries = Object.entries(catalogue as Record<string, ErrorEntry>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const sections = entries.map(
    ([code, { whose, meaning }]) =>
      `## ${code}\n\n${meaning}\n\nWhose: ${whose}. Exit code of \`fltlab\`: ${exitOf[whose]}.\n`,
  );
  return `# Errors

Every failure that FltLab shows has a code, says what happened, what to do next, and whose it is: your driver, your lab, or
our bug. A driver's mistake in a simulation is not an error but a finding.

${sections.join('\n')}`;
}
