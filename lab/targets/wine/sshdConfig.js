// The configuration of the target's own OpenSSH server. It never reads the system's, never listens
// beyond the loopback, and lets in one user with one key, for one forced command.
import { userInfo } from 'node:os';
import { SFTP_COMMAND, quote } from './sessionScript.ts';
export function sshdConfig(layout, port) {
    const { server } = layout;
    const lines = {
        Port: String(port),
        ListenAddress: '127.0.0.1',
        HostKey: quotePath(server.hostKey),
        PidFile: quotePath(server.pidFile),
        AuthorizedKeysFile: quotePath(server.authorizedKeys),
        AuthenticationMethods: 'publickey',
        PubkeyAuthentication: 'yes',
        PasswordAuthentication: 'no',
        KbdInteractiveAuthentication: 'no',
        UsePAM: 'no',
        PermitRootLogin: 'prohibit-password',
        AllowUsers: userInfo().username,
        // The data folder may lie below one that others can write to (/tmp in a test), which sshd would
        // refuse; its own modes are set by the lab.
        StrictModes: 'no',
        ForceCommand: quote(server.session),
        Subsystem: `sftp ${SFTP_COMMAND}`,
        AllowTcpForwarding: 'local',
        PermitOpen: '127.0.0.1:* localhost:*',
        AllowStreamLocalForwarding: 'no',
        AllowAgentForwarding: 'no',
        X11Forwarding: 'no',
        PermitTunnel: 'no',
        PermitUserEnvironment: 'no',
        PermitUserRC: 'no',
        PrintMotd: 'no',
        MaxSessions: '64',
        MaxStartups: '64',
        // Sessions of a lab that was killed end within a minute.
        ClientAliveInterval: '15',
        ClientAliveCountMax: '3',
        LogLevel: 'INFO',
    };
    return `# Written by FltLab; changes are lost.\n${Object.entries(lines)
        .map(([keyword, value]) => `${keyword} ${value}\n`)
        .join('')}`;
}
/** sshd_config(5): double quotes keep blanks, and a percent sign begins a token. */
const quotePath = (file) => `"${file.replaceAll('%', '%%')}"`;
