// A Wine target for tests: made once for each test file, or once for all of them when
// FLTLAB_TEST_DATA names a data folder to share (the downloads and the prefix are then kept).
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addWineTarget, connectTarget, removeTarget, stopTarget, } from '../index.ts';
import { wineLayout } from '../wine/layout.ts';
import { descendantsOf, listProcesses } from '../../process/processTable.ts';
import { runningServer } from '../wine/sshServer.ts';
export async function makeWineTarget(name = 'wine') {
    const shared = process.env['FLTLAB_TEST_DATA'];
    const dataFolder = shared ?? (await mkdtemp(path.join(tmpdir(), 'fltlab-wine-')));
    await mkdir(dataFolder, { recursive: true });
    await addWineTarget({ dataFolder, name });
    const layout = wineLayout(dataFolder, name);
    return {
        dataFolder,
        name,
        layout,
        connect: (signal) => connectTarget(name, { dataFolder, signal }),
        sessions: async () => {
            const server = await runningServer(layout);
            const all = await listProcesses();
            return descendantsOf(server ?? -1, all).filter((pid) => all.some((each) => each.pid === pid && each.command.startsWith('sshd: ')));
        },
        dispose: async () => {
            if (shared !== undefined)
                return void (await stopTarget(name, { dataFolder }));
            await removeTarget(name, { dataFolder });
            await rm(dataFolder, { recursive: true });
        },
    };
}
