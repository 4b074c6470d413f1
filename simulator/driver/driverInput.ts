// What a simulation needs to know of the driver under test, and what loading it gives back.
import type { FileCoverage } from '../../contract/prediction.ts';
import type { SampleManifest } from '../../contract/sample.ts';
import type { VolumeStack } from '../../contract/stack.ts';
import type { NtStatus } from '../../contract/windows/index.ts';
import type { DriverWatcher } from '../debugger/driverView.ts';
import type { PortEnd } from '../io/index.ts';

export interface DriverInput {
  /** The service's and the filter's name: "dirnotify". */
  readonly name: string;
  /** The linked WebAssembly image, with its debug and coverage sections. */
  readonly image: Uint8Array;
  /**
   * Folders of the image's debug information that are not the driver's own (our headers, the
   * runtime): no finding points there, and coverage leaves them out.
   */
  readonly foreignFolders: readonly string[];
  readonly instances: SampleManifest['instances'];
  /** Name of the default instance; the first when left out. */
  readonly defaultInstance?: string | undefined;
  /** Filters in the stack beside those of the profile. */
  readonly neighbours: SampleManifest['neighbours'];
  /** Names of the profile's own neighbours that are left out ("luafv"). */
  readonly without: readonly string[];
  /**
   * False: loaded, not called. DriverEntry runs and starts filtering, but no volume is offered to
   * it; that is what a Wine target does.
   */
  readonly callbacksCalled: boolean;
  /**
   * Drivers that are loaded before this one and unloaded after it: observers. Each is linked for a
   * place of its own (runtime/README.md); its neighbours and its watcher are not looked at.
   */
  readonly companions?: readonly DriverInput[] | undefined;
  /** A debugger: the image is a debug build then, and stops at every statement. */
  readonly watcher?: DriverWatcher | undefined;
}

/** The driver after DriverEntry has returned success. */
export interface LoadedDriver {
  /**
   * Unloads it as the service manager would: FilterUnloadCallback, teardown of its instances, then
   * the search for what it left behind. Runs on the calling simulated thread; PASSIVE_LEVEL.
   */
  unload(): Promise<void>;
  /** FilterConnectCommunicationPort, on the calling simulated thread of the program. */
  readonly connect: (port: string, context: Uint8Array) => Promise<PortEnd | NtStatus>;
  /** FilterDetach: any filter of the stack, by name, from the volume with this name. */
  readonly detach: (filter: string, volume: string) => Promise<NtStatus>;
  /** What stands on each volume now. */
  stacks(): readonly VolumeStack[];
  /** Line counts up to now, also after a bugcheck. Files in the order of the image. */
  coverage(): readonly FileCoverage[];
}

/** A load that failed is a result: the finding that says why has been reported. */
export type LoadResult =
  | { readonly kind: 'loaded'; readonly driver: LoadedDriver }
  | { readonly kind: 'failed'; readonly status: NtStatus; coverage(): readonly FileCoverage[] };
