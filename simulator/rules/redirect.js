// STATUS_REPARSE, reissue and redirection: every rule of the family.
import { reparseRules } from './redirect/reparse.ts';
import { targetRules } from './redirect/target.ts';
export const redirectRules = {
    family: 'REDIRECT',
    title: 'Redirection, STATUS_REPARSE and TargetInstance',
    groups: [...reparseRules, ...targetRules],
};
