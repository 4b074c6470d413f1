// `npm run bench`: the figures that documents quote, measured here and now. Machines differ and drift:
// compare figures within one run, not between runs. `npm run bench -- throughput` runs one part.
import { benchPrediction } from './bench/prediction.ts';
import { benchSftp } from './bench/sftp.ts';
import { benchThroughput } from './bench/throughput.ts';
import { benchWorkbench } from './bench/workbench.ts';
import type { BenchPart } from './bench/figures.ts';

const parts: Readonly<Record<string, BenchPart>> = {
  prediction: benchPrediction,
  sftp: benchSftp,
  throughput: benchThroughput,
  workbench: benchWorkbench,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`,
  );
  process.exitCode = 64;
} else {
  for (const [name, part] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const kept = await part();
    if (!kept) process.exitCode = 1;
  }
}
