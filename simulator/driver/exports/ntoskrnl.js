import { debuggingExports } from './debugging.ts';
import { executiveExports } from './executive.ts';
import { kernelExports } from './kernel.ts';
import { mdlExports } from './mdls.ts';
import { kernelObjectExports } from './kernelObjects.ts';
import { poolExports } from './pool.ts';
import { stringExports } from './strings.ts';
import { zwFileExports } from './zwFiles.ts';
export const ntoskrnlExports = {
    ...poolExports,
    ...stringExports,
    ...kernelExports,
    ...executiveExports,
    ...kernelObjectExports,
    ...mdlExports,
    ...zwFileExports,
    ...debuggingExports,
};
