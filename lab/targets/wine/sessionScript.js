import { wineEnvironment, wineUser } from './environment.ts';
/** The name that sshd_config gives to the subsystem, and that this script then sees as command. */
export const SFTP_COMMAND = 'fltlab-sftp';
export const windowsHome = () => `/C:/users/${wineUser()}`;
/**
 * Wine writes the arguments of a program into one Windows command line and escapes quotes on the
 * way as C programs read them; cmd.exe does not read them so. The command therefore travels in a
 * variable that a first cmd.exe expands unread for a second one, which parses it as Windows would.
 * The quotes around it are what OpenSSH for Windows adds, and cmd.exe takes away.
 */
export function sessionScript(layout, programs, sftp) {
    const environment = Object.entries(wineEnvironment(layout))
        .map(([name, value]) => `${name}=${quote(value)}`)
        .join(' ');
    const server = [sftp.program, ...sftp.args, layout.driveC, windowsHome()].map(quote).join(' ');
    return [
        '#!/bin/sh',
        '# Written by FltLab. The forced command of the SSH server of this target.',
        `cd ${quote(`${layout.driveC}/users/${wineUser()}`)} || exit 1`,
        `in_target() { exec env -i ${environment} TERM="\${TERM:-dumb}" "$@"; }`,
        '# The lab has started Wine before it connects. If it has died since, it is started anew, without',
        '# the streams of this session: what Wine starts would hold them, and SSH wait for their end.',
        `if (in_target ${quote(programs.wineserver)} -p) </dev/null >/dev/null 2>&1; then`,
        `  (in_target ${quote(programs.wine)} cmd /c exit) </dev/null >/dev/null 2>&1`,
        'fi',
        'case "${SSH_ORIGINAL_COMMAND-}" in',
        `  ${SFTP_COMMAND}) in_target ELECTRON_RUN_AS_NODE=1 ${server} ;;`,
        `  '') in_target ${quote(programs.wine)} cmd ;;`,
        '  *) in_target FLTLAB_COMMAND="\\"$SSH_ORIGINAL_COMMAND\\"" \\',
        `       ${quote(programs.wine)} cmd /c cmd /c %FLTLAB_COMMAND% ;;`,
        'esac',
        '',
    ].join('\n');
}
/** For any shell of the Bourne family. */
export const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
