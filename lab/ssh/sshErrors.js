// What ssh2 says went wrong, in the words of the lab. Matched on its `level` and on errno codes,
// never on the text of a message.
import { LabError } from '../../contract/errors/labError.ts';
export const place = (at) => `${at.user}@${at.host}:${at.port}`;
/** A failure before the connection was ready. */
export function connectError(at, error) {
    if (error.level === 'client-authentication') {
        return new LabError('ssh.authentication-failed', {
            problem: `${place(at)} does not accept the key of the lab.`,
            remedy: 'Put the public key of the target into authorized_keys there, or add it again.',
            detail: error.message,
            cause: error,
        });
    }
    return new LabError('ssh.refused', {
        problem: `No SSH connection to ${place(at)}: ${error.message}.`,
        remedy: 'Check that the machine runs, that its SSH server listens there, and the firewall.',
        ...(error.code === undefined ? {} : { detail: String(error.code) }),
        cause: error,
    });
}
/** A failure after that: whatever was under way is lost. */
export const connectionLost = (at, error) => new LabError('ssh.connection-lost', {
    problem: `The connection to ${place(at)} was cut${error ? `: ${error.message}` : ''}.`,
    remedy: 'Check that the machine still runs, then repeat; what was half done is cleaned up first.',
    ...(error === undefined ? {} : { cause: error }),
});
/** We hung up ourselves while something was still under way. */
export const connectionClosed = (at) => new LabError('ssh.connection-lost', {
    problem: `The connection to ${place(at)} was closed while something was under way.`,
    remedy: 'Connect again.',
});
export const requestRefused = (at, what, error) => new LabError('ssh.refused', {
    problem: `${place(at)} refused to ${what}: ${error.message}.`,
    remedy: 'Check what its SSH server allows: commands, SFTP and TCP forwarding are needed.',
    cause: error,
});
export const fileFailed = (at, what, error) => new LabError('ssh.file-failed', {
    problem: `${place(at)} could not ${what}: ${error.message}.`,
    remedy: 'Check that the folder exists there, is writable, and that the disk is not full.',
    cause: error,
});
export const copyFailed = (at, what, error) => new LabError('deploy.copy-failed', {
    problem: `Copying ${what} to ${place(at)} failed: ${error.message}.`,
    remedy: 'Check that the disk there is not full and that no program holds the file open.',
    cause: error,
});
/** SSH_FX_NO_SUCH_FILE of the SFTP protocol. */
export const isNoSuchFile = (error) => error.code === 2;
