// What a Windows that has restarted says of its last bugcheck, and the head of the dump that it wrote.
// Event 1001 of BugCheck/WER-SystemErrorReporting has the code, the parameters and the file.
import { z } from 'zod';
import type { Crash } from '../../contract/debugStream.ts';
import { bugCheckName } from '../../contract/windows/index.ts';
import { powershellCommand } from '../process/powershell.ts';

const script = (since: Date): string => `
$control = Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\CrashControl'
$file = [Environment]::ExpandEnvironmentVariables("$($control.DumpFile)")
$since = [DateTime]::Parse('${since.toISOString()}')
$dump = Get-Item -LiteralPath $file -ErrorAction SilentlyContinue
$event = try {
  Get-WinEvent -MaxEvents 1 -FilterHashtable @{ LogName = 'System'; Id = 1001; StartTime = $since; ProviderName = 'Microsoft-Windows-WER-SystemErrorReporting' }
} catch { $null }
ConvertTo-Json -Compress -InputObject @{
  dumpFile = $file
  dumpBytes = if ($dump -and $dump.LastWriteTime -ge $since) { $dump.Length } else { $null }
  values = if ($event) { @($event.Properties | ForEach-Object { "$($_.Value)" }) } else { $null }
}`;

/** Clocks of lab and guest may differ by this much, and a guest that was put back is behind. */
const CLOCK_SLACK_MS = 10 * 60_000;

export const lastCrashCommand = (since: Date): string =>
  powershellCommand(script(new Date(since.getTime() - CLOCK_SLACK_MS)));

const Answer = z.object({
  dumpFile: z.string(),
  dumpBytes: z.number().nullable(),
  /** "0x000000d1 (0x…, 0x…, 0x…, 0x…)", the dump, the id of the report. */
  values: z.array(z.string()).nullable(),
});

export interface LastCrash {
  readonly crash: Crash | undefined;
  readonly dump: { readonly path: string; readonly bytes: number } | undefined;
}

/** Undefined when what answered was not the script. */
export function parseLastCrash(stdout: string): LastCrash | undefined {
  const line = stdout.split(/\r?\n/).find((one) => one.trimStart().startsWith('{'));
  const answer = line === undefined ? undefined : Answer.safeParse(jsonOf(line)).data;
  if (answer === undefined) return undefined;
  const { dumpFile, dumpBytes, values } = answer;
  return {
    crash: crashOfEvent(values?.[0]),
    dump: dumpBytes === null ? undefined : { path: dumpFile, bytes: dumpBytes },
  };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function crashOfEvent(text: string | undefined): Crash | undefined {
  const [, number, list] = /^0x([0-9a-f]+) \(([^)]*)\)/i.exec(text ?? '') ?? [];
  if (number === undefined) return undefined;
  const code = Number.parseInt(number, 16);
  const parameters = (list ?? '').split(/,\s*/).filter((one) => one !== '');
  return { code, name: bugCheckName(code), parameters };
}

/** Offsets of DUMP_HEADER64: signature, valid dump, bugcheck code, its four parameters. */
const head = { valid: 4, code: 0x38, parameters: 0x40, length: 0x60 } as const;

/**
 * The bugcheck that a 64-bit kernel dump was written for; undefined when these bytes begin no such
 * dump: a file that is whole in size may still be none.
 */
export function readDumpHead(bytes: Buffer): Crash | undefined {
  if (bytes.length < head.length) return undefined;
  if (bytes.toString('latin1', 0, 8) !== 'PAGEDU64') return undefined;
  const code = bytes.readUInt32LE(head.code);
  const parameters = Array.from(
    { length: 4 },
    (_, index) => `0x${bytes.readBigUInt64LE(head.parameters + index * 8).toString(16)}`,
  );
  return { code, name: bugCheckName(code), parameters };
}
