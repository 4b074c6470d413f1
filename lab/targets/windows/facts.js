// What a Windows machine is, asked in one command: a script whose answer is one JSON object. It serves
// the facts of the target, the pre-flight of a deployment and the provisioning checklist alike, so that a
// machine that is ready costs one round trip.
import { z } from 'zod';
import { powershellCommand } from '../../process/powershell.ts';
/**
 * Each value is read where Windows documents or keeps it; one that cannot be read is null, never a
 * guess. `fltmc` needs an elevated account: its text is read by lab/deploy.
 */
const script = `
function Value($path, $name) { try { (Get-ItemProperty -LiteralPath $path -ErrorAction Stop).$name } catch { $null } }
$control = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control'
$current = 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'
$manager = "$control\\Session Manager"
$start = "$(Value $control 'SystemStartOptions')"
$guard = try { @((Get-CimInstance -Namespace root\\Microsoft\\Windows\\DeviceGuard -ClassName Win32_DeviceGuard).SecurityServicesRunning) } catch { $null }
$me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
$elevated = $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
$stores = @{}
foreach ($store in 'Root', 'TrustedPublisher') {
  $stores[$store] = @(Get-ChildItem "Cert:\\LocalMachine\\$store" | ForEach-Object { $_.Thumbprint })
}
ConvertTo-Json -Compress -Depth 4 -InputObject @{
  version = "$([Environment]::OSVersion.Version.Major).$([Environment]::OSVersion.Version.Minor).$(Value $current 'CurrentBuildNumber')"
  edition = Value $current 'EditionID'
  product = Value $current 'InstallationType'
  architecture = $env:PROCESSOR_ARCHITECTURE
  secureBoot = Value "$control\\SecureBoot\\State" 'UEFISecureBootEnabled'
  testSigning = $start -match '\\bTESTSIGNING\\b'
  debug = $start -match '\\bDEBUG\\b'
  startOptions = $start
  memoryIntegrity = if ($null -eq $guard) { $null } else { $guard -contains 2 }
  verifierDrivers = Value "$manager\\Memory Management" 'VerifyDrivers'
  verifierFlags = Value "$manager\\Memory Management" 'VerifyDriverLevel'
  printMask = Value "$manager\\Debug Print Filter" 'DEFAULT'
  crashDump = Value "$control\\CrashControl" 'CrashDumpEnabled'
  crashReboot = Value "$control\\CrashControl" 'AutoReboot'
  nmiCrashDump = Value "$control\\CrashControl" 'NMICrashDump'
  freeBytes = try { (Get-PSDrive C).Free } catch { $null }
  elevated = $elevated
  sshStart = Value 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\sshd' 'Start'
  stores = $stores
  instances = if ($elevated) { (& fltmc.exe instances) -join [char]10 } else { $null }
}`;
export const windowsFactsCommand = powershellCommand(script);
const number = z.number().nullable();
const Store = z.union([z.array(z.string()), z.string().transform((one) => [one])]).nullish();
export const WindowsAnswer = z.object({
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    edition: z.string().nullable(),
    /** "Client", "Server", "Server Core". */
    product: z.string().nullable(),
    architecture: z.string(),
    /** Null on a machine without UEFI. */
    secureBoot: number,
    testSigning: z.boolean(),
    debug: z.boolean(),
    startOptions: z.string(),
    memoryIntegrity: z.boolean().nullable(),
    verifierDrivers: z.string().nullable(),
    verifierFlags: number,
    printMask: number,
    crashDump: number,
    crashReboot: number,
    nmiCrashDump: number,
    freeBytes: number,
    elevated: z.boolean(),
    sshStart: number,
    stores: z.object({ Root: Store, TrustedPublisher: Store }),
    instances: z.string().nullable(),
});
/** Undefined when what answered was not the script. */
export function parseWindowsAnswer(stdout) {
    const line = stdout.split(/\r?\n/).find((one) => one.trimStart().startsWith('{'));
    if (line === undefined)
        return undefined;
    try {
        return WindowsAnswer.safeParse(JSON.parse(line)).data;
    }
    catch (error) {
        if (error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}
/** Driver Verifier's flag "I/O Verification"; Filter Verifier comes with it for minifilters. */
const IO_VERIFICATION = 0x10;
export const isVerified = (answer, driver) => {
    const names = (answer.verifierDrivers ?? '').toLowerCase().split(/\s+/);
    const named = names.includes('*') || names.includes(`${driver.toLowerCase()}.sys`);
    return named && ((answer.verifierFlags ?? 0) & IO_VERIFICATION) !== 0;
};
