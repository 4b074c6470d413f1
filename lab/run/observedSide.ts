// What a run observed, as one side of a comparison: the agent's events and the lab's own of the driver.
import type { ObservedInRun } from '../../contract/agentProtocol.ts';
import type { Crash } from '../../contract/debugStream.ts';
import { formatTrace, type TraceEvent, type TraceHeader } from '../../contract/trace.ts';
import type { Run } from '../../contract/run.ts';
import type { ObservedSide } from '../compare/compare.ts';

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
    ...bugcheckEvents(driver.bugcheck),
    ...(driver.stopped ? [phase('unload')] : []),
  ];
  const numbered = all.map((event, seq) => ({ ...event, seq }));
  return { text: formatTrace(header, numbered), events: numbered };
}

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

/** Steps after an early end are not comparable, and say why; one that hung differs. */
export function observedSide(events: readonly TraceEvent[], ended: Ended): ObservedSide {
  const watched = [...new Set(events.flatMap(filterOf))];
  if (ended.how === 'completed') return { events, watched };
  const why = ended.problem === undefined ? '' : `: ${ended.problem}`;
  return {
    events,
    watched,
    endedEarly: `the run ${howText[ended.how]} before it${why}`,
    ...(ended.how === 'hung' && ended.step !== undefined ? { hungAt: ended.step } : {}),
  };
}

/** Whose callback an event tells. */
const filterOf = (event: TraceEvent): readonly string[] =>
  event.kind === 'pre-operation' || event.kind === 'post-operation' ? [event.filter] : [];

const howText = {
  aborted: 'was aborted',
  hung: 'hung',
  failed: 'failed',
  crashed: 'killed its machine',
} as const;
