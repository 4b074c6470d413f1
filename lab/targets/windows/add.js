// `fltlab target add windows`: a Windows machine with an OpenSSH server. Nothing is changed on it; what it
// needs to run drivers is the provisioning checklist's to say.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { connectSsh, createKeyPair, sshAgent, } from '../../ssh/index.ts';
import { writeFileAtomic } from '../../data/atomicFile.ts';
import { readMachine } from '../facts.ts';
import { connectMachine } from '../connect.ts';
import { checkTargetName, readTarget, saveTarget, targetExists, targetFolder, } from '../registry.ts';
/** Errors: `target.exists`, `ssh.*`, `target.not-prepared`, `run.cancelled`. */
export async function addWindowsTarget(options) {
    const { dataFolder, name, host, port, user, identity, signal, progress } = options;
    checkTargetName(name);
    if ((await readTarget(dataFolder, name)) !== undefined)
        throw targetExists(name);
    const key = await identityOf(options);
    progress?.({ step: `connect to ${user}@${host}` });
    let seen = '';
    const first = await connectSsh({
        at: { host, port, user },
        ...key.login,
        hostKey: {
            kind: 'question',
            trusts: async (offered) => {
                seen = offered;
                return options.trusts(offered);
            },
        },
        signal,
    });
    const shell = await shellOf(first, signal).finally(() => first.close());
    const agent = identity.kind === 'agent' ? { agent: true } : {};
    const description = {
        target: 1,
        kind: 'windows',
        name,
        root: 'C:\\FltLab',
        shell,
        ssh: { host, port, user, keyFile: key.file, hostKey: seen, ...agent },
    };
    const connection = await connectMachine(dataFolder, description, signal);
    try {
        progress?.({ step: 'ask the machine what it is' });
        const { facts } = await readMachine(description, connection, undefined, signal);
        await saveTarget(dataFolder, description);
        return { description, facts };
    }
    finally {
        await connection.close();
    }
}
async function identityOf({ dataFolder, name, identity }) {
    if (identity.kind === 'agent') {
        const agent = sshAgent();
        if (agent === undefined)
            throw agentMissing();
        return { login: { agent }, file: 'key' };
    }
    const file = identity.kind === 'file' ? path.resolve(identity.file) : await ownKey(dataFolder, name);
    const privateKey = await readFile(file, 'utf8').catch((cause) => {
        throw new LabError('ssh.authentication-failed', {
            problem: `The private key ${file} cannot be read: ${cause.code ?? cause.message}.`,
            remedy: 'Name a private key in OpenSSH or PEM form, or use --agent.',
            cause,
        });
    });
    return { login: { privateKey }, file };
}
const agentMissing = () => new LabError('ssh.agent-missing', {
    problem: 'No SSH agent runs here: SSH_AUTH_SOCK names none.',
    remedy: 'Start ssh-agent and add the key with ssh-add, or name a key file with --key.',
});
/** Made once; a second attempt to add the target uses the same, so that it need be trusted once. */
async function ownKey(dataFolder, name) {
    const folder = targetFolder(dataFolder, name);
    const file = path.join(folder, 'key');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const there = await readFile(file, 'utf8').catch(() => undefined);
    if (there !== undefined)
        return file;
    const pair = createKeyPair(`fltlab ${name}`);
    await writeFileAtomic(`${file}.pub`, `${pair.publicKey}\n`);
    await writeFileAtomic(file, pair.privateKey);
    throw new LabError('ssh.authentication-failed', {
        problem: `The lab made a key for "${name}", which the machine does not know yet.`,
        remedy: 'Append the line beneath to C:\\ProgramData\\ssh\\administrators_authorized_keys there ' +
            '(an administrator) or to .ssh\\authorized_keys of the account, and repeat this command.',
        detail: pair.publicKey,
    });
}
/** cmd.exe expands the variable; PowerShell prints it as it stands. */
export async function shellOf(connection, signal) {
    const { stdout } = await connection.exec('echo %OS%', { signal });
    if (stdout.trim() === 'Windows_NT')
        return 'cmd';
    if (stdout.trim() === '%OS%')
        return 'powershell';
    throw new LabError('target.not-prepared', {
        problem: 'The shell of the machine answers neither as cmd.exe nor as PowerShell does.',
        remedy: 'Make one of them its shell (DefaultShell below HKLM\\SOFTWARE\\OpenSSH).',
        detail: stdout.slice(0, 500),
    });
}
