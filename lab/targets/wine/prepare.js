// `fltlab target add wine`: from nothing to a target that answers, in one command. Every step leaves
// either its whole result or nothing, and is skipped when its result is there; so a preparation that
// was cut short goes on where it stopped, and a damaged target is mended by preparing it again.
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { isLabError, LabError } from '../../../contract/errors/labError.ts';
import { readTextIfThere, writeFileAtomic, writeFileIfChanged } from '../../data/atomicFile.ts';
import { throwIfCancelled } from '../../data/cancellation.ts';
import { orUndo, UndoStack } from '../../data/undoStack.ts';
import { copySet } from '../../deploy/copySet.ts';
import { createKeyPair } from '../../ssh/index.ts';
import { fingerprintOfPublicKey } from '../../ssh/keyPair.ts';
import { connectMachine } from '../connect.ts';
import { readFacts } from '../facts.ts';
import { lockTarget } from '../locks.ts';
import { machinePaths } from '../machinePaths.ts';
import { checkTargetName, readTarget, saveTarget, targetExists } from '../registry.ts';
import { wineLayout } from './layout.ts';
import { fetchWindowsFile } from './packages.ts';
import { ensurePrefix, stopWine, warmWine, wineVersion } from './prefix.ts';
import { findWinePrograms } from './programs.ts';
import { ensureSshServer, stopSshServer } from './sshServer.ts';
const ROOT = 'C:\\FltLab';
/**
 * Errors: `target.wine-missing`, `target.sshd-missing`, `target.exists` (of another kind),
 * `target.prepare-failed` naming the step, `run.cancelled`.
 */
export async function addWineTarget(options) {
    const { dataFolder, name = 'wine' } = options;
    checkTargetName(name);
    const known = await readTarget(dataFolder, name);
    if (known !== undefined && known.kind !== 'wine')
        throw targetExists(name);
    const programs = options.programs ?? (await findWinePrograms());
    const lock = await lockTarget(dataFolder, name, options);
    try {
        const undo = new UndoStack();
        return await orUndo(undo, () => prepare({ ...options, name, known, programs, undo }));
    }
    finally {
        await lock.release();
    }
}
async function prepare(preparation) {
    const { dataFolder, name, programs, known, undo } = preparation;
    const signal = preparation.signal ?? new AbortController().signal;
    const layout = wineLayout(dataFolder, name);
    const step = steps(preparation, signal);
    const hostKey = await step('make the keys', () => ensureKeys(layout, name));
    await step('make the Wine prefix', () => ensurePrefix(layout, programs, signal));
    const node = await step('fetch node.exe', () => fetchWindowsFile('node', dataFolder, signal));
    if (known === undefined) {
        undo.push('what runs in the prefix', () => stopWine(layout, programs));
        undo.push('the SSH server', () => stopSshServer(layout));
    }
    await step('start Wine', () => warmWine(layout, programs, signal));
    const port = await step('start the SSH server', () => ensureSshServer(layout, programs, known?.ssh.port, signal));
    const description = {
        target: 1,
        kind: 'wine',
        name,
        root: ROOT,
        ssh: { host: '127.0.0.1', port, user: userInfo().username, keyFile: layout.keyFile, hostKey },
    };
    const connection = await step('connect', () => connectMachine(dataFolder, description, signal));
    try {
        await install(preparation, connection, node, step);
        const facts = await step('ask the target what it is', async () => readFacts(description, connection, await wineVersion(programs), signal));
        await saveTarget(dataFolder, description);
        undo.keep();
        return { description, facts };
    }
    finally {
        await connection.close();
    }
}
async function install({ agent, signal, progress }, connection, node, step) {
    const paths = machinePaths({ root: ROOT });
    const options = { signal, progress };
    await step('install node.exe', async () => {
        await copySet(connection.files, paths.nodeFolder, [{ name: 'node.exe', source: node }], options);
        await proveNode(connection, paths.node, signal);
    });
    if (agent === undefined)
        return;
    await step('install the agent', () => copySet(connection.files, paths.agentFolder, agent, options));
}
/** Wine may be too old for this Node, and says so in ways that only a run shows. */
async function proveNode(connection, node, signal) {
    const result = await connection.exec(`"${node}" --version`, { signal });
    if (result.code === 0 && result.stdout.startsWith('v'))
        return;
    throw new LabError('target.prepare-failed', {
        problem: `node.exe does not run under this Wine (code ${result.code ?? 'none'}).`,
        remedy: 'Use Wine 8 or later, in its 64-bit form.',
        detail: result.stderr.slice(-2_000),
    });
}
/** Host key of the server and key of the lab; returns the fingerprint of the former. */
async function ensureKeys(layout, name) {
    const { server } = layout;
    for (const folder of [layout.folder, layout.home, server.folder]) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await chmod(folder, 0o700);
    }
    const ours = await ensureKey(path.join(layout.folder, layout.keyFile), `fltlab ${name}`);
    // `restrict` takes away all that sshd may allow; what a lab needs is given back.
    await writeFileIfChanged(server.authorizedKeys, `restrict,pty,port-forwarding ${ours}\n`);
    return fingerprintOfPublicKey(await ensureKey(server.hostKey, `fltlab host ${name}`));
}
/** Returns the public key. The private one is written last: where it is, both are. */
async function ensureKey(file, comment) {
    if ((await readTextIfThere(file)) !== undefined) {
        const known = await readTextIfThere(`${file}.pub`);
        if (known !== undefined)
            return known.trim();
    }
    const pair = createKeyPair(comment);
    await writeFileAtomic(`${file}.pub`, `${pair.publicKey}\n`, 0o600);
    await writeFileAtomic(file, pair.privateKey, 0o600);
    return (await readFile(`${file}.pub`, 'utf8')).trim();
}
/** Runs a step under its name: told before, and named in what goes wrong. */
function steps({ name, progress }, signal) {
    return async (step, work) => {
        throwIfCancelled(signal, `preparing the target "${name}"`);
        progress?.({ step });
        try {
            return await work();
        }
        catch (cause) {
            if (isLabError(cause) && cause.code === 'run.cancelled')
                throw cause;
            const { message } = cause;
            throw new LabError('target.prepare-failed', {
                problem: `Preparing "${name}" failed at the step "${step}": ${isLabError(cause) ? cause.problem : `${message}.`}`,
                remedy: isLabError(cause)
                    ? cause.remedy
                    : 'Mend that, and repeat; what was prepared before it is kept.',
                ...(isLabError(cause) && cause.detail !== undefined ? { detail: cause.detail } : {}),
                cause,
            });
        }
    };
}
