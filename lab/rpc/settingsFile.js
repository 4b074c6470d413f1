// What the workbench asks to be remembered, in one small file of the data folder.
import { join } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
/** Layouts and drafts of a person; more would be something else. */
const TOTAL_MAX_characters = 8_000_000;
const fileOf = (dataFolder) => join(dataFolder, 'workbench.json');
let writing = Promise.resolve();
/** Nothing is worth failing for here: a damaged file is as good as none. */
export async function readSettings(dataFolder) {
    const text = await readTextIfThere(fileOf(dataFolder));
    if (text === undefined)
        return {};
    const parsed = parse(text);
    if (typeof parsed !== 'object' || parsed === null)
        return {};
    return Object.fromEntries(Object.entries(parsed).flatMap(([key, value]) => typeof value === 'string' ? [[key, value]] : []));
}
function parse(text) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        if (error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}
/** An empty value forgets the key. One write after the other: each reads what the last one wrote. */
export function writeSetting(dataFolder, key, value) {
    const write = async () => {
        const { [key]: _before, ...others } = await readSettings(dataFolder);
        const settings = value === '' ? others : { ...others, [key]: value };
        const text = JSON.stringify(settings);
        if (text.length > TOTAL_MAX_characters) {
            throw new LabError('workspace.not-saved', {
                problem: 'The workbench has too much to remember.',
                remedy: 'Save or revert the drivers with unsaved edits.',
            });
        }
        await writeFileAtomic(fileOf(dataFolder), text);
    };
    const done = writing.then(write);
    writing = done.then(() => undefined, () => undefined);
    return done;
}
