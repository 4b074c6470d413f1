// The way of one request through the device stacks, out of the trace: which filters it met on the way
// down and up, which devices it reached, and where it turned.
import type { TraceEvent } from '../../../contract/trace.ts';
import { ntStatusName } from '../../../contract/windows/ntstatus.ts';

type Callback = Extract<TraceEvent, { kind: 'pre-operation' | 'post-operation' }>;
type Irp = Extract<TraceEvent, { kind: 'irp' }>;

export interface Plate {
  readonly filter: string;
  readonly altitude: string;
  readonly down: Callback | undefined;
  readonly up: Callback | undefined;
  /** The request did not go below it. */
  readonly turned: boolean;
}

export interface Column {
  readonly device: string;
  readonly dispatched: Irp | undefined;
  readonly completed: Irp | undefined;
  /** Stack locations that are left there, where the trace says so. */
  readonly plates: readonly Plate[];
}

export interface Journey {
  readonly title: string;
  readonly issuedBy: string;
  readonly result: string;
  readonly columns: readonly Column[];
  readonly events: readonly TraceEvent[];
}

const isCallback = (event: TraceEvent): event is Callback =>
  event.kind === 'pre-operation' || event.kind === 'post-operation';

/** Digits before the point decide first: altitudes are decimal numbers of any length. */
export function compareAltitudes(a: string, b: string): number {
  const [wholeA = '', fractionA = ''] = a.split('.');
  const [wholeB = '', fractionB = ''] = b.split('.');
  return (
    wholeB.length - wholeA.length ||
    (wholeA < wholeB
      ? 1
      : wholeA > wholeB
        ? -1
        : fractionA < fractionB
          ? 1
          : fractionA > fractionB
            ? -1
            : 0)
  );
}

/** Null when nothing of the selected event's step went to a device or a filter. */
export function journeyOf(events: readonly TraceEvent[], selected: TraceEvent): Journey | null {
  const callbacks = events.filter(isCallback);
  const first = firstOf(events, selected);
  if (first === undefined) return null;
  const operation = isCallback(first) ? first.operation : undefined;
  const mine = callbacks.filter((one) => one.operation === operation);
  const irps = irpsOf(events, first, mine);
  const filters = [...new Map(callbacks.map((one) => [one.filter, one.altitude]))].sort(
    ([, a], [, b]) => compareAltitudes(a, b),
  );
  const devices = [...new Set(irps.map((one) => one.device))];
  const reached = devices.length > 0;
  const lowest = mine.filter((one) => one.kind === 'pre-operation').at(-1);
  const plates = filters.map(([filter, altitude]): Plate => {
    const down = mine.find((one) => one.filter === filter && one.kind === 'pre-operation');
    return {
      filter,
      altitude,
      down,
      up: mine.find((one) => one.filter === filter && one.kind === 'post-operation'),
      turned: !reached && down !== undefined && down === lowest,
    };
  });
  const all = devices.length === 0 ? [deviceBelow(events)] : devices;
  const columns = all.map((device, index): Column => ({
    device,
    dispatched: irps.find((one) => one.device === device && one.phase === 'dispatch'),
    completed: irps.find((one) => one.device === device && one.phase === 'complete'),
    plates: index === 0 ? plates : [],
  }));
  const step = events.find(
    (one) => one.kind === 'step' && one.actor === first.actor && one.step === first.step,
  );
  return {
    title:
      `${'major' in first ? first.major : ''} ${'file' in first ? (first.file ?? '') : ''}`.trim(),
    issuedBy: `${first.thread ?? first.actor ?? ''} ${first.step ?? ''}`.trim(),
    result: step?.kind === 'step' ? ntStatusName(step.status) : '',
    columns,
    events: [...mine, ...irps].sort((a, b) => a.seq - b.seq),
  };
}

/** Where the request of the selected event begins. */
function firstOf(events: readonly TraceEvent[], selected: TraceEvent): Callback | Irp | undefined {
  if (isCallback(selected)) {
    return events.find(
      (one): one is Callback => isCallback(one) && one.operation === selected.operation,
    );
  }
  if (selected.kind === 'irp' && selected.phase === 'dispatch') {
    const before = events
      .slice(0, selected.seq)
      .reverse()
      .find(
        (one): one is Callback =>
          isCallback(one) &&
          one.actor === selected.actor &&
          one.step === selected.step &&
          one.major === selected.major,
      );
    return before === undefined ? selected : firstOf(events, before);
  }
  if (selected.kind === 'irp') {
    const dispatch = events
      .slice(0, selected.seq)
      .reverse()
      .find(
        (one): one is Irp =>
          one.kind === 'irp' &&
          one.phase === 'dispatch' &&
          one.irp === selected.irp &&
          one.major === selected.major,
      );
    return dispatch === undefined ? selected : firstOf(events, dispatch);
  }
  if (selected.actor === undefined || selected.step === undefined) return undefined;
  return events.find(
    (one): one is Callback | Irp =>
      (one.kind === 'pre-operation' || one.kind === 'irp') &&
      one.actor === selected.actor &&
      one.step === selected.step,
  );
}

/** The IRP below the filters: dispatched right after the last filter let it pass, until it completes. */
function irpsOf(
  events: readonly TraceEvent[],
  first: Callback | Irp,
  mine: readonly Callback[],
): Irp[] {
  const from = mine.filter((one) => one.kind === 'pre-operation').at(-1)?.seq ?? first.seq;
  const found: Irp[] = [];
  let address: string | undefined;
  for (const event of events.slice(from)) {
    if (event.kind !== 'irp' || event.major !== first.major) continue;
    if (address === undefined) {
      if (event.phase !== 'dispatch' || event.step !== first.step || event.actor !== first.actor)
        continue;
      address = event.irp;
    }
    if (event.irp !== address) continue;
    found.push(event);
    if (event.phase === 'complete') break;
  }
  return found;
}

const deviceBelow = (events: readonly TraceEvent[]): string =>
  events.find((one): one is Irp => one.kind === 'irp')?.device ?? 'file system';
