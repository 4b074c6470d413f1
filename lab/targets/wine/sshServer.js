// The OpenSSH server of a Wine target: started when first needed, found again by every later lab, and
// independent of the lab that started it.
import { once } from 'node:events';
import { mkdir, rm, truncate } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from '../../../contract/errors/labError.ts';
import { isMissing, readTextIfThere, writeFileIfChanged } from '../../data/atomicFile.ts';
import { throwIfCancelled } from '../../data/cancellation.ts';
import { startInBackground } from '../../process/background.ts';
import { descendantsOf, endProcesses, listProcesses } from '../../process/processTable.ts';
import { sessionScript } from './sessionScript.ts';
import { sftpProgram } from './sftpProgram.ts';
import { sshdConfig } from './sshdConfig.ts';
/** sshd run by root needs it and says so; distributions make it at boot, containers do not. */
const PRIVILEGE_SEPARATION_FOLDER = '/run/sshd';
const START_LIMIT_MS = 10_000;
/** Below the range from which systems take the ports of outgoing connections. */
const PORTS = { first: 20_000, count: 10_000 };
/**
 * Makes sure that the server runs and returns its port: `preferredPort`, unless another program
 * has taken that meanwhile. The caller holds the lock of the target.
 */
export async function ensureSshServer(layout, programs, preferredPort, signal) {
    const { server } = layout;
    // Read anew by each session: a lab that was moved or updated takes over a server that runs.
    await writeFileIfChanged(server.session, sessionScript(layout, programs, sftpProgram()), 0o700);
    if ((await runningServer(layout)) !== undefined) {
        const config = await readTextIfThere(server.config);
        if (preferredPort !== undefined &&
            config === sshdConfig(layout, preferredPort) &&
            (await accepts(preferredPort)) // a process may be seen while it is on its way out
        ) {
            return preferredPort;
        }
        await stopSshServer(layout);
    }
    const port = preferredPort !== undefined && (await isFree(preferredPort))
        ? preferredPort
        : await chooseFreePort();
    await writeFileIfChanged(server.config, sshdConfig(layout, port));
    await startSshServer(layout, programs, signal);
    return port;
}
/** The process of this target's server; the number alone could by now be anybody's. */
export async function runningServer(layout) {
    const pid = Number((await readTextIfThere(layout.server.pidFile))?.trim());
    if (!Number.isInteger(pid) || pid <= 1)
        return undefined;
    const entry = (await listProcesses()).find((each) => each.pid === pid);
    return entry?.command.includes(layout.server.config) ? pid : undefined;
}
/** Ends the server and every session below it. Safe to repeat. */
export async function stopSshServer(layout) {
    const pid = await runningServer(layout);
    if (pid !== undefined) {
        // Before the listener goes, for its sessions would be nobody's children then.
        const doomed = new Set([pid, ...descendantsOf(pid, await listProcesses())]);
        await endProcesses(async () => (await listProcesses()).map((each) => each.pid).filter((each) => doomed.has(each)));
    }
    await rm(layout.server.pidFile, { force: true });
}
async function startSshServer(layout, programs, signal) {
    const { server } = layout;
    if (process.getuid?.() === 0)
        await mkdir(PRIVILEGE_SEPARATION_FOLDER, { recursive: true });
    await rm(server.pidFile, { force: true });
    await truncate(server.log).catch((error) => {
        if (!isMissing(error))
            throw error;
    });
    const sshd = startInBackground(programs.sshd, ['-D', '-f', server.config, '-E', server.log], {
        PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    });
    const give_up_at = performance.now() + START_LIMIT_MS;
    // sshd writes the file once it listens.
    while ((await readTextIfThere(server.pidFile)) === undefined) {
        if (sshd.ended() !== undefined || performance.now() > give_up_at) {
            sshd.kill();
            throw await startFailed(layout, sshd.ended() ?? 'no answer in time');
        }
        if (signal.aborted)
            sshd.kill();
        throwIfCancelled(signal, 'starting the SSH server of the target');
        await pause(10);
    }
}
async function startFailed(layout, how) {
    const log = (await readTextIfThere(layout.server.log)) ?? '';
    return new LabError('target.prepare-failed', {
        problem: `The SSH server of the target did not start (${how}).`,
        remedy: 'Read what it said, mend it, and repeat; nothing of it runs now.',
        detail: log.trim().split('\n').slice(-10).join('\n'),
    });
}
async function chooseFreePort() {
    for (let attempt = 0; attempt < 100; attempt += 1) {
        const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
        if (await isFree(port))
            return port;
    }
    throw new LabError('target.prepare-failed', {
        problem: `No free port between ${PORTS.first} and ${PORTS.first + PORTS.count} was found.`,
        remedy: 'End programs that listen on the loopback, and repeat.',
    });
}
async function accepts(port) {
    const probe = connect({ host: '127.0.0.1', port });
    const answer = once(probe, 'connect').then(() => true, () => false);
    return answer.finally(() => probe.destroy());
}
async function isFree(port) {
    const probe = createServer();
    const listening = once(probe, 'listening').then(() => true, () => false);
    probe.listen(port, '127.0.0.1');
    const free = await listening;
    if (free)
        await new Promise((resolve) => probe.close(resolve));
    return free;
}
