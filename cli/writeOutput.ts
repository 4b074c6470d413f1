// Files that a person asked for by name. What keeps them from being written is told as what it is.
import { copyFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LabError } from '../contract/errors/labError.ts';

/** Errors: `file.unreadable`. */
export const writeOutput = (file: string, text: string): Promise<void> =>
  writeFile(resolve(file), text).catch((error: NodeJS.ErrnoException) => {
    throw notWritten(file, error);
  });

/** Errors: `file.unreadable`. */
export const copyOutput = (from: string, file: string): Promise<void> =>
  copyFile(from, resolve(file)).catch((error: NodeJS.ErrnoException) => {
    throw notWritten(file, error);
  });

export const notWritten = (file: string, error: NodeJS.ErrnoException): LabError =>
  new LabError('file.unreadable', {
    problem: `${resolve(file)} cannot be written: ${error.code ?? error.message}.`,
    remedy: 'Name a file in a folder that exists and that you may write to.',
    cause: error,
  });
