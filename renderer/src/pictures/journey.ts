// The way of one request through the device stacks, out of the trace: which filters it met on the way
// down and up, which devices it reached, and where it turned.
import type { DeviceLayer, VolumeStack } from '../../../contract/stack.ts';
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

/** One device of a stack, as the request met it. */
export interface Layer {
  readonly kind: DeviceLayer['kind'];
  /** "frame 1", "oldscan", "Ntfs". */
  readonly name: string;
  /** Stack locations that are needed from here down; absent where the prediction does not tell. */
  readonly needs: number | undefined;
  /** Stack locations that are left here of a request sized for the stack it was sent to. */
  readonly left: number | undefined;
  /** The request came by. */
  readonly reached: boolean;
  readonly plates: readonly Plate[];
  /** Of the file system. */
  readonly dispatched: Irp | undefined;
  readonly completed: Irp | undefined;
}

export interface Column {
  readonly volume: string;
  readonly device: string;
  /** It got here from another volume, below this filter. */
  readonly redirectedBelow: string | undefined;
  /** From the top. */
  readonly layers: readonly Layer[];
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

/**
 * Null when nothing of the selected event's step went to a device or a filter. `stacks`: what stood on
 * the volumes; one frame above the file system where it is not known.
 */
export function journeyOf(
  events: readonly TraceEvent[],
  selected: TraceEvent,
  stacks: readonly VolumeStack[] = [],
): Journey | null {
  const callbacks = events.filter(isCallback);
  const first = firstOf(events, selected);
  if (first === undefined) return null;
  const chain = isCallback(first) ? operationsFrom(callbacks, first) : new Set<string>();
  const mine = callbacks.filter((one) => chain.has(one.operation));
  const irps = irpsOf(events, first, mine);
  const step = events.find(
    (one) => one.kind === 'step' && one.actor === first.actor && one.step === first.step,
  );
  const known = stacks.length > 0 ? stacks : [plainStack(events, callbacks, irps)];
  return {
    title:
      `${'major' in first ? first.major : ''} ${'file' in first ? (first.file ?? '') : ''}`.trim(),
    issuedBy: `${first.thread ?? first.actor ?? ''} ${first.step ?? ''}`.trim(),
    result: step?.kind === 'step' ? ntStatusName(step.status) : '',
    columns: columnsOf(known, first, mine, irps),
    events: [...mine, ...irps].sort((a, b) => a.seq - b.seq),
  };
}

/** What can be said of the stack from the trace alone. */
function plainStack(
  events: readonly TraceEvent[],
  callbacks: readonly Callback[],
  irps: readonly Irp[],
): VolumeStack {
  const filters = [...new Map(callbacks.map((one) => [one.filter, one.altitude]))].sort(
    ([, a], [, b]) => compareAltitudes(a, b),
  );
  const instances = filters.map(([filter, altitude]) => ({ filter, altitude }));
  const device = irps[0]?.device ?? deviceBelow(events);
  const frame: DeviceLayer = { kind: 'frame', driver: 'FltMgr', stackSize: 0, frame: 0, instances };
  const bottom: DeviceLayer = { kind: 'file-system', driver: 'file system', stackSize: 0 };
  return {
    volume: '',
    device,
    layers: instances.length === 0 ? [bottom] : [frame, bottom],
  };
}

function columnsOf(
  stacks: readonly VolumeStack[],
  first: Callback | Irp,
  mine: readonly Callback[],
  irps: readonly Irp[],
): Column[] {
  const redirect = mine.find(
    (one) => one.kind === 'pre-operation' && one.redirectedTo !== undefined,
  );
  const [letter] = ('file' in first ? (first.file ?? '') : '').split(':');
  const source =
    stacks.find((one) => one.volume === letter) ??
    stacks.find((one) => one.device === irps[0]?.device) ??
    stacks[0];
  if (source === undefined) return [];
  const target = stacks.find((one) => one !== source && irps.some(on(one)));
  const across = target === undefined ? undefined : redirect;
  const above = { stack: source, mine, irps, from: undefined, until: across, entry: undefined };
  const columns = [columnOf(above)];
  if (target !== undefined && across !== undefined) {
    const frame = columns[0]?.layers.find((one) => holds(one, across));
    const entry = frame?.left === undefined ? undefined : frame.left - 1;
    columns.push(columnOf({ stack: target, mine, irps, from: across, until: undefined, entry }));
  }
  return columns;
}

const on =
  ({ device }: VolumeStack) =>
  (one: Irp): boolean =>
    one.device === device;
const holds = (layer: Layer, { filter, altitude }: Callback): boolean =>
  layer.plates.some((one) => one.filter === filter && one.altitude === altitude);

interface Passage {
  readonly stack: VolumeStack;
  readonly mine: readonly Callback[];
  readonly irps: readonly Irp[];
  /** It came here below this callback's filter … */
  readonly from: Callback | undefined;
  /** … and left the stack below this one's. */
  readonly until: Callback | undefined;
  /** Stack locations that it brought along. */
  readonly entry: number | undefined;
}

function columnOf({ stack, mine, irps, from, until, entry }: Passage): Column {
  const concerns = (altitude: string): boolean =>
    (from === undefined || compareAltitudes(from.altitude, altitude) < 0) &&
    (until === undefined || compareAltitudes(altitude, until.altitude) <= 0);
  const own = irps.filter(on(stack));
  const isIrp = irps.length > 0;
  const whole = stack.layers[0]?.stackSize ?? 0;
  let left = from === undefined && isIrp && whole > 0 ? whole : undefined;
  let inside = from === undefined;
  const layers: Layer[] = [];
  for (const layer of stack.layers) {
    const plates = platesOf(layer, mine, own, concerns);
    const last = layer === stack.layers.at(-1);
    layers.push({
      kind: layer.kind,
      name: layer.kind === 'frame' ? `frame ${layer.frame ?? 0}` : shortName(layer.driver),
      needs: layer.stackSize === 0 ? undefined : layer.stackSize,
      left,
      reached: false,
      plates,
      dispatched: last ? own.find((one) => one.phase === 'dispatch') : undefined,
      completed: last ? own.find((one) => one.phase === 'complete') : undefined,
    });
    const entered = from !== undefined && plates.some((one) => one.filter === from.filter);
    if (!inside && entered) {
      inside = true;
      left = isIrp ? entry : undefined;
    } else if (left !== undefined && layer.skipsLocation !== true) left -= 1;
  }
  return {
    volume: stack.volume,
    device: stack.device,
    redirectedBelow: from?.filter,
    layers: withReached(layers, from?.filter),
  };
}

/** A layer that tells nothing itself was passed by what was seen further down. */
function withReached(layers: readonly Layer[], from: string | undefined): Layer[] {
  const seen = layers.map(
    (one) => one.dispatched !== undefined || one.plates.some(({ down, up }) => down ?? up),
  );
  const lowest = seen.lastIndexOf(true);
  const highest =
    from === undefined
      ? 0
      : layers.findIndex((one) => one.plates.some(({ filter }) => filter === from));
  return layers.map((one, index) => ({ ...one, reached: index >= highest && index <= lowest }));
}

function platesOf(
  { instances = [] }: DeviceLayer,
  mine: readonly Callback[],
  irps: readonly Irp[],
  concerns: (altitude: string) => boolean,
): Plate[] {
  const lowest = mine.filter((one) => one.kind === 'pre-operation').at(-1);
  return instances.map(({ filter, altitude }): Plate => {
    const here = concerns(altitude)
      ? mine.filter((one) => one.filter === filter && one.altitude === altitude)
      : [];
    const down = here.find((one) => one.kind === 'pre-operation');
    return {
      filter,
      altitude,
      down,
      up: here.find((one) => one.kind === 'post-operation'),
      turned: irps.length === 0 && down !== undefined && down === lowest,
    };
  });
}

const shortName = (driver: string): string => driver.replace(/^.*\\/, '');

/**
 * One request is an operation of its own in each frame: those that begin below this one, in the order
 * of the frames, while it goes down.
 */
function operationsFrom(callbacks: readonly Callback[], first: Callback): ReadonlySet<string> {
  const chain = new Set([first.operation]);
  let lowest = first;
  for (const one of callbacks.slice(callbacks.indexOf(first) + 1)) {
    if (chain.has(one.operation)) {
      if (one.kind === 'post-operation') break;
      lowest = one;
    } else if (continues(lowest, one)) {
      chain.add(one.operation);
      lowest = one;
    }
  }
  return chain;
}

function continues(above: Callback, below: Callback): boolean {
  const file = above.kind === 'pre-operation' ? (above.redirectedTo ?? above.file) : above.file;
  return (
    below.kind === 'pre-operation' &&
    below.actor === above.actor &&
    below.step === above.step &&
    below.major === above.major &&
    below.file === file &&
    compareAltitudes(above.altitude, below.altitude) < 0
  );
}

/** The first callback, in the topmost frame, of the request that this one belongs to. */
function topmostOf(callbacks: readonly Callback[], selected: Callback): Callback | undefined {
  const begun = new Set<string>();
  for (const one of callbacks) {
    const isFirst = !begun.has(one.operation);
    begun.add(one.operation);
    const same = one.actor === selected.actor && one.step === selected.step;
    if (isFirst && same && operationsFrom(callbacks, one).has(selected.operation)) return one;
  }
  return undefined;
}

/** Where the request of the selected event begins. */
function firstOf(events: readonly TraceEvent[], selected: TraceEvent): Callback | Irp | undefined {
  if (isCallback(selected)) return topmostOf(events.filter(isCallback), selected);
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
