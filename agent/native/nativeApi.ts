// What the agent needs of ntdll: its routines by name, and memory that they may write to at any later
// time. A parameter everywhere, so that the agent's own logic is tested without Windows.
import type { Address, Handle } from './layouts.ts';
import type { WineHost } from './wineHost.ts';

/** Parameter kinds: `p` pointer or handle, `u` ULONG, `b` BOOLEAN. */
type Parameters = readonly ('p' | 'u' | 'b')[];

/** Every routine that the agent calls. */
export const ntRoutines = {
  NtCancelIoFile: ['p', 'p'],
  NtCancelIoFileEx: ['p', 'p', 'p'],
  NtClose: ['p'],
  NtCreateEvent: ['p', 'u', 'p', 'u', 'b'],
  NtCreateFile: ['p', 'u', 'p', 'p', 'p', 'u', 'u', 'u', 'u', 'p', 'u'],
  NtCreateSection: ['p', 'u', 'p', 'p', 'u', 'u', 'p'],
  NtDeleteFile: ['p'],
  NtDuplicateObject: ['p', 'p', 'p', 'p', 'u', 'u', 'u'],
  NtFlushBuffersFile: ['p', 'p'],
  NtFlushVirtualMemory: ['p', 'p', 'p', 'p'],
  NtFsControlFile: ['p', 'p', 'p', 'p', 'p', 'u', 'p', 'u', 'p', 'u'],
  NtLockFile: ['p', 'p', 'p', 'p', 'p', 'p', 'p', 'u', 'b', 'b'],
  NtMapViewOfSection: ['p', 'p', 'p', 'p', 'p', 'p', 'p', 'u', 'u', 'u'],
  NtNotifyChangeDirectoryFile: ['p', 'p', 'p', 'p', 'p', 'p', 'u', 'u', 'b'],
  NtQueryAttributesFile: ['p', 'p'],
  NtQueryDirectoryFile: ['p', 'p', 'p', 'p', 'p', 'p', 'u', 'u', 'b', 'p', 'b'],
  NtQueryEaFile: ['p', 'p', 'p', 'u', 'b', 'p', 'u', 'p', 'b'],
  NtQueryFullAttributesFile: ['p', 'p'],
  NtQueryInformationByName: ['p', 'p', 'p', 'u', 'u'],
  NtQueryInformationFile: ['p', 'p', 'p', 'u', 'u'],
  NtQuerySecurityObject: ['p', 'u', 'p', 'u', 'p'],
  NtReadVirtualMemory: ['p', 'p', 'p', 'p', 'p'],
  NtReadFile: ['p', 'p', 'p', 'p', 'p', 'p', 'u', 'p', 'p'],
  NtSetEaFile: ['p', 'p', 'p', 'u'],
  NtSetEvent: ['p', 'p'],
  NtSetInformationFile: ['p', 'p', 'p', 'u', 'u'],
  NtSetSecurityObject: ['p', 'u', 'p'],
  NtUnlockFile: ['p', 'p', 'p', 'p', 'u'],
  NtUnmapViewOfSection: ['p', 'p'],
  NtWaitForSingleObject: ['p', 'b', 'p'],
  NtWriteFile: ['p', 'p', 'p', 'p', 'p', 'p', 'u', 'p', 'p'],
  NtWriteVirtualMemory: ['p', 'p', 'p', 'p', 'p'],
  RtlGetVersion: ['p'],
} as const satisfies Readonly<Record<string, Parameters>>;

export type NtRoutine = keyof typeof ntRoutines;
export type NativeArgument = Address | Handle | boolean;

export interface NativeApi {
  /** Calls on the thread that runs this. Returns the NTSTATUS as an unsigned 32-bit value. */
  call(routine: NtRoutine, ...given: readonly NativeArgument[]): number;
  /**
   * The same on a thread of its own: this one goes on, even when the call blocks. A routine that is
   * missing throws at once.
   */
  start(routine: NtRoutine, ...given: readonly NativeArgument[]): Promise<number>;
  /** Zeroed memory that stays where it is until it is freed. */
  allocate(length_bytes: number): Address;
  free(address: Address): void;
  read(address: Address, length_bytes: number): Buffer;
  write(address: Address, bytes: Uint8Array): void;
  /** What is below Wine; undefined on Windows. */
  wine(): WineHost | undefined;
}

/** This Windows has no such routine. The step that needed it cannot be carried out. */
export class MissingRoutineError extends Error {
  override readonly name = 'MissingRoutineError';

  constructor(routine: string) {
    super(`ntdll of this Windows does not export ${routine}`);
  }
}
