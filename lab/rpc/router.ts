// Answers the contract. Handlers only forward; failures of the lab travel as typed errors.
import { implement, ORPCError } from '@orpc/server';
import { isLabError } from '../../contract/errors/labError.ts';
import { rpcContract } from '../../contract/rpc.ts';
import { predict } from '../predict/index.ts';
import {
  loadSample,
  loadWorkload,
  pickVariant,
  readSources,
  sampleNames,
  workloadName,
} from '../samples/samples.ts';

const lab = implement(rpcContract).use(async ({ next }) => {
  try {
    return await next();
  } catch (error) {
    if (!isLabError(error)) throw error;
    const { code, whose, problem, remedy, detail } = error;
    throw new ORPCError('LAB_ERROR', {
      message: error.message,
      data: { code, whose, problem, remedy, ...(detail === undefined ? {} : { detail }) },
    });
  }
});

const list = lab.samples.list.handler(async () => {
  const samples = await Promise.all((await sampleNames()).map(loadSample));
  return samples.map(({ manifest }) => ({
    name: manifest.name,
    manifest,
    workloads: manifest.workloads.map(workloadName),
  }));
});

const files = lab.samples.files.handler(async ({ input }) => {
  const { sources, headers } = await readSources(await loadSample(input.sample));
  return [...sources, ...headers];
});

const make = lab.prediction.make.handler(async ({ input, signal }) => {
  const started = performance.now();
  const sample = await loadSample(input.sample);
  const variant = pickVariant(sample, input.variant);
  const workload = await loadWorkload(sample, variant, input.workload);
  const prediction = await predict({
    sample,
    variant,
    workload: workload.expanded,
    profile: input.profile,
    seed: input.seed,
    ...(signal === undefined ? {} : { signal }),
  });
  return { prediction, took_ms: performance.now() - started };
});

export const router = { samples: { list, files }, prediction: { make } };
