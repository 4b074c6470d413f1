// Stopping and removing targets.
import { isLabError } from '../../contract/errors/labError.ts';
import { lockTarget } from './locks.ts';
import { forgetTarget, getTarget } from './registry.ts';
import { wineLayout } from './wine/layout.ts';
import { discardPrefix, stopWine } from './wine/prefix.ts';
import { findWinePrograms } from './wine/programs.ts';
import { stopSshServer } from './wine/sshServer.ts';
/**
 * Ends what the lab runs for the target on this machine: for a Wine target its SSH server and all of
 * its Wine, loaded drivers included. False when there is nothing that the lab could stop.
 */
export async function stopTarget(name, options) {
    const { kind } = await getTarget(options.dataFolder, name);
    if (kind !== 'wine')
        return false;
    const lock = await lockTarget(options.dataFolder, name, options);
    try {
        const layout = wineLayout(options.dataFolder, name);
        await stopSshServer(layout);
        await stopWine(layout, await programsIfThere());
        return true;
    }
    finally {
        await lock.release();
    }
}
/** Stops it, and removes all that the data folder holds of it. Files on a real machine stay there. */
export async function removeTarget(name, options) {
    const { dataFolder } = options;
    const { kind } = await getTarget(dataFolder, name);
    const lock = await lockTarget(dataFolder, name, options);
    try {
        if (kind === 'wine') {
            const layout = wineLayout(dataFolder, name);
            await stopSshServer(layout);
            await discardPrefix(layout, await programsIfThere());
        }
        await forgetTarget(dataFolder, name);
    }
    finally {
        await lock.release();
    }
}
/** A target can be removed after Wine itself has been. */
async function programsIfThere() {
    return findWinePrograms().catch((error) => {
        if (isLabError(error))
            return undefined;
        throw error;
    });
}
