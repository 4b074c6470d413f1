// A prediction as one side of a comparison: where it stops before the workload does, and what the
// comparison says of the rest.
import type { Prediction } from '../../contract/prediction.ts';
import type { PredictedSide } from '../compare/compare.ts';
import { OBSERVER } from '../predict/index.ts';

export function predictedSide(prediction: Prediction): PredictedSide {
  const { evidence } = prediction;
  // The lab loads the observer on a target by itself; its coming and going is no step of the run.
  const events = prediction.events.filter(
    (event) => event.kind !== 'driver' || event.driver !== OBSERVER,
  );
  const endedEarly = whyEarly(prediction);
  return { events, evidence, ...(endedEarly === undefined ? {} : { endedEarly }) };
}

function whyEarly({ outcome, bugcheck, notModelled }: Prediction): string | undefined {
  switch (outcome) {
    case 'completed':
      return undefined;
    case 'bugcheck':
      return `the prediction ends before it: bugcheck ${bugcheck?.name ?? ''}`.trim();
    case 'hang':
      return 'the prediction ends before it: hang';
    case 'load-failed':
      return 'the driver does not load in the prediction';
    case 'not-modelled':
      return `the model refuses ${notModelled ?? 'something before it'}`;
  }
}
