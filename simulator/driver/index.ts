// The driver room's door: everything else of the simulator reaches a driver image through here.
export type { DriverInput, LoadedDriver, LoadResult } from './driverInput.ts';
