// The expected keys of cases: what has to be asked after the action, and how the answer is judged.
import type { NtStatus } from '../../contract/windows/index.ts';
import {
  AccessAlias,
  AccessMask,
  CreateOption,
  ntError,
  ntSuccess,
  ntStatusName,
  parseNtStatus,
} from '../../contract/windows/index.ts';
import { isRecord, type ConformanceCase } from './case.ts';
import { actionOperations } from './caseSteps.ts';
import { classOf, entriesOf, listExpectations, listOf } from './listExpectations.ts';
import { numberIs } from './numbers.ts';
import { fromHex } from './observed.ts';
import { oplockExpectations } from './oplockExpectations.ts';
import { FILE_FILL } from './operations.ts';
import {
  answered,
  ask,
  lastActionStep,
  openForAttributes,
  probed,
  probeStatus,
  query,
  same,
  subjectHandle,
  subjectPath,
  withoutId,
  type Expectation,
  type Probe,
  type Question,
} from './probes.ts';
import { VIEW_FILL } from './sectionOperations.ts';
import { isStructureField, structureField } from './structureFields.ts';
import { longAt, longLongAt, textAt } from './structures.ts';
import { win32Error, win32Number } from './win32Errors.ts';

const statusIs = (found: NtStatus, expected: unknown): string | null => {
  if (Array.isArray(expected)) {
    const fits = expected.some((one) => statusIs(found, one) === null);
    return fits
      ? null
      : `expected one of ${JSON.stringify(expected)}, found ${ntStatusName(found)}`;
  }
  const wanted = parseNtStatus(String(expected));
  if (wanted === undefined) return `the status "${String(expected)}" is not known`;
  return found === wanted ? null : `expected ${String(expected)}, found ${ntStatusName(found)}`;
};

/** A Win32 error, by name or number; "INVALID_HANDLE_VALUE" is any. */
function win32Is(status: NtStatus, expected: unknown): string | null {
  if (expected === 'INVALID_HANDLE_VALUE') return same(ntError(status), true);
  const wanted = win32Number(expected);
  if (wanted === undefined) return `the error "${String(expected)}" is not known`;
  return same(win32Error(status) ?? null, wanted);
}

/** A query of the action's handle, and a field of what it returns. */
const queried = (
  className: string,
  field: (bytes: Uint8Array) => number | undefined,
): Expectation => ({
  probe: (probe) => ask(probe, className),
  check: (question) => numberIs(field(answered(question)), question.value),
});

/** Whether a path can be opened, as true or false. */
const exists = (path: (probe: Probe) => string): Expectation => ({
  probe: (probe) => void openForAttributes(probe.writer, path(probe)),
  check: (question) => {
    const status = probeStatus(question, 1);
    return same(status !== undefined && ntSuccess(status), question.value !== false);
  },
});

const ATTRIBUTES_AT = 32;
const NOT_CONTENT_INDEXED = 0x2000;

const table: Readonly<Record<string, Expectation>> = {
  status: { check: ({ result, value }) => statusIs(result.status, value) },
  code: { check: ({ result, value }) => statusIs(result.status, value) },
  iosb_status: { check: ({ result, value }) => statusIs(result.status, value) },
  status_any_of: { check: ({ result, value }) => statusIs(result.status, listOf(value)) },
  win32: { check: ({ result, value }) => win32Is(result.status, value) },
  win32_any_of: {
    check: ({ result, value }) =>
      listOf(value).some((one) => win32Is(result.status, one) === null)
        ? null
        : `expected one of ${JSON.stringify(value)}, found ${ntStatusName(result.status)}`,
  },
  information: { check: ({ result, value }) => numberIs(result.information, value) },
  completes: {
    check: ({ observed, value }) => {
      const open = listOf(value).filter((one) => observed.completion(String(one)) === undefined);
      return open.length === 0 ? null : `${open.join(', ')} has not completed`;
    },
  },
  ...oplockExpectations,
  ...listExpectations,
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
    check: (question) =>
      same(
        spanned(question).map(({ action, name }) => [action, name]),
        question.value,
      ),
  },
  events_in_order: { check: (question) => same(spanned(question), question.value) },
  // For readers.
  note: { check: () => null },
  // Says how the events are counted.
  may_span_requests: { check: () => null },
  attributes: {
    probe: (probe) => ask(probe, 'FileBasicInformation'),
    check: (question) => {
      const found = longAt(answered(question), ATTRIBUTES_AT);
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
  EaSize_handle: queried('FileEaInformation', (bytes) => longAt(bytes, 0)),
  // A hand-written workload writes them as its probe.
  second_ea_write: { check: (question) => statusOfProbe(question, 1) },
  // A hand-written workload asks for the FileInternalInformation of both as its probe.
  file_id: {
    check: (question) => {
      if (!/^id of D\\\S+$/.test(String(question.value))) return 'not the id of a path';
      const [found, other] = [probed(question, 1), probed(question, 2)];
      return found.length > 0 ? same(found.join(), other.join()) : 'the probe has no result';
    },
  },
  nt: { check: ({ result, value }) => statusIs(result.status, String(value).split(' ')[0]) },
  error: { check: ({ result, value }) => win32Is(result.status, value) },
  allocation: queried('FileStandardInformation', (bytes) => longLongAt(bytes, 0)),
  eof: queried('FileStandardInformation', (bytes) => longLongAt(bytes, 8)),
  position: queried('FilePositionInformation', (bytes) => longLongAt(bytes, 0)),
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
  // Cases fill what they write to a file with one byte, and what they store in a view with another.
  data: {
    check: ({ result, value }) => {
      const wanted = byteOf(String(value));
      if (wanted === null) return `"${String(value)}" is not understood`;
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
      const counts: Record<string, number> = {};
      for (const status of observed.actionStatuses) {
        const name = ntStatusName(status);
        counts[name] = (counts[name] ?? 0) + 1;
      }
      const wanted = isRecord(value) ? value : {};
      return same(Object.entries(counts).sort(), Object.entries(wanted).sort());
    },
  },
};

/** A field by its name: of what the action has asked for, else asked for after it. */
function fieldOf(name: string): Expectation {
  const isAsked = (one: ConformanceCase): boolean =>
    actionOperations(one).at(-1)?.['op'] === 'query' &&
    structureField(name, classOf(one))?.className === classOf(one);
  return {
    probe: ({ one, writer }) => {
      const field = structureField(name, '');
      if (isAsked(one) || field === undefined) return;
      ask({ one, writer }, field.className);
    },
    check: (question) => {
      const { one, result, value } = question;
      const field = structureField(name, isAsked(one) ? classOf(one) : '');
      const found = field?.read(isAsked(one) ? result.bytes : answered(question));
      return typeof value === 'boolean'
        ? same(found ?? null, value)
        : numberIs(Number(found), value);
    },
  };
}

/** `after_close_<handle>`: the action once more, after that handle has been closed. */
const afterClose: Expectation = {
  probe: ({ writer, key }) => {
    const action = lastActionStep(writer);
    writer.add({ do: 'close', handle: key.slice('after_close_'.length) });
    writer.add(withoutId(action));
  },
  check: (question) => statusOfProbe(question, 2),
};

/** The one byte that cases fill with: what is said of the data is where it comes from. */
function byteOf(words: string): number | null {
  if (/^(stored|(new )?bytes (stored|written)) through the view$/.test(words)) return VIEW_FILL;
  if (/^zero(s|es| bytes)?$/.test(words)) return 0;
  return /^(written|bytes written)/.test(words) ? FILE_FILL : null;
}

/** `bytes_at_view+0x1000`: text at that offset of a view, read by a hand-written probe. */
const bytesAtView: Expectation = {
  check: ({ observed, key, value }) => {
    const probe = observed.step(`probe.${key.replace('+', '-')}.1`);
    return same(String.fromCharCode(...fromHex(probe?.bytes ?? '')), value);
  },
};

/** Undefined for a key that nobody understands. */
export function expectations(key: string): Expectation | undefined {
  if (/^bytes_at_view\+0x[0-9a-f]+$/.test(key)) return bytesAtView;
  if (key.startsWith('after_close_')) return afterClose;
  if (Object.hasOwn(table, key)) return table[key];
  return isStructureField(key) ? fieldOf(key) : undefined;
}

const spanned = ({ observed }: Question) =>
  observed.allEntries.map(({ action, name }) => ({
    action: action.replace('FILE_ACTION_', ''),
    name,
  }));

function statusOfProbe(question: Question, step: number): string | null {
  const status = probeStatus(question, step);
  return status === undefined ? 'the probe has no result' : statusIs(status, question.value);
}

/** Bytes that the set-up wrote. */
const writtenBytes = ({ setup }: ConformanceCase): number =>
  setup.reduce<number>(
    (sum, step) => sum + (isRecord(step) && step['op'] === 'write' ? Number(step['bytes']) : 0),
    0,
  );
