// Where a Wine target keeps its things, all of it inside the data folder.
import path from 'node:path';
import { targetFolder } from '../registry.ts';

export interface WineLayout {
  readonly folder: string;
  /** The Wine prefix, and the folder that Wine shows as drive C:. */
  readonly prefix: string;
  readonly driveC: string;
  /** HOME of everything that runs in the prefix, so that nothing of Wine reaches the user's own. */
  readonly home: string;
  /** Relative to `folder`, as target.json has it. */
  readonly keyFile: string;
  readonly server: {
    readonly folder: string;
    readonly hostKey: string;
    readonly authorizedKeys: string;
    readonly config: string;
    readonly session: string;
    readonly pidFile: string;
    readonly log: string;
  };
}

export function wineLayout(dataFolder: string, name: string): WineLayout {
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
