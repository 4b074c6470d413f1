// A target by its name, ready for use: its server started if it is ours to start, connected, known.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { cmdThroughPowershell } from '../process/powershell.ts';
import { connectSsh, sshAgent } from '../ssh/index.ts';
import { readMachine } from './facts.ts';
import { machinePaths } from './machinePaths.ts';
import { getTarget, machineOf, targetFolder } from './registry.ts';
import { wakeWineTarget } from './wine/wake.ts';
/**
 * Errors: `target.not-found`, `target.not-a-machine`, `target.not-prepared`, `target.wine-missing`,
 * `target.sshd-missing`, `ssh.*`, `run.cancelled`.
 */
export async function connectTarget(name, options) {
    const { dataFolder, signal, progress } = options;
    const known = machineOf(await getTarget(dataFolder, name));
    progress?.({ step: `connect to ${name}` });
    const woken = known.kind === 'wine'
        ? await wakeWineTarget(known, options)
        : { description: known, wineVersion: undefined };
    const connection = await connectMachine(dataFolder, woken.description, signal);
    try {
        const read = await readMachine(woken.description, connection, woken.wineVersion, signal);
        return connectedTarget({ ...woken, ...read, connection, options });
    }
    catch (error) {
        await connection.close();
        throw error;
    }
}
/** Connects with the key and the host key that were agreed on when the target was added. */
export async function connectMachine(dataFolder, description, signal) {
    const { host, port, user, keyFile, hostKey, agent } = description.ssh;
    const at = { host, port, user };
    const expected = { kind: 'expected', fingerprint: hostKey };
    if (agent === true) {
        const connection = await connectSsh({ at, agent: agentHere(), hostKey: expected, signal });
        return withShell(description, connection);
    }
    const file = path.resolve(targetFolder(dataFolder, description.name), keyFile);
    const privateKey = await readFile(file, 'utf8').catch((cause) => {
        throw new LabError('ssh.authentication-failed', {
            problem: `The private key ${file} cannot be read: ${cause.message}.`,
            remedy: 'Add the target again.',
            cause,
        });
    });
    return withShell(description, await connectSsh({ at, privateKey, hostKey: expected, signal }));
}
function agentHere() {
    const agent = sshAgent();
    if (agent !== undefined)
        return agent;
    throw new LabError('ssh.agent-missing', {
        problem: 'The target uses the keys of your SSH agent, and SSH_AUTH_SOCK names none.',
        remedy: 'Start ssh-agent, add the key with ssh-add, and repeat.',
    });
}
/** The lab writes for cmd.exe; where the server starts PowerShell, each line is handed on to it. */
function withShell(description, connection) {
    if (description.kind !== 'windows' || description.shell !== 'powershell')
        return connection;
    const line = (command) => command.startsWith('powershell.exe ') ? command : cmdThroughPowershell(command);
    return Object.create(connection, {
        exec: { value: (command, options = {}) => connection.exec(line(command), options) },
        start: { value: (command, options = {}) => connection.start(line(command), options) },
    });
}
function connectedTarget({ description, facts, windows, connection, options, }) {
    return {
        description,
        facts,
        windows,
        paths: machinePaths(description),
        dataFolder: options.dataFolder,
        connection,
        exec: connection.exec,
        start: connection.start,
        files: connection.files,
        put: connection.files.put,
        get: connection.files.get,
        forward: connection.forward,
        reconnect: (signal) => connectTarget(description.name, { ...options, signal }),
        close: connection.close,
    };
}
