// What a prediction is asked for. Callers: lab/rpc, lab/run, cli; `predict(input: PredictInput)` is
// exported by index.ts of this folder.
import type { ExpandedWorkload } from '../../contract/expandWorkload.ts';
import type { ProfileName } from '../../contract/profiles.ts';
import type { SampleVariant } from '../../contract/sample.ts';
import type { Sample, SourceText } from '../samples/samples.ts';

export interface PredictInput {
  readonly sample: Sample;
  readonly variant: SampleVariant;
  readonly workload: ExpandedWorkload;
  readonly profile: ProfileName;
  readonly seed: number;
  /** Text of files being edited, in place of what is on disk; paths as the manifest names them. */
  readonly edited?: readonly SourceText[];
  /** Stack neighbours of the profile to leave out: "luafv". */
  readonly without?: readonly string[];
  /** False for a target that loads the driver but never calls its callbacks. True when left out. */
  readonly callbacksCalled?: boolean;
  /** The observer is loaded too, above and below the driver. False when left out. */
  readonly observed?: boolean;
  readonly signal?: AbortSignal;
}

/** How long the parts took, for people and for `npm run bench`; never part of the prediction. */
export interface PredictTimings {
  readonly compile_ms: number;
  /** Loading the image, the workload, and putting the prediction together. */
  readonly simulate_ms: number;
}
