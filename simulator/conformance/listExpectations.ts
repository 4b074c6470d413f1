// The expected keys of lists: notifications, directories, extended attributes, streams.
import { decodeFullEas, type ExtendedAttribute } from '../../contract/extendedAttributes.ts';
import { isRecord, type ConformanceCase } from './case.ts';
import { actionOperations } from './caseSteps.ts';
import { numberIs } from './numbers.ts';
import { answered, ask, same, type Expectation, type Question } from './probes.ts';
import { directoryNames, firstNameLength, longAt, streamNames } from './structures.ts';

export const entriesOf = ({ result }: Question) =>
  result.entries.map(({ action, name }) => ({ action: action.replace('FILE_ACTION_', ''), name }));

const listed = ({ one, result }: Question): readonly string[] =>
  (directoryNames(result.bytes, classOf(one)) ?? []).map(({ name }) => name);

const asksEas = (one: ConformanceCase): boolean =>
  actionOperations(one).at(-1)?.['op'] === 'query_ea';

const asksNames = (one: ConformanceCase): boolean =>
  actionOperations(one).at(-1)?.['op'] === 'query_dir';

function easOf({ result }: Question): readonly ExtendedAttribute[] {
  const list = result.bytes.length === 0 ? [] : decodeFullEas(result.bytes);
  return 'badOffset' in list ? [] : list;
}

const valueText = ({ value }: ExtendedAttribute): string => String.fromCharCode(...value);

const namesOf = (question: Question): readonly string[] =>
  asksEas(question.one) ? easOf(question).map(({ name }) => name) : listed(question);

export const classOf = (one: ConformanceCase): string =>
  String(actionOperations(one).at(-1)?.['class'] ?? '');

const sorted = (value: unknown): readonly unknown[] => [...listOf(value)].sort();

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [value];

/** The fields of `found` that `asked` speaks of. */
function pick(found: object | undefined, asked: unknown): unknown {
  if (found === undefined || !isRecord(asked)) return null;
  const entries = Object.entries(found);
  return Object.fromEntries(
    Object.keys(asked).map((key) => [key, entries.find(([name]) => name === key)?.[1]]),
  );
}

export const listExpectations: Readonly<Record<string, Expectation>> = {
  count: {
    check: (question) => {
      const { one, result, value } = question;
      if (asksEas(one)) return same(easOf(question).length, value);
      return same(asksNames(one) ? listed(question).length : result.entries.length, value);
    },
  },
  first: {
    check: (question) =>
      same(namesOf(question)[0] ?? question.result.entries[0]?.name, question.value),
  },
  value: {
    check: (question) => same(easOf(question).map(valueText).join(), listOf(question.value).join()),
  },
  flags: {
    check: (question) =>
      same(
        easOf(question).map(({ flags }) => flags),
        question.value,
      ),
  },
  all_actions: {
    check: (question) =>
      same([...new Set(entriesOf(question).map((one) => one.action))], [question.value]),
  },
  first_name: { check: ({ result, value }) => same(result.entries[0]?.name, value) },
  next_entry_offset_first: {
    check: ({ result, value }) => numberIs(longAt(result.bytes, 0), value),
  },
  streams: {
    probe: (probe) => ask(probe, 'FileStreamInformation'),
    // The suites sort what they find: the order is not theirs to say.
    check: (question) => same(sorted(streamNames(answered(question))), sorted(question.value)),
  },
  names: {
    check: (question) =>
      same(
        namesOf(question).filter((name) => name !== '.' && name !== '..'),
        question.value,
      ),
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
      const asked = listOf(value).map((entry) =>
        typeof entry === 'string' ? { name: entry } : entry,
      );
      return same(
        asked.map((entry, at) => pick(found[at], entry)),
        asked,
      );
    },
  },
  // In bytes, of the first entry, or of a name that was queried: whole also where the name is cut.
  file_name_length: {
    check: ({ one, result, value }) => numberIs(firstNameLength(result.bytes, classOf(one)), value),
  },
};
