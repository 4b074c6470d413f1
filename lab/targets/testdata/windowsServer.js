// An SSH server that answers as a Windows machine would: for what no machine here can show. It knows the
// questions that the lab asks, in the shell that the row says, and keeps the scripts that it was sent.
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import ssh2 from 'ssh2';
import { createKeyPair, fingerprintOf } from '../../ssh/index.ts';
export const windowsAnswer = {
    version: '10.0.22631',
    edition: 'Professional',
    product: 'Client',
    architecture: 'AMD64',
    secureBoot: 0,
    testSigning: true,
    debug: false,
    startOptions: ' TESTSIGNING  NOEXECUTE=OPTIN',
    memoryIntegrity: false,
    verifierDrivers: null,
    verifierFlags: null,
    printMask: null,
    crashDump: 7,
    crashReboot: 1,
    nmiCrashDump: null,
    freeBytes: 40_000_000_000,
    elevated: true,
    sshStart: 2,
    stores: { Root: ['AA'], TrustedPublisher: [] },
    instances: `Filter                Volume Name                              Altitude        Instance Name       Frame   SprtFtrs  VlStatus
--------------------  -------------------------------------  ------------  ----------------------  -----   --------  --------
bindflt               C:                                        409800     bindflt Instance          0     0000000f
FileInfo              C:                                         40500     FileInfo                  0     0000000f
FileInfo              \\Device\\Mup                                40500     FileInfo                  0     0000000f
WdFilter              C:                                        328010     WdFilter Instance         0     0000000f`,
};
export async function windowsServer(options) {
    const commands = [];
    const host = createKeyPair('host');
    const server = new ssh2.Server({ hostKeys: [host.privateKey] }, (client) => {
        client.on('error', () => undefined);
        client.on('authentication', (context) => context.method === 'publickey' ? context.accept() : context.reject(['publickey']));
        client.on('session', (accept) => {
            accept().on('exec', (take, _refuse, { command }) => {
                const channel = take();
                const shown = decoded(command);
                commands.push(shown);
                channel.write(options.answer?.(shown) ?? usualAnswer(options.shell, shown));
                channel.exit(0);
                channel.end();
            });
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const blob = Buffer.from(host.publicKey.split(' ')[1] ?? '', 'base64');
    return {
        port,
        hostKey: fingerprintOf(blob),
        commands,
        close: async () => {
            server.close();
            await once(server, 'close').catch(() => undefined);
        },
    };
}
function usualAnswer(shell, command) {
    if (command.includes('SystemStartOptions'))
        return `${JSON.stringify(windowsAnswer)}\r\n`;
    if (command === 'echo %OS%') {
        return { cmd: 'Windows_NT\r\n', powershell: '%OS%\r\n', bash: '%OS% \n$' }[shell];
    }
    return '';
}
/** The script of -EncodedCommand, unpacked; other commands as they are. */
export function decoded(command) {
    const encoded = /-EncodedCommand (\S+)$/.exec(command)?.[1];
    if (encoded === undefined)
        return command;
    const script = Buffer.from(encoded, 'base64').toString('utf16le');
    const packed = /FromBase64String\('([^']+)'\)\n\$plain/.exec(script)?.[1];
    return packed === undefined ? script : gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
}
