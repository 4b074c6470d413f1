import { ruleIds } from '../../simulator/rules/grades.ts';
import { ruleOf, rules } from '../../simulator/rules/ruleBook.ts';
export { gradeMeanings, holdsOn } from '../../simulator/rules/rule.ts';
export { ruleOf };
const NEAR_COUNT = 5;
/** Letters that may differ: "NOTIFY-57" and "R-NOTFY-57" are near R-NOTIFY-57. */
const NEAR_DISTANCE = 2;
/** Ids that look like `text`, the most alike first; else rules whose title or text contains it. */
export function nearRules(text) {
    const wanted = text.trim().toUpperCase();
    const near = ruleIds
        .map((id) => ({ id, distance: editDistance(wanted, id) }))
        .filter(({ distance }) => distance <= NEAR_DISTANCE)
        .sort((a, b) => a.distance - b.distance)
        .map(({ id }) => id);
    const containing = (field) => rules.filter((rule) => field(rule).toUpperCase().includes(wanted)).map(({ id }) => id);
    if (near.length > 0 || wanted === '')
        return near.slice(0, NEAR_COUNT);
    const byWords = [...containing(({ title }) => title), ...containing((rule) => rule.text)];
    return [...new Set(byWords)].slice(0, NEAR_COUNT);
}
/** Letters to insert, delete or replace (Levenshtein). */
function editDistance(from, to) {
    let row = Array.from({ length: to.length + 1 }, (_, index) => index);
    for (const [index, letter] of [...from].entries()) {
        const next = [index + 1];
        for (const [column, other] of [...to].entries()) {
            const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
            next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}
