export { copySet } from './copySet.ts';
export { deployDriver, removeDriver, startDriver, stopDriver, } from './driver.ts';
export { installAgent, installNode } from './install.ts';
export { describeMissing, preflight } from './preflight.ts';
