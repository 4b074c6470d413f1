// The line for cmd.exe that starts the agent so that it outlives the SSH session. No secret is on it.
import { LabError } from '../../contract/errors/labError.ts';
/** Errors: `usage.bad-argument`, for a path that no command line can carry. */
export function launchCommand(launch) {
    const program = commandLine(launch);
    return launch.kind === 'wine' ? detachedByStart(program) : detachedByWmi(program);
}
function commandLine(launch) {
    const roots = Object.entries(launch.roots).flatMap(([name, path]) => [
        '--root',
        `${name}=${path}`,
    ]);
    const limits = [
        ...(launch.idle_ms === undefined ? [] : ['--idle-ms', String(launch.idle_ms)]),
        ...(launch.step_ms === undefined ? [] : ['--step-ms', String(launch.step_ms)]),
    ];
    const parts = [launch.node, launch.bundle, '--state', launch.state, ...roots, ...limits];
    return parts.map(quoted).join(' ');
}
/**
 * cmd.exe expands %NAME% even inside quotes, and ends a quoted part at a quote; Windows allows neither
 * a quote nor a control character in a path, and the lab makes no path with a percent sign.
 */
function quoted(part) {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/["%!\u0000-\u001f]/.test(part) || part.endsWith('\\')) {
        throw new LabError('usage.bad-argument', {
            problem: `"${part}" cannot stand on a command line of the target.`,
            remedy: 'Choose a path without quotes, percent signs and a backslash at its end.',
        });
    }
    return /^[A-Za-z0-9_.:\\=-]+$/.test(part) ? part : `"${part}"`;
}
/** Wine's `start` gives the program no console and does not wait; the streams must not be inherited. */
const detachedByStart = (program) => `start "" /b ${program} <nul >nul 2>nul`;
/**
 * OpenSSH for Windows ends every process of a session with it, by a job object. A process that WMI
 * creates is nobody's child and in no job (learn.microsoft.com: Win32_Process.Create). The script
 * travels in base64 of UTF-16, which no shell on the way can misread.
 */
function detachedByWmi(program) {
    const script = [
        `$made = Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{`,
        `CommandLine = '${program.replaceAll("'", "''")}' }; exit $made.ReturnValue`,
    ].join(' ');
    const encoded = Buffer.from(script, 'utf16le').toString('base64');
    return `powershell -NoProfile -NonInteractive -EncodedCommand ${encoded}`;
}
