export { debugSubject, disposePredictor, predict, predictTimed, } from './predict.ts';
