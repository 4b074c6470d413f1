// What a sample must show (outcomes.json), and where a prediction falls short of it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { outcomesFormat } from '../../contract/outcomes.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { ntStatusName, parseNtStatus } from '../../contract/windows/index.ts';
import { readJson } from './readJson.ts';
const FILE = 'outcomes.json';
/** Null where the sample has none. Throws LabError file.invalid. */
export async function loadOutcomes(sample) {
    const file = join(sample.folder, FILE);
    if (!existsSync(file))
        return null;
    const document = await readJson(file, { missing: 'file.invalid', invalid: 'file.invalid' });
    return parseOrThrow(outcomesFormat, document, file);
}
/** What the prediction does not show of the row: sentences, none when all is shown. */
export function shortfalls(row, prediction) {
    return [
        ...differs('outcome', row.outcome, prediction.outcome),
        ...(row.outcome === prediction.outcome ? [] : [prediction.notModelled ?? '']).filter(Boolean),
        ...bugcheckDiffers(row, prediction),
        ...differs('findings', sortedOnce(row.findings), foundAs(row.findings, prediction)),
        ...missesDiffer(row, prediction),
        ...missingRules(row, prediction),
        ...Object.entries(row.steps).flatMap(([step, wanted]) => stepDiffers(step, wanted, prediction)),
        ...row.seen.flatMap((wanted) => seenDiffers(wanted, prediction)),
        ...row.waits
            .filter((part) => !prediction.waitGraph?.some((line) => line.includes(part)))
            .map((part) => `no line of the wait graph has "${part}": ${prediction.waitGraph?.join(' | ')}`),
    ];
}
const sortedOnce = (texts) => [...new Set(texts)].sort();
function differs(what, wanted, found) {
    const [expected, actual] = [JSON.stringify(wanted), JSON.stringify(found)];
    return expected === actual ? [] : [`${what}: expected ${expected}, found ${actual}`];
}
function bugcheckDiffers({ bugcheck: wanted }, { bugcheck }) {
    const code = bugcheck && `0x${bugcheck.code.toString(16)}`;
    const first = bugcheck?.parameters[0];
    const found = wanted?.includes('/') && first !== undefined ? `${code}/${first}` : code;
    return differs('bugcheck', wanted ?? null, found ?? null);
}
/** Each finding with its file where the row names files, without where it does not. */
function foundAs(wanted, { findings }) {
    const bare = new Set(wanted.filter((name) => !name.includes('@')));
    return sortedOnce(findings.map(({ id, file }) => (bare.has(id) ? id : `${id}@${file ?? '?'}`)));
}
const missed = ({ expectations }) => sortedOnce(expectations.map(({ actor, step }) => `${actor}/${step}`));
function missesDiffer({ misses }, prediction) {
    const found = missed(prediction);
    if (misses !== 'any')
        return differs('missed expectations', sortedOnce(misses), found);
    return found.length > 0 ? [] : ['every expectation is met; some were to be missed'];
}
function missingRules({ rules }, prediction) {
    const present = new Set([
        ...prediction.findings.flatMap((finding) => finding.rules),
        ...prediction.events.flatMap((event) => event.rules ?? []),
    ]);
    return rules.filter((rule) => !present.has(rule)).map((rule) => `nothing rests on ${rule}`);
}
/** By id of the step or name of the request; what delivered its result later is judged by that. */
function stepDiffers(name, wanted, { events }) {
    const [actor, step] = name.split('/');
    const own = events.filter((event) => (event.kind === 'step' || event.kind === 'completion') &&
        event.actor === actor &&
        (event.step === step || (event.kind === 'completion' && event.request === step)));
    const last = own.find((event) => event.kind === 'completion') ?? own.at(-1);
    if (last === undefined)
        return [`${name}: not in the trace`];
    const { status, information } = wanted;
    return [
        ...(status === undefined || parseNtStatus(status) === last.status
            ? []
            : [`${name}: expected ${status}, found ${ntStatusName(last.status)}`]),
        ...(information === undefined
            ? []
            : differs(`${name}: Information`, information, last.information ?? null)),
    ];
}
function seenDiffers({ event: part, count, atLeast }, { events }) {
    const found = events.filter((event) => contains(event, part)).length;
    const what = `events with ${JSON.stringify(part)}`;
    if (count !== undefined)
        return differs(what, count, found);
    const least = atLeast ?? 1;
    return found >= least ? [] : [`${what}: expected at least ${least}, found ${found}`];
}
/**
 * Whether `whole` has every key of `part` with an equal value; a "status" may be written by name, a
 * text that begins and ends with "/" is a regular expression.
 */
function contains(whole, part) {
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) {
        if (typeof whole !== 'object' || whole === null)
            return false;
        const has = whole;
        return Object.entries(part).every(([key, value]) => contains(has[key], value));
    }
    if (Array.isArray(part)) {
        return Array.isArray(whole) && part.every((one) => whole.some((other) => contains(other, one)));
    }
    if (typeof part !== 'string')
        return whole === part;
    if (typeof whole === 'number')
        return parseNtStatus(part) === whole || Number(part) === whole;
    const pattern = /^\/(.*)\/$/.exec(part)?.[1];
    return pattern === undefined
        ? whole === part
        : typeof whole === 'string' && new RegExp(pattern).test(whole);
}
