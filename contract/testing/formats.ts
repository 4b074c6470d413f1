// Every versioned format of the contract, for tests that hold for all of them.
import type { z } from 'zod';
import { comparisonFormat } from '../comparison.ts';
import { predictionFormat } from '../prediction.ts';
import { runFormat } from '../run.ts';
import { sampleFormat } from '../sample.ts';
import { targetFormat } from '../target.ts';
import { traceFormat } from '../trace.ts';
import type { Versioned } from '../versioned.ts';
import { workloadFormat } from '../workload.ts';

const all: readonly Versioned<z.ZodType>[] = [
  comparisonFormat,
  predictionFormat,
  runFormat,
  sampleFormat,
  targetFormat,
  traceFormat,
  workloadFormat,
];

export const formats = all.map((one) => [one.kind, one] as const);
