// docs/api-support.md, rendered from the tables that bind a driver's imports: what the page says is
// what the simulator does. `npm run golden` writes it; a test compares.
import {
  exportTables,
  windowsModules,
  type Binding,
  type ExportTable,
} from '../simulator/driver/index.ts';

const versionTitle: Readonly<Record<string, string>> = {
  '5.1': 'XP',
  '5.2': 'Server 2003',
  '6.0': 'Vista',
  '6.1': '7',
  '6.3': '8.1',
  '10.0': '10',
};
const irqlTitle = ['PASSIVE', 'APC', 'DISPATCH'] as const;
const mark: Readonly<Record<Binding['support'], string>> = {
  full: 'yes',
  partial: 'in part',
  none: 'no',
};

export function apiSupportDocument(): string {
  const sections = windowsModules.map((module) => section(module, exportTables[module]));
  return `# Kernel routines that a driver may import

What the simulator offers to a driver's imports. A routine that is not listed here stops the load with its name; a call to one
marked *no* ends the simulation with its name; nothing is ever guessed. *Since*: the first Windows whose module exports the
routine; a driver that imports it statically is not loaded on an older profile, and asking for it by name gives NULL there.
*IRQL*: the highest at which it may be called; a call above it is a finding.

${sections.join('\n')}`;
}

function section(module: string, table: ExportTable): string {
  const names = Object.keys(table).sort((a, b) => (a < b ? -1 : 1));
  const count = (support: Binding['support']): number =>
    names.filter((name) => table[name]?.support === support).length;
  const rows = names.map((name) => row(name, table[name] as Binding));
  return `## ${module}

${names.length} routines: ${count('full')} yes, ${count('partial')} in part, ${count('none')} no.

| routine | modelled | since | IRQL | note |
| ------- | -------- | ----- | ---- | ---- |
${rows.join('\n')}
`;
}

function row(name: string, { support, since, irql, note }: Binding): string {
  const from = since === null ? '' : (versionTitle[since] ?? since);
  const level = support === 'none' ? '' : irqlTitle[irql];
  return `| ${name} | ${mark[support]} | ${from} | ${level} | ${note ?? ''} |`;
}
