// Directory change notification: every rule of the family.
import { notifyEntries } from './notify/entries.ts';
import { notifyFilters } from './notify/filters.ts';
import { notifyRequests } from './notify/requests.ts';
import type { RuleFamily } from './rule.ts';

export const notifyRules: RuleFamily = {
  family: 'NOTIFY',
  title: 'Directory change notification',
  groups: [...notifyRequests, ...notifyEntries, ...notifyFilters],
};
