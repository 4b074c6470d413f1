// Goal: the agent is started by a line that cmd.exe reads as it is meant, and that outlives its session.
import { expect, test } from 'vitest';
import { launchCommand, type AgentLaunch } from './launchCommand.ts';

const launch: AgentLaunch = {
  kind: 'wine',
  node: 'C:\\FltLab\\node\\node.exe',
  bundle: 'C:\\FltLab\\agent\\agent.cjs',
  state: 'C:\\FltLab\\state',
  roots: { C: 'C:\\FltLab\\work', D: 'D:\\work' },
};

test('Wine: start without a console, with no stream inherited', () => {
  expect(launchCommand(launch)).toBe(
    'start "" /b C:\\FltLab\\node\\node.exe C:\\FltLab\\agent\\agent.cjs ' +
      '--state C:\\FltLab\\state --root C=C:\\FltLab\\work --root D=D:\\work <nul >nul 2>nul',
  );
});

test('limits are passed on, and a path with a blank is quoted', () => {
  const roots = { C: 'C:\\Flt Lab\\work' };
  expect(launchCommand({ ...launch, roots, idle_ms: 5, step_ms: 7 })).toContain(
    '--root "C=C:\\Flt Lab\\work" --idle-ms 5 --step-ms 7 <nul',
  );
});

/** What PowerShell will read: base64 of UTF-16. */
function script(command: string): string {
  const [, encoded] =
    /^powershell -NoProfile -NonInteractive -EncodedCommand ([A-Za-z0-9+/=]+)$/.exec(command) ?? [
      '',
      '',
    ];
  return Buffer.from(encoded ?? '', 'base64').toString('utf16le');
}

test('Windows: a process that WMI makes, in no job of the session', () => {
  expect(script(launchCommand({ ...launch, kind: 'windows' }))).toBe(
    '$made = Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ ' +
      "CommandLine = 'C:\\FltLab\\node\\node.exe C:\\FltLab\\agent\\agent.cjs " +
      "--state C:\\FltLab\\state --root C=C:\\FltLab\\work --root D=D:\\work' }; " +
      'exit $made.ReturnValue',
  );
});

test('Windows: a quote of PowerShell in a path stays inside its string', () => {
  const command = launchCommand({ ...launch, kind: 'windows', state: "C:\\O'Brien's; calc" });
  expect(script(command)).toContain(`--state "C:\\O''Brien''s; calc" --root`);
});

const refused = ['C:\\a"b', 'C:\\%PATH%', 'C:\\a\nb', 'C:\\a!b', 'C:\\a\\'];

test.each(refused)('%j cannot stand on a command line', (state) => {
  expect(() => launchCommand({ ...launch, state })).toThrow('usage.bad-argument');
});

const quoted = ['C:\\a&b', 'C:\\a|b', 'C:\\a^b', 'C:\\a(b)', 'C:\\a b', 'C:\\a<b', 'C:\\ä'];

test.each(quoted)('%s is quoted, so cmd.exe takes it as text', (state) => {
  expect(launchCommand({ ...launch, state })).toContain(`--state "${state}" --root`);
});
