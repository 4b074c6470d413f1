// How many filtered operations a second the simulator carries out in one thread: the baseline sample's
// own loop through the full stack, memory checks and coverage on, each event hashed. Beside it
// the same loop on the file system of this machine, and whether memory stays flat.
import { mkdtemp, mkdir, open, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ProfileName } from '../../contract/profiles.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { TraceHash } from '../../contract/traceHash.ts';
import { versionDefines } from '../../lab/build/releases.ts';
import {
  compileForSimulation,
  createCompiler,
  RUNTIME_FOLDER,
  WDK_FOLDER,
} from '../../lab/compile/index.ts';
import { loadSample, loadWorkload, pickVariant, readSources } from '../../lab/samples/samples.ts';
import { simulate, type DriverInput } from '../../simulator/index.ts';
import { printFigures, timed, type BenchPart } from './figures.ts';

const GOAL_PER_SECOND = 100_000;
/** FLTLAB_BENCH_OPERATIONS=10000000 makes one run of ten million, which shows that memory is flat. */
const OPERATIONS = Number(process.env['FLTLAB_BENCH_OPERATIONS'] ?? 300_000);
const PROFILE: ProfileName = 'win11';
/** A long run is one; a short one is made of several, of which the best counts. */
const TURNS = OPERATIONS > 1_000_000 ? 1 : 5;
/** How often the heap is looked at on the way: each look takes a collection of garbage. */
const HEAP_LOOKS = 10;

export const benchThroughput: BenchPart = async () => {
  const sample = await loadSample('passthrough');
  const variant = pickVariant(sample, 'quiet');
  const { expanded } = await loadWorkload(sample, variant, 'create-write-close-delete');
  const driver = await compiledDriver();
  const play = async (operations: number, perRound: number, looks = 0): Promise<Played> => {
    const rounds = Math.ceil(operations / perRound);
    const counter = new Counter((rounds * perRound) / looks);
    const onEvent = (event: TraceEvent): void => counter.take(event);
    const input = { workload: expanded, profile: PROFILE, seed: 0, sample: sample.manifest.name };
    const cpu = process.cpuUsage();
    const { value, took_ms } = await timed(() =>
      simulate({ ...input, variant: variant.name, driver, rounds, onEvent }),
    );
    const { user, system } = process.cpuUsage(cpu);
    if (value.outcome !== 'completed' || value.findings.length > 0) {
      const { outcome, findings, notModelled = '' } = value;
      throw new Error(`the loop ended with ${outcome} ${notModelled}, ${findings.length} findings`);
    }
    return { ...counter.result(), took_ms, cpu_ms: (user + system) / 1_000 };
  };
  const perRound = (await play(1, 1)).operations;
  await play(OPERATIONS / 5, perRound); // The engine has compiled what is hot.
  const played: Played[] = [];
  const hosts: number[] = [];
  // Side by side, so that both are measured while the machine is as busy with other things.
  for (let turn = 0; turn < TURNS; turn += 1) {
    hosts.push(await hostLoops(1_000));
    played.push(await play(OPERATIONS / TURNS, perRound, TURNS === 1 ? HEAP_LOOKS : 0));
  }
  const { heap } =
    played.find((one) => one.heap.length > 0) ??
    (await play(OPERATIONS / TURNS, perRound, HEAP_LOOKS));
  print(played, heap, perRound, Math.max(...hosts));
  return true;
};

function print(
  played: readonly Played[],
  heap: readonly number[],
  perRound: number,
  host: number,
): void {
  const operations = played.reduce((sum, one) => sum + one.operations, 0);
  const rates = played.map((one) => (one.operations / one.took_ms) * 1_000);
  const cpuRates = played.map((one) => (one.operations / one.cpu_ms) * 1_000);
  const rate = Math.max(...rates);
  const loops = rate / perRound;
  const [longest] = played;
  printFigures(`passthrough on ${PROFILE}: create, write, close, delete; trace hashed`, [
    ['pre-operation calls', String(operations)],
    ['a second', `${Math.round(rate)}  (goal ${GOAL_PER_SECOND})`],
    ['a second of processor time', String(Math.round(Math.max(...cpuRates)))],
    ['loops a second, simulated', String(Math.round(loops))],
    ['loops a second, on this machine', String(Math.round(host))],
    ['simulated / this machine', (loops / host).toFixed(2)],
    [
      'events a pre-operation call',
      ((longest?.events ?? 0) / (longest?.operations ?? 1)).toFixed(1),
    ],
    ['hash of the trace', longest?.hash ?? ''],
    ['heap in use on the way', heap.map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`).join(', ')],
    ['heap at the end / at the first look', ((heap.at(-1) ?? 0) / (heap[0] ?? 1)).toFixed(3)],
  ]);
}

interface Played {
  readonly operations: number;
  readonly events: number;
  readonly hash: string;
  /** Bytes, at even distances. */
  readonly heap: readonly number[];
  readonly took_ms: number;
  /** Of all threads of the process. */
  readonly cpu_ms: number;
}

class Counter {
  private operations = 0;
  private events = 0;
  private readonly hash = new TraceHash();
  private readonly heap: number[] = [];
  private readonly heapEvery: number;

  /** `heapEvery`: operations between two looks at the heap. */
  constructor(heapEvery: number) {
    this.heapEvery = Math.max(1, Math.floor(heapEvery));
  }

  take(event: TraceEvent): void {
    this.events += 1;
    this.hash.add(event);
    if (event.kind !== 'pre-operation') return;
    this.operations += 1;
    if (this.operations % this.heapEvery === 0) this.heap.push(heapInUse_bytes());
  }

  result(): Omit<Played, 'took_ms' | 'cpu_ms'> {
    const { operations, events, heap } = this;
    return { operations, events, heap, hash: this.hash.digest() };
  }
}

async function compiledDriver(): Promise<DriverInput> {
  const sample = await loadSample('passthrough');
  const { manifest } = sample;
  const { sources, headers } = await readSources(sample);
  const defines = [
    ...pickVariant(sample, 'quiet').defines,
    `NTDDI_VERSION=0x${versionDefines[PROFILE].ntddi.toString(16)}`,
  ];
  const compiler = createCompiler();
  try {
    const { image } = await compileForSimulation(compiler, {
      sources,
      headers,
      defines,
      mode: 'simulate',
    });
    return {
      name: manifest.driver,
      image,
      foreignFolders: [WDK_FOLDER, RUNTIME_FOLDER, 'usr'],
      instances: manifest.instances,
      neighbours: manifest.neighbours,
      without: [],
      callbacksCalled: true,
    };
  } finally {
    await compiler.dispose();
  }
}

/** The same steps by Node on a temporary folder of this machine; loops a second. */
async function hostLoops(count: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'fltlab-bench-'));
  await mkdir(join(folder, 'w'));
  const file = join(folder, 'w', 'note.txt');
  const { took_ms } = await timed(async () => {
    for (let loop = 0; loop < count; loop += 1) {
      const made = await open(file, 'wx+');
      await made.write('passes through');
      await made.close();
      const last = await open(file, 'r');
      await unlink(file);
      await last.close();
      await open(file, 'r').catch(() => undefined);
    }
  });
  await rm(folder, { recursive: true });
  return (count / took_ms) * 1_000;
}

function heapInUse_bytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
