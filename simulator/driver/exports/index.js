import { fltmgrExports } from './fltmgr.ts';
import { ntoskrnlExports } from './ntoskrnl.ts';
export const windowsModules = ['fltmgr', 'ntoskrnl'];
export const exportTables = {
    fltmgr: fltmgrExports,
    ntoskrnl: ntoskrnlExports,
};
