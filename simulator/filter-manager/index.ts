// The Filter Manager's door.
export { compareAltitudes, isAltitude } from '../../contract/altitude.ts';
export type {
  CallbackData,
  CompletionNode,
  FltParameters,
  IoParameterBlock,
  IrpCtrlLayout,
  Operation,
} from './callbackData.ts';
export {
  CommunicationPorts,
  type Connection,
  type PortCallbacks,
  type ServerPort,
} from './communicationPorts.ts';
export { irpCtrlLayout } from './callbackData.ts';
export { plainStack } from './deviceStack.ts';
export { FilterManager, type NeighbourPlan, type Registration } from './filterManager.ts';
export {
  TeardownReason,
  type Filter,
  type FilterCallbacks,
  type FltVolume,
  type Instance,
  type InstanceDefinition,
  type InstanceSetup,
  type OperationCallbacks,
  type PostOperation,
  type PreOperation,
  type PreResult,
  type RelatedObjects,
} from './filter.ts';
export type { OwnRequest, OwnResult } from './ownIo.ts';
export { pathOf, shownParameters } from './parameters.ts';
export { refuseVersion } from './registration.ts';
