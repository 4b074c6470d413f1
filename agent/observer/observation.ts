// What the observer sees during one run, as events of its trace. The driver keeps records in a ring of
// its own; they are taken out after each step, so that they belong to that step.
import type { ObservedInRun } from '../../contract/agentProtocol.ts';
import {
  decodeInstances,
  decodeRecords,
  NotAnObserverAnswer,
  OBSERVER_PORT,
  observerCommand,
  observerContext,
  observerSlots,
  type ObserverCounts,
} from '../../contract/observerRecords.ts';
import { ObserverDecoder, type ObservedCallback } from '../../contract/observerTrace.ts';
import type { Roots } from '../run/roots.ts';
import type { Doer, TraceWriter } from '../run/traceWriter.ts';
import { PortRefused, type FilterPort, type FilterPorts } from './filterPort.ts';

/** What one message may carry. */
const ANSWER_BYTES = 1024 * 1024;
/** Answers taken for one step: a machine that makes records faster than they are read must not hold us. */
const ANSWERS_MAX = 64;
const FILTER = 'observer';

export interface ObservationInput {
  readonly ports: FilterPorts;
  readonly roots: Roots;
  /** Process of the workload → its process id. */
  readonly processes: ReadonlyMap<string, number>;
  readonly trace: TraceWriter;
}

const noCounts: ObserverCounts = { dropped: 0, ignored: 0, made: 0 };

export class Observation {
  private readonly input: ObservationInput;
  private readonly port: FilterPort;
  private readonly decoder: ObserverDecoder;
  /** Process id → process of the workload. */
  private readonly names: ReadonlyMap<bigint, string>;
  private counts = noCounts;
  /** Of other processes, or of files outside of the roots. */
  private foreign = 0;
  /** Why it ended before the run did. */
  private problem: string | undefined;

  /** Connects; from now on the driver keeps records. Errors: PortRefused, NotAnObserverAnswer. */
  constructor(input: ObservationInput) {
    this.input = input;
    this.names = new Map([...input.processes].map(([name, id]) => [BigInt(id), name]));
    this.port = input.ports.connect(OBSERVER_PORT, observerContext(observerSlots.most));
    for (const id of this.names.keys()) this.port.send(observerCommand('watchProcess', id), 0);
    const answer = this.port.send(observerCommand('getInstances'), ANSWER_BYTES);
    const drives = drivesOf(input);
    this.decoder = new ObserverDecoder({
      filter: FILTER,
      instances: decodeInstances(answer).items,
      volumeOf: (device) => drives.get(device.toUpperCase()),
    });
  }

  /** Takes what is there and tells it: it happened during this step, or since the one before. */
  collect(doer: Doer | null): void {
    if (this.problem !== undefined) return;
    try {
      for (let count = 0; count < ANSWERS_MAX; count += 1) {
        const answer = decodeRecords(this.port.send(observerCommand('getRecords'), ANSWER_BYTES));
        this.counts = answer.counts;
        for (const record of answer.items) this.tell(this.decoder.decode(record), doer);
        // A record that is still being written holds up those behind it: they come next time.
        if (answer.left === 0 || answer.items.length === 0) return;
      }
    } catch (error) {
      // The run goes on without its observer; what was lost is said at its end.
      if (!(error instanceof PortRefused) && !(error instanceof NotAnObserverAnswer)) throw error;
      this.problem = error.message;
    }
  }

  /** Takes the rest, hangs up, and says what was counted. */
  end(): ObservedInRun {
    this.collect(null);
    this.port.close();
    const { counts, foreign, problem } = this;
    return { ...counts, foreign, ...(problem === undefined ? {} : { problem }) };
  }

  private tell({ event, processId }: ObservedCallback, doer: Doer | null): void {
    const file = this.placed(event.file);
    // A file that was open before the run is nobody's that we know.
    if (file === undefined) {
      this.foreign += 1;
      return;
    }
    const process = this.names.get(processId);
    const isDoers = doer !== null && process === doer.process;
    this.input.trace.callback({ ...event, file }, isDoers ? doer : null, process ?? 'System');
  }

  /** "C:\FltLab\volumes\C\w\note.txt" is "C:\w\note.txt" to a workload; undefined outside of the roots. */
  private placed(file: string | undefined): string | undefined {
    if (file === undefined) return undefined;
    for (const [volume, root] of this.input.roots) {
      const start = file.slice(0, root.length);
      if (start.toUpperCase() !== root.toUpperCase()) continue;
      const rest = file.slice(root.length);
      if (rest === '' || rest.startsWith('\\')) return `${volume}:${rest === '' ? '\\' : rest}`;
    }
    return undefined;
  }
}

/** Device → "C", for the drives that the roots lie on. */
function drivesOf({ ports, roots }: ObservationInput): ReadonlyMap<string, string> {
  const drives = new Map<string, string>();
  for (const root of roots.values()) {
    const device = ports.deviceOf(root.slice(0, 2));
    if (device !== undefined) drives.set(device.toUpperCase(), root.slice(0, 1));
  }
  return drives;
}
