// The debugger's door: the one place where it meets what only the driver room knows, the offsets of the
// headers' structures and the names of the routines that a driver may import.
import { KdSession } from './debugger/session.ts';
import { exportTables, publicLayouts, windowsModules } from './driver/index.ts';
export { positionText } from './debugger/moments.ts';
export { play } from './debugger/play.ts';
/** A debugger at the first moment of the simulation; `subject.driver` is a debug build. */
export const openDebugger = (options) => KdSession.start({ ...options, layouts: publicLayouts, exports: exportedRoutines });
const exportedRoutines = windowsModules.flatMap((module) => Object.keys(exportTables[module]).map((name) => `${module === 'ntoskrnl' ? 'nt' : module}!${name}`));
