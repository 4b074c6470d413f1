// What a command of the debugger gets and gives.
import type { Standing } from '../standing.ts';
import type { MachineKind } from '../types/type.ts';

/** What commands that only look need. */
export interface Looking {
  readonly standing: Standing;
  readonly machine: MachineKind;
}

/** Lines of output. Throws KdError for what it cannot carry out. */
export type Look = (looking: Looking, args: string) => readonly string[];
