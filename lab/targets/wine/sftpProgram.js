// Which command line runs our SFTP server: the source beside this file, or its bundle.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../../contract/errors/labError.ts';
import { assetPath } from '../../assets.ts';
export function sftpProgram() {
    const source = fileURLToPath(new URL('./sftp/main.ts', import.meta.url));
    const file = existsSync(source) ? source : assetPath('out/lab/wineSftp.mjs');
    if (existsSync(file))
        return { program: process.execPath, args: [file] };
    throw new LabError('internal.bug', {
        problem: 'The SFTP server of the Wine target is not part of this build.',
        remedy: 'Build FltLab again with `npm run build`, and report it if that does not help.',
    });
}
