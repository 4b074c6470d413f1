// Lanes and what lies in them: one lane for each actor, below it one for each layer that worked for it.
// The unit along it is the event: the model has no time of its own but their order.
import type { TraceEvent } from '../../../contract/trace.ts';
import { describeEvent } from '../describeEvent.ts';
import { compareAltitudes } from './journey.ts';

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** `pending`: nothing happens, somebody waits. `bad`: it never ended. */
  readonly kind: 'call' | 'pending' | 'point' | 'finding' | 'never';
  readonly event: TraceEvent;
}
export interface Lane {
  readonly title: string;
  readonly level: 'actor' | 'layer';
  readonly bars: readonly Bar[];
}

export function lanesOf(events: readonly TraceEvent[]): Lane[] {
  const actors = [...new Set(events.map(ownerOf))];
  const end = (events.at(-1)?.seq ?? 0) + 1;
  const filters = filtersOf(events);
  const names = [...filters].sort(([, a], [, b]) => compareAltitudes(a, b)).map(([name]) => name);
  /** Filters from above to below, then what is beneath them. */
  const order = (layer: string): number => {
    const at = names.indexOf(layer.split(' ')[0] ?? '');
    return at < 0 ? names.length : at;
  };
  return actors.flatMap((actor) => {
    const mine = events.filter((event) => ownerOf(event) === actor);
    const own: Lane = { title: actor, level: 'actor', bars: callsOf(mine, events, end) };
    const layers = [...new Set(mine.flatMap((event) => layerOf(event, filters) ?? []))].sort(
      (a, b) => order(a) - order(b),
    );
    return [
      own,
      ...layers.map((layer): Lane => ({
        title: layer,
        level: 'layer',
        bars: layerBars(
          mine.filter((event) => layerOf(event, filters) === layer),
          mine,
          end,
        ),
      })),
    ];
  });
}

/** What no step did belongs to the actor whose thread it ran on, or to the system. */
function ownerOf({ actor, thread = 'System' }: TraceEvent): string {
  if (actor !== undefined) return actor;
  return /^system\b/i.test(thread) ? 'System' : (thread.split('/')[1] ?? thread);
}

const filtersOf = (events: readonly TraceEvent[]): ReadonlyMap<string, string> =>
  new Map(
    events.flatMap((one) =>
      one.kind === 'pre-operation' || one.kind === 'post-operation'
        ? [[one.filter, one.altitude] as const]
        : [],
    ),
  );

function layerOf(event: TraceEvent, filters: ReadonlyMap<string, string>): string | undefined {
  switch (event.kind) {
    case 'pre-operation':
    case 'post-operation':
      return `${event.filter} ${event.altitude}`;
    case 'irp':
      return event.device.replace(/^\\Device\\/, '');
    case 'driver-call':
    case 'debug-print':
    case 'driver':
      return `${event.driver} ${filters.get(event.driver) ?? ''}`.trim();
    default:
      return undefined;
  }
}

const textOf = (event: TraceEvent): string => {
  if (event.kind === 'irp') return `${event.major} ${event.irp}`;
  const { what, result } = describeEvent(event);
  return `${what} ${result}`.trim();
};

function callsOf(mine: readonly TraceEvent[], all: readonly TraceEvent[], end: number): Bar[] {
  const bars: Bar[] = [];
  const begun = new Map<string, number>();
  const completions = new Map(
    all.flatMap((one) =>
      one.kind === 'completion' ? [[`${one.actor}/${one.step}`, one] as const] : [],
    ),
  );
  for (const event of mine) {
    const step = event.step ?? '';
    if (!begun.has(step)) begun.set(step, event.seq);
    if (event.kind === 'finding' || event.kind === 'bugcheck') {
      bars.push({
        from: event.seq,
        to: event.seq + 1,
        text: textOf(event),
        kind: 'finding',
        event,
      });
    }
    if (event.kind !== 'step') continue;
    const waits = event.operation === 'wait';
    const from = begun.get(step) ?? event.seq;
    bars.push({
      from,
      to: event.seq + 1,
      text: textOf(event),
      kind: waits ? 'pending' : 'call',
      event,
    });
    if (event.status !== 0x103) continue;
    const completion = completions.get(`${event.actor}/${event.step}`);
    bars.push({
      from: event.seq + 1,
      to: completion === undefined ? end : completion.seq + 1,
      text: completion === undefined ? `${event.operation} is never completed` : textOf(completion),
      kind: completion === undefined ? 'never' : 'pending',
      event: completion ?? event,
    });
  }
  // A step that began and never returned.
  const returned = new Set(mine.flatMap((one) => (one.kind === 'step' ? [one.step] : [])));
  for (const [step, from] of begun) {
    const event = mine.find((one) => one.step === step);
    if (step === '' || returned.has(step) || event === undefined) continue;
    bars.push({ from, to: end, text: `${step} never returns`, kind: 'never', event });
  }
  return bars;
}

function layerBars(mine: readonly TraceEvent[], all: readonly TraceEvent[], end: number): Bar[] {
  return mine.flatMap((event): Bar[] => {
    const text = textOf(event);
    if (event.kind !== 'irp')
      return [{ from: event.seq, to: event.seq + 1, text, kind: 'point', event }];
    if (event.phase !== 'dispatch') return [];
    const done = all.find(
      (one) =>
        one.kind === 'irp' &&
        one.seq > event.seq &&
        one.irp === event.irp &&
        one.phase !== 'dispatch',
    );
    return [
      {
        from: event.seq,
        to: (done?.seq ?? Math.min(end, event.seq)) + 1,
        text,
        kind: 'call',
        event,
      },
    ];
  });
}

export interface WaitEdge {
  readonly who: string;
  readonly what: string;
  readonly heldBy: string | undefined;
}

/** "explorer/watcher (step s2) waits for request: IRP …; held by X". */
export function waitsOf(graph: readonly string[]): WaitEdge[] {
  return graph.map((line) => {
    const [who = line, rest = ''] = line.split(' waits for ');
    const [what = '', held] = rest.split('; held by ');
    return { who, what, heldBy: held };
  });
}
