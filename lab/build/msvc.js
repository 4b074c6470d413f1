// MSBuild with the WDK, of a Visual Studio or of an EWDK, on a Windows machine: where they are, how they
// are called, and what they say, in the problems list that clang's go into too.
import { readdir, stat } from 'node:fs/promises';
import { win32 } from 'node:path';
import { runProgram } from '../process/index.ts';
import { withinFolder } from './diagnostics.ts';
/**
 * One line of cl.exe, link.exe or MSBuild: "C:\\d\\a.c(12,5): error C2065: 'x': undeclared [p.vcxproj]",
 * "LINK : fatal error LNK1104: …", "a.obj : error LNK2019: unresolved external symbol …", "warning MSB8…".
 */
const LINE = /^\s*(?:\d+>)?(?:(?<file>[^()]+?)(?:\((?<line>\d+)(?:,(?<column>\d+))?(?:,\d+,\d+)?\))?\s*:\s+)?(?<kind>fatal error|error|warning|note|message)\s*(?<code>[A-Z]{1,6}\d{3,5})?\s*:\s+(?<text>.*?)(?:\s+\[(?<project>[^\]]+)\])?\s*$/;
/** In the order of the output, each once: MSBuild repeats them in its summary. */
export function parseMsvc(output, folder) {
    const seen = new Set();
    return output.split(/\r?\n/).flatMap((row) => {
        const groups = LINE.exec(row)?.groups;
        if (groups === undefined || groups['text'] === undefined)
            return [];
        const line = groups['line'] === undefined ? undefined : Number(groups['line']);
        const column = groups['column'] === undefined ? undefined : Number(groups['column']);
        const file = line === undefined ? undefined : shown(groups['file'] ?? '', folder);
        const diagnostic = {
            ...(file === undefined ? {} : { file }),
            ...(line === undefined ? {} : { line }),
            ...(column === undefined ? {} : { column }),
            severity: severityOf(groups['kind'] ?? ''),
            message: groups['text'],
            ...(groups['code'] === undefined ? {} : { flag: groups['code'] }),
        };
        const key = JSON.stringify(diagnostic);
        if (seen.has(key))
            return [];
        seen.add(key);
        return [diagnostic];
    });
}
/** A path of Windows, also when this is not one: relative to the sample with "/". */
function shown(file, folder) {
    const path = win32.isAbsolute(folder) ? win32.relative(folder, file) : file;
    const inside = !path.startsWith('..') && !win32.isAbsolute(path);
    return inside ? path.replaceAll('\\', '/') : withinFolder(file, folder);
}
const severityOf = (kind) => kind === 'warning' ? 'warning' : kind === 'note' || kind === 'message' ? 'note' : 'error';
/** MSBuild's own escapes: a semicolon would begin another property. */
const escaped = (text) => text.replace(/[%;]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
/** A path that ends in a backslash would swallow the quote behind it: it is doubled. */
const folderProperty = (folder) => `${escaped(folder.replace(/\\+$/, ''))}\\\\`;
export function msBuildArguments(input) {
    const { project, configuration, architecture, outFolder } = input;
    return [
        project,
        '/nologo',
        '/verbosity:minimal',
        '/maxcpucount',
        `/property:Configuration=${configuration === 'debug' ? 'Debug' : 'Release'}`,
        `/property:Platform=${architecture}`,
        `/property:OutDir=${folderProperty(outFolder)}`,
        `/property:IntDir=${folderProperty(win32.join(outFolder, 'objects'))}`,
        // The lab signs by itself, with its own certificate.
        '/property:SignMode=Off',
    ];
}
/**
 * What cl.exe puts before its own options: the defines of a variant, so that no project need know of the
 * lab. In the variable CL a "#" stands for "=".
 */
export const compilerVariable = (defines) => defines.map((one) => `/D${one.replace('=', '#')}`).join(' ');
const installer = 'C:\\Program Files (x86)\\Microsoft Visual Studio\\Installer\\vswhere.exe';
const kitRoots = [
    'C:\\Program Files (x86)\\Windows Kits\\10',
    'C:\\Program Files\\Windows Kits\\10',
];
/** Looks where installers put them, and where the variable FLTLAB_EWDK says. Newest kit first. */
export async function findKits(surroundings) {
    const found = [];
    const ewdk = surroundings.env['FLTLAB_EWDK'];
    if (ewdk !== undefined) {
        const environment = win32.join(ewdk, 'BuildEnv', 'SetupBuildEnv.cmd');
        for (const kit of await kitsIn(surroundings, win32.join(ewdk, 'Program Files', 'Windows Kits', '10'))) {
            if (await surroundings.exists(environment)) {
                found.push({ kind: 'ewdk', msBuild: 'msbuild.exe', kit, environment });
            }
        }
    }
    const query = ['-latest', '-products', '*', '-requires', 'Microsoft.Component.MSBuild'];
    const where = ['-find', 'MSBuild\\**\\Bin\\MSBuild.exe', '-utf8'];
    const result = await surroundings.run(installer, [...query, ...where]);
    const msBuild = result.kind === 'exited' ? result.stdout.split(/\r?\n/)[0]?.trim() : undefined;
    if (msBuild !== undefined && msBuild !== '') {
        for (const root of kitRoots) {
            for (const kit of await kitsIn(surroundings, root)) {
                found.push({ kind: 'visual-studio', msBuild, kit });
            }
        }
    }
    return found;
}
/** Versions whose headers for drivers are there: an SDK alone has none. */
async function kitsIn(surroundings, root) {
    const include = win32.join(root, 'Include');
    const versions = (await surroundings.names(include)).filter((name) => /^10\.\d+\.\d+\.\d+$/.test(name));
    const complete = [];
    for (const version of versions) {
        const header = win32.join(include, version, 'km', 'fltKernel.h');
        if (await surroundings.exists(header))
            complete.push(version);
    }
    const build = (version) => Number(version.split('.')[2]);
    return complete.sort((left, right) => build(right) - build(left));
}
export const thisWindows = (signal) => ({
    run: (program, args) => runProgram(program, args, { signal, timeout_ms: 30_000 }),
    exists: (file) => stat(file).then(() => true, () => false),
    names: (folder) => readdir(folder).catch(() => []),
    env: process.env,
});
/** The program and arguments for cmd.exe, since an EWDK's variables come from a script. */
export function msBuildCommand(kit, input) {
    const args = msBuildArguments(input);
    if (kit.environment === undefined)
        return [kit.msBuild, ...args];
    const line = [kit.msBuild, ...args]
        .map((one) => (/[\s&]/.test(one) ? `"${one}"` : one))
        .join(' ');
    return ['cmd.exe', '/d', '/s', '/c', `"call "${kit.environment}" >nul && ${line}"`];
}
