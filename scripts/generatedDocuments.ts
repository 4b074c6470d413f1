// The documents that are rendered from code. A test compares each with what is committed.
import { apiSupportDocument } from './apiSupportDocument.ts';
import { errorsDocument } from './errorsDocument.ts';
import { wineDocument } from './wineDocument.ts';
import { rulesDocuments } from './rulesDocument.ts';

export const generatedDocuments: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['docs/api-support.md', apiSupportDocument],
  ['docs/errors.md', errorsDocument],
  ['docs/wine.md', wineDocument],
  ...rulesDocuments,
];
