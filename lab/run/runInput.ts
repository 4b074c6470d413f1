// What a run is asked for.
import type { ProfileName } from '../../contract/profiles.ts';
import type { SampleVariant } from '../../contract/sample.ts';
import type { LoadedWorkload, Sample } from '../samples/samples.ts';
import type { StageProgress } from './stages.ts';

export interface RunInput {
  readonly sample: Sample;
  readonly variant: SampleVariant;
  readonly workload: LoadedWorkload;
  readonly target: string;
  /** The machine that the target lives in, where it is not the one that names the target. */
  readonly vm?: string | undefined;
  /** Instead of the machine's clean snapshot. */
  readonly snapshot?: string | undefined;
  /** A .sys that was built elsewhere, to be signed and loaded instead of one that the lab builds. */
  readonly sys?: string | undefined;
  /** The profile to compare with; the one nearest to the target's Windows when left out. */
  readonly profile?: ProfileName | undefined;
  readonly seed: number;
  readonly without: readonly string[];
  /** The observer is loaded above and below the driver, where the target calls filters. */
  readonly observe?: boolean | undefined;
  readonly dataFolder: string;
  readonly signal: AbortSignal;
  readonly progress: StageProgress;
}
