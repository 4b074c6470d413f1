// The Wine prefix of a target: a 64-bit Windows 10 that keeps to its own folder.
import { lstat, mkdir, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { isMissing, readTextIfThere } from '../../data/atomicFile.ts';
import { throwIfCancelled, withLimit } from '../../data/cancellation.ts';
import { runProgram } from '../../process/index.ts';
import { startInBackground } from '../../process/background.ts';
import { wineEnvironment, wineUser } from './environment.ts';
import { endProcesses, processesInPrefix } from '../../process/processTable.ts';
/** Wine has been seen to wait for ever on a display or a service; a healthy one needs seconds. */
const STEP_LIMIT_MS = 4 * 60_000;
/** For what needs no time at all; of a stop, what remains then is ended one by one. */
const SHORT_LIMIT_MS = 15_000;
/**
 * Makes the prefix if it is not there. It appears under its name when it is complete; what a killed
 * lab left unfinished is thrown away and made anew.
 */
export async function ensurePrefix(layout, programs, signal) {
    if (await isFolder(layout.driveC))
        return;
    const unfinished = { home: layout.home, prefix: `${layout.prefix}.unfinished` };
    await discardPrefix(unfinished, programs);
    await mkdir(layout.home, { recursive: true, mode: 0o700 });
    try {
        await wine(unfinished, programs, ['wineboot', '-i'], signal);
        await wine(unfinished, programs, ['winecfg', '-v', 'win10'], signal);
        // Its registry is in memory until wineserver ends.
        await stopWine(unfinished, programs);
        await keepInside(unfinished.prefix);
        await rename(unfinished.prefix, layout.prefix);
    }
    finally {
        await discardPrefix(unfinished, programs);
    }
}
/** Stops what runs in the prefix, and removes it with what its wineserver keeps in /tmp. */
export async function discardPrefix(place, programs) {
    await stopWine(place, programs);
    const socketFolder = await wineserverFolder(place.prefix);
    if (socketFolder !== undefined)
        await rm(socketFolder, { recursive: true, force: true });
    await rm(place.prefix, { recursive: true, force: true });
}
/**
 * The folder of wineserver's socket and lock. Debian's Wine notes its name in the prefix; others
 * derive it from device and inode of the prefix, as server/request.c of Wine does.
 */
async function wineserverFolder(prefix) {
    const noted = (await readTextIfThere(path.join(prefix, 'wineserver')))?.trim();
    if (noted !== undefined)
        return /^wine-\w{6}$/.test(noted) ? `/tmp/${noted}` : undefined;
    if (!(await isFolder(prefix)))
        return undefined;
    const { dev, ino } = await stat(prefix, { bigint: true });
    const server = `server-${dev.toString(16)}-${ino.toString(16)}`;
    return `/tmp/.wine-${userInfo().uid}/${server}`;
}
/**
 * Wine shows the whole disk as Z:, and the user's own Documents, Desktop … in C:\users. A driver
 * under test and its workload have no business there.
 */
async function keepInside(prefix) {
    const drives = path.join(prefix, 'dosdevices');
    for (const name of await readdir(drives)) {
        if (name !== 'c:')
            await unlink(path.join(drives, name));
    }
    const home = path.join(prefix, 'drive_c', 'users', wineUser());
    for (const name of await readdir(home)) {
        const entry = path.join(home, name);
        if (!(await lstat(entry)).isSymbolicLink())
            continue;
        await unlink(entry);
        await mkdir(entry);
    }
}
/**
 * Starts Wine, to stay until `stopWine`. A first command boots it, with its services; started by a
 * session, those would keep that session's streams. The caller holds the lock of the target.
 */
export async function warmWine(place, programs, signal) {
    const environment = wineEnvironment(place);
    const limit = withLimit(signal, STEP_LIMIT_MS, () => bootFailed('did not end in time'));
    try {
        // Its exit code says only whether it ran already, persistent or not.
        await ended(startInBackground(programs.wineserver, ['-p'], environment), limit.signal);
        const command = startInBackground(programs.wine, ['cmd', '/c', 'exit'], environment);
        const how = await ended(command, limit.signal);
        if (how !== 'code 0')
            throw bootFailed(`ended with ${how}`);
    }
    finally {
        limit.done();
    }
}
async function ended(program, signal) {
    throwIfCancelled(signal, 'starting Wine');
    const abort = () => program.kill();
    signal.addEventListener('abort', abort);
    try {
        const how = await program.end;
        throwIfCancelled(signal, 'starting Wine');
        return how;
    }
    finally {
        signal.removeEventListener('abort', abort);
    }
}
const bootFailed = (how) => new LabError('target.prepare-failed', {
    problem: `Wine could not be started: its first command ${how}.`,
    remedy: 'Check that the disk is not full and that `wine --version` works, then repeat.',
});
/** Ends everything that runs in the prefix, and waits for it. Safe to repeat, and without Wine. */
export async function stopWine(place, programs) {
    if (!(await isFolder(place.prefix)))
        return;
    if (programs !== undefined) {
        const options = {
            env: wineEnvironment(place),
            signal: new AbortController().signal,
            timeout_ms: SHORT_LIMIT_MS,
        };
        await runProgram(programs.wineserver, ['-k'], options);
        await runProgram(programs.wineserver, ['-w'], options);
    }
    await endProcesses(() => processesInPrefix(place.prefix));
}
/** "8.0", from `wine --version`. */
export async function wineVersion(programs) {
    const result = await runProgram(programs.wine, ['--version'], {
        // Without it Debian's script advises on 32-bit packages that nobody here needs.
        env: { PATH: '/usr/bin:/bin', WINEDEBUG: '-all' },
        signal: new AbortController().signal,
        timeout_ms: SHORT_LIMIT_MS,
    });
    if (result.kind !== 'exited')
        return undefined;
    return /wine-(\S+)/.exec(result.stdout)?.[1];
}
async function wine(place, programs, args, signal) {
    const result = await runProgram(programs.wine, args, {
        env: wineEnvironment(place),
        cwd: '/',
        signal,
        timeout_ms: STEP_LIMIT_MS,
    });
    if (result.kind === 'exited' && result.code === 0)
        return;
    throw new LabError('target.prepare-failed', {
        problem: `\`wine ${args.join(' ')}\` ${howItEnded(result)}.`,
        remedy: 'Check that the disk is not full and that `wine --version` works, then repeat.',
        ...('stderr' in result ? { detail: result.stderr.slice(-2_000) } : {}),
    });
}
function howItEnded(result) {
    switch (result.kind) {
        case 'exited':
            return `ended with code ${result.code}`;
        case 'killed':
            return `was ended by ${result.by}`;
        case 'timed-out':
            return `did not end within ${result.timeout_ms / 60_000} minutes`;
        case 'not-found':
            return 'could not be started';
    }
}
async function isFolder(folder) {
    try {
        return (await lstat(folder)).isDirectory();
    }
    catch (error) {
        if (isMissing(error))
            return false;
        throw error;
    }
}
