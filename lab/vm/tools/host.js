// The machine that a hypervisor runs on: this one, or a Windows host over SSH. Programs are started by
// name with a list of arguments; how a shell in between would read them is settled here.
import { readFile } from 'node:fs/promises';
import { isLabError } from '../../../contract/errors/labError.ts';
import { withLimit } from '../../data/cancellation.ts';
import { powershellArguments, quoted } from '../../process/powershell.ts';
import { findProgram, runProgram } from '../../process/index.ts';
import { didNotAnswer } from '../vmErrors.ts';
/** Where installers put programs that they do not add to the PATH. */
const usualPlaces = {
    VBoxManage: ['C:\\Program Files\\Oracle\\VirtualBox\\VBoxManage.exe'],
    vmrun: [
        'C:\\Program Files (x86)\\VMware\\VMware Workstation\\vmrun.exe',
        'C:\\Program Files\\VMware\\VMware Workstation\\vmrun.exe',
        '/Applications/VMware Fusion.app/Contents/Library/vmrun',
    ],
};
export function thisHost() {
    const run = async (program, args, options) => {
        let found = await findProgram(program);
        for (const place of usualPlaces[program] ?? [])
            found ??= await findProgram(place);
        // Messages are read: in one language, whatever the user's is.
        const env = { ...process.env, LC_ALL: 'C' };
        return runProgram(found ?? program, args, { ...options, env });
    };
    return {
        windows: process.platform === 'win32',
        run,
        powershell: (script, options) => run('powershell.exe', powershellArguments(script), options),
        readText: (file) => readFile(file, 'utf8').catch(() => undefined),
    };
}
/**
 * A Windows host over SSH. All goes through PowerShell's -EncodedCommand: base64 means the same to
 * cmd.exe, to PowerShell and to any other shell that the SSH server may start.
 */
export function windowsHost(connection) {
    const powershell = async (script, { signal, timeout_ms }) => {
        const limit = withLimit(signal, timeout_ms, () => didNotAnswer('the host', 'answer', timeout_ms));
        try {
            const command = ['powershell.exe', ...powershellArguments(script)].join(' ');
            const result = await connection.exec(command, { signal: limit.signal });
            return { ...result, kind: 'exited', code: result.code ?? -1 };
        }
        catch (error) {
            if (!isLabError(error) || error.code !== 'vm.did-not-answer')
                throw error;
            return { kind: 'timed-out', timeout_ms, stdout: '', stderr: '', truncated: false };
        }
        finally {
            limit.done();
        }
    };
    return {
        windows: true,
        powershell,
        run: async (program, args, options) => {
            const result = await powershell(callScript(program, args), options);
            const missing = result.kind === 'exited' && result.code === NOT_FOUND;
            return missing ? { kind: 'not-found', program } : result;
        },
        readText: async (file, options) => {
            const result = await powershell(`Get-Content -Raw -LiteralPath ${quoted(file)}`, options);
            return result.kind === 'exited' && result.code === 0 ? result.stdout : undefined;
        },
    };
}
/** What cmd.exe returns for a program that it does not find; no program of ours uses it. */
const NOT_FOUND = 9009;
function callScript(program, args) {
    const places = [program, ...(usualPlaces[program] ?? [])].map(quoted).join(', ');
    return [
        `$found = @(${places}) | ForEach-Object { Get-Command $_ -CommandType Application -ErrorAction SilentlyContinue } | Select-Object -First 1`,
        `if (-not $found) { exit ${NOT_FOUND} }`,
        `& $found.Source ${args.map(quoted).join(' ')}`,
        'exit $LASTEXITCODE',
    ].join('\n');
}
