// A sample and one of its variants to a .sys for x64 Windows: the face of this folder to the rest of
// the lab.
import { dirname, join } from 'node:path';
import { debianClang } from './debianClang.ts';
import { sha256 } from './record.ts';
import { versionDefines } from './releases.ts';
import { wdk } from './wdk.ts';
import { readTextIfThere } from '../data/atomicFile.ts';
import { checkInf } from './inf/checkInf.ts';
/** The toolchain of this machine: on Windows that of the author, elsewhere clang. */
export const defaultToolchain = (dataFolder, platform = process.platform) => platform === 'win32'
    ? wdk()
    : debianClang({ libraryFolder: join(dataFolder, 'build', 'import-libraries') });
/** Errors: those of `Toolchain.build`. */
export async function buildForWindows(request) {
    const { dataFolder, signal, progress } = request;
    const toolchain = request.toolchain ?? defaultToolchain(dataFolder);
    const built = await toolchain.build(buildInputOf(request), signal, progress);
    return { ...built, diagnostics: [...built.diagnostics, ...(await infProblems(request.sample))] };
}
/** Those of the sample's INF, in the same list as the compiler's. */
export async function infProblems({ folder, manifest, }) {
    if (manifest.inf === undefined)
        return [];
    const text = await readTextIfThere(join(folder, manifest.inf));
    return text === undefined ? [] : checkInf(text, manifest.inf, manifest);
}
export function buildInputOf(request) {
    const { sample, variant, dataFolder, configuration = 'debug', profile = 'win11' } = request;
    const { manifest, folder } = sample;
    const headers = manifest.includes.map((header) => dirname(header));
    return {
        name: manifest.driver,
        folder,
        sources: manifest.sources,
        defines: [...manifest.defines, ...variant.defines],
        includeFolders: [...new Set(headers)].sort(),
        architecture: 'x64',
        configuration,
        ntddi: versionDefines[profile].ntddi,
        // Two folders may hold a driver of the same name.
        outFolder: join(dataFolder, 'build', `${manifest.driver}-${sha256(folder).slice(0, 8)}`, `${variant.name}-${profile}-${configuration}`),
    };
}
