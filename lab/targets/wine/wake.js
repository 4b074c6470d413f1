// A Wine target sleeps when nobody has used it since the machine was started, or since it was stopped.
import { access } from 'node:fs/promises';
import { LabError } from '../../../contract/errors/labError.ts';
import { isMissing } from '../../data/atomicFile.ts';
import { lockTarget } from '../locks.ts';
import { saveTarget } from '../registry.ts';
import { wineLayout } from './layout.ts';
import { warmWine, wineVersion } from './prefix.ts';
import { findWinePrograms } from './programs.ts';
import { ensureSshServer } from './sshServer.ts';
/** Starts the server of the target unless it runs. Two labs at once do it one after the other. */
export async function wakeWineTarget(known, options) {
    const { dataFolder, signal = new AbortController().signal } = options;
    const programs = await findWinePrograms();
    const layout = wineLayout(dataFolder, known.name);
    await checkWhole(known.name, layout);
    const lock = await lockTarget(dataFolder, known.name, options);
    try {
        await warmWine(layout, programs, signal);
        const port = await ensureSshServer(layout, programs, known.ssh.port, signal);
        const description = port === known.ssh.port ? known : { ...known, ssh: { ...known.ssh, port } };
        if (description !== known)
            await saveTarget(dataFolder, description);
        return { description, wineVersion: await wineVersion(programs) };
    }
    finally {
        await lock.release();
    }
}
async function checkWhole(name, layout) {
    const needed = [layout.driveC, layout.server.hostKey, layout.server.authorizedKeys];
    for (const file of needed) {
        await access(file).catch((error) => {
            if (!isMissing(error))
                throw error;
            throw new LabError('target.not-prepared', {
                problem: `The target "${name}" is damaged: ${file} is missing.`,
                remedy: `Prepare it again with \`fltlab target add wine --name ${name}\`.`,
            });
        });
    }
}
