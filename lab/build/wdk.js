// The toolchain of Windows itself: MSBuild with the WDK, of a Visual Studio or an EWDK. It builds the
// sample's own project, so that what is tested is what its author builds.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { runProgram } from '../process/index.ts';
import { formatDiagnostic } from './diagnostics.ts';
import { compilerVariable, findKits, msBuildCommand, parseMsvc, thisWindows, } from './msvc.ts';
import { sha256 } from './record.ts';
const BUILD_LIMIT_MS = 600_000;
const missing = {
    part: 'Windows Driver Kit',
    need: 'building drivers with MSBuild',
    install: 'Install Visual Studio with the WDK, or mount an EWDK and name its drive in FLTLAB_EWDK.',
};
export function wdk({ surroundings = thisWindows, run = runProgram } = {}) {
    return {
        name: 'wdk',
        probe: async (signal) => {
            const kits = await findKits(surroundings(signal));
            const [best] = kits;
            return {
                available: best !== undefined,
                version: best === undefined ? '' : `WDK ${best.kit} (${best.kind})`,
                found: kits.map(({ kind, kit, msBuild }) => {
                    return { part: `WDK of ${kind}`, path: msBuild, version: kit };
                }),
                missing: best === undefined ? [missing] : [],
            };
        },
        build: async (input, signal, progress) => {
            const [kit] = await findKits(surroundings(signal));
            if (kit === undefined) {
                throw new LabError('build.toolchain-missing', {
                    problem: 'No Windows Driver Kit was found on this machine.',
                    remedy: missing.install,
                });
            }
            return build(kit, input, { signal, progress, run });
        },
    };
}
async function build(kit, input, { signal, progress, run }) {
    const { name, folder, outFolder, configuration, architecture, defines } = input;
    await mkdir(outFolder, { recursive: true });
    progress(`Building ${name}.sys with the WDK ${kit.kit}.`);
    const project = join(folder, `${name}.vcxproj`);
    const command = msBuildCommand(kit, { project, configuration, architecture, outFolder });
    const [program = 'msbuild.exe', ...args] = command;
    const result = await run(program, args, {
        cwd: folder,
        env: { ...process.env, CL: compilerVariable(defines) },
        signal,
        timeout_ms: BUILD_LIMIT_MS,
    });
    if (result.kind === 'not-found')
        throw notStarted(result.program);
    const diagnostics = parseMsvc(result.stdout, folder);
    if (result.kind !== 'exited' || result.code !== 0)
        throw failed(name, result, diagnostics);
    const sysPath = join(outFolder, `${name}.sys`);
    return {
        sysPath,
        pdbPath: join(outFolder, `${name}.pdb`),
        diagnostics,
        commands: [command],
        cached: false,
        sha256: sha256(await readFile(sysPath)),
    };
}
const notStarted = (program) => new LabError('build.toolchain-missing', {
    problem: `${program} does not start.`,
    remedy: missing.install,
});
function failed(name, result, diagnostics) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const linker = errors.length > 0 && errors.every(({ flag }) => flag?.startsWith('LNK') === true);
    const told = errors.map(formatDiagnostic).join('\n');
    return new LabError(linker ? 'build.link-failed' : 'build.compile-failed', {
        problem: `${name}.sys could not be built: ${errors.length} error${errors.length === 1 ? '' : 's'}.`,
        remedy: 'Mend what is told beneath, and build again.',
        detail: told === '' ? `${result.stdout}\n${result.stderr}`.trim().slice(-4_000) : told,
    });
}
