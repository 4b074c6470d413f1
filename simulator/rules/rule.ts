// One rule of the book: a statement about Windows, its versions, its sources and how well it is known.
import { profileNames, type ProfileName } from '../../contract/profiles.ts';
import type { EvidenceGrade, RuleId } from '../../contract/rules.ts';

export interface Versions {
  /** As the sources tell it: 'all', '7 and later', 'unsure' … */
  readonly text: string;
  /** The oldest profile that the rule holds on. */
  readonly since?: ProfileName;
  /** The newest. Where the sources draw no bound that a profile can tell, there is none here. */
  readonly until?: ProfileName;
}

export interface Rule {
  readonly id: RuleId;
  /** A few words. */
  readonly title: string;
  readonly text: string;
  /** Where the rule is a table: its rows, the header first. */
  readonly table?: readonly (readonly string[])[];
  readonly versions: Versions;
  /** What it was learned from, a short citation each. */
  readonly sources: readonly string[];
  /** Every grade that the sources give, the firmest first. */
  readonly grades: readonly EvidenceGrade[];
  /**
   * Versions to which the model extends the rule beyond what its sources say, and how well it is known
   * there: a choice, weaker than any of `grades`.
   */
  readonly extended?: Readonly<Partial<Record<ProfileName, EvidenceGrade>>>;
}

export interface RuleGroup {
  readonly title: string;
  readonly rules: readonly Rule[];
}

export interface RuleFamily {
  /** The middle of its rules' ids. */
  readonly family: string;
  readonly title: string;
  readonly groups: readonly RuleGroup[];
}

/** No difference between versions is known. */
export const all: Versions = { text: 'all' };

/** Whether the rule speaks of this version of Windows. */
export function holdsOn(rule: Rule, profile: ProfileName): boolean {
  const { since = profileNames[0], until = profile } = rule.versions;
  const age = profileNames.indexOf(profile);
  return profileNames.indexOf(since) <= age && age <= profileNames.indexOf(until);
}

/** What a grade says, in words. */
export const gradeMeanings: Readonly<Record<EvidenceGrade, string>> = {
  T: 'a test suite that runs on real Windows asserts it',
  D: 'Microsoft documents it',
  C: "Microsoft's sample code does it",
  S: 'a practitioner reported it, with what the debugger showed',
  '2': 'a re-implementation or a public log shows it',
  I: 'it is inferred',
  U: 'it is unsure',
};
