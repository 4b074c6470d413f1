// Scripts for Windows PowerShell, as arguments that no shell on the way can misread: base64 of UTF-16
// means the same to cmd.exe, to PowerShell and to whatever else an SSH server may start.
import { gzipSync } from 'node:zlib';
/** A literal string of PowerShell: nothing in it is interpreted but the quote itself, doubled. */
export const quoted = (text) => `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
/** cmd.exe reads 8191 characters; what stands before the script on the line is short. */
const LINE_LIMIT = 8_000;
export function powershellArguments(script) {
    const whole = [
        "$ErrorActionPreference = 'Stop'",
        "$ProgressPreference = 'SilentlyContinue'",
        '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
        script,
    ].join('\n');
    const plain = encodedArguments(whole);
    const fits = plain.join(' ').length < LINE_LIMIT;
    return fits ? plain : encodedArguments(unpacking(whole));
}
/** A long script travels packed and unpacks itself. */
function unpacking(script) {
    const packed = gzipSync(Buffer.from(script), { level: 9 }).toString('base64');
    return [
        `$packed = [IO.MemoryStream][Convert]::FromBase64String('${packed}')`,
        "$plain = New-Object IO.Compression.GzipStream($packed, [IO.Compression.CompressionMode]'Decompress')",
        '& ([scriptblock]::Create((New-Object IO.StreamReader($plain)).ReadToEnd()))',
    ].join('\n');
}
function encodedArguments(whole) {
    const encoded = Buffer.from(whole, 'utf16le').toString('base64');
    return ['-NoLogo', '-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
}
export const powershellCommand = (script) => ['powershell.exe', ...powershellArguments(script)].join(' ');
/**
 * A command line of cmd.exe for a machine whose default shell is PowerShell. ProcessStartInfo hands
 * the line to cmd.exe as it is; PowerShell's own calls would change the quotes in it.
 */
export const cmdThroughPowershell = (command) => powershellCommand([
    '$start = New-Object Diagnostics.ProcessStartInfo',
    "$start.FileName = 'cmd.exe'",
    `$start.Arguments = ${quoted(`/d /s /c "${command}"`)}`,
    '$start.UseShellExecute = $false',
    '$done = [Diagnostics.Process]::Start($start)',
    '$done.WaitForExit()',
    'exit $done.ExitCode',
].join('\n'));
