// What a run observed, as one side of a comparison: the agent's events and the lab's own of the driver.
import type { ObservedInRun } from '../../contract/agentProtocol.ts';
import type { Crash } from '../../contract/debugStream.ts';
import { formatTrace, type TraceEvent, type TraceHeader } from '../../contract/trace.ts';
import type { Finding } from '../../contract/finding.ts';
import type { Run } from '../../contract/run.ts';
import type { TargetFacts } from '../../contract/target.ts';
import type { ObservedSide } from '../compare/compare.ts';
import { formatLabTrace, parseLabTrace, type LabTraceLine } from '../kd/index.ts';

export type Ended = Run['ended'];

export interface Collected {
  readonly header: TraceHeader;
  /** As the agent told them. */
  readonly events: readonly TraceEvent[];
  readonly ended: Ended;
  /** How the observation went, where the run was observed. */
  readonly observed?: ObservedInRun | undefined;
}

/**
 * The whole trace of a run as text. The driver's events come from the lab: its service reached RUNNING
 * before the first step, and was stopped after the last.
 */
export function wholeTrace(
  { header, events }: Collected,
  driver: {
    readonly name: string;
    readonly stopped: boolean;
    /** What it reported itself, as the console heard it. */
    readonly lines?: readonly LabTraceLine[] | undefined;
    /** What the machine died of, where it did. */
    readonly bugcheck?: Crash | undefined;
  },
): { readonly text: string; readonly events: readonly TraceEvent[] } {
  const phase = (phase: 'load' | 'unload'): TraceEvent => ({
    seq: 0,
    kind: 'driver',
    phase,
    driver: driver.name,
    status: 0,
  });
  const all = [
    phase('load'),
    ...events,
    ...(driver.lines ?? []).map(printEvent),
    ...bugcheckEvents(driver.bugcheck),
    ...(driver.stopped ? [phase('unload')] : []),
  ];
  const numbered = all.map((event, seq) => ({ ...event, seq }));
  return { text: formatTrace(header, numbered), events: numbered };
}

/** Numbers count the lines of one load of the driver; no two runs have the same. */
const printEvent = (line: LabTraceLine): TraceEvent => ({
  seq: 0,
  kind: 'debug-print',
  driver: line.driver,
  text: formatLabTrace(line),
});

const bugcheckEvents = (crash: Crash | undefined): readonly TraceEvent[] =>
  crash?.code === undefined
    ? []
    : [
        {
          seq: 0,
          kind: 'bugcheck',
          code: crash.code,
          name: crash.name,
          parameters: [...crash.parameters],
        },
      ];

export interface Eyes {
  readonly facts: Pick<TargetFacts, 'has'>;
  readonly console?: Run['console'] | undefined;
}

/**
 * Steps after an early end are not comparable, and say why; one that hung differs. Callbacks that
 * nothing could have shown are not missing: they were not looked for.
 */
export function observedSide(
  events: readonly TraceEvent[],
  ended: Ended,
  eyes: Eyes,
): ObservedSide {
  const watched = [...new Set(events.flatMap(filterOf))];
  const side = { events, watched, ...whatIsLost(eyes) };
  if (ended.how === 'completed') return side;
  const why = ended.problem === undefined ? '' : `: ${ended.problem}`;
  return {
    ...side,
    endedEarly: `the run ${howText[ended.how]} before it${why}`,
    ...(ended.how === 'hung' && ended.step !== undefined ? { hungAt: ended.step } : {}),
  };
}

/** Whose callback an event tells. */
const filterOf = (event: TraceEvent): readonly string[] =>
  event.kind === 'pre-operation' || event.kind === 'post-operation' ? [event.filter] : [];

function whatIsLost({ facts, console }: Eyes): Pick<ObservedSide, 'unheard'> {
  // Where callbacks are never called, that is the reason, and the comparison knows it from the facts.
  if (!facts.has.includes('kernel-filters')) return {};
  if (console === undefined) {
    return { unheard: 'no debugger and no serial line was read beside the run' };
  }
  const lost = Object.values(console.lost).reduce((sum, count) => sum + count, 0);
  return lost === 0 ? {} : { unheard: `${lost} pieces of the debugger's stream were lost` };
}

/**
 * "Loaded but never called": the driver's own lines are heard (one came while it loaded, say), the
 * model has lines of its steps, and none of those came.
 */
export function neverCalled(
  driver: string,
  predicted: readonly TraceEvent[],
  observed: ObservedSide,
): Finding | undefined {
  if (observed.unheard !== undefined) return undefined;
  const eventsOf = (events: readonly TraceEvent[]): readonly (readonly [string, boolean])[] =>
    events.flatMap((event) => {
      const line = event.kind === 'debug-print' ? parseLabTrace(event.text) : undefined;
      return line?.driver === driver ? [[line.event, event.step !== undefined] as const] : [];
    });
  const heard = new Set(eventsOf(observed.events).map(([event]) => event));
  const inSteps = eventsOf(predicted).filter(([, step]) => step);
  if (heard.size === 0 || inSteps.length === 0) return undefined;
  if (inSteps.some(([event]) => heard.has(event))) return undefined;
  return {
    id: 'loaded-but-never-called',
    rules: [],
    stack: [],
    count: 1,
    message:
      `${driver} is loaded and its output is heard, and none of its callbacks was called: ` +
      `the model expects ${inSteps.length} reports of them. Is an instance attached to the volume?`,
  };
}

const howText = {
  aborted: 'was aborted',
  hung: 'hung',
  failed: 'failed',
  crashed: 'killed its machine',
} as const;
