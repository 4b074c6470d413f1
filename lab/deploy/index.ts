export { copySet, type CopyResult, type DeployFile } from './copySet.ts';
export {
  deployDriver,
  removeDriver,
  startDriver,
  stopDriver,
  type DeployedDriver,
  type DeployOptions,
  type DriverPackage,
} from './driver.ts';
export { installAgent, installNode } from './install.ts';
export { describeMissing, preflight, type MissingImport } from './preflight.ts';
export type { FilterInstance, FilterService } from './serviceCommands.ts';
