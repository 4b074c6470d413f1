// What differs between the versions of Windows that the model plays: one entry a difference, with its
// source. What is not here is the same on all of them; routines and information classes that came with
// a version say so in their own tables (`since`).
import { profileNames } from '../../contract/profiles.ts';
/** From a version on another value; ages in the order of the profiles. */
function changed(source, oldest, later) {
    let value = oldest;
    const values = profileNames.map((name) => {
        value = name in later ? later[name] : value;
        return [name, value];
    });
    return { source, values: Object.fromEntries(values) };
}
const since = (name, source) => changed(source, false, { [name]: true });
/** On some versions only, whatever their age. */
function on(source, names, value, other) {
    const values = profileNames.map((name) => [name, names.includes(name) ? value : other]);
    return { source, values: Object.fromEntries(values) };
}
const clientsFromVista = ['vista', 'win7', 'win81', 'win10', 'win11'];
// User Account Control's file virtualization: of clients only, on the volume that Windows is on only.
const luafv = { filter: 'luafv', altitude: '135000', systemVolumeOnly: true };
const fileInfo = {
    filter: 'FileInfo',
    altitude: '45000',
    systemVolumeOnly: false,
};
// Windows 10 moved it below Wof.
const fileInfoBelowWof = { ...fileInfo, altitude: '40500' };
// System Restore: a legacy filter, above the Filter Manager's device, on every volume that it watches.
const systemRestore = { driver: 'sr', aboveFrame: 0 };
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
    irpCtrl: changed('"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)', 'xp', { vista: 'win7' }),
    /**
     * Where FltpPassThroughFastIo takes the device from that it calls: the volume at which the call
     * arrived, or the IRP_CTRL, which follows a changed TargetInstance. Unsure for Server 2003 and Vista.
     */
    fastIoDevice: changed('R-REDIRECT-41, R-REDIRECT-42', 'IRP_CALL_CTRL', { vista: 'IRP_CTRL' }),
    /** IRP_MJ_QUERY_OPEN and NtQueryInformationByName exist. */
    queryByName: since('win10', 'R-REDIRECT-47'),
    /** A system partition without a letter is the first volume, as in the transcript of Windows 7. */
    hiddenSystemPartition: since('win7', '"New System Buffer" for directory notification (blog, 2011): its kd transcript'),
    /** User Account Control's file virtualization. */
    luafv: on('R-REDIRECT-44; published fltmc lists: one instance, on the system volume', clientsFromVista, luafv, null),
    /** FileInfo stands near the bottom of every volume. */
    fileInfo: changed('published fltmc lists; the kd transcript of Windows 7 shows it below PassThrough', null, { vista: fileInfo, win10: fileInfoBelowWof }),
    /** System Restore's sr.sys above the Filter Manager. */
    sr: on('"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27): !devstack', ['winxp'], systemRestore, null),
};
