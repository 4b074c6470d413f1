// Which command line runs our SFTP server. From the sources it is main.ts beside this file; a bundle
// puts `wine-sftp.js` into its own folder.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../../contract/errors/labError.ts';

export interface SftpProgram {
  readonly program: string;
  readonly args: readonly string[];
}

export function sftpProgram(): SftpProgram {
  const candidates = ['./sftp/main.ts', './wine-sftp.js', './wine-sftp.cjs'];
  for (const candidate of candidates) {
    const file = fileURLToPath(new URL(candidate, import.meta.url));
    if (existsSync(file)) return { program: process.execPath, args: [file] };
  }
  throw new LabError('internal.bug', {
    problem: 'The SFTP server of the Wine target is not part of this build.',
    remedy: 'Report it, and build FltLab again with `npm run build`.',
  });
}
