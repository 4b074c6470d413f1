// Where the files lie that the product reads at run time: headers, runtime sources, samples. The same
// in the source tree, in the built command line and in a packaged application.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '../contract/assert.ts';
let root;
/** Absolute path of a file or folder of the product, named from its root with "/". */
export function assetPath(name) {
    root ??= findRoot(dirname(fileURLToPath(import.meta.url)));
    return join(root, ...name.split('/'));
}
function findRoot(from) {
    for (let folder = from;; folder = dirname(folder)) {
        const manifest = join(folder, 'package.json');
        if (existsSync(manifest)) {
            const { name } = JSON.parse(readFileSync(manifest, 'utf8'));
            if (name === 'fltlab')
                return folder;
        }
        assert(dirname(folder) !== folder, 'the files of the product lie under a folder of its own');
    }
}
