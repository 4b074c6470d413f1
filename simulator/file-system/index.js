// The file system's door: an NTFS-like volume, as a driver on a device. It is reached through IRPs
// only; nothing else of it is anybody's business.
import { assert } from '../../contract/assert.ts';
import { dispatchTable } from './dispatch.ts';
import { fastIoDispatch } from './fastIo.ts';
import { answerFsFilter } from './mappings.ts';
import { FileSystemVolume } from './volume.ts';
/** Makes an empty volume: a root directory, everyone's. The caller mounts it (`io.addVolume`). */
export function createFileSystem(kernel, io, options) {
    const volumeOf = ({ volume }) => {
        assert(volume instanceof FileSystemVolume, 'the device is one of the file system');
        return volume;
    };
    const driver = {
        name: '\\FileSystem\\Ntfs',
        dispatch: dispatchTable(volumeOf),
        fastIo: fastIoDispatch(volumeOf),
        fsFilter: (device, request) => answerFsFilter(volumeOf(device), request),
    };
    return new FileSystemVolume(kernel, io, options, driver);
}
