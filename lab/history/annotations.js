// What people write about a kept run: tags and a note, in a file of its own beside the run, so that the
// index over all runs can be thrown away and made anew.
import { join } from 'node:path';
import { z } from 'zod';
import { parseOrThrow } from '../../contract/versioned.ts';
import { readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
import { parseJson } from '../samples/readJson.ts';
const AnnotationsSchema = z.strictObject({
    annotations: z.literal(1),
    tags: z.array(z.string()),
    note: z.string(),
    /** Where the run was imported from; null for one that was made here. */
    origin: z.string().nullable(),
});
const annotationsFormat = {
    kind: 'annotations',
    current: 1,
    schema: AnnotationsSchema,
    upgrades: [],
};
export const ANNOTATIONS_FILE = 'annotations.json';
export async function readAnnotations(runFolder) {
    const file = join(runFolder, ANNOTATIONS_FILE);
    const text = await readTextIfThere(file);
    if (text === undefined)
        return { annotations: 1, tags: [], note: '', origin: null };
    return parseOrThrow(annotationsFormat, parseJson(text, file, 'file.invalid'), file);
}
export const writeAnnotations = (runFolder, of) => writeFileAtomic(join(runFolder, ANNOTATIONS_FILE), `${JSON.stringify(of, null, 2)}\n`);
