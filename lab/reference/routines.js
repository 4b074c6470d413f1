// Every routine that a driver may call: its prototype from our headers, what the simulator does with it,
// the IRQL it may be called at, and the rules that speak of it.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { exportTables, windowsModules } from '../../simulator/driver/index.ts';
import { rules } from '../../simulator/rules/ruleBook.ts';
import { assetPath } from '../assets.ts';
import { readPrototypes, readWords } from './prototypes.ts';
const irqlNames = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL'];
const supportNames = { full: 'yes', partial: 'in part', none: 'no' };
const releaseNames = {
    '5.1': 'XP',
    '5.2': 'Server 2003',
    '6.0': 'Vista',
    '6.1': '7',
    '6.3': '8.1',
    '10.0': '10',
};
let read = null;
/** Read once: the headers are part of the product. */
export function reference() {
    read ??= readReference();
    return read;
}
async function readReference() {
    const folder = assetPath('simulator/include');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const headers = entries
        .filter((entry) => entry.isFile() && entry.name.endsWith('.h'))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
    const prototypes = new Map();
    const words = new Map();
    for (const file of headers) {
        const text = await readFile(file, 'utf8');
        const header = relative(folder, file).split(sep).join('/');
        for (const one of readPrototypes(text, header))
            prototypes.set(one.name, one);
        for (const one of readWords(text))
            words.set(one.name, one);
    }
    const mentions = ruleMentions();
    const routines = [...prototypes.values()].map((one) => routineOf(one, mentions));
    for (const { name } of routines)
        words.delete(name);
    return { routines: routines.sort(byName), words: [...words.values()].sort(byName) };
}
const byName = (a, b) => (a.name < b.name ? -1 : 1);
function routineOf(prototype, mentions) {
    const { name } = prototype;
    const module = windowsModules.find((one) => name in exportTables[one]) ?? '';
    const binding = module === '' ? undefined : exportTables[module][name];
    return {
        ...prototype,
        module,
        modelled: binding === undefined ? null : supportNames[binding.support],
        note: binding?.note ?? null,
        irql: binding === undefined || binding.support === 'none'
            ? null
            : (irqlNames[binding.irql] ?? null),
        since: releaseOf(binding?.since ?? null),
        rules: mentions.get(name) ?? [],
    };
}
const releaseOf = (since) => since === null ? null : (releaseNames[since] ?? since);
/** By each name that looks like a routine in the text of a rule. */
function ruleMentions() {
    const found = new Map();
    for (const { id, title, text, table = [] } of rules) {
        const all = [title, text, ...table.flat()].join(' ');
        for (const name of new Set(all.match(/\b[A-Z][a-z]\w+\b/g) ?? [])) {
            found.set(name, [...(found.get(name) ?? []), { id, title }]);
        }
    }
    return found;
}
