// The documents that are rendered from code. A test compares each with what is committed.
import { errorsDocument } from './errorsDocument.ts';

export const generatedDocuments: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['docs/errors.md', errorsDocument],
];
