// Windows finds "FltKernel.h" in a file called fltkernel.h; a case-sensitive file system does not.
// clang can be given a virtual view of folders in which case is of no matter.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../data/atomicFile.ts';
/** An overlay file for clang's -ivfsoverlay (YAML; JSON is YAML) over the files of the folders. */
export async function caseInsensitiveView(folders) {
    const roots = await Promise.all(folders.map(viewOf));
    return `${JSON.stringify({
        version: 0,
        'case-sensitive': false,
        // Diagnostics and dependencies name the real files.
        'use-external-names': true,
        roots: roots.filter((root) => root.contents.length > 0),
    }, undefined, 1)}\n`;
}
async function viewOf(folder) {
    const names = await filesIn(folder);
    const contents = names.map((name) => ({
        type: 'file',
        name,
        'external-contents': join(folder, name),
    }));
    return { type: 'directory', name: folder, contents };
}
// Ordinal order: the same folder gives the same bytes on every machine. Of two names that differ in
// case only, clang keeps the first.
async function filesIn(folder) {
    try {
        const entries = await readdir(folder, { withFileTypes: true });
        const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
        return files.sort((a, b) => (a < b ? -1 : 1));
    }
    catch (error) {
        if (isMissing(error))
            return [];
        throw error;
    }
}
