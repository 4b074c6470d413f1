import { ruleOf, rules } from './ruleBook.ts';
export const ruleIds = rules.map(({ id }) => id);
/** Every grade that the rule's sources give; undefined for an id that is not in the book. */
export const gradesOf = (rule) => ruleOf(rule)?.grades;
/**
 * The firmest of them: what a statement that rests on the rule may be trusted as; on a version to which
 * the model extends the rule, the grade of that.
 */
export function gradeOf(rule, profile) {
    const found = ruleOf(rule);
    const extended = profile === undefined ? undefined : found?.extended?.[profile];
    return extended ?? found?.grades[0];
}
