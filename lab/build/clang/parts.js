// The parts of the clang toolchain on this machine: two programs and two sets of headers.
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { findProgram, runProgram } from '../../process/index.ts';
/**
 * Before LLVM 19 (tried: 14, 16) a fault in the function that holds the __try is not caught: the
 * tables of the image cover calls only. A driver that probes a user's buffer would crash the
 * machine, so an older clang is refused as a whole.
 */
const versionOldest = 19;
/** Suffixes that are tried, newest first, then the name alone. */
const versionNewest = 30;
export const thisMachine = {
    find: findProgram,
    run: runProgram,
    exists: (path) => access(path).then(() => true, () => false),
    mingwIncludes: [
        '/usr/share/mingw-w64/include',
        '/usr/x86_64-w64-mingw32/include',
        '/usr/x86_64-w64-mingw32/sys-root/mingw/include',
        '/opt/homebrew/opt/mingw-w64/toolchain-x86_64/x86_64-w64-mingw32/include',
        '/usr/local/opt/mingw-w64/toolchain-x86_64/x86_64-w64-mingw32/include',
    ],
    wineFltKernels: [
        '/usr/include/wine/wine/windows/ddk/fltkernel.h',
        '/usr/include/wine/windows/ddk/fltkernel.h',
        '/usr/include/wine-development/wine/windows/ddk/fltkernel.h',
        '/opt/wine-stable/include/wine/windows/ddk/fltkernel.h',
        '/opt/wine-staging/include/wine/windows/ddk/fltkernel.h',
    ],
};
const needs = {
    clang: { need: 'It compiles the driver for Windows.', package: 'clang-19' },
    'lld-link': { need: 'It links the driver and makes import libraries.', package: 'lld-19' },
    'mingw-w64 headers': { need: 'They declare the kernel (ntifs.h).', package: 'mingw-w64-common' },
    'Wine headers': {
        need: 'They declare the Filter Manager (fltkernel.h).',
        package: 'libwine-dev',
    },
};
export async function searchParts(machine, signal) {
    const [clang, lld, mingwInclude, wineFltKernel] = await Promise.all([
        newestProgram(machine, 'clang', /clang version (\d+)(\.\d+)*/, signal),
        newestProgram(machine, 'lld-link', /LLD (\d+)(\.\d+)*/, signal),
        firstThere(machine, machine.mingwIncludes, join('ddk', 'ntifs.h')),
        firstThere(machine, machine.wineFltKernels),
    ]);
    const found = [
        clang.newest && { part: 'clang', ...clang.newest },
        lld.newest && { part: 'lld-link', ...lld.newest },
        mingwInclude === undefined ? undefined : { part: 'mingw-w64 headers', path: mingwInclude },
        wineFltKernel === undefined
            ? undefined
            : { part: 'Wine headers', path: dirname(wineFltKernel) },
    ];
    const missing = [
        clang.newest ? undefined : missingPart('clang', clang.tooOld),
        lld.newest ? undefined : missingPart('lld-link', lld.tooOld),
        mingwInclude === undefined ? missingPart('mingw-w64 headers') : undefined,
        wineFltKernel === undefined ? missingPart('Wine headers') : undefined,
    ];
    const probe = {
        available: missing.every((part) => part === undefined),
        version: versionText(clang, lld),
        found: found.filter((part) => part !== undefined),
        missing: missing.filter((part) => part !== undefined),
    };
    if (!clang.newest || !lld.newest || mingwInclude === undefined || wineFltKernel === undefined) {
        return { probe };
    }
    const clangInclude = await resourceInclude(machine, clang.newest, signal);
    const parts = { clang: clang.newest, lld: lld.newest, mingwInclude, wineFltKernel, clangInclude };
    return { parts, probe };
}
export async function requireParts(machine, signal) {
    const { parts, probe } = await searchParts(machine, signal);
    if (parts !== undefined)
        return parts;
    const { missing } = probe;
    const packages = missing.map((part) => part.package).filter((name) => name !== undefined);
    const described = missing.map(({ part, need }) => `${part} (${need.replace(/\.$/, '')})`);
    throw new LabError('build.toolchain-missing', {
        problem: `Building for Windows needs what is not on this machine: ${described.join('; ')}.`,
        remedy: `Install it, on Debian with: apt-get install ${packages.join(' ')}`,
        detail: missing.map(({ part, install }) => `${part}: ${install}`).join('\n'),
    });
}
function missingPart(part, tooOld) {
    const { need, package: name } = needs[part];
    const old = tooOld === undefined
        ? ''
        : ` ${tooOld.path} is version ${tooOld.version}; ${versionOldest} is the oldest that works.`;
    const install = `On Debian: apt-get install ${name}.${old}`;
    return { part, need, install, package: name };
}
/** clang-30 … clang-19, then clang: the first that exists and is new enough. */
async function newestProgram(machine, name, pattern, signal) {
    const suffixes = Array.from({ length: versionNewest - versionOldest + 1 }, (_, index) => `-${versionNewest - index}`);
    let tooOld;
    for (const suffix of [...suffixes, '']) {
        const path = await machine.find(name + suffix);
        if (path === undefined)
            continue;
        const result = await machine.run(path, ['--version'], { signal, timeout_ms: 20_000 });
        const match = result.kind === 'exited' ? pattern.exec(result.stdout + result.stderr) : null;
        if (match === null)
            continue;
        const program = { path, version: match[0].replace(/^\D+/, '') };
        if (Number(match[1]) >= versionOldest)
            return { newest: program };
        tooOld ??= program;
    }
    return tooOld === undefined ? {} : { tooOld };
}
async function firstThere(machine, places, within = '') {
    for (const place of places) {
        if (await machine.exists(within === '' ? place : join(place, within)))
            return place;
    }
    return undefined;
}
async function resourceInclude(machine, clang, signal) {
    const options = { signal, timeout_ms: 20_000 };
    const result = await machine.run(clang.path, ['-print-resource-dir'], options);
    const folder = result.kind === 'exited' ? result.stdout.trim() : '';
    return join(folder, 'include');
}
function versionText(clang, lld) {
    const say = (name, { newest, tooOld }) => `${name} ${newest?.version ?? (tooOld ? `${tooOld.version} (too old)` : 'missing')}`;
    return `${say('clang', clang)}, ${say('lld', lld)}`;
}
