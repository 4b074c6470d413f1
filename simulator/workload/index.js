// The executor of workloads.
export { runWorkload } from './runWorkload.ts';
export { performSetUp } from './setUp.ts';
