// The fields of an event as people read them: flags by name, statuses by name and value, the rest as it
// stands.
import type { TraceEvent } from '../../../contract/trace.ts';
import { ntStatusName } from '../../../contract/windows/ntstatus.ts';
import { CallbackDataFlag, IrpFlag } from '../../../contract/windows/index.ts';

export interface EventField {
  readonly name: string;
  readonly value: string;
}

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;
const status = (value: number): string =>
  `${ntStatusName(value)} (0x${value.toString(16).toUpperCase().padStart(8, '0')})`;

/** "FLTFL_CALLBACK_DATA_IRP_OPERATION|…0x40": what has no name stays a number. */
export function flagNames(value: number, table: Readonly<Record<string, number>>): string {
  let rest = value;
  const names: string[] = [];
  for (const [name, bit] of Object.entries(table)) {
    if (bit === 0 || (rest & bit) >>> 0 !== bit >>> 0) continue;
    names.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest !== 0) names.push(hex(rest));
  return names.length === 0 ? '0' : `${names.join(' | ')} (${hex(value)})`;
}

const shownElsewhere = new Set(['kind', 'seq', 'at', 'rules', 'bytes', 'finding']);
const statuses = new Set(['status', 'statusAfter']);
const numbers = new Set(['information', 'informationAfter', 'minor', 'length', 'operationFlags']);

export function fieldsOf(event: TraceEvent): EventField[] {
  const fields: EventField[] = [];
  for (const [name, value] of Object.entries(event)) {
    if (shownElsewhere.has(name) || value === undefined) continue;
    fields.push(...fieldOf(name, value));
  }
  return fields;
}

function fieldOf(name: string, value: unknown): EventField[] {
  if (typeof value === 'number') {
    if (statuses.has(name)) return [{ name, value: status(value) }];
    if (name === 'flags') return [{ name, value: flagNames(value, CallbackDataFlag) }];
    if (name === 'irpFlags') return [{ name, value: flagNames(value, IrpFlag) }];
    return [{ name, value: numbers.has(name) ? hex(value) : String(value) }];
  }
  if (name === 'parameters' && typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([field, one]) => ({
      name: `Parameters.${field}`,
      value: typeof one === 'number' ? hex(one) : one === null ? 'NULL' : String(one),
    }));
  }
  if (name === 'entries' && Array.isArray(value)) {
    const entries = value as readonly { readonly action: string; readonly name: string }[];
    return [{ name, value: entries.map((one) => `${one.action} ${one.name}`).join(', ') }];
  }
  return [{ name, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }];
}
