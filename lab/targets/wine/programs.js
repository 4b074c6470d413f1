// The programs of this machine that a Wine target is made of.
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { findProgram } from '../../process/index.ts';
/** `wineserver` of Debian and `sshd` of most systems are in no user's PATH. */
const OTHER_FOLDERS = {
    wineserver: ['/usr/lib/wine', '/usr/lib/x86_64-linux-gnu/wine', '/opt/wine-stable/bin'],
    wine: ['/opt/wine-stable/bin', '/usr/lib/wine'],
    sshd: ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'],
};
/** `environment` has the PATH to search; a test gives its own. */
export async function findWinePrograms(environment = process.env, folders = OTHER_FOLDERS) {
    const find = async (names, others) => {
        for (const name of names) {
            const found = await findProgram(name, { platform: process.platform, env: environment });
            if (found !== undefined)
                return found;
        }
        for (const folder of others) {
            for (const name of names) {
                const candidate = path.join(folder, name);
                if (await isExecutable(candidate))
                    return candidate;
            }
        }
        return undefined;
    };
    const wine = await find(['wine', 'wine64'], folders.wine);
    const wineserver = await find(['wineserver'], folders.wineserver);
    if (wine === undefined || wineserver === undefined)
        throw wineMissing();
    const sshd = await find(['sshd'], folders.sshd);
    if (sshd === undefined)
        throw sshdMissing();
    return { wine, wineserver, sshd };
}
const isExecutable = (file) => access(file, constants.X_OK).then(() => true, () => false);
const wineMissing = () => new LabError('target.wine-missing', {
    problem: 'Wine is not installed on this machine.',
    remedy: 'Install it with `sudo apt-get install wine64 wine`, or the package of your system.',
});
const sshdMissing = () => new LabError('target.sshd-missing', {
    problem: 'No OpenSSH server program (sshd) is installed on this machine.',
    remedy: 'Install it with `sudo apt-get install openssh-server`; the lab starts a server of its own.',
});
