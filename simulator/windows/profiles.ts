// The eight Windows versions that the model plays. Each value that differs names its source; the
// order is age. What a profile does not say is the same on all of them.
import type { ProfileName } from '../../contract/profiles.ts';
import type { Profile } from './profile.ts';

type Neighbours = Profile['neighbours'];

// Filters that ship in the stack, by published fltmc lists (R-REDIRECT-44 for luafv). The model knows
// them as passive: seen in the stack, changing nothing.
// XP: sr.sys is a legacy filter driver and not modelled, so it is left out here.
const none: Neighbours = [];
// User Account Control's file virtualization ships on clients only (R-REDIRECT-44).
const luafv = { filter: 'luafv', altitude: '135000' };
// The seed new-system-buffer-dir-notify shows FileInfo below PassThrough on Windows 7.
const fileInfo = { filter: 'FileInfo', altitude: '45000' };
// Windows 10 moved it below Wof.
const fileInfoLow = { filter: 'FileInfo', altitude: '40500' };

/** What all versions from Vista on have. */
const fromVista = {
  ioPriorityHint: true, // R-IO-22
  reparseLimit: 63, // R-REDIRECT-13
  registrationVersion: 0x0202, // fltKernel.h: FLT_REGISTRATION_VERSION_0202 with FLT_MGR_LONGHORN
  posixDelete: false,
} as const;

const fromWindows7 = { ...fromVista, newSystemBuffer: true } as const; // R-NOTIFY-57, 58

const fromWindows8 = {
  ...fromWindows7,
  registrationVersion: 0x0203, // fltKernel.h: FLT_REGISTRATION_VERSION_0203 with FLT_MGR_WIN8
} as const;

const fromWindows10_1709 = { ...fromWindows8, posixDelete: true } as const; // R-IO-4

const beforeVista = {
  newSystemBuffer: false, // R-NOTIFY-57
  ioPriorityHint: false, // R-IO-22
  reparseLimit: 31, // R-REDIRECT-13
  registrationVersion: 0x0200, // fltKernel.h
  posixDelete: false,
  neighbours: none,
} as const;

const profiles: { readonly [Name in ProfileName]: Profile & { readonly name: Name } } = {
  winxp: {
    ...beforeVista,
    name: 'winxp',
    title: 'Windows XP SP3',
    version: '5.1',
    build: 2600,
    edition: 'client',
  },
  win2003: {
    ...beforeVista,
    name: 'win2003',
    title: 'Windows Server 2003 SP2',
    version: '5.2',
    build: 3790,
    edition: 'server',
  },
  vista: {
    ...fromVista,
    newSystemBuffer: false, // R-NOTIFY-57
    name: 'vista',
    title: 'Windows Vista SP2',
    version: '6.0',
    build: 6002,
    edition: 'client',
    neighbours: [luafv, fileInfo],
  },
  win7: {
    ...fromWindows7,
    name: 'win7',
    title: 'Windows 7 SP1',
    version: '6.1',
    build: 7601,
    edition: 'client',
    neighbours: [luafv, fileInfo],
  },
  win2008r2: {
    ...fromWindows7,
    name: 'win2008r2',
    title: 'Windows Server 2008 R2 SP1',
    version: '6.1',
    build: 7601,
    edition: 'server',
    neighbours: [fileInfo],
  },
  win81: {
    ...fromWindows8,
    name: 'win81',
    title: 'Windows 8.1',
    version: '6.3',
    build: 9600,
    edition: 'client',
    neighbours: [luafv, fileInfo],
  },
  win10: {
    ...fromWindows10_1709,
    name: 'win10',
    title: 'Windows 10 22H2',
    version: '10.0',
    build: 19045,
    edition: 'client',
    neighbours: [luafv, fileInfoLow],
  },
  win11: {
    ...fromWindows10_1709,
    name: 'win11',
    title: 'Windows 11 24H2',
    version: '10.0',
    build: 26100,
    edition: 'client',
    neighbours: [luafv, fileInfoLow],
  },
};

export const profileOf = (name: ProfileName): Profile => profiles[name];

const versions: readonly Profile['version'][] = ['5.1', '5.2', '6.0', '6.1', '6.3', '10.0'];

/** "7 and later" is `isAtLeast(profile, '6.1')`. */
export const isAtLeast = (profile: Profile, version: Profile['version']): boolean =>
  versions.indexOf(profile.version) >= versions.indexOf(version);
