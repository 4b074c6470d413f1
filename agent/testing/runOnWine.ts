// Runs one workload on an agent and hands back what the trace says, in the words of the tables.
import { TraceEvent, TraceHeader } from '../../contract/trace.ts';
import { ntStatusName } from '../../contract/windows/index.ts';
import type { AgentClient, Followed } from '../../lab/agentClient/index.ts';

let runs = 0;

export const newRun = (): string => {
  runs += 1;
  return `run-${runs}-${process.pid}`;
};

export interface Observed {
  readonly events: readonly TraceEvent[];
  /** One line for each event: see `tell`. */
  readonly told: readonly string[];
  readonly end: Extract<Followed, { kind: 'ended' }>;
}

export async function observe(client: AgentClient, document: object): Promise<Observed> {
  const run = newRun();
  await client.prepare(run, { workload: 1, name: 'observed', ...document });
  await client.start(run);
  return follow(client, run);
}

/** Every line is parsed with the contract's schema: the agent keeps to its own format. */
export async function follow(client: AgentClient, run: string): Promise<Observed> {
  const events: TraceEvent[] = [];
  for await (const item of client.follow(run)) {
    if (item.kind === 'ended') return { events, told: events.map(tell), end: item };
    const line: unknown = JSON.parse(item.text);
    if (item.index === 0) TraceHeader.parse(line);
    else events.push(TraceEvent.parse(line));
  }
  throw new Error('a trace ends with its end');
}

const short = (status: number): string => ntStatusName(status).replace(/^STATUS_/, '');
const hex = (value: number): string => `0x${value.toString(16)}`;

/** "s2 notify PENDING unchanged reset", "s2 → n1 SUCCESS 0x12 ADDED foo". */
export function tell(event: TraceEvent): string {
  if (event.kind === 'completion') {
    const entries = event.entries?.map(
      (one) => `${one.action.replace('FILE_ACTION_', '')} ${one.name}`,
    );
    const bytes = entries === undefined && event.bytes !== '' ? [event.bytes] : [];
    return [
      `${event.step} → ${event.request}`,
      short(event.status),
      hex(event.information),
      ...(entries ?? []),
      ...bytes,
      ...(event.immediate ? ['at once'] : []),
    ].join(' ');
  }
  if (event.kind !== 'step') return event.kind;
  const iosb =
    event.iosb === undefined || event.iosb === 'unchanged'
      ? (event.iosb ?? [])
      : `${short(event.iosb.status)}/${hex(event.iosb.information)}`;
  return [
    `${event.step} ${event.operation} ${short(event.status)}`,
    ...(event.information === undefined ? [] : [hex(event.information)]),
    ...(event.bytes === undefined ? [] : [event.bytes]),
    ...[iosb].flat(),
    ...(event.event === undefined ? [] : [event.event]),
  ].join(' ');
}
