// A kept run as one file, to be sent to someone: versioned, compressed, and checked before anything of
// it is written. The trace and the prediction travel with it; nothing of the machine that made it does.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { predictionFormat } from '../../contract/prediction.ts';
import { EXPORTED_BYTES_MAX } from '../../contract/rpc.ts';
import { runFormat } from '../../contract/run.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { readTrace } from '../run/readTrace.ts';
import { keepRun, runFiles } from '../run/store.ts';
import { readAnnotations, writeAnnotations } from './annotations.ts';
const BundleSchema = z.strictObject({
    fltlabRun: z.literal(1),
    /** SHA-256 over the parts, in hex. */
    checksum: z.string(),
    run: z.string(),
    prediction: z.string(),
    trace: z.string(),
    tags: z.array(z.string()),
    note: z.string(),
});
const bundleFormat = {
    kind: 'fltlabRun',
    current: 1,
    schema: BundleSchema,
    upgrades: [],
};
/** Unpacked, a file of the largest size could otherwise fill the memory. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;
const checksumOf = ({ run, prediction, trace, tags, note, }) => createHash('sha256')
    .update(JSON.stringify([run, prediction, trace, tags, note]))
    .digest('hex');
/** Errors: `run.bundle-invalid` when it would be too large to be read again. */
export async function exportRun(folder) {
    const read = (name) => readFile(join(folder, name), 'utf8');
    const { tags, note } = await readAnnotations(folder);
    const parts = {
        run: await read(runFiles.run),
        prediction: await read(runFiles.prediction),
        trace: await read(runFiles.trace),
        tags,
        note,
    };
    const bundle = { fltlabRun: 1, checksum: checksumOf(parts), ...parts };
    const packed = await promisify(gzip)(JSON.stringify(bundle));
    if (packed.length > EXPORTED_BYTES_MAX)
        throw tooLarge('The exported run', packed.length);
    return packed;
}
/** Errors: `run.bundle-invalid`, `file.newer-version`. Nothing is written unless all of it is right. */
export async function importRun(dataFolder, name, packed) {
    const bundle = await unpack(name, packed);
    if (bundle.checksum !== checksumOf(bundle))
        throw damaged(name, 'its checksum does not fit');
    const json = (text, part) => {
        const parsed = tryJson(text);
        if (parsed === undefined)
            throw damaged(name, `its ${part} is not JSON`);
        return parsed;
    };
    const run = parseOrThrow(runFormat, json(bundle.run, 'run'), name);
    const prediction = parseOrThrow(predictionFormat, json(bundle.prediction, 'prediction'), name);
    readTrace(bundle.trace, name);
    if (!/^[0-9]{8}-[0-9]{6}-[a-z0-9-]{1,80}$/.test(run.id))
        throw damaged(name, 'its id is no id');
    const kept = await keepRun(dataFolder, { run, prediction, trace: bundle.trace });
    await writeAnnotations(kept.folder, {
        annotations: 1,
        tags: bundle.tags,
        note: bundle.note,
        origin: name,
    });
    return kept.run.id;
}
async function unpack(name, packed) {
    if (packed.length > EXPORTED_BYTES_MAX)
        throw tooLarge(name, packed.length);
    const text = await promisify(gunzip)(packed, { maxOutputLength: UNPACKED_BYTES_MAX }).catch((cause) => {
        throw cause.code === 'ERR_BUFFER_TOO_LARGE'
            ? tooLarge(`${name}, unpacked,`, UNPACKED_BYTES_MAX)
            : damaged(name, 'it is not compressed as FltLab does');
    });
    const document = tryJson(text.toString('utf8'));
    if (document === undefined)
        throw damaged(name, 'it is cut, or was changed');
    try {
        return parseOrThrow(bundleFormat, document, name);
    }
    catch (error) {
        if (isLabError(error) && error.code === 'file.invalid')
            throw damaged(name, error.problem);
        throw error;
    }
}
function tryJson(text) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        if (error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}
const damaged = (name, why) => new LabError('run.bundle-invalid', {
    problem: `${name} is not an exported run of FltLab, or is damaged: ${why}.`,
    remedy: 'Export the run again, and copy the file as it is. Nothing was imported.',
});
const tooLarge = (name, bytes) => new LabError('run.bundle-invalid', {
    problem: `${name} has ${Math.round(bytes / 1024 / 1024)} MiB: more than a run that travels as a file may have.`,
    remedy: 'Share its HTML report instead, or copy its folder.',
});
