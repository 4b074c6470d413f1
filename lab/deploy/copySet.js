// A folder of the target that holds a set of files of ours. Only what changed is copied; when nothing
// did, listing the folder is the one request.
//
// The proof is a marker file whose name is the digest of all names, contents (SHA-256), sizes and
// times of the set as they were right after copying. Whoever changes, removes or half copies a file
// changes a size or a time, and the marker no longer matches.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { assert } from '../../contract/assert.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { PART } from '../ssh/remoteFiles.ts';
import { joinWindows, objectionToName } from '../targets/windowsPath.ts';
const MARKER = '.fltlab-set-';
/** Files that were put there by others are left alone. */
export async function copySet(remote, folder, set, options = {}) {
    for (const { name } of set)
        assert(objectionToName(name) === undefined, `"${name}" is no name`);
    const wanted = await Promise.all(set.map(async (file) => ({ ...file, sha256: await hash(file) })));
    const present = (await remote.list(folder, options)) ?? [];
    const marker = present.find((entry) => entry.name === markerOf(seen(wanted, present)));
    if (marker !== undefined && !present.some(isPart)) {
        return { copied: [], unchanged: wanted.map(({ name }) => name) };
    }
    if (present.length === 0)
        await remote.makeFolder(folder, options);
    const known = await takeMarkersAway(remote, folder, present, options);
    await removeLeftovers(remote, folder, present, known, wanted, options);
    const result = { copied: [], unchanged: [] };
    for (const file of wanted) {
        if (isUnchanged(file, known, present))
            result.unchanged.push(file.name);
        else {
            await remote.put(file.source, joinWindows(folder, file.name), {
                signal: options.signal,
                progress: (done, total) => options.progress?.({ step: `copy ${file.name}`, done, total }),
            });
            result.copied.push(file.name);
        }
    }
    const after = seen(wanted, (await remote.list(folder, options)) ?? []);
    const marked = joinWindows(folder, markerOf(after));
    await remote.put(Buffer.from(formatMarker(after)), marked, { signal: options.signal });
    return result;
}
/** The wanted files with the sizes and times that the target shows for them. */
function seen(wanted, present) {
    return wanted.flatMap(({ name, sha256 }) => {
        const entry = present.find((each) => each.name === name && each.kind === 'file');
        return entry === undefined
            ? []
            : [{ name, sha256, size_bytes: entry.size_bytes, modified_s: entry.modified_s }];
    });
}
const markerOf = (files) => MARKER + createHash('sha256').update(formatMarker(files)).digest('hex').slice(0, 32);
/** Before anything changes: a set that is cut short must not look whole. */
async function takeMarkersAway(remote, folder, present, options) {
    const known = [];
    for (const { name } of present.filter((entry) => entry.name.startsWith(MARKER))) {
        const marker = joinWindows(folder, name);
        if (!name.endsWith(PART)) {
            known.push(...parseMarker(await remote.read(marker, { signal: options.signal })));
        }
        await remote.remove(marker, options);
    }
    return known;
}
/** One file a line, like the lists of sha256sum. */
const formatMarker = (files) => files
    .map((file) => `${file.sha256} ${file.size_bytes} ${file.modified_s} ${file.name}\n`)
    .sort()
    .join('');
/** A line that cannot be read knows nothing, and its file is copied again. */
function parseMarker(content) {
    const lines = content.toString('utf8').matchAll(/^([0-9a-f]{64}) (\d+) (\d+) (.+)$/gm);
    return [...lines].map(([, sha256 = '', size = '', modified = '', name = '']) => ({
        name,
        sha256,
        size_bytes: Number(size),
        modified_s: Number(modified),
    }));
}
/** Unfinished copies of a connection that was cut, and what an earlier set had and this has not. */
async function removeLeftovers(remote, folder, present, known, wanted, options) {
    for (const entry of present) {
        if (entry.name.startsWith(MARKER))
            continue;
        const wasOurs = known.some(({ name }) => name === entry.name);
        const isOurs = wanted.some(({ name }) => name === entry.name);
        if (isPart(entry) || (wasOurs && !isOurs)) {
            await remote.remove(joinWindows(folder, entry.name), options);
        }
    }
}
function isUnchanged(file, known, present) {
    const before = known.find(({ name, sha256 }) => name === file.name && sha256 === file.sha256);
    const now = present.find(({ name }) => name === file.name);
    return (before !== undefined &&
        now?.size_bytes === before.size_bytes &&
        now.modified_s === before.modified_s);
}
const isPart = (entry) => entry.name.endsWith(PART);
async function hash({ name, source }) {
    const digest = createHash('sha256');
    if (typeof source !== 'string')
        return digest.update(source).digest('hex');
    try {
        for await (const chunk of createReadStream(source))
            digest.update(chunk);
    }
    catch (cause) {
        throw new LabError('deploy.copy-failed', {
            problem: `${name} cannot be read from ${source}: ${cause.message}.`,
            remedy: 'Build it again.',
            cause,
        });
    }
    return digest.digest('hex');
}
