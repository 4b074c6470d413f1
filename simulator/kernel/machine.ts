// The simulated machine: the kernel that the other floors receive, with what only the entry uses.
import type { Finding } from '../../contract/finding.ts';
import type { EvidenceGrade, RuleId } from '../../contract/rules.ts';
import type { SourcePlace } from '../../contract/finding.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import type { Profile } from '../windows/profile.ts';
import { SimulatedClock } from './clock.ts';
import type { DebugPort } from './debugPort.ts';
import { Findings } from './findings.ts';
import type { Kernel, NewFinding, Resource } from './kernel.ts';
import type { Memory } from './memory.ts';
import { PoolAllocator } from './poolAllocator.ts';
import { Prng } from './prng.ts';
import { ResourceRecord } from './resourceRecord.ts';
import { CooperativeScheduler } from './scheduler.ts';
import type { Thread } from './thread.ts';
import { TraceSink } from './traceSink.ts';
import { UserPages } from './userPages.ts';
import { WorkQueueThreads } from './workQueueThreads.ts';

export interface MachineOptions {
  readonly profile: Profile;
  readonly memory: Memory;
  /** 0: the plain schedule; any other seed drives the choices of the scheduler. */
  readonly seed: number;
  /** Receives each event of the trace, in order. */
  readonly onEvent: (event: TraceEvent) => void;
  readonly gradeOf: (rule: RuleId) => EvidenceGrade | undefined;
}

const ERESOURCE_LENGTH = 0x38;

export class Machine implements Kernel {
  readonly profile: Profile;
  readonly memory: Memory;
  readonly pool: PoolAllocator;
  readonly user: UserPages;
  readonly scheduler: CooperativeScheduler;
  readonly workQueue: WorkQueueThreads;
  readonly clock = new SimulatedClock();
  readonly trace: TraceSink;
  /** Seed 0: first come, first served. */
  readonly isPlainSchedule: boolean;
  driverPlace: (() => readonly SourcePlace[]) | null = null;
  threadPlace: ((thread: Thread) => readonly SourcePlace[]) | null = null;
  private readonly findings: Findings;

  constructor(options: MachineOptions) {
    this.profile = options.profile;
    this.isPlainSchedule = options.seed === 0;
    this.memory = options.memory;
    this.pool = new PoolAllocator(options.memory);
    this.user = new UserPages(options.memory);
    this.findings = new Findings(options.gradeOf);
    this.scheduler = new CooperativeScheduler({
      clock: this.clock,
      choice: options.seed === 0 ? null : new Prng(options.seed),
      allocateObject: (tag, length) => this.allocateObject(tag, length),
    });
    this.scheduler.placeOf = (thread) => {
      const place = this.threadPlace?.(thread)[0];
      return place === undefined ? null : `${place.file}:${place.line}`;
    };
    this.trace = new TraceSink(options.onEvent, () => this.scheduler.current);
    this.workQueue = new WorkQueueThreads(this.scheduler, this.scheduler.systemProcess);
  }

  get debug(): DebugPort | null {
    return this.scheduler.debug;
  }

  /** Attaches a debugger, before anything runs. */
  set debug(port: DebugPort) {
    this.scheduler.debug = port;
  }

  createResource(): Resource {
    const address = this.allocateObject('Reso', ERESOURCE_LENGTH);
    const resource = new ResourceRecord(address, this.scheduler);
    this.debug?.created('resource', resource);
    return resource;
  }

  allocateObject(tag: string, length: number): number {
    return this.pool.allocate('nonpaged', length, tag, 'system');
  }

  freeObject(address: number): void {
    this.pool.free(address);
  }

  because(...rules: readonly RuleId[]): void {
    const { because } = this.scheduler.current;
    for (const rule of rules) if (!because.includes(rule)) because.push(rule);
  }

  report(told: NewFinding): void {
    const stack = told.stack ?? this.driverPlace?.() ?? [];
    const finding = this.findings.add(told, stack, this.scheduler.current);
    if (finding === null) return;
    this.trace.emit({ kind: 'finding', rules: finding.rules, finding: { ...finding } });
  }

  /** What was found so far, each mistake once, with its count. */
  reported(): readonly Finding[] {
    return this.findings.list();
  }
}
