// The shape of a profile: one Windows version as the model plays it.
import type { ProfileName } from '../../contract/profiles.ts';
import type { differences, ShippedLegacyFilter, ShippedNeighbour } from './differences.ts';

/** The versions in order of age, for "7 and later". */
export type WindowsVersion = '5.1' | '5.2' | '6.0' | '6.1' | '6.3' | '10.0';

type Differences = typeof differences;
/** The value that each difference has on this version. */
export type DifferenceValues = {
  readonly [Name in keyof Differences]: Differences[Name]['values'][ProfileName];
};

export interface Profile extends Omit<DifferenceValues, 'luafv' | 'fileInfo' | 'sr'> {
  readonly name: ProfileName;
  /** "Windows 7 SP1". */
  readonly title: string;
  readonly version: WindowsVersion;
  /** Build number: 7601, 26100 … */
  readonly build: number;
  readonly edition: 'client' | 'server';
  /** Filters that ship in the stack, highest altitude first. */
  readonly neighbours: readonly ShippedNeighbour[];
  readonly legacyFilters: readonly ShippedLegacyFilter[];
}
