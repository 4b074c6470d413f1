// The file system's door: an NTFS-like volume, as a driver on a device. It is reached through IRPs
// only; nothing else of it is anybody's business.
import { assert } from '../../contract/assert.ts';
import type { DeviceObject, DriverObject, Volume } from '../io/deviceObject.ts';
import type { IoManager } from '../io/ioManager.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { dispatchTable } from './dispatch.ts';
import { fastIoDispatch } from './fastIo.ts';
import { answerFsFilter } from './mappings.ts';
import { FileSystemVolume, type FileSystemOptions } from './volume.ts';

export type { FileSystemOptions } from './volume.ts';

/** Makes an empty volume: a root directory, everyone's. The caller mounts it (`io.addVolume`). */
export function createFileSystem(
  kernel: Kernel,
  io: IoManager,
  options: FileSystemOptions,
): Volume {
  const volumeOf = ({ volume }: DeviceObject): FileSystemVolume => {
    assert(volume instanceof FileSystemVolume, 'the device is one of the file system');
    return volume;
  };
  const driver: DriverObject = {
    name: '\\FileSystem\\Ntfs',
    dispatch: dispatchTable(volumeOf),
    fastIo: fastIoDispatch(volumeOf),
    fsFilter: (device, request) => answerFsFilter(volumeOf(device), request),
  };
  return new FileSystemVolume(kernel, io, options, driver);
}
