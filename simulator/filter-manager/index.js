// The Filter Manager's door.
export { compareAltitudes, isAltitude } from '../../contract/altitude.ts';
export { irpCtrlLayout } from './callbackData.ts';
export { plainStack } from './deviceStack.ts';
export { FilterManager } from './filterManager.ts';
export { TeardownReason, } from './filter.ts';
export { pathOf, shownParameters } from './parameters.ts';
export { refuseVersion } from './registration.ts';
