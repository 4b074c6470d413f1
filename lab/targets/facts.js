// What a machine is, and what it can show: read from the machine on every connect.
import { LabError } from '../../contract/errors/labError.ts';
import { parseInstances } from '../deploy/filters.ts';
import { parseWindowsAnswer, windowsFactsCommand } from './windows/facts.ts';
const lacks = (because, ...names) => names.map((capability) => ({ capability, because }));
/** What each kind of machine can show. Whatever is in neither list of a kind is not known of it. */
export const abilities = {
    wine: {
        has: ['user-mode-io', 'load-driver'],
        lacks: [
            ...lacks('Wine loads a driver and runs DriverEntry, FltRegisterFilter and FltStartFiltering, but ' +
                'never calls the callbacks of a filter', 'kernel-filters'),
            ...lacks('Wine has no stack of file-system drivers that fast I/O could enter', 'fast-io'),
            ...lacks('Wine has no Driver Verifier', 'verifier'),
            ...lacks('a Wine prefix has no snapshots; the lab takes back its own changes', 'revert'),
            ...lacks('Wine has no kernel that a debugger could attach to', 'kd'),
        ],
    },
    windows: {
        has: ['user-mode-io', 'load-driver', 'kernel-filters', 'fast-io'],
        lacks: lacks('not set up for this target', 'verifier', 'revert', 'kd'),
    },
};
/** The facts, and of a Windows machine the whole answer that they come from. */
export async function readMachine(description, connection, wineVersion, signal) {
    const windows = description.kind === 'windows' ? await askWindows(connection, signal) : undefined;
    const facts = windows === undefined
        ? await readFacts(description, connection, wineVersion, signal)
        : windowsFacts(description, windows);
    return { facts, windows };
}
/** One command; `wineVersion` is known only on the machine that Wine runs on. */
export async function readFacts(description, connection, wineVersion, signal) {
    const answer = await askShell(description.kind, connection, signal);
    const found = parseVer(answer.stdout);
    if (found === undefined) {
        throw new LabError('target.not-prepared', {
            problem: `The shell of "${description.name}" does not answer as cmd.exe does.`,
            remedy: 'Make cmd.exe the shell of its SSH server (the registry value DefaultShell).',
            detail: whatItSaid(answer),
        });
    }
    const { has, lacks: lacking } = abilities[description.kind];
    return {
        name: description.name,
        kind: description.kind,
        ...found,
        profile: profileOf(found.windowsVersion),
        ...(wineVersion === undefined ? {} : { wineVersion }),
        has: [...has],
        lacks: [...lacking],
    };
}
/** Silence is not believed at once: a cmd.exe started while Wine was still booting has been seen to say nothing. */
const ASKED_OF_WINE = 3;
async function askShell(kind, connection, signal) {
    for (let asked = 1;; asked += 1) {
        const answer = await connection.exec('ver & echo %PROCESSOR_ARCHITECTURE%', { signal });
        const silent = `${answer.stdout}${answer.stderr}`.trim() === '';
        if (!silent || kind !== 'wine' || asked === ASKED_OF_WINE)
            return answer;
    }
}
/** A shell that said nothing at all is told from one that said something else. */
const whatItSaid = ({ code, stdout, stderr }) => [`exit code ${code ?? 'none'}`, stdout.trim(), stderr.trim()]
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, 2_000);
/** Undefined where PowerShell does not answer: Windows of before 7, or a machine without it. */
export async function askWindows(connection, signal) {
    const { stdout } = await connection.exec(windowsFactsCommand, { signal });
    return parseWindowsAnswer(stdout);
}
export function windowsFacts({ name }, answer) {
    const { has, lacks: usual } = abilities.windows;
    const found = [
        ...(answer.verifierDrivers === null || answer.verifierDrivers === ''
            ? []
            : ['verifier']),
        ...(answer.debug ? ['kd'] : []),
    ];
    return {
        name,
        kind: 'windows',
        windowsVersion: answer.version,
        architecture: answer.architecture,
        profile: profileOf(answer.version, answer.product),
        windows: {
            edition: answer.edition,
            product: answer.product,
            secureBoot: answer.secureBoot === 1,
            testSigning: answer.testSigning,
            debug: answer.debug,
            memoryIntegrity: answer.memoryIntegrity,
            verifier: answer.verifierDrivers,
            elevated: answer.elevated,
            freeBytes: answer.freeBytes,
            filters: loadedFilters(answer.instances ?? ''),
        },
        has: [...has, ...found],
        lacks: usual.filter(({ capability }) => !found.includes(capability)),
    };
}
/** One row a filter, highest altitude first; of several altitudes its highest. */
function loadedFilters(instances) {
    const highest = new Map();
    for (const { filter, altitude } of parseInstances(instances)) {
        if (Number(altitude) > Number(highest.get(filter) ?? -1))
            highest.set(filter, altitude);
    }
    return [...highest]
        .map(([name, altitude]) => ({ name, altitude }))
        .sort((left, right) => Number(right.altitude) - Number(left.altitude));
}
/** "Microsoft Windows [Version 10.0.22631.4317]", in any language, and the line after it. */
export function parseVer(output) {
    const windowsVersion = /\b(\d+\.\d+\.\d+)(\.\d+)?\b/.exec(output)?.[1];
    const architecture = /^(AMD64|ARM64|x86|IA64)\s*$/m.exec(output)?.[1];
    if (windowsVersion === undefined || architecture === undefined)
        return undefined;
    return { windowsVersion, architecture };
}
// Client names, for `ver` does not tell a server from a client.
const profilesByVersion = [
    ['5.1', 'winxp'],
    ['5.2', 'win2003'],
    ['6.0', 'vista'],
    ['6.1', 'win7'],
    ['6.3', 'win81'],
];
const FIRST_BUILD_OF_WINDOWS_11 = 22_000;
/** `product` is the InstallationType of the registry, where it is known. */
export function profileOf(windowsVersion, product) {
    const [major = '', minor = '', build = ''] = windowsVersion.split('.');
    if (`${major}.${minor}` === '6.1' && product?.startsWith('Server'))
        return 'win2008r2';
    if (major === '10')
        return Number(build) >= FIRST_BUILD_OF_WINDOWS_11 ? 'win11' : 'win10';
    return profilesByVersion.find(([version]) => version === `${major}.${minor}`)?.[1] ?? null;
}
