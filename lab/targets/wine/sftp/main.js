// The program that the target's sshd runs for SFTP: `node main.ts DRIVE_FOLDER HOME`.
import { assert } from '../../../../contract/assert.ts';
import { driveMap } from './driveMap.ts';
import { serveSftp } from './server.ts';
const [folder, home] = process.argv.slice(2);
assert(folder !== undefined && home !== undefined, 'called with the folder of the drive and a home');
// A client that goes away in the middle of an answer is no accident to report.
process.stdout.on('error', () => process.exit(0));
await serveSftp(driveMap(folder, home), process.stdin, process.stdout);
