// Where the things of a QEMU machine are. Sockets have a folder of their own with a short path, for the
// path of a socket may have 107 bytes and a data folder may be deep.
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
export function qemuLayout(dataFolder, name) {
    const folder = path.join(dataFolder, 'vms', name);
    const digest = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 12);
    const sockets = path.join(tmpdir(), `fltlab-vm-${digest}`);
    return {
        folder,
        log: path.join(folder, 'qemu.log'),
        serialLog: path.join(folder, 'serial.log'),
        snapshots: path.join(folder, 'snapshots'),
        overlay: path.join(folder, 'current.qcow2'),
        sockets,
        qmp: path.join(sockets, 'qmp'),
        serial: path.join(sockets, 'serial'),
        gdb: path.join(sockets, 'gdb'),
    };
}
/** Makes the folder of the sockets, ours alone: whoever may write there drives the machine. */
export async function makeSocketFolder(layout) {
    await mkdir(layout.sockets, { mode: 0o700 }).catch((error) => {
        if (error.code !== 'EEXIST')
            throw error;
    });
    const found = await lstat(layout.sockets);
    const foreign = found.uid !== userInfo().uid && process.platform !== 'win32';
    if (!found.isDirectory() || foreign) {
        throw new LabError('vm.in-use', {
            problem: `${layout.sockets} is there and belongs to somebody else.`,
            remedy: 'Remove it, or set TMPDIR to a folder of your own.',
        });
    }
    await chmod(layout.sockets, 0o700);
}
