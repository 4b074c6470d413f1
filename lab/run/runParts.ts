// What a run is made of, as parameters: a test puts a machine without Windows in their place.
import { buildForWindows, takeBuilt } from '../build/index.ts';
import type { Pace } from '../crash/watch.ts';
import { deployDriver, removeDriver, startDriver, stopDriver } from '../deploy/index.ts';
import { predict } from '../predict/index.ts';
import { signDriver, type SignedDriver } from '../sign/index.ts';
import { connectTarget, type ConnectedTarget } from '../targets/index.ts';
import { listVms, openVm } from '../vm/index.ts';
import { AgentOnTarget } from './agentOnTarget.ts';
import type { MachineRoom } from './machineState.ts';
import type { RunInput } from './runInput.ts';

type Say = (text: string) => void;

export interface RunParts {
  build(input: RunInput, say: Say): Promise<{ readonly sysPath: string }>;
  sign(input: RunInput, built: { readonly sysPath: string }, say: Say): Promise<SignedDriver>;
  readonly predict: typeof predict;
  readonly connect: typeof connectTarget;
  machines(dataFolder: string): MachineRoom;
  readonly deployDriver: typeof deployDriver;
  readonly removeDriver: typeof removeDriver;
  readonly startDriver: typeof startDriver;
  readonly stopDriver: typeof stopDriver;
  agent(
    target: ConnectedTarget,
    volumes: readonly string[],
  ): Pick<AgentOnTarget, 'start' | 'leave'>;
  /** How patient the watch on the machine is; its own where left out. */
  readonly pace?: Partial<Pace> | undefined;
}

export const realParts: RunParts = {
  build: ({ sample, variant, dataFolder, signal, sys }, progress) =>
    sys === undefined
      ? buildForWindows({ sample, variant, dataFolder, signal, progress })
      : takeBuilt({ sys, driver: sample.manifest.driver, dataFolder }),
  sign: ({ dataFolder, signal }, { sysPath }, progress) =>
    signDriver({ sysPath, dataFolder, signal, progress }),
  predict,
  connect: connectTarget,
  machines: (dataFolder) => ({
    list: () => listVms(dataFolder),
    open: (vm, signal) => openVm(vm, { dataFolder, signal }),
  }),
  deployDriver,
  removeDriver,
  startDriver,
  stopDriver,
  agent: (target, volumes) => new AgentOnTarget(target, volumes),
};
