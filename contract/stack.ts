// What stands on the volumes of the model beside the driver under test: frames of the Filter Manager,
// legacy filter drivers between them, other minifilters. A target has the stack that it has.
import { z } from 'zod';
import { compareAltitudes } from './altitude.ts';

export const Altitude = z
  .string()
  .regex(/^[0-9]{1,10}(\.[0-9]+)?$/, 'digits, optionally a fraction');

const VolumeName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'the name of a volume');
/** On which volumes; all of them when left out. */
const volumes = z.array(VolumeName).min(1).optional();

/** A minifilter that stands in the stack beside the driver under test; modelled, never loaded. */
export const Neighbour = z.strictObject({
  filter: z.string(),
  altitude: Altitude,
  /**
   * "passive" passes everything on, with a post-operation: enough to be seen. A scanner opens each file
   * once more when it has been opened: by the name that the first create had ("scans-original"), or by
   * the name that the file object has now ("scans-current"). "pends-reads" pends every read that goes
   * past the cache and lets it go on from a system thread, as filters do that decrypt.
   */
  kind: z.enum(['passive', 'scans-original', 'scans-current', 'pends-reads']).default('passive'),
  volumes,
});
export type Neighbour = z.output<typeof Neighbour>;

/** A legacy filter driver: a device of its own in the stack, modelled as passing everything on. */
export const LegacyFilter = z.strictObject({
  /** "oldscan": its driver object is \FileSystem\oldscan. */
  driver: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/, 'letters, digits, _'),
  /** The frame that it is attached directly above, by number; 0 is the lowest. */
  aboveFrame: z.number().int().min(0).max(9).default(0),
  /**
   * It hands its own stack location on (IoSkipCurrentIrpStackLocation) instead of using it, which
   * leaves one location more to those below.
   */
  skipsLocation: z.boolean().default(false),
  volumes,
});
export type LegacyFilter = z.output<typeof LegacyFilter>;

export const Stack = z.strictObject({
  /**
   * The altitudes at which frames 1, 2 … begin; frame 0 begins at the bottom. One frame alone when
   * left out. A minifilter's instance belongs to the frame that its altitude falls into.
   */
  frameBoundaries: z
    .array(Altitude)
    .max(9)
    .refine(isAscending, 'altitudes in ascending order')
    .default([]),
  /** In the order in which they attach: of two above the same frame the later one is on top. */
  legacyFilters: z.array(LegacyFilter).default([]),
  /** Beside those of the Windows version and of the manifest. */
  neighbours: z.array(Neighbour).default([]),
  /**
   * What STATUS_REPARSE with IO_REPARSE leads to when the name has not been changed, which is not
   * documented: the same file once more ("same-name"), or a parse of the name below the volume from the
   * root of the object namespace ("from-the-root").
   */
  reparseWithoutName: z.enum(['same-name', 'from-the-root']).default('same-name'),
});
export type Stack = z.output<typeof Stack>;

function isAscending(altitudes: readonly string[]): boolean {
  return altitudes.every((altitude, index) => {
    const before = altitudes[index - 1];
    return before === undefined || compareAltitudes(before, altitude) < 0;
  });
}

/** One device of a volume's stack, as it stood when the workload had ended. */
export const DeviceLayer = z.strictObject({
  kind: z.enum(['frame', 'legacy-filter', 'file-system']),
  /** "\\FileSystem\\FltMgr". */
  driver: z.string(),
  /** DEVICE_OBJECT.StackSize: stack locations that a request needs from here down. */
  stackSize: z.number().int().positive(),
  /** Of a frame: its number, and its instances, the highest first. */
  frame: z.number().int().nonnegative().optional(),
  instances: z.array(z.strictObject({ filter: z.string(), altitude: z.string() })).optional(),
  /** Of a legacy filter that leaves its own location to those below. */
  skipsLocation: z.boolean().optional(),
});
export type DeviceLayer = z.output<typeof DeviceLayer>;

/** What stands on one volume, the highest first. */
export const VolumeStack = z.strictObject({
  /** "C". */
  volume: z.string(),
  /** "\\Device\\HarddiskVolume2". */
  device: z.string(),
  layers: z.array(DeviceLayer),
});
export type VolumeStack = z.output<typeof VolumeStack>;

/** In words, for people: what a workload's stack has beyond the plain one. */
export function describeStack(stack: Stack): string {
  const { frameBoundaries, legacyFilters, neighbours, reparseWithoutName } = stack;
  const on = (places: readonly string[] | undefined): string =>
    places === undefined ? '' : ` on ${places.join(', ')}`;
  const parts = [
    ...(frameBoundaries.length === 0 ? [] : [`${frameBoundaries.length + 1} frames`]),
    ...legacyFilters.map((one) => `the legacy filter ${one.driver}${on(one.volumes)}`),
    ...neighbours.map((one) => `the minifilter ${one.filter}${on(one.volumes)}`),
    ...(reparseWithoutName === 'same-name'
      ? []
      : ['the other reading of a reparse without a name']),
  ];
  return parts.length === 0 ? 'the plain stack' : parts.join(', ');
}
