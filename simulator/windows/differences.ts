// What differs between the versions of Windows that the model plays: one entry a difference, with its
// source. What is not here is the same on all of them; routines and information classes that came with
// a version say so in their own tables (`since`).
import { profileNames, type ProfileName } from '../../contract/profiles.ts';

/** A minifilter that ships with Windows; modelled, never loaded. */
export interface ShippedNeighbour {
  readonly filter: string;
  readonly altitude: string;
  /** It attaches to the volume that Windows is on and to no other. */
  readonly systemVolumeOnly: boolean;
}

/** A legacy filter driver that ships with Windows. */
export interface ShippedLegacyFilter {
  readonly driver: string;
  /** The frame whose device it is attached above. */
  readonly aboveFrame: number;
}

/** Which of the two known layouts of an IRP_CTRL. */
export type IrpCtrlGeneration = 'xp' | 'win7';

export interface Difference<Value> {
  /** The rule, or the header or text that shows it. */
  readonly source: string;
  readonly values: Readonly<Record<ProfileName, Value>>;
}

/** From a version on another value; ages in the order of the profiles. */
function changed<Value>(
  source: string,
  oldest: Value,
  later: Partial<Record<ProfileName, Value>>,
): Difference<Value> {
  let value = oldest;
  const values = profileNames.map((name): [ProfileName, Value] => {
    value = name in later ? (later[name] as Value) : value;
    return [name, value];
  });
  return { source, values: Object.fromEntries(values) as Record<ProfileName, Value> };
}

const since = (name: ProfileName, source: string): Difference<boolean> =>
  changed(source, false, { [name]: true });

/** On some versions only, whatever their age. */
function on<Value>(source: string, names: readonly ProfileName[], value: Value, other: Value) {
  const values = profileNames.map((name) => [name, names.includes(name) ? value : other]);
  return { source, values: Object.fromEntries(values) } as Difference<Value>;
}

const clientsFromVista = ['vista', 'win7', 'win81', 'win10', 'win11'] as const;

// User Account Control's file virtualization: of clients only, on the volume that Windows is on only.
const luafv: ShippedNeighbour = { filter: 'luafv', altitude: '135000', systemVolumeOnly: true };
const fileInfo: ShippedNeighbour = {
  filter: 'FileInfo',
  altitude: '45000',
  systemVolumeOnly: false,
};
// Windows 10 moved it below Wof.
const fileInfoBelowWof: ShippedNeighbour = { ...fileInfo, altitude: '40500' };
// System Restore: a legacy filter, above the Filter Manager's device, on every volume that it watches.
const systemRestore: ShippedLegacyFilter = { driver: 'sr', aboveFrame: 0 };

export const differences = {
  /** FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER and FltGetNewSystemBufferAddress exist. */
  newSystemBuffer: since('win7', 'R-NOTIFY-57, R-NOTIFY-58'),
  /** IRP flags carry the I/O priority hint in bits 17 to 19. */
  ioPriorityHint: since('vista', 'R-IO-22'),
  /** Reparse points that one path may cross. */
  reparseLimit: changed('R-REDIRECT-13', 31, { vista: 63 }),
  /** The I/O manager follows IO_REPARSE_TAG_SYMLINK. */
  symbolicLinks: since('vista', 'R-REDIRECT-12'),
  /** FltRegisterFilter accepts registrations up to this version. */
  registrationVersion: changed('fltKernel.h: FLT_REGISTRATION_VERSION', 0x0200, {
    vista: 0x0202,
    win81: 0x0203,
  }),
  /** FltSetFileContext and its like do something. */
  fileContexts: since('vista', 'DDI: FltSetFileContext'),
  /** NtCancelIoFileEx exists. */
  cancelOneRequest: since('vista', 'Windows SDK: CancelIoEx'),
  /** FILE_DISPOSITION_INFORMATION_EX and FILE_RENAME_INFORMATION_EX exist (10 1709 and later). */
  posixDelete: since('win10', 'R-IO-4'),
  /** How the Filter Manager lays out an IRP_CTRL; shown by transcripts of XP and 7 only. */
  irpCtrl: changed<IrpCtrlGeneration>(
    '"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)',
    'xp',
    { vista: 'win7' },
  ),
  /**
   * Where FltpPassThroughFastIo takes the device from that it calls: the volume at which the call
   * arrived, or the IRP_CTRL, which follows a changed TargetInstance. Unsure for Server 2003 and Vista.
   */
  fastIoDevice: changed<'IRP_CALL_CTRL' | 'IRP_CTRL'>(
    'R-REDIRECT-41, R-REDIRECT-42',
    'IRP_CALL_CTRL',
    { vista: 'IRP_CTRL' },
  ),
  /** IRP_MJ_QUERY_OPEN and NtQueryInformationByName exist. */
  queryByName: since('win10', 'R-REDIRECT-47'),
  /** A system partition without a letter is the first volume, as in the transcript of Windows 7. */
  hiddenSystemPartition: since(
    'win7',
    '"New System Buffer" for directory notification (blog, 2011): its kd transcript',
  ),
  /** User Account Control's file virtualization. */
  luafv: on<ShippedNeighbour | null>(
    'R-REDIRECT-44; published fltmc lists: one instance, on the system volume',
    clientsFromVista,
    luafv,
    null,
  ),
  /** FileInfo stands near the bottom of every volume. */
  fileInfo: changed<ShippedNeighbour | null>(
    'published fltmc lists; the kd transcript of Windows 7 shows it below PassThrough',
    null,
    { vista: fileInfo, win10: fileInfoBelowWof },
  ),
  /** System Restore's sr.sys above the Filter Manager. */
  sr: on<ShippedLegacyFilter | null>(
    '"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27): !devstack',
    ['winxp'],
    systemRestore,
    null,
  ),
} as const satisfies Record<string, Difference<unknown>>;
