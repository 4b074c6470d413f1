/** SERVICE_STATUS.dwCurrentState (winsvc.h). */
export const ServiceState = {
    STOPPED: 1,
    START_PENDING: 2,
    STOP_PENDING: 3,
    RUNNING: 4,
};
/**
 * From `sc query`, `sc start` or `sc stop`:
 *     SERVICE_NAME: dirnotify
 *             TYPE               : 2  FILE_SYSTEM_DRIVER
 *             STATE              : 4  RUNNING
 *                                     (STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)
 *             WIN32_EXIT_CODE    : 0  (0x0)
 * TYPE is hexadecimal, the others decimal; undefined when there are no such lines.
 */
export function parseServiceStatus(output) {
    const values = output
        .split(/\r?\n/)
        .map((line) => /^\s+[^:()]+?\s*:\s*(0x)?([0-9a-f]+)\b/i.exec(line))
        .flatMap((found) => (found?.[2] === undefined ? [] : [found[2]]));
    const [type, state, exit] = values;
    if (type === undefined || state === undefined || exit === undefined)
        return undefined;
    return { type: parseInt(type, 16), state: Number(state), win32ExitCode: Number(exit) };
}
/**
 * The Win32 error of a failed sc.exe, which Windows prints and exits with
 *     [SC] StartService FAILED 577:
 * and Wine writes to its debug channel, exiting with 1
 *     0030:err:sc:wmain failed to start service 1060
 * Undefined when the command worked, or gave no number.
 */
export function win32ErrorOf({ code, stdout, stderr }) {
    if (code === 0)
        return undefined;
    const windows = /^\[SC\].*?(\d+):?\s*$/m.exec(stdout)?.[1];
    const wine = /err:sc:\S* failed to \w+ service (\d+)/.exec(stderr)?.[1];
    const printed = windows ?? wine;
    if (printed !== undefined)
        return Number(printed);
    // Wine's own 1 says only that it failed.
    return code === null || code === 1 ? undefined : code;
}
/** Values of one registry key, by name in lower case, from `reg query`; undefined without the key. */
export function parseRegistryValues(output, key) {
    const lines = output.split(/\r?\n/);
    // Windows prints the key in the case in which it was asked for, and HKLM in full.
    const first = lines.findIndex((line) => endsWithKey(line, key));
    if (first < 0)
        return undefined;
    const values = new Map();
    for (const line of lines.slice(first + 1)) {
        const [, name, , value] = /^\s{4}(.+?)\s{4}(REG_\w+)\s{4}(.*)$/.exec(line) ?? [];
        if (name === undefined || value === undefined)
            break;
        values.set(name.toLowerCase(), value);
    }
    return values;
}
function endsWithKey(line, key) {
    const below = key.replace(/^HKLM\\/i, 'HKEY_LOCAL_MACHINE\\');
    return line.trim().toLowerCase() === below.toLowerCase();
}
/**
 * The processes that host drivers under Wine, which `net start` lists as services of their own:
 * "Winedevice3".
 */
export const parseWineHosts = (output) => output.split(/\r?\n/).flatMap((line) => /^\s+(Winedevice\d+)\s*$/.exec(line)?.[1] ?? []);
