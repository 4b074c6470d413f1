// The steps of a case as operations, and the few phrases among them that are regular.
import { CaseRefusal, isRecord } from './case.ts';
export const IN_WORDS = 'in words: needs a written workload';
/** Win32 calls: the workload language speaks the native API. */
const WIN32 = /^(FindFirstChangeNotification|FindNextChangeNotification|CreateFile|ReadDirectoryChanges)/;
/** "n0 completes STATUS_NOTIFY_ENUM_DIR": the set-up itself makes a request complete. */
export function completionPhrase(text) {
    const match = /^(\w+) completes (STATUS_\w+)$/.exec(text);
    return match === null ? null : { request: match[1] ?? '', status: match[2] ?? '' };
}
/** "token has SeCreateSymbolicLinkPrivilege": the privileges of the actor; null for other texts. */
export function tokenPhrase(text) {
    const match = /^token (has|without) (Se\w+Privilege)$/.exec(text);
    if (match === null)
        return null;
    const privilege = match[2] ?? '';
    if (match[1] === 'has')
        return { has: [privilege], lacks: [] };
    return { has: [], lacks: privilege === EVERYBODYS ? [privilege] : [] };
}
/** Held by every token, unless it is said to be missing. */
const EVERYBODYS = 'SeChangeNotifyPrivilege';
/** Why the case cannot be translated because somebody has to read it; null when it can. */
export function inWords(one) {
    const texts = [...one.setup, ...actionList(one)].filter((step) => typeof step === 'string');
    const words = texts.filter((text) => completionPhrase(text) === null && tokenPhrase(text) === null);
    if (words.length === 0)
        return null;
    if (words.some((text) => WIN32.test(text))) {
        return new CaseRefusal('notApplicable', 'about a Win32 function, not about the native API');
    }
    return new CaseRefusal('notModelled', IN_WORDS);
}
function actionList({ action }) {
    if (!isRecord(action))
        return [action];
    if (Array.isArray(action['seq']))
        return action['seq'];
    return Array.isArray(action['parallel']) ? action['parallel'] : [action];
}
/** Repetitions unrolled; phrases stay texts. */
export function setupOperations(one) {
    return one.setup.flatMap((step) => {
        if (typeof step === 'string')
            return [step];
        if (isRecord(step))
            return unroll(step);
        throw new CaseRefusal('failed', 'a step that is neither an object nor a text');
    });
}
export const actionOperations = (one) => actionList(one).flatMap((step) => (isRecord(step) ? unroll(step) : []));
/** { op: repeat, i: "0..9", do: step }: the step ten times, with "{i}" replaced in its texts. */
function unroll(step) {
    if (step['op'] !== 'repeat')
        return [step];
    const { i, do: repeated, ...others } = step;
    const range = /^(\d+)\.\.(\d+)$/.exec(String(i));
    const isPlain = Object.keys(others).length === 1 && isRecord(repeated);
    if (range === null || !isPlain)
        throw new CaseRefusal('failed', 'a repetition of another shape');
    const [first, last] = [Number(range[1]), Number(range[2])];
    return Array.from({ length: last - first + 1 }, (_, at) => withCount(repeated, first + at));
}
function withCount(step, count) {
    const entries = Object.entries(step).map(([key, value]) => [
        key,
        typeof value === 'string' ? value.replaceAll('{i}', String(count)) : value,
    ]);
    return Object.fromEntries(entries);
}
