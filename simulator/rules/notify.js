// Directory change notification: every rule of the family.
import { notifyEntries } from './notify/entries.ts';
import { notifyFilters } from './notify/filters.ts';
import { notifyRequests } from './notify/requests.ts';
export const notifyRules = {
    family: 'NOTIFY',
    title: 'Directory change notification',
    groups: [...notifyRequests, ...notifyEntries, ...notifyFilters],
};
