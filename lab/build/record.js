// What a compiled unit was made from. The next build reads the record and compiles again only when
// a byte of the source, of a header, of the flags or of the compiler has changed.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing, readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
const Diagnostic = z.strictObject({
    file: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
    severity: z.enum(['error', 'warning', 'note']),
    message: z.string(),
    flag: z.string().optional(),
});
const RecordSchema = z.strictObject({
    record: z.literal(1),
    /** Everything that is no file: compiler, flags, defines. */
    key: z.string(),
    /** SHA-256 of every file that was read. */
    inputs: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
    /** SHA-256 of what was made. */
    output: z.string(),
    diagnostics: z.array(Diagnostic),
});
export const sha256 = (content) => createHash('sha256').update(content).digest('hex');
/** Hashes of files, each read once a build. Undefined: there is no such file. */
export class FileHashes {
    #known = new Map();
    of(path) {
        const known = this.#known.get(path) ?? hashFile(path);
        this.#known.set(path, known);
        return known;
    }
    /** After a file was written. */
    forget(path) {
        this.#known.delete(path);
    }
}
async function hashFile(path) {
    try {
        return sha256(await readFile(path));
    }
    catch (error) {
        if (isMissing(error))
            return undefined;
        throw error;
    }
}
/**
 * The record, if it still holds: same key, every input unchanged, the output as it was left. A
 * damaged or older record is no record.
 */
export async function recordThatHolds(file, key, output, hashes) {
    const text = await readTextIfThere(file);
    const parsed = RecordSchema.safeParse(text === undefined ? undefined : parseJson(text));
    if (!parsed.success || parsed.data.key !== key)
        return undefined;
    const record = parsed.data;
    if ((await hashes.of(output)) !== record.output)
        return undefined;
    const now = await Promise.all(record.inputs.map(({ path }) => hashes.of(path)));
    return now.every((hash, index) => hash === record.inputs[index]?.sha256) ? record : undefined;
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        // Half written by a machine that lost power: the unit is compiled again.
        return undefined;
    }
}
export async function writeRecord(file, made, hashes) {
    hashes.forget(made.output);
    const inputs = await Promise.all(made.inputs.map(async (path) => ({ path, sha256: (await hashes.of(path)) ?? '' })));
    const record = {
        record: 1,
        key: made.key,
        inputs,
        output: (await hashes.of(made.output)) ?? '',
        diagnostics: [...made.diagnostics],
    };
    await writeFileAtomic(file, `${JSON.stringify(record, undefined, 1)}\n`);
}
/** The files of a dependency file in make's syntax, as clang's -MD writes it, the target left out. */
export function parseDependencies(text) {
    const joined = text.replace(/\\\r?\n/g, ' ');
    const files = /^.*?:\s(?<files>[\s\S]*)$/.exec(joined)?.groups?.['files'] ?? '';
    return (files.match(/(?:\\.|\$\$|[^\s\\])+/g) ?? []).map((file) => file.replaceAll('$$', '$').replace(/\\([\s#\\])/g, '$1'));
}
