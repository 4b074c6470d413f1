// A prediction as one side of a comparison: where it stops before the workload does, and what the
// comparison says of the rest.
import type { Prediction } from '../../contract/prediction.ts';
import type { PredictedSide } from '../compare/compare.ts';

export function predictedSide(prediction: Prediction): PredictedSide {
  const { events, evidence } = prediction;
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
