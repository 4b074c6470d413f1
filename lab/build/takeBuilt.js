// A driver that somebody else's toolchain built: checked, and copied to where the lab signs it, so that
// the file it came from is never touched.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { IMAGE_SUBSYSTEM_NATIVE, parsePe } from './pe.ts';
import { sha256 } from './record.ts';
/** Errors: `file.unreadable`; `build.not-a-pe`, also for a PE that is no driver. */
export async function takeBuilt(request) {
    const file = resolve(request.sys);
    const bytes = await readFile(file).catch((cause) => {
        throw new LabError('file.unreadable', {
            problem: `${file} cannot be read: ${cause.message}.`,
            remedy: 'Name the .sys that your build made.',
            cause,
        });
    });
    const { subsystem } = parsePe(bytes, file);
    if (subsystem !== IMAGE_SUBSYSTEM_NATIVE) {
        throw new LabError('build.not-a-pe', {
            problem: `${file} is a program (subsystem ${subsystem}), not a driver (subsystem native, 1).`,
            remedy: 'Name the .sys that your build made.',
        });
    }
    const folder = join(request.dataFolder, 'build', `taken-${sha256(file).slice(0, 8)}`);
    const sysPath = join(folder, `${request.driver}.sys`);
    await mkdir(folder, { recursive: true });
    await writeFile(sysPath, bytes);
    return { sysPath };
}
