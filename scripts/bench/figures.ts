// How figures are taken and shown, the same for every part of the bench.
import { performance } from 'node:perf_hooks';

/** Measures and prints; false when a promised limit was not kept. */
export type BenchPart = () => Promise<boolean>;

export interface TimedRow {
  readonly what: string;
  readonly values_ms: readonly number[];
  /** What it must stay below, where something was promised. */
  readonly limit_ms?: number;
}

export async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly took_ms: number }> {
  const started_ms = performance.now();
  const value = await work();
  return { value, took_ms: performance.now() - started_ms };
}

/** A table of minimum, median and 95th percentile; false when a limit was not kept. */
export function printTimes(title: string, rows: readonly TimedRow[]): boolean {
  const width = Math.max(...rows.map((row) => row.what.length));
  console.log(`\n${title}`);
  console.log(`${''.padEnd(width)}      min   median      p95`);
  let kept = true;
  for (const { what, values_ms, limit_ms } of rows) {
    const sorted = [...values_ms].sort((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    const figures = [at(0), at(0.5), at(0.95)]
      .map((value) => value.toFixed(1).padStart(9))
      .join('');
    console.log(`${what.padEnd(width)} ${figures} ms${verdict(at(0.95), limit_ms)}`);
    if (limit_ms !== undefined && at(0.95) > limit_ms) kept = false;
  }
  return kept;
}

const verdict = (p95_ms: number, limit_ms: number | undefined): string =>
  limit_ms === undefined ? '' : `   ${p95_ms <= limit_ms ? 'within' : 'OVER'} ${limit_ms} ms`;

/** Lines of "what: figure". */
export function printFigures(title: string, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([what]) => what.length));
  console.log(`\n${title}`);
  for (const [what, figure] of rows) console.log(`${what.padEnd(width)}  ${figure}`);
}
