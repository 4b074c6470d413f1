// Which command line runs our SFTP server: in the source tree this folder's own file; in a built
// product the bundle beside the others.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../../contract/errors/labError.ts';
import { assetPath } from '../../assets.ts';

export interface SftpProgram {
  readonly program: string;
  readonly args: readonly string[];
}

export function sftpProgram(): SftpProgram {
  const source = fileURLToPath(new URL('./sftp/main.ts', import.meta.url));
  const file = [source, assetPath('out/lab/wineSftp.mjs')].find((one) => existsSync(one));
  if (file !== undefined) return { program: process.execPath, args: [file] };
  throw new LabError('internal.bug', {
    problem: 'The SFTP server of the Wine target is not part of this build.',
    remedy: 'Report it, and build FltLab again with `npm run build`.',
  });
}
