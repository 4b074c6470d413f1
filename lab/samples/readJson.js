// Reading files that people write: every way they can be wrong is an error that names the file.
import { readFile, stat } from 'node:fs/promises';
import { LabError } from '../../contract/errors/labError.ts';
/** Larger than any file a person writes; keeps a slip (a disk image, a trace) from filling the memory. */
const TEXT_BYTES_MAX = 16 * 1024 * 1024;
/** The text of a file, without a byte order mark. */
export async function readText(file, missing, bytes_max = TEXT_BYTES_MAX) {
    const facts = await stat(file).catch((error) => {
        throw unreadable(file, error, missing);
    });
    if (!facts.isFile()) {
        throw new LabError(missing, { problem: `${file} is not a file.`, remedy: 'Name a file.' });
    }
    if (facts.size > bytes_max) {
        throw new LabError('file.invalid', {
            problem: `${file} is larger than ${bytes_max / 1024 / 1024} MiB.`,
            remedy: 'Name another file: this one is too large to be what was asked for.',
        });
    }
    const text = await readFile(file, 'utf8').catch((error) => {
        throw unreadable(file, error, missing);
    });
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
/** The parsed JSON of a file; a syntax error names the line and column. */
export async function readJson(file, codes, bytes_max = TEXT_BYTES_MAX) {
    return parseJson(await readText(file, codes.missing, bytes_max), file, codes.invalid);
}
/** The same for text that has been read. */
export function parseJson(text, file, invalid) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new LabError(invalid, {
            problem: `${file} is not valid JSON: ${message}${placeOf(message, text)}.`,
            remedy: 'Mend the file at that place.',
            cause: error,
        });
    }
}
function placeOf(message, text) {
    if (/line [0-9]+/.test(message))
        return '';
    const position = /position ([0-9]+)/.exec(message)?.[1];
    if (position === undefined)
        return '';
    const before = text.slice(0, Number(position)).split('\n');
    return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
function unreadable(file, error, missing) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
        return new LabError(missing, {
            problem: `There is no file ${file}.`,
            remedy: 'Check the spelling, or name another.',
        });
    }
    return new LabError('file.unreadable', {
        problem: `${file} cannot be read: ${error.code ?? error.message}.`,
        remedy: 'Check its permissions.',
        cause: error,
    });
}
