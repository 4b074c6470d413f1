// The files of a sample as the compiler's file system wants them. That one tells letters apart by
// case, knows "/" only and ignores "..", where MSVC on Windows does none of it.
import { posix } from 'node:path';
export function normalizePath(path) {
    return posix.normalize(path.replaceAll('\\', '/')).replace(/^(?:\.?\/)+/, '');
}
const INCLUDE = /^(\s*#\s*include\s*)(?:"([^"\n]+)"|<([^>\n]+)>)/gm;
/** Respells each #include that Windows would find and the compiler would not. No line moves. */
export function respellIncludes(file, space) {
    const resolve = createResolver(file.path, space);
    return file.text.replace(INCLUDE, (whole, head, quoted, angled) => {
        const spelled = quoted ?? angled ?? '';
        const better = resolve(spelled, quoted !== undefined);
        return better === undefined ? whole : `${head}${better}`;
    });
}
function createResolver(from, space) {
    const sample = byLowerCase(space.sample);
    const wdk = byLowerCase(space.wdk);
    const folder = posix.dirname(from);
    const folders = [folder, '.', ...new Set(space.sample.map((path) => posix.dirname(path)))];
    return (spelled, quoted) => {
        const slashed = spelled.replaceAll('\\', '/');
        const ours = wdk.get(slashed.toLowerCase());
        if (!quoted && ours !== undefined)
            return ours === spelled ? undefined : `<${ours}>`;
        for (const where of folders) {
            const path = sample.get(normalizePath(posix.join(where, slashed)).toLowerCase());
            if (path === undefined)
                continue;
            const plain = where === folder && path === posix.join(folder, spelled);
            return plain && quoted && !spelled.includes('..') ? undefined : `"/${path}"`;
        }
        return ours === undefined || ours === spelled ? undefined : `<${ours}>`;
    };
}
const byLowerCase = (paths) => new Map(paths.map((path) => [path.toLowerCase(), path]));
export function toTree(files) {
    const root = {};
    for (const [path, content] of files) {
        const parts = path.split('/');
        const name = parts.pop() ?? '';
        let folder = root;
        for (const part of parts) {
            const inner = folder[part];
            folder = folder[part] =
                typeof inner === 'object' && !(inner instanceof Uint8Array) ? inner : {};
        }
        folder[name] = content;
    }
    return root;
}
