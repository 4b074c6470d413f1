// Sentences that say one operation each, in the few forms that cases use, as the operations they mean.
// A case is taken in words only when every sentence of it is understood.
import { isRecord, type ConformanceCase } from './case.ts';
import { completionPhrase, tokenPhrase } from './caseSteps.ts';

type Step = Readonly<Record<string, unknown>>;

/** What a sentence means, and what has to be there before it. */
interface Meaning {
  readonly steps: readonly Step[];
  readonly before: readonly Step[];
  /** A directory that no step of the case makes, and that has to be there. */
  readonly directory?: string;
}

/** In the set-up: what the action needs is made before anything is watched. */
const PRECONDITION = /^precondition of the action prepared before arming$/i;

const file = (path: string): Step => ({ op: 'create_and_close', path });
const directory = (path: string): Step => ({ op: 'mkdir_and_close', path });

type Reading = readonly [form: RegExp, meaning: (match: RegExpExecArray, at: At) => Meaning];
/** A name as the sentence has it, as a path. */
type At = (name: string | undefined) => string;

const readings: readonly Reading[] = [
  [
    /^create (?:file )?(\S+?)(?:, close)?$/,
    ([, name], at) => ({ steps: [file(at(name))], before: [] }),
  ],
  [/^mkdir (\S+)$/, ([, name], at) => ({ steps: [directory(at(name))], before: [] })],
  [
    /^rmdir (?:existing )?(\S+)$/,
    ([, name], at) => ({ steps: [{ op: 'rmdir', path: at(name) }], before: [directory(at(name))] }),
  ],
  [
    /^(?:unlink|delete) (?:existing |file )?(\S+)$/,
    ([, name], at) => ({ steps: [{ op: 'unlink', path: at(name) }], before: [file(at(name))] }),
  ],
  [
    /^rename (?:(file|dir) )?(\S+) -> (\S+)$/,
    ([, kind, from, to], at) => ({
      steps: [{ op: 'sentence', steps: rename(at(from), at(to)) }],
      before: [kind === 'dir' ? directory(at(from)) : file(at(from))],
      directory: at(to).replace(/\\[^\\]*$/, ''),
    }),
  ],
  [
    /^set (?:attributes? )?([A-Z|]+) on (\S+)$/,
    ([, attributes, name], at) => ({
      steps: [{ op: 'set_basic', path: at(name), attributes }],
      before: [file(at(name))],
    }),
  ],
  [
    /^set (CreationTime|LastAccessTime|LastWriteTime) of (\S+)$/,
    ([, time, name], at) => ({
      steps: [{ op: 'touch', path: at(name), time }],
      before: [file(at(name))],
    }),
  ],
];

/** Within a directory by the name alone, which opens nothing else. */
function rename(from: string, to: string): readonly Step[] {
  const [here, there] = [from, to].map((path) => path.slice(0, path.lastIndexOf('\\') + 1));
  const h = 'renamed';
  const share = 'R|W|D';
  return [
    { op: 'create', path: from, disp: 'OPEN', access: 'DELETE|SYNCHRONIZE', share, as: h },
    { op: 'rename', h, to: here === there ? to.slice(there?.length) : to, replace: false },
    { op: 'close', h },
  ];
}

function meaningOf(sentence: string, at: At): Meaning | null {
  for (const [form, meaning] of readings) {
    const match = form.exec(sentence);
    if (match !== null) return meaning(match, at);
  }
  return null;
}

/** The directory that names without "D\" are in: the one that is watched, or the test directory. */
function placeOf({ setup }: ConformanceCase): At {
  const watch = setup.find((step) => isRecord(step) && step['op'] === 'notify');
  const opened = setup.find(
    (step) =>
      isRecord(step) && step['op'] === 'create' && isRecord(watch) && step['as'] === watch['h'],
  );
  const base = isRecord(opened) ? String(opened['path']) : 'D';
  return (name = '') => (/^D(\\|$)/.test(name) ? name : `${base}\\${name}`);
}

/** The case with its sentences as operations; unchanged where one of them is not understood. */
export function withoutSentences(one: ConformanceCase): ConformanceCase {
  const at = placeOf(one);
  const { action } = one;
  const list = isRecord(action) && Array.isArray(action['seq']) ? action['seq'] : [action];
  const meanings = (list as readonly unknown[]).map((step): Meaning | null =>
    typeof step === 'string' ? meaningOf(step, at) : { steps: [step as Step], before: [] },
  );
  const before = meanings.flatMap((meaning) => meaning?.before ?? []);
  const setup = one.setup.map((step): readonly unknown[] | null => {
    if (typeof step !== 'string') return [step];
    if (completionPhrase(step) !== null || tokenPhrase(step) !== null) return [step];
    return PRECONDITION.test(step) ? before : (meaningOf(step, at)?.steps ?? null);
  });
  const known = [...meanings, ...setup].every((each) => each !== null);
  const isChanged = [...one.setup, ...list].some((step) => typeof step === 'string');
  if (!known || !isChanged || (isRecord(action) && 'parallel' in action)) return one;
  const steps = meanings.flatMap((meaning) => meaning?.steps ?? []);
  const prepared = setup.flatMap((each) => each ?? []);
  const made = new Set(['D', ...prepared.map((step) => isRecord(step) && step['path'])]);
  const missing = meanings.flatMap((meaning) => meaning?.directory ?? []);
  const extra = missing.filter((path) => !made.has(path)).map(directory);
  return { ...one, setup: [...prepared, ...extra], action: { seq: steps } };
}
