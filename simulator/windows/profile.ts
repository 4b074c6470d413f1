// The shape of a profile: one Windows version as the model plays it. Each value that differs between
// versions is one entry with its source; the files beside this one hold them.
import type { ProfileName } from '../../contract/profiles.ts';

/** The versions in order of age, for "7 and later". */
export type WindowsVersion = '5.1' | '5.2' | '6.0' | '6.1' | '6.3' | '10.0';

export interface Profile {
  readonly name: ProfileName;
  /** "Windows 7 SP1". */
  readonly title: string;
  readonly version: WindowsVersion;
  /** Build number: 7601, 26100 … */
  readonly build: number;
  readonly edition: 'client' | 'server';
  /**
   * FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER and FltGetNewSystemBufferAddress exist (R-NOTIFY-57, 58).
   */
  readonly newSystemBuffer: boolean;
  /** IRP flags carry the I/O priority hint in bits 17 to 19 (R-IO-22): Vista and later. */
  readonly ioPriorityHint: boolean;
  /** FltRegisterFilter accepts registrations up to this version. */
  readonly registrationVersion: number;
  /** FILE_DISPOSITION_INFORMATION_EX and FILE_RENAME_INFORMATION_EX exist (10 1709 and later). */
  readonly posixDelete: boolean;
  /** Reparse points that one path may cross (R-REDIRECT-13). */
  readonly reparseLimit: number;
  /** Filters that ship in the stack, highest altitude first. */
  readonly neighbours: readonly { readonly filter: string; readonly altitude: string }[];
}
