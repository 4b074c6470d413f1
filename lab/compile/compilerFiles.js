// What the compiler brings along: our WDK headers and the sources of the runtime.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { assert } from '../../contract/assert.ts';
import { assetPath } from '../assets.ts';
import { RUNTIME_FOLDER, WDK_FOLDER } from './flags.ts';
import { hashOf } from './objectCache.ts';
import { toTree } from './sourceFiles.ts';
export async function readCompilerFiles(includeFolder, runtimeFolder) {
    const [wdk, runtime] = await Promise.all([
        readTexts(includeFolder, /\.h$/),
        readTexts(runtimeFolder, /\.[ch]$/),
    ]);
    const mounted = (folder, files) => files.map(([path, text]) => [`${folder}/${path}`, text]);
    return {
        tree: toTree([...mounted(WDK_FOLDER, wdk), ...mounted(RUNTIME_FOLDER, runtime)]),
        wdkNames: wdk.map(([path]) => path),
        runtimeUnits: runtime.map(([path]) => path).filter((path) => path.endsWith('.c')),
        variables: runtime.flatMap(([path, text]) => (path === 'variables.c' ? exportsOf(text) : [])),
        wdkHash: hashOf(wdk.flat()),
        runtimeHash: hashOf(runtime.flat()),
        compilerVersion: await readCompilerVersion(),
    };
}
async function readCompilerVersion() {
    const text = await readFile(assetPath('package.json'), 'utf8');
    const { dependencies } = JSON.parse(text);
    const version = dependencies?.['@yowasp/clang'];
    assert(version !== undefined, 'the product depends on the compiler');
    return version;
}
/** Sorted by path, so that the same files give the same hash everywhere. */
async function readTexts(folder, wanted) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries
        .filter((entry) => entry.isFile() && wanted.test(entry.name))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
    return Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')]));
}
const exportsOf = (text) => [...text.matchAll(/^EXPORT [^;]*?(\w+);$/gm)].map((match) => match[1] ?? '');
