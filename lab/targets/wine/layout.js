// Where a Wine target keeps its things, all of it inside the data folder.
import path from 'node:path';
import { targetFolder } from '../registry.ts';
export function wineLayout(dataFolder, name) {
    const folder = targetFolder(dataFolder, name);
    const server = path.join(folder, 'server');
    const prefix = path.join(folder, 'prefix');
    return {
        folder,
        prefix,
        driveC: path.join(prefix, 'drive_c'),
        home: path.join(folder, 'home'),
        keyFile: 'key',
        server: {
            folder: server,
            hostKey: path.join(server, 'host_key'),
            authorizedKeys: path.join(server, 'authorized_keys'),
            config: path.join(server, 'sshd_config'),
            session: path.join(server, 'session.sh'),
            pidFile: path.join(server, 'sshd.pid'),
            log: path.join(server, 'sshd.log'),
        },
    };
}
