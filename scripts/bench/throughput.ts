// How many filtered operations a second the simulator carries out in one thread: the baseline sample's
// own loop through the full stack, memory checks and coverage on, each event's text hashed. Beside it
// the same loop on the file system of this machine, and whether memory stays flat.
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, open, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ProfileName } from '../../contract/profiles.ts';
import type { TraceEvent } from '../../contract/trace.ts';
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
/** FLTLAB_BENCH_OPERATIONS=10000000 shows that memory is flat over ten million. */
const OPERATIONS = Number(process.env['FLTLAB_BENCH_OPERATIONS'] ?? 300_000);
const PROFILE: ProfileName = 'win11';
/** Bytes of the trace that are gathered before they are hashed. */
const HASHED_AT_ONCE = 64 * 1024;

export const benchThroughput: BenchPart = async () => {
  const sample = await loadSample('passthrough');
  const variant = pickVariant(sample, 'quiet');
  const { expanded } = await loadWorkload(sample, variant, 'create-write-close-delete');
  const driver = await compiledDriver();
  const play = async (rounds: number): Promise<Played> => {
    const counter = new Counter();
    const onEvent = (event: TraceEvent): void => counter.take(event);
    const input = { workload: expanded, profile: PROFILE, seed: 0, sample: sample.manifest.name };
    const { value, took_ms } = await timed(() =>
      simulate({ ...input, variant: variant.name, driver, rounds, onEvent }),
    );
    if (value.outcome !== 'completed' || value.findings.length > 0) {
      const { outcome, findings, notModelled = '' } = value;
      throw new Error(`the loop ended with ${outcome} ${notModelled}, ${findings.length} findings`);
    }
    return { ...counter.result(), took_ms };
  };
  const perRound = (await play(100)).operations / 100;
  await play(Math.ceil(OPERATIONS / 10 / perRound)); // The engine has compiled what is hot.
  const heap: number[] = [];
  const played: Played[] = [];
  for (let part = 0; part < 3; part += 1) {
    played.push(await play(Math.ceil(OPERATIONS / 3 / perRound)));
    heap.push(heapInUse_bytes());
  }
  const rates = played.map(({ operations, took_ms }) => (operations / took_ms) * 1_000);
  const rate = Math.max(...rates);
  const host = await hostLoops(2_000);
  const loops = rate / perRound;
  const [first = 0] = heap;
  printFigures(`passthrough on ${PROFILE}: create, write, close, delete; trace hashed`, [
    ['pre-operation calls a second', `${Math.round(rate)}  (goal ${GOAL_PER_SECOND})`],
    ['loops a second, simulated', String(Math.round(loops))],
    ['loops a second, on this machine', String(Math.round(host))],
    ['simulated / this machine', (loops / host).toFixed(2)],
    [
      'events a pre-operation call',
      ((played[0]?.events ?? 0) / (played[0]?.operations ?? 1)).toFixed(1),
    ],
    [
      'heap in use after each third',
      heap.map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`).join(', '),
    ],
    ['heap at the end / after the first third', ((heap.at(-1) ?? 0) / first).toFixed(3)],
  ]);
  return true;
};

interface Played {
  readonly operations: number;
  readonly events: number;
  readonly hash: string;
  readonly took_ms: number;
}

class Counter {
  private operations = 0;
  private events = 0;
  private readonly hash = createHash('sha256');
  private lines: string[] = [];
  private length = 0;

  take(event: TraceEvent): void {
    this.events += 1;
    if (event.kind === 'pre-operation') this.operations += 1;
    const line = JSON.stringify(event);
    this.lines.push(line);
    this.length += line.length;
    if (this.length >= HASHED_AT_ONCE) this.flush();
  }

  result(): Omit<Played, 'took_ms'> {
    this.flush();
    return { operations: this.operations, events: this.events, hash: this.hash.digest('hex') };
  }

  private flush(): void {
    this.hash.update(this.lines.join('\n'));
    this.lines = [];
    this.length = 0;
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
