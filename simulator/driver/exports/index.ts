// One table per Windows module, by the name that an image imports it under.
import type { ExportTable } from '../binding.ts';
import { fltmgrExports } from './fltmgr.ts';
import { ntoskrnlExports } from './ntoskrnl.ts';

export const windowsModules = ['fltmgr', 'ntoskrnl'] as const;
export type WindowsModule = (typeof windowsModules)[number];

export const exportTables: Readonly<Record<WindowsModule, ExportTable>> = {
  fltmgr: fltmgrExports,
  ntoskrnl: ntoskrnlExports,
};
