// The part of the object manager's namespace that leads to volumes: \Device\HarddiskVolumeN, and the
// drive letters of \?? and \DosDevices that link to it.
import { NtStatus } from '../../contract/windows/index.ts';
const linkDirectories = ['\\??\\', '\\DOSDEVICES\\', '\\GLOBAL??\\'];
/** Models: object names are looked up from the root, case-insensitively, up to the device. */
export function parseObjectName(name, volumes) {
    if (!name.startsWith('\\'))
        return { status: NtStatus.STATUS_OBJECT_PATH_SYNTAX_BAD };
    const upper = name.toUpperCase();
    for (const volume of volumes) {
        for (const prefix of prefixesOf(volume)) {
            const rest = restBehind(name, upper, prefix);
            if (rest !== null)
                return { volume, rest };
        }
    }
    return { status: statusOfUnknown(upper) };
}
function* prefixesOf(volume) {
    for (const directory of linkDirectories)
        yield `${directory}${volume.name.toUpperCase()}:`;
    yield volume.deviceName.toUpperCase();
}
function restBehind(name, upper, prefix) {
    if (!upper.startsWith(prefix))
        return null;
    const rest = name.slice(prefix.length);
    return rest === '' || rest.startsWith('\\') ? rest : null;
}
/** The last component missing is "name", an earlier one is "path". */
function statusOfUnknown(upper) {
    const directories = [...linkDirectories, '\\DEVICE\\'];
    const known = directories.find((directory) => upper.startsWith(directory));
    if (known === undefined)
        return NtStatus.STATUS_OBJECT_PATH_NOT_FOUND;
    return upper.slice(known.length).includes('\\')
        ? NtStatus.STATUS_OBJECT_PATH_NOT_FOUND
        : NtStatus.STATUS_OBJECT_NAME_NOT_FOUND;
}
