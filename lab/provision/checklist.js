import { isVerified } from '../targets/windows/facts.ts';
import { quoted } from '../process/powershell.ts';
const ready = { kind: 'ready' };
const missing = (found) => ({ kind: 'missing', found });
const readyIf = (holds, found) => (holds ? ready : missing(found));
const manager = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager';
const crashControl = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\CrashControl';
/** A registry value of 32 bits; null takes it away. */
const setDword = (path, name, value) => value === null
    ? `Remove-ItemProperty -Path ${quoted(path)} -Name ${quoted(name)} -ErrorAction SilentlyContinue`
    : `if (-not (Test-Path ${quoted(path)})) { New-Item -Path ${quoted(path)} -Force | Out-Null }; ` +
        `New-ItemProperty -Path ${quoted(path)} -Name ${quoted(name)} -Value ${value} -PropertyType DWord -Force | Out-Null`;
/** bcdedit tells by its exit code, which PowerShell does not look at by itself. */
const bcdedit = (args) => `& bcdedit.exe ${args} | Out-Null; if ($LASTEXITCODE -ne 0) { throw "bcdedit ${args.split(' ')[0] ?? ''} failed: $LASTEXITCODE" }`;
const inStore = (store, thumbprint) => (store ?? []).some((one) => one.toUpperCase() === thumbprint.toUpperCase());
const stores = ['Root', 'TrustedPublisher'];
const AUTOMATIC = 2;
const ALL_LEVELS = 0xffffffff;
const KERNEL_DUMP = 2;
const NO_DUMP = 0;
/** I/O verification (with it Filter Verifier), pool, IRQL, deadlocks, miscellaneous checks. */
const VERIFIER_FLAGS = '0x9bb';
export const checklist = [
    {
        id: 'ssh',
        title: 'The OpenSSH server starts with Windows',
        state: ({ machine }) => readyIf(machine.sshStart === AUTOMATIC, 'it is started by hand'),
        mend: () => 'Set-Service -Name sshd -StartupType Automatic',
        undo: (before) => before.sshStart === AUTOMATIC ? '' : 'Set-Service -Name sshd -StartupType Manual',
        restart: false,
    },
    {
        id: 'certificate',
        title: "The lab's certificate is trusted: Root and TrustedPublisher of the machine",
        state: ({ machine, thumbprint }) => readyIf(stores.every((store) => inStore(machine.stores[store], thumbprint)), 'it is not in both stores'),
        mend: ({ certificate }) => [
            `$certificate = [Security.Cryptography.X509Certificates.X509Certificate2][Convert]::FromBase64String(${quoted(certificate)})`,
            `foreach ($name in 'Root', 'TrustedPublisher') {`,
            "  $store = New-Object Security.Cryptography.X509Certificates.X509Store($name, 'LocalMachine')",
            "  $store.Open('ReadWrite'); $store.Add($certificate); $store.Close()",
            '}',
        ].join('\n'),
        undo: (before, { thumbprint }) => stores
            .filter((store) => !inStore(before.stores[store], thumbprint))
            .map((store) => `Remove-Item -Path ${quoted(`Cert:\\LocalMachine\\${store}\\${thumbprint}`)} -ErrorAction SilentlyContinue`)
            .join('\n'),
        restart: false,
    },
    {
        id: 'test-signing',
        title: 'Windows takes test signatures',
        state: ({ machine }) => machine.testSigning
            ? ready
            : machine.secureBoot === 1
                ? { kind: 'blocked', because: 'Secure Boot is on: turn it off in the firmware first' }
                : missing('test signing is off'),
        mend: () => bcdedit('/set testsigning on'),
        undo: (before) => (before.testSigning ? '' : bcdedit('/set testsigning off')),
        restart: true,
    },
    {
        id: 'debug',
        title: 'The kernel debugger is on, over the transport that was asked for',
        state: ({ machine, debug }) => debug === undefined
            ? { kind: 'not-asked' }
            : readyIf(machine.debug, 'the kernel was started without it'),
        mend: ({ debug }) => debug === undefined
            ? ''
            : [
                debug.kind === 'net'
                    ? bcdedit(`/dbgsettings net hostip:${debug.host} port:${debug.port} key:${debug.key}`)
                    : bcdedit(`/dbgsettings serial debugport:${debug.port} baudrate:115200`),
                bcdedit('/debug on'),
            ].join('\n'),
        undo: (before) => (before.debug ? '' : bcdedit('/debug off')),
        restart: true,
    },
    {
        id: 'print-mask',
        title: 'DbgPrint reaches the debugger at every level',
        state: ({ machine }) => readyIf(machine.printMask !== null && machine.printMask !== 0, 'the default mask is 0'),
        mend: () => setDword(`${manager}\\Debug Print Filter`, 'DEFAULT', ALL_LEVELS),
        undo: (before) => setDword(`${manager}\\Debug Print Filter`, 'DEFAULT', before.printMask),
        restart: true,
    },
    {
        id: 'crash-dump',
        title: 'A crash leaves a dump and the machine restarts; so does an NMI',
        state: ({ machine }) => readyIf((machine.crashDump ?? NO_DUMP) !== NO_DUMP &&
            machine.crashReboot === 1 &&
            machine.nmiCrashDump === 1, 'dumps, the restart after them or those of an NMI are off'),
        mend: ({ machine }) => [
            ...((machine.crashDump ?? NO_DUMP) === NO_DUMP
                ? [setDword(crashControl, 'CrashDumpEnabled', KERNEL_DUMP)]
                : []),
            setDword(crashControl, 'AutoReboot', 1),
            setDword(crashControl, 'NMICrashDump', 1),
            setDword(crashControl, 'AlwaysKeepMemoryDump', 1),
        ].join('\n'),
        undo: (before) => [
            setDword(crashControl, 'CrashDumpEnabled', before.crashDump),
            setDword(crashControl, 'AutoReboot', before.crashReboot),
            setDword(crashControl, 'NMICrashDump', before.nmiCrashDump),
        ].join('\n'),
        restart: true,
    },
    {
        id: 'verifier',
        title: 'Driver Verifier and Filter Verifier watch the driver under test',
        state: ({ machine, driver }) => driver === undefined
            ? { kind: 'not-asked' }
            : readyIf(isVerified(machine, driver), 'they do not watch it'),
        mend: ({ driver }) => driver === undefined
            ? ''
            : `& verifier.exe /flags ${VERIFIER_FLAGS} /driver ${driver}.sys | Out-Null; ` +
                // 2: done, and a restart is needed.
                'if ($LASTEXITCODE -notin 0, 2) { throw "verifier failed: $LASTEXITCODE" }',
        undo: (before) => (before.verifierDrivers ?? '') === ''
            ? '& verifier.exe /reset | Out-Null'
            : `& verifier.exe /flags 0x${(before.verifierFlags ?? 0).toString(16)} /driver ${before.verifierDrivers ?? ''} | Out-Null`,
        restart: true,
    },
];
