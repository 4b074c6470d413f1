import { filterManagerRules } from './filterManager.ts';
import { ioRules } from './io.ts';
import { notifyRules } from './notify.ts';
import { redirectRules } from './redirect.ts';
import { sectionRules } from './section.ts';
export const ruleFamilies = [
    notifyRules,
    sectionRules,
    redirectRules,
    filterManagerRules,
    ioRules,
];
/** Every rule, in the order of the book. */
export const rules = ruleFamilies.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
const byId = new Map(rules.map((rule) => [rule.id, rule]));
/** undefined for an id that is not in the book. */
export const ruleOf = (id) => byId.get(id);
