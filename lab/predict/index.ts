// From a sample's C to what Windows would do with it: compile, load, simulate.
export { instancesAround, OBSERVER, observerSample } from './observer.ts';
export type { PredictInput, PredictTimings } from './predictInput.ts';
export {
  debugSubject,
  disposePredictor,
  predict,
  predictTimed,
  type DebugSubject,
  type TimedPrediction,
} from './predict.ts';
