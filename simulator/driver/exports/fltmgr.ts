// What a driver may import from FLTMGR.SYS. This one table is the import object, the argument decoder
// and the source of docs/api-support.md. An import that is not listed stops the load with its name; a
// call to a `none` stops the run. Handlers only forward: rules about operations are filter-manager/'s.
import type { Binding } from '../binding.ts';
import { callbackDataExports } from './callbackData.ts';
import { communicationExports } from './communication.ts';
import { contextExports } from './contexts.ts';
import { filterWorkExports } from './filterWork.ts';
import { nameExports } from './names.ts';
import { objectExports } from './objects.ts';
import { operationExports } from './operations.ts';
import { ownDataExports } from './ownData.ts';
import { ownFileExports } from './ownFiles.ts';
import { redirectionExports } from './redirection.ts';
import { registrationExports } from './registration.ts';

export const fltmgrExports = {
  ...registrationExports,
  ...objectExports,
  ...callbackDataExports,
  ...contextExports,
  ...nameExports,
  ...ownFileExports,
  ...operationExports,
  ...ownDataExports,
  ...filterWorkExports,
  ...communicationExports,
  ...redirectionExports,
} satisfies Record<`Flt${string}`, Binding>;
