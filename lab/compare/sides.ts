// What one side of a comparison says about each step, as fields of text. Two sides are made by the
// same functions from the same kind of trace, so that nothing differs only because it was written
// differently. Handles, pointers, identifiers and times are put as relations, never as values.
import type { ComparisonRow, ComparisonSide } from '../../contract/comparison.ts';
import type { ActingStep, ExpandedWorkload } from '../../contract/expandWorkload.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { bugCheckName, ntStatusName } from '../../contract/windows/index.ts';
import { parseLabTrace } from '../kd/stream/labTrace.ts';
import { describeBytes } from './describeBytes.ts';

export type Phase = ComparisonRow['phase'];

/** What one trace says about one place in the workload. */
export interface SideEntry {
  readonly key: string;
  readonly actor: string;
  readonly step: string;
  readonly phase: Phase;
  readonly operation: string;
  readonly side: ComparisonSide;
  /** Whose callback it is. */
  readonly filter?: string;
  /** Rules named by the event, and by everything the model did for the same step. */
  readonly rules: readonly string[];
}

type EventOf<Kind extends TraceEvent['kind']> = Extract<TraceEvent, { kind: Kind }>;

/** The entries of a trace by key, in the order of the trace. */
export function sideEntries(
  events: readonly TraceEvent[],
  workload: ExpandedWorkload,
): ReadonlyMap<string, SideEntry> {
  const steps = new Map(
    workload.steps.flatMap((step) => ('actor' in step ? [[step.id, step] as const] : [])),
  );
  const entries = new Map<string, SideEntry>();
  const repeats = new Map<string, number>();
  for (const event of events) {
    const entry = entryOf(event, steps);
    if (entry === undefined) continue;
    // The same callback may run several times for one step: the second is compared with the second.
    const count = repeats.get(entry.key) ?? 0;
    repeats.set(entry.key, count + 1);
    const key = count === 0 ? entry.key : `${entry.key}#${count + 1}`;
    entries.set(key, { ...entry, key });
  }
  return entries;
}

function entryOf(event: TraceEvent, steps: ReadonlyMap<string, ActingStep>): SideEntry | undefined {
  switch (event.kind) {
    case 'step':
      return {
        ...place(event, 'return', event.operation),
        side: stepSide(event, steps.get(event.step)),
      };
    case 'completion':
      return { ...place(event, 'completion', event.operation), side: completionSide(event) };
    case 'pre-operation':
    case 'post-operation':
      return callbackEntry(event);
    case 'driver':
      return event.phase === 'load' || event.phase === 'unload'
        ? {
            key: `driver/${event.phase}`,
            actor: '',
            step: event.phase,
            phase: 'driver',
            operation: event.phase,
            side: {
              text: ntStatusName(event.status),
              fields: { status: ntStatusName(event.status) },
            },
            rules: event.rules ?? [],
          }
        : undefined;
    case 'debug-print':
      return printEntry(event);
    case 'bugcheck':
      // Parameters are addresses for the most part; the code and its name are what both sides know.
      return {
        key: 'driver/bugcheck',
        actor: '',
        step: 'bugcheck',
        phase: 'driver',
        operation: 'bugcheck',
        side: { text: bugCheckName(event.code), fields: { code: bugCheckName(event.code) } },
        rules: event.rules ?? [],
      };
    default:
      return undefined;
  }
}

function place(
  event: { actor: string; step: string; rules?: string[] | undefined },
  phase: Phase,
  operation: string,
): Omit<SideEntry, 'side'> {
  const { actor, step } = event;
  return {
    key: `${actor}/${step}/${phase}`,
    actor,
    step,
    phase,
    operation,
    rules: event.rules ?? [],
  };
}

function stepSide(event: EventOf<'step'>, step: ActingStep | undefined): ComparisonSide {
  const fields: Record<string, string> = { status: ntStatusName(event.status) };
  // Absent where the call left the I/O status block alone, which is itself worth comparing (R-IO-1).
  fields['information'] =
    event.information === undefined ? '(not written)' : hex(event.information);
  if (event.iosb !== undefined) {
    fields['iosb'] =
      event.iosb === 'unchanged'
        ? 'unchanged'
        : `${ntStatusName(event.iosb.status)} ${hex(event.iosb.information)}`;
  }
  if (event.event !== undefined) fields['event'] = event.event;
  if (event.bytes !== undefined) Object.assign(fields, describeBytes(event.bytes, step));
  const information = event.information === undefined ? '' : ` ${hex(event.information)}`;
  return { text: `${fields['status']}${information}`, fields };
}

function completionSide(event: EventOf<'completion'>): ComparisonSide {
  const status = ntStatusName(event.status);
  const fields: Record<string, string> = {
    status,
    information: hex(event.information),
    immediate: event.immediate ? 'yes' : 'no',
    bytes: event.bytes,
  };
  const entries = event.entries?.map((one) => `${shortAction(one.action)} ${one.name}`).join(', ');
  if (entries !== undefined) fields['entries'] = entries;
  return { text: [status, hex(event.information), entries].filter(Boolean).join(' '), fields };
}

function callbackEntry(event: EventOf<'pre-operation' | 'post-operation'>): SideEntry {
  const phase = event.kind === 'pre-operation' ? 'pre' : 'post';
  const fields: Record<string, string> = { flags: hex(event.flags), returned: event.returned };
  for (const [name, value] of Object.entries(event.parameters)) {
    fields[name] =
      typeof value === 'string' && value.startsWith('0x') ? 'an address' : String(value);
  }
  if (event.status !== undefined) fields['status'] = ntStatusName(event.status);
  if (event.information !== undefined) fields['information'] = hex(event.information);
  const actor = event.actor ?? '';
  const step = event.step ?? '';
  // The observer stands there twice, and only its instance says where.
  const who = event.filter === 'observer' ? event.instance : event.filter;
  const operation = `${phase} ${who} ${event.major}`;
  return {
    key: `${actor}/${step}/callback/${operation}`,
    actor,
    step,
    phase: 'callback',
    filter: event.filter,
    operation,
    side: { text: `${event.returned}${fields['status'] ? ` ${fields['status']}` : ''}`, fields },
    rules: event.rules ?? [],
  };
}

/**
 * What the driver itself reports in a LAB_TRACE line. A debugger's stream does not know of steps: lines
 * of one event of one driver are compared in their order.
 */
function printEntry(event: EventOf<'debug-print'>): SideEntry | undefined {
  const line = parseLabTrace(event.text);
  if (line === undefined) return undefined;
  const fields = Object.fromEntries(
    Object.entries(line.fields).map(([name, value]) => [
      name,
      /^0x[0-9a-f]{9,16}$/i.test(value) || /^[0-9a-f]{8}`[0-9a-f]{8}$/i.test(value)
        ? 'an address'
        : value,
    ]),
  );
  const told = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return {
    key: `print/${line.driver}/${line.event}`,
    actor: event.actor ?? '',
    step: event.step ?? '',
    phase: 'callback',
    operation: `${PRINT_OPERATION}${line.driver} ${line.event}`,
    side: { text: told.join(' '), fields },
    rules: event.rules ?? [],
  };
}

/** How the operation of a row begins that rests on the driver's own output. */
export const PRINT_OPERATION = 'LAB_TRACE ';

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;
const shortAction = (action: string): string => action.replace(/^FILE_ACTION_/, '');
