// The eight Windows versions that the model plays, in the order of age. What differs between them is
// in differences.ts.
import { profileNames } from '../../contract/profiles.ts';
import { differences } from './differences.ts';
const identities = {
    winxp: { title: 'Windows XP SP3', version: '5.1', build: 2600, edition: 'client' },
    win2003: { title: 'Windows Server 2003 SP2', version: '5.2', build: 3790, edition: 'server' },
    vista: { title: 'Windows Vista SP2', version: '6.0', build: 6002, edition: 'client' },
    win7: { title: 'Windows 7 SP1', version: '6.1', build: 7601, edition: 'client' },
    win2008r2: {
        title: 'Windows Server 2008 R2 SP1',
        version: '6.1',
        build: 7601,
        edition: 'server',
    },
    win81: { title: 'Windows 8.1', version: '6.3', build: 9600, edition: 'client' },
    win10: { title: 'Windows 10 22H2', version: '10.0', build: 19045, edition: 'client' },
    win11: { title: 'Windows 11 24H2', version: '10.0', build: 26100, edition: 'client' },
};
function makeProfile(name) {
    const values = Object.fromEntries(Object.entries(differences).map(([what, difference]) => [what, difference.values[name]]));
    const { luafv, fileInfo, sr, ...others } = values;
    return {
        name,
        ...identities[name],
        ...others,
        neighbours: [luafv, fileInfo].filter((one) => one !== null),
        legacyFilters: [sr].filter((one) => one !== null),
    };
}
const profiles = Object.fromEntries(profileNames.map((name) => [name, makeProfile(name)]));
export const profileOf = (name) => profiles[name];
const versions = ['5.1', '5.2', '6.0', '6.1', '6.3', '10.0'];
/** "7 and later" is `isAtLeast(profile, '6.1')`. */
export const isAtLeast = (profile, version) => versions.indexOf(profile.version) >= versions.indexOf(version);
