import { callbackDataExports } from './callbackData.ts';
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
    ...redirectionExports,
};
