// What stands on each volume, for people to look at: devices from the top, instances by altitude.
import type { DeviceLayer, Stack, VolumeStack } from '../../contract/stack.ts';
import { topOfStack, type DeviceObject, type Volume } from '../io/deviceObject.ts';
import type { FltVolume, Frame } from './filter.ts';

export function stacksOf(
  volumes: readonly Volume[],
  frames: readonly Frame[],
  { legacyFilters }: Stack,
): VolumeStack[] {
  const records = new Map(
    frames.flatMap((frame) => frame.volumes.map((one) => [one.device, one] as const)),
  );
  const skips = (driver: string): boolean =>
    legacyFilters.some((one) => one.skipsLocation && driver.endsWith(`\\${one.driver}`));
  return volumes.map((volume) => {
    const layers: DeviceLayer[] = [];
    let device: DeviceObject | null = topOfStack(volume.fileSystemDevice);
    for (; device !== null; device = device.lower) {
      layers.push(layerOf(device, records.get(device), skips(device.driver.name)));
    }
    return { volume: volume.name, device: volume.deviceName, layers };
  });
}

function layerOf(
  { driver, stackSize, lower }: DeviceObject,
  record: FltVolume | undefined,
  skipsLocation: boolean,
): DeviceLayer {
  const base = { driver: driver.name, stackSize };
  if (record !== undefined) {
    const instances = record.instances.map(({ filter, altitude }) => ({
      filter: filter.name,
      altitude,
    }));
    return { kind: 'frame', ...base, frame: record.frame.id, instances };
  }
  if (lower === null) return { kind: 'file-system', ...base };
  return { kind: 'legacy-filter', ...base, skipsLocation };
}
