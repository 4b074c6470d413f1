// What the workbench may ask of the lab: the only place where the two meet. Each end parses what it
// receives; failures that a person can act on travel as typed errors.
import { comparisonsContract } from './rpc/comparisons.ts';
import { debuggerContract } from './rpc/debugger.ts';
import { kdSessionsContract } from './rpc/kdSessions.ts';
import { machinesContract } from './rpc/machines.ts';
import { predictionContract } from './rpc/predictions.ts';
import { referenceContract } from './rpc/reference.ts';
import { runsContract } from './rpc/runs.ts';
import { samplesContract } from './rpc/samples.ts';
import { settingsContract } from './rpc/settings.ts';
import { targetsContract } from './rpc/targets.ts';

export * from './rpc/base.ts';
export * from './rpc/comparisons.ts';
export * from './rpc/debugger.ts';
export * from './rpc/kdSessions.ts';
export * from './rpc/machines.ts';
export * from './rpc/predictions.ts';
export * from './rpc/reference.ts';
export * from './rpc/runs.ts';
export * from './rpc/samples.ts';
export * from './rpc/targets.ts';

export const rpcContract = {
  samples: samplesContract,
  prediction: predictionContract,
  comparisons: comparisonsContract,
  runs: runsContract,
  targets: targetsContract,
  reference: referenceContract,
  settings: settingsContract,
  debugger: debuggerContract,
  machines: machinesContract,
  kdSessions: kdSessionsContract,
};
export type RpcContract = typeof rpcContract;
