// Neighbours in the stack: filters that pass everything on, with a post-operation, so that they take
// their place among the completion nodes and are seen in a trace. Modelled, never loaded.
import { FltPostopStatus, FltPreopStatus, IrpMajor } from '../../contract/windows/index.ts';
import type { FilterCallbacks, OperationCallbacks } from './filter.ts';

const passive = (majorFunction: number): OperationCallbacks => ({
  majorFunction,
  flags: 0,
  pre: () => ({
    status: FltPreopStatus.FLT_PREOP_SUCCESS_WITH_CALLBACK,
    completionContext: 0,
  }),
  post: () => FltPostopStatus.FLT_POSTOP_FINISHED_PROCESSING,
});

const { IRP_MJ_SHUTDOWN, IRP_MJ_POWER, IRP_MJ_DEVICE_CHANGE, IRP_MJ_SYSTEM_CONTROL } = IrpMajor;
const notRegistrable: readonly number[] = [
  IRP_MJ_SHUTDOWN,
  IRP_MJ_POWER,
  IRP_MJ_DEVICE_CHANGE,
  IRP_MJ_SYSTEM_CONTROL,
  IrpMajor.IRP_MJ_PNP,
];
const everything = Object.values(IrpMajor).filter((major) => !notRegistrable.includes(major));

/**
 * What Windows' own neighbours take part in. The seed's transcript shows FileInfo among the completion
 * nodes of a notify request and luafv not; luafv virtualises names, hence the create.
 * Differs: their full registrations are not public; what they do besides passing on is not modelled.
 */
const registrations: Readonly<Record<string, readonly number[]>> = {
  luafv: [IrpMajor.IRP_MJ_CREATE],
};

/** The callbacks of the neighbour called `name`; one that the table does not know sees everything. */
export function passiveFilter(name: string): FilterCallbacks {
  return {
    operations: (registrations[name.toLowerCase()] ?? everything).map(passive),
    unload: null,
    instanceSetup: null,
    instanceQueryTeardown: null,
    instanceTeardownStart: null,
    instanceTeardownComplete: null,
  };
}
