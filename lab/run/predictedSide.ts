// Where a prediction stops before the workload does, and what the comparison says of the rest.
import type { Prediction } from '../../contract/prediction.ts';

/** `endedEarly` for a prediction that did not complete; nothing for one that did. */
export function predictionEnd(prediction: Prediction): { readonly endedEarly?: string } {
  switch (prediction.outcome) {
    case 'completed':
      return {};
    case 'bugcheck':
      return {
        endedEarly:
          `the prediction ends before it: bugcheck ${prediction.bugcheck?.name ?? ''}`.trim(),
      };
    case 'hang':
      return { endedEarly: 'the prediction ends before it: hang' };
    case 'load-failed':
      return { endedEarly: 'the driver does not load in the prediction' };
    case 'not-modelled':
      return { endedEarly: `the model refuses ${prediction.notModelled ?? 'something before it'}` };
  }
}
