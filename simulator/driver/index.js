// The driver room's door: everything else of the simulator reaches a driver image through here.
import { DriverMemory } from './driverMemory.ts';
import { layouts } from './layouts/layouts.generated.ts';
import { layouts64 } from './layouts/layouts64.generated.ts';
import { loadDriver } from './loadDriver.ts';
export { exportTables, windowsModules } from './exports/index.ts';
/** Offsets of every structure that has a header, for debuggers. */
export const publicLayouts = { x86: layouts, amd64: layouts64 };
/** What a simulation asks of this room: the memory that kernel and images share, and the loading. */
export const driverRoom = { createMemory: () => new DriverMemory(), loadDriver };
