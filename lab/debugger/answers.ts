// What a row of outcomes.json wants the debugger to answer, and where it answers otherwise.
import type { OutcomeRow } from '../../contract/outcomes.ts';
import type { KdSession } from '../../simulator/debug.ts';

/** Sentences, none when every answer is as wanted. Opens a session only for a row that asks something. */
export async function debuggerShortfalls(
  { debugger: asked }: Pick<OutcomeRow, 'debugger'>,
  open: () => Promise<Pick<KdSession, 'execute'>>,
): Promise<readonly string[]> {
  if (asked.length === 0) return [];
  const session = await open();
  const known = new Map<string, number>();
  const found: string[] = [];
  for (const { command, prints } of asked) {
    const { text } = await session.execute(command);
    for (const pattern of prints) {
      const match = new RegExp(counted(pattern, known), 'm').exec(text);
      if (match === null) found.push(`kd> ${command}: nothing fits /${pattern}/ in ${text}`);
      for (const [name, value] of Object.entries(match?.groups ?? {})) {
        known.set(name, Number.parseInt(value, 16));
      }
    }
  }
  return found;
}

/** "{B+0x60}" as the address that it stands for; what is not known fits nothing. */
const counted = (pattern: string, known: ReadonlyMap<string, number>): string =>
  pattern.replace(/\{(\w+)\+0x([0-9a-f]+)\}/g, (_all, name: string, offset: string) => {
    const base = known.get(name);
    if (base === undefined) return '(?!)';
    return (base + Number.parseInt(offset, 16)).toString(16).padStart(8, '0');
  });
