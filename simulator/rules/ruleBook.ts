// The rule book: what is held to be true of Windows. Code, events, findings and verdicts name it.
import type { RuleId } from '../../contract/rules.ts';
import { filterManagerRules } from './filterManager.ts';
import { ioRules } from './io.ts';
import { notifyRules } from './notify.ts';
import { redirectRules } from './redirect.ts';
import type { Rule, RuleFamily } from './rule.ts';
import { sectionRules } from './section.ts';

export const ruleFamilies: readonly RuleFamily[] = [
  notifyRules,
  sectionRules,
  redirectRules,
  filterManagerRules,
  ioRules,
];

/** Every rule, in the order of the book. */
export const rules: readonly Rule[] = ruleFamilies.flatMap(({ groups }) =>
  groups.flatMap((group) => group.rules),
);

const byId: ReadonlyMap<RuleId, Rule> = new Map(rules.map((rule) => [rule.id, rule]));

/** undefined for an id that is not in the book. */
export const ruleOf = (id: RuleId): Rule | undefined => byId.get(id);
