// How well each rule of the book is known.
import type { ProfileName } from '../../contract/profiles.ts';
import type { EvidenceGrade, RuleId } from '../../contract/rules.ts';
import { ruleOf, rules } from './ruleBook.ts';

export const ruleIds: readonly RuleId[] = rules.map(({ id }) => id);

/** Every grade that the rule's sources give; undefined for an id that is not in the book. */
export const gradesOf = (rule: RuleId): readonly EvidenceGrade[] | undefined =>
  ruleOf(rule)?.grades;

/**
 * The firmest of them: what a statement that rests on the rule may be trusted as; on a version to which
 * the model extends the rule, the grade of that.
 */
export function gradeOf(rule: RuleId, profile?: ProfileName): EvidenceGrade | undefined {
  const found = ruleOf(rule);
  const extended = profile === undefined ? undefined : found?.extended?.[profile];
  return extended ?? found?.grades[0];
}
