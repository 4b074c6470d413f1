// What the modules of the kernel export, from exports/*.txt: the import libraries are made from it,
// and the checks before a deployment read there since when a target can have a name.
import { readFileSync } from 'node:fs';
import { assert } from '../../contract/assert.ts';
import { assetPath } from '../assets.ts';
import { isRelease } from './releases.ts';
/** Module as an import table spells it, and its list. The order is that of linking. */
export const kernelModules = {
    'FLTMGR.SYS': 'lab/build/exports/fltmgr.txt',
    'ntoskrnl.exe': 'lab/build/exports/ntoskrnl.txt',
    'HAL.dll': 'lab/build/exports/hal.txt',
};
/** Names with their first release, in the order of the file. Our own file: a mistake is our bug. */
export function parseExports(text) {
    return text
        .split('\n')
        .map((line) => line.replace(/#.*/, '').trim())
        .filter((line) => line !== '')
        .map(parseLine);
}
function parseLine(line) {
    const [name, ...rest] = line.split(/\s+/);
    assert(name !== undefined && /^[A-Za-z_]\w*$/.test(name), `an exported name: "${line}"`);
    const data = rest[0] === 'DATA';
    const [word, ...more] = data ? rest.slice(1) : rest;
    assert(more.length === 0, `name, DATA, release and nothing else: "${line}"`);
    if (word === undefined)
        return { name, data, sinceIsCertain: true };
    const since = word.replace(/\?$/, '');
    assert(isRelease(since), `a release of releases.ts: "${line}"`);
    return { name, data, since, sinceIsCertain: since === word };
}
export const exportsText = (module) => readFileSync(assetPath(kernelModules[module]), 'utf8');
const loaded = new Map();
/** The exports of a module by name. Read once a process. */
export function exportsOf(module) {
    const known = loaded.get(module) ??
        new Map(parseExports(exportsText(module)).map((each) => [each.name, each]));
    loaded.set(module, known);
    return known;
}
/** The text of a module-definition file, from which a linker makes an import library. */
export const definitionFile = (module, names) => [
    `LIBRARY "${module}"`,
    'EXPORTS',
    ...names.map(({ name, data }) => `  ${name}${data ? ' DATA' : ''}`),
    '',
].join('\r\n');
