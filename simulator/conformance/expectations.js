// The expected keys of cases: what has to be asked after the action, and how the answer is judged.
import { decodeFullEas } from '../../contract/extendedAttributes.ts';
import { AccessAlias, AccessMask, CreateOption, ntError, ntSuccess, ntStatusName, parseNtStatus, } from '../../contract/windows/index.ts';
import { CaseRefusal, isRecord } from './case.ts';
import { actionOperations } from './caseSteps.ts';
import { fromHex } from './observed.ts';
import { oplockExpectations } from './oplockExpectations.ts';
import { FILE_FILL } from './operations.ts';
import { VIEW_FILL } from './sectionOperations.ts';
import { directoryNames, firstNameLength, longAt, longLongAt, streamNames, textAt, } from './structures.ts';
import { win32Error, win32Number } from './win32Errors.ts';
const same = (found, expected) => JSON.stringify(found) === JSON.stringify(expected)
    ? null
    : `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
const statusIs = (found, expected) => {
    const wanted = parseNtStatus(String(expected));
    if (wanted === undefined)
        return `the status "${String(expected)}" is not known`;
    return found === wanted ? null : `expected ${String(expected)}, found ${ntStatusName(found)}`;
};
/** IoStatus.Information where it is a name. */
const namedInformation = {
    FILE_OPLOCK_BROKEN_TO_LEVEL_2: 7,
    FILE_OPLOCK_BROKEN_TO_NONE: 8,
    FILE_OPBATCH_BREAK_UNDERWAY: 9,
};
/** "FILE_CREATED(2)", a name or a number. */
const numberOf = (value) => {
    if (typeof value === 'number')
        return value;
    const text = String(value);
    const named = namedInformation[text];
    if (named !== undefined)
        return named;
    const inside = /\((\d+)\)$/.exec(text)?.[1];
    const number = Number(inside ?? text);
    return Number.isSafeInteger(number) ? number : undefined;
};
const numberIs = (found, expected) => same(found ?? null, numberOf(expected) ?? expected);
/** A Win32 error, by name or number; "INVALID_HANDLE_VALUE" is any. */
function win32Is(status, expected) {
    if (expected === 'INVALID_HANDLE_VALUE')
        return same(ntError(status), true);
    const wanted = win32Number(expected);
    if (wanted === undefined)
        return `the error "${String(expected)}" is not known`;
    return same(win32Error(status) ?? null, wanted);
}
/** The step of the action that made or used the handle which the case is about. */
const lastActionStep = ({ steps }) => steps.filter((step) => String(step['id']).startsWith('action.')).at(-1);
function subjectHandle(writer) {
    const step = lastActionStep(writer);
    return String(step?.['as'] ?? step?.['handle']);
}
/** The path that the case is about: the action's own, or that of the handle it used. */
function subjectPath({ one, writer }) {
    const path = actionOperations(one).at(-1)?.['path'];
    return typeof path === 'string' ? path : writer.handle(subjectHandle(writer)).path;
}
const openForAttributes = (writer, path) => {
    const handle = writer.handleName();
    writer.add({
        do: 'create',
        path,
        access: AccessMask.FILE_READ_ATTRIBUTES,
        share: 7,
        disposition: 'FILE_OPEN',
        as: handle,
    });
    return handle;
};
const query = (writer, handle, className) => writer.add({ do: 'query-information', handle, class: className });
/** Bytes of the Mth step of this key's probe. */
function probed({ observed, key }, step) {
    return fromHex(observed.step(`probe.${key}.${step}`)?.bytes ?? '');
}
const probeStatus = ({ observed, key }, step) => observed.step(`probe.${key}.${step}`)?.status;
/** A query of the action's handle, and a field of what it returns. */
const queried = (className, field) => ({
    probe: ({ writer }) => query(writer, subjectHandle(writer), className),
    check: (question) => numberIs(field(probed(question, 1)), question.value),
});
/** Whether a path can be opened, as true or false. */
const exists = (path) => ({
    probe: (probe) => void openForAttributes(probe.writer, path(probe)),
    check: (question) => {
        const status = probeStatus(question, 1);
        return same(status !== undefined && ntSuccess(status), question.value !== false);
    },
});
const entriesOf = ({ result }) => result.entries.map(({ action, name }) => ({ action: action.replace('FILE_ACTION_', ''), name }));
const listed = ({ one, result }) => (directoryNames(result.bytes, classOf(one)) ?? []).map(({ name }) => name);
const asksEas = (one) => actionOperations(one).at(-1)?.['op'] === 'query_ea';
function easOf({ result }) {
    const list = result.bytes.length === 0 ? [] : decodeFullEas(result.bytes);
    return 'badOffset' in list ? [] : list;
}
const valueText = ({ value }) => String.fromCharCode(...value);
const namesOf = (question) => asksEas(question.one) ? easOf(question).map(({ name }) => name) : listed(question);
const classOf = (one) => String(actionOperations(one).at(-1)?.['class'] ?? '');
const listOf = (value) => (Array.isArray(value) ? value : [value]);
const ATTRIBUTES_AT = 32;
const NOT_CONTENT_INDEXED = 0x2000;
const table = {
    status: { check: ({ result, value }) => statusIs(result.status, value) },
    code: { check: ({ result, value }) => statusIs(result.status, value) },
    iosb_status: { check: ({ result, value }) => statusIs(result.status, value) },
    status_any_of: {
        check: ({ result, value }) => {
            const fits = listOf(value).some((one) => statusIs(result.status, one) === null);
            return fits
                ? null
                : `expected one of ${JSON.stringify(value)}, found ${ntStatusName(result.status)}`;
        },
    },
    win32: { check: ({ result, value }) => win32Is(result.status, value) },
    win32_any_of: {
        check: ({ result, value }) => listOf(value).some((one) => win32Is(result.status, one) === null)
            ? null
            : `expected one of ${JSON.stringify(value)}, found ${ntStatusName(result.status)}`,
    },
    information: { check: ({ result, value }) => numberIs(result.information, value) },
    completes: {
        check: ({ observed, value }) => observed.completion(String(value)) === undefined
            ? `${String(value)} has not completed`
            : null,
    },
    ...oplockExpectations,
    immediate: { check: ({ result, value }) => same(result.immediate, value) },
    iosb: {
        // A call that fails is told without its status block, unless it was written (see StepEvent).
        check: ({ result, value }) => {
            const found = result.iosb ?? (result.information === undefined ? 'unchanged' : 'written');
            return same(found, value);
        },
    },
    event: { check: ({ result, value }) => same(`${result.event ?? 'not reset'} at issue`, value) },
    events: {
        check: (question) => {
            const spans = question.one.expected['may_span_requests'] === true;
            const found = spans ? spanned(question) : entriesOf(question);
            return same(found, question.value);
        },
    },
    // Of all requests, as pairs of action and name.
    watcher_events: {
        check: (question) => same(spanned(question).map(({ action, name }) => [action, name]), question.value),
    },
    events_in_order: { check: (question) => same(spanned(question), question.value) },
    // For readers.
    note: { check: () => null },
    // Says how the events are counted.
    may_span_requests: { check: () => null },
    count: {
        check: (question) => {
            const { one, result, value } = question;
            return same(asksEas(one) ? easOf(question).length : result.entries.length, value);
        },
    },
    // Of extended attributes.
    first: { check: (question) => same(easOf(question)[0]?.name, question.value) },
    value: {
        check: (question) => same(easOf(question).map(valueText).join(), listOf(question.value).join()),
    },
    flags: {
        check: (question) => same(easOf(question).map(({ flags }) => flags), question.value),
    },
    all_actions: {
        check: (question) => same([...new Set(entriesOf(question).map((one) => one.action))], [question.value]),
    },
    first_name: { check: ({ result, value }) => same(result.entries[0]?.name, value) },
    next_entry_offset_first: {
        check: ({ result, value }) => numberIs(longAt(result.bytes, 0), value),
    },
    attributes: {
        probe: ({ writer }) => query(writer, subjectHandle(writer), 'FileBasicInformation'),
        check: (question) => {
            const found = longAt(probed(question, 1), ATTRIBUTES_AT);
            const masked = question.one.note.includes('NOT_CONTENT_INDEXED') ? NOT_CONTENT_INDEXED : 0;
            return numberIs(found === undefined ? undefined : found & ~masked, question.value);
        },
    },
    attributes_has_not: {
        check: ({ result, value }) => {
            const found = longAt(result.bytes, ATTRIBUTES_AT) ?? 0xffffffff;
            return (found & Number(value)) === 0 ? null : `found attributes 0x${found.toString(16)}`;
        },
    },
    ReparseTag: queried('FileAttributeTagInformation', (bytes) => longAt(bytes, 4)),
    EaSize_handle: queried('FileEaInformation', (bytes) => longAt(bytes, 0)),
    // A hand-written workload writes them as its probe.
    second_ea_write: { check: (question) => statusOfProbe(question, 1) },
    // A hand-written workload asks for the FileInternalInformation of both as its probe.
    file_id: {
        check: (question) => {
            if (!/^id of D\\\S+$/.test(String(question.value)))
                return 'not the id of a path';
            const [found, other] = [probed(question, 1), probed(question, 2)];
            return found.length > 0 ? same(found.join(), other.join()) : 'the probe has no result';
        },
    },
    nt: { check: ({ result, value }) => statusIs(result.status, String(value).split(' ')[0]) },
    error: { check: ({ result, value }) => win32Is(result.status, value) },
    allocation: queried('FileStandardInformation', (bytes) => longLongAt(bytes, 0)),
    eof: queried('FileStandardInformation', (bytes) => longLongAt(bytes, 8)),
    position: queried('FilePositionInformation', (bytes) => longLongAt(bytes, 0)),
    NumberOfLinks: { check: ({ result, value }) => numberIs(longAt(result.bytes, 16), value) },
    DeletePending: { check: ({ result, value }) => same(result.bytes[20] === 1, value) },
    file_exists: exists(subjectPath),
    file_still_exists: exists(subjectPath),
    dir_exists: exists(subjectPath),
    also_exists: exists(({ value }) => String(value)),
    deleted: {
        probe: (probe) => {
            const path = subjectPath(probe);
            probe.writer.add({ do: 'close', handle: subjectHandle(probe.writer) });
            openForAttributes(probe.writer, path);
        },
        check: (question) => {
            const status = probeStatus(question, 2);
            return same(status !== undefined && !ntSuccess(status), question.value);
        },
    },
    dir_entry_visible: {
        probe: (probe) => {
            const path = subjectPath(probe);
            const cut = path.lastIndexOf('\\');
            const handle = probe.writer.handleName();
            probe.writer.add({
                do: 'create',
                path: path.slice(0, Math.max(cut, 0)),
                access: AccessAlias.FILE_LIST_DIRECTORY | AccessMask.SYNCHRONIZE,
                options: CreateOption.FILE_DIRECTORY_FILE | CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
                as: handle,
            });
            probe.writer.add({ do: 'query-directory', handle, mask: path.slice(cut + 1) });
        },
        check: (question) => {
            const status = probeStatus(question, 2);
            return same(status !== undefined && ntSuccess(status), question.value);
        },
    },
    handle_name_suffix: {
        probe: ({ writer }) => query(writer, subjectHandle(writer), 'FileNameInformation'),
        check: (question) => {
            const bytes = probed(question, 1);
            const name = textAt(bytes, 4, longAt(bytes, 0) ?? 0);
            return name.endsWith(String(question.value)) ? null : `found "${name}"`;
        },
    },
    main_stream_size: {
        probe: (probe) => {
            const handle = openForAttributes(probe.writer, subjectPath(probe));
            query(probe.writer, handle, 'FileStandardInformation');
        },
        check: (question) => numberIs(longLongAt(probed(question, 2), 8), question.value),
    },
    data_at: {
        probe: ({ writer, value }) => {
            const handle = openForAttributes(writer, String(value));
            query(writer, handle, 'FileStandardInformation');
        },
        check: (question) => same(longLongAt(probed(question, 2), 8), writtenBytes(question.one)),
    },
    with_replace: {
        probe: ({ writer }) => writer.add({ ...withoutId(lastActionStep(writer)), replace: true }),
        check: (question) => statusOfProbe(question, 1),
    },
    streams: {
        probe: ({ writer }) => query(writer, subjectHandle(writer), 'FileStreamInformation'),
        check: (question) => same(streamNames(probed(question, 1)), question.value),
    },
    names: {
        check: (question) => same(namesOf(question).filter((name) => name !== '.' && name !== '..'), question.value),
    },
    names_has: {
        check: (question) => {
            const found = listed(question);
            const missing = listOf(question.value).filter((name) => !found.includes(String(name)));
            return missing.length === 0 ? null : `not listed: ${missing.join(', ')}`;
        },
    },
    names_has_not: {
        check: (question) => {
            const found = listed(question);
            const there = listOf(question.value).filter((name) => found.includes(String(name)));
            return there.length === 0 ? null : `listed: ${there.join(', ')}`;
        },
    },
    entries: {
        check: ({ one, result, value }) => {
            const found = directoryNames(result.bytes, classOf(one)) ?? [];
            const asked = listOf(value).map((entry, at) => pick(found[at], entry));
            return found.length === asked.length ? same(asked, value) : same(found, value);
        },
    },
    // As many of the entries as are asked for; of a text, the first one's name.
    entries_first: {
        check: ({ one, result, value }) => {
            const found = directoryNames(result.bytes, classOf(one)) ?? [];
            const asked = listOf(value).map((entry) => typeof entry === 'string' ? { name: entry } : entry);
            return same(asked.map((entry, at) => pick(found[at], entry)), asked);
        },
    },
    // In bytes, of the first entry, or of a name that was queried: whole also where the name is cut.
    file_name_length: {
        check: ({ one, result, value }) => numberIs(firstNameLength(result.bytes, classOf(one)), value),
    },
    // Cases fill what they write to a file with one byte, and what they store in a view with another.
    data: {
        check: ({ result, value }) => {
            const stored = /^bytes (stored|written) through the view$/.test(String(value));
            const wanted = stored ? VIEW_FILL : /^bytes written/.test(String(value)) ? FILE_FILL : null;
            if (wanted === null)
                return `"${String(value)}" is not understood`;
            const others = result.bytes.filter((byte) => byte !== wanted).length;
            return result.bytes.length > 0 && others === 0 ? null : `${others} other bytes`;
        },
    },
    // A hand-written workload asks once more, on another handle, as its probe.
    same_on_h2: {
        check: ({ observed, result, key, value }) => {
            const asked = observed.step(`probe.${key}.1`)?.request ?? '';
            const other = observed.completion(asked)?.entries;
            return same(JSON.stringify(other) === JSON.stringify(result.entries), value);
        },
    },
    results: {
        check: ({ observed, value }) => {
            const counts = {};
            for (const status of observed.actionStatuses) {
                const name = ntStatusName(status);
                counts[name] = (counts[name] ?? 0) + 1;
            }
            const wanted = isRecord(value) ? value : {};
            return same(Object.entries(counts).sort(), Object.entries(wanted).sort());
        },
    },
};
/** `after_close_<handle>`: the action once more, after that handle has been closed. */
const afterClose = {
    probe: ({ writer, key }) => {
        const action = lastActionStep(writer);
        writer.add({ do: 'close', handle: key.slice('after_close_'.length) });
        writer.add(withoutId(action));
    },
    check: (question) => statusOfProbe(question, 2),
};
/** `bytes_at_view+0x1000`: text at that offset of a view, read by a hand-written probe. */
const bytesAtView = {
    check: ({ observed, key, value }) => {
        const probe = observed.step(`probe.${key.replace('+', '-')}.1`);
        return same(String.fromCharCode(...fromHex(probe?.bytes ?? '')), value);
    },
};
/** Undefined for a key that nobody understands. */
export function expectations(key) {
    if (/^bytes_at_view\+0x[0-9a-f]+$/.test(key))
        return bytesAtView;
    if (key.startsWith('after_close_'))
        return afterClose;
    return Object.hasOwn(table, key) ? table[key] : undefined;
}
const spanned = ({ observed }) => observed.allEntries.map(({ action, name }) => ({
    action: action.replace('FILE_ACTION_', ''),
    name,
}));
function statusOfProbe(question, step) {
    const status = probeStatus(question, step);
    return status === undefined ? 'the probe has no result' : statusIs(status, question.value);
}
function withoutId(step) {
    if (step === undefined)
        throw new CaseRefusal('failed', 'the action has no step to repeat');
    const { id: _id, ...rest } = step;
    return rest;
}
/** The fields of `found` that `asked` speaks of. */
function pick(found, asked) {
    if (found === undefined || !isRecord(asked))
        return null;
    const entries = Object.entries(found);
    return Object.fromEntries(Object.keys(asked).map((key) => [key, entries.find(([name]) => name === key)?.[1]]));
}
/** Bytes that the set-up wrote. */
const writtenBytes = ({ setup }) => setup.reduce((sum, step) => sum + (isRecord(step) && step['op'] === 'write' ? Number(step['bytes']) : 0), 0);
