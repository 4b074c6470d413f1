// A conformance case: a fact about Windows in words that a machine can read. One JSON object a line.
import type { ProfileName } from '../../contract/profiles.ts';

/** What a case cannot be used for, and why; ends its translation. */
export class CaseRefusal extends Error {
  override readonly name = 'CaseRefusal';
  readonly kind: 'failed' | 'notModelled' | 'notApplicable';

  constructor(kind: CaseRefusal['kind'], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

export interface ConformanceCase {
  readonly id: string;
  readonly family: string;
  /** Windows versions that the source covers. */
  readonly os: readonly string[];
  /** Versions that are believed to do the same: reported, not counted. */
  readonly assumed: readonly string[];
  /** Steps, or sentences that describe a situation. */
  readonly setup: readonly unknown[];
  readonly action: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly source: string;
  /** T, D, C, S, 2, I, U. */
  readonly evidence: string;
  readonly note: string;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** The cases of a file, in order. Throws CaseRefusal for a line that is none. */
export function parseCases(text: string): ConformanceCase[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => parseCase(JSON.parse(line) as unknown, `line ${index + 1}`));
}

export function parseCase(document: unknown, where: string): ConformanceCase {
  if (!isRecord(document)) throw new CaseRefusal('failed', `${where} is not an object`);
  const text = (key: string): string => {
    const value = document[key];
    if (typeof value === 'string') return value;
    throw new CaseRefusal('failed', `${where}: "${key}" is not a text`);
  };
  const { os, os_assumed: assumed = [], setup, expected, note } = document;
  if (!isNames(os) || !isNames(assumed) || !Array.isArray(setup) || !isRecord(expected)) {
    throw new CaseRefusal('failed', `${where}: "os", "setup" or "expected" has another shape`);
  }
  return {
    id: text('id'),
    family: text('family'),
    os,
    assumed,
    setup,
    action: document['action'],
    expected,
    source: text('source'),
    evidence: text('evidence'),
    note: typeof note === 'string' ? note : '',
  };
}

/** The profiles that play a Windows version; Windows 8 has none and is only reported. */
const profilesByOs: Readonly<Record<string, readonly ProfileName[]>> = {
  XP: ['winxp'],
  '2003': ['win2003'],
  Vista: ['vista'],
  '7': ['win7', 'win2008r2'],
  '8': [],
  '8.1': ['win81'],
  '10': ['win10'],
  '11': ['win11'],
};

export const profilesOf = ({ os }: Pick<ConformanceCase, 'os'>): readonly ProfileName[] =>
  os.flatMap(profilesNamed);

/** Throws CaseRefusal for a name that no Windows has. */
export function profilesNamed(name: string): readonly ProfileName[] {
  const profiles = profilesByOs[name];
  if (profiles === undefined) throw new CaseRefusal('failed', `unknown Windows "${name}"`);
  return profiles;
}

/** Inferred, unsure or second-hand: a miss is reported, not counted. */
export const isSoft = ({ evidence }: ConformanceCase): boolean =>
  ['I', 'U', '2'].includes(evidence);
