// Releases of Windows in the words of exports/*.txt, and what a build for one of them defines.
import { profileNames } from '../../contract/profiles.ts';
import { assert } from '../../contract/assert.ts';
/** Release to build number of the kernel, oldest first. */
export const releases = {
    winxp: 2600,
    win2003: 3790,
    vista: 6000,
    'vista-sp1': 6001,
    win7: 7600,
    win8: 9200,
    win81: 9600,
    win10: 10240,
    'win10-1607': 14393,
    'win10-1703': 15063,
    'win10-1709': 16299,
    'win10-1803': 17134,
    'win10-1809': 17763,
    'win10-1903': 18362,
    'win10-2004': 19041,
    win11: 22000,
    'win11-22h2': 22621,
};
export const isRelease = (word) => Object.hasOwn(releases, word);
/** Server releases share the kernel, and the header's number, with their client. */
export const versionDefines = {
    // x64 of XP is Server 2003's kernel, so nothing older than 5.02 is ever asked for.
    winxp: { ntddi: 0x05010300, subsystem: '5.02' },
    win2003: { ntddi: 0x05020200, subsystem: '5.02' },
    vista: { ntddi: 0x06000200, subsystem: '6.00' },
    win7: { ntddi: 0x06010000, subsystem: '6.01' },
    win2008r2: { ntddi: 0x06010000, subsystem: '6.01' },
    win81: { ntddi: 0x06030000, subsystem: '6.03' },
    win10: { ntddi: 0x0a000000, subsystem: '10.00' },
    win11: { ntddi: 0x0a00000b, subsystem: '10.00' },
};
export const ntddiNewest = versionDefines.win11.ntddi;
/** _WIN32_WINNT, the upper half of an NTDDI_VERSION. */
export const winntOf = (ntddi) => ntddi >>> 16;
/** The subsystem version for an NTDDI_VERSION: that of the newest profile that is not newer. */
export function subsystemOf(ntddi) {
    const known = profileNames.map((name) => versionDefines[name]);
    const fitting = known.filter((each) => winntOf(each.ntddi) <= winntOf(ntddi)).at(-1) ?? known[0];
    assert(fitting !== undefined, 'there is a profile');
    return fitting.subsystem;
}
