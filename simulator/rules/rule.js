// One rule of the book: a statement about Windows, its versions, its sources and how well it is known.
import { profileNames } from '../../contract/profiles.ts';
/** No difference between versions is known. */
export const all = { text: 'all' };
/** Whether the rule speaks of this version of Windows. */
export function holdsOn(rule, profile) {
    const { since = profileNames[0], until = profile } = rule.versions;
    const age = profileNames.indexOf(profile);
    return profileNames.indexOf(since) <= age && age <= profileNames.indexOf(until);
}
/** What a grade says, in words. */
export const gradeMeanings = {
    T: 'a test suite that runs on real Windows asserts it',
    D: 'Microsoft documents it',
    C: "Microsoft's sample code does it",
    S: 'a practitioner reported it, with what the debugger showed',
    '2': 'a re-implementation or a public log shows it',
    I: 'it is inferred',
    U: 'it is unsure',
};
