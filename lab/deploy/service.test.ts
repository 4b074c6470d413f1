// What the service manager prints, on Windows in several languages and on Wine, and what the lab makes
// of it: the state, the Win32 error, the sentence for the driver's author. Windows' texts are those of
// Microsoft's documentation of sc.exe and reg.exe; Wine's were printed by Wine 8.0.
import { expect, test } from 'vitest';
import { windowsPath } from '../targets/windowsPath.ts';
import { deleteService, inspectService, startService, stopService } from './driverService.ts';
import { loadErrors } from './loadErrors.ts';
import { createCommands, quote, serviceKey, type FilterService } from './serviceCommands.ts';
import {
  parseRegistryValues,
  parseServiceStatus,
  parseWineHosts,
  win32ErrorOf,
} from './serviceOutput.ts';

const lines = (...each: string[]): string => each.join('\r\n');
const status = (type: string, state: string, exit = '0  (0x0)'): string =>
  lines(
    '',
    'SERVICE_NAME: dirnotify',
    `        TYPE               : ${type}`,
    `        STATE              : ${state}`,
    '                                (STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)',
    `        WIN32_EXIT_CODE    : ${exit}`,
    '        SERVICE_EXIT_CODE  : 0  (0x0)',
    '        CHECKPOINT         : 0x0',
    '        WAIT_HINT          : 0x0',
    '',
  );
const german = lines(
  '',
  'SERVICE_NAME: dirnotify',
  '        TYP                : 2  FILE_SYSTEM_DRIVER',
  '        STATUS             : 4  RUNNING',
  '                                (STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)',
  '        WIN32_BEENDIGUNGSCODE : 0  (0x0)',
  '        DIENST_BEENDIGUNGSCODE : 0  (0x0)',
  '        PRÜFPUNKT          : 0x0',
  '        WARTEHINWEIS       : 0x0',
);
const extended = status('2  FILE_SYSTEM_DRIVER', '4  RUNNING').replace(
  /\s+$/,
  '\r\n        PID                : 0\r\n        FLAGS              :\r\n',
);

test.each([
  ['running', status('2  FILE_SYSTEM_DRIVER', '4  RUNNING'), [2, 4, 0]],
  [
    'stopped, never started',
    status('2  FILE_SYSTEM_DRIVER', '1  STOPPED', '1077  (0x435)'),
    [2, 1, 1077],
  ],
  ['stopping', status('2  FILE_SYSTEM_DRIVER', '3  STOP_PENDING'), [2, 3, 0]],
  ['a shared process', status('20  WIN32_SHARE_PROCESS', '4  RUNNING'), [0x20, 4, 0]],
  ['in German', german, [2, 4, 0]],
  ['of sc start, with a process', extended, [2, 4, 0]],
  ['on Wine, without the name of the type', status('2  ', '4  RUNNING'), [2, 4, 0]],
])('a status: %s', (_name, output, [type, state, win32ExitCode]) => {
  expect(parseServiceStatus(output)).toEqual({ type, state, win32ExitCode });
});

test.each([
  '',
  'Usage: sc command servicename [parameter= value ...]',
  '[SC] DeleteService SUCCESS',
])('no status: %j', (output) => expect(parseServiceStatus(output)).toBeUndefined());

const said = (code: number | null, stdout: string, stderr = '') => ({
  code,
  stdout,
  stderr,
  truncated: false,
});

test.each([
  ['Windows', said(577, '[SC] StartService FAILED 577:\r\n\r\nWindows cannot verify …\r\n'), 577],
  [
    'another call',
    said(1060, '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\n'),
    1060,
  ],
  ['German', said(1060, '[SC] OpenService FEHLER 1060:\r\n\r\nDer angegebene Dienst …\r\n'), 1060],
  ['Wine', said(1, '', '0030:err:sc:wmain failed to start service 1060\r\n'), 1060],
  ['the exit code alone', said(1062, ''), 1062],
  ["Wine's 1 says nothing", said(1, ''), undefined],
  ['it worked', said(0, '[SC] CreateService SUCCESS\r\n'), undefined],
  ['it was cut', said(null, ''), undefined],
])('the error: %s', (_name, result, expected) => {
  expect(win32ErrorOf(result)).toBe(expected);
});

const KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\dirnotify';
const registry = lines(
  '',
  'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\dirnotify',
  '    Type    REG_DWORD    0x2',
  '    ImagePath    REG_EXPAND_SZ    \\??\\C:\\FltLab\\drivers\\dirnotify\\dirnotify.sys',
  '    DisplayName    REG_SZ    FltLab dirnotify',
  '    FltLab    REG_SZ    ab12',
  '',
  'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\dirnotify\\Instances',
  '    DefaultInstance    REG_SZ    dirnotify Instance',
);

test('values of a key, and of no key below it', () => {
  expect([...(parseRegistryValues(registry, KEY) ?? [])]).toEqual([
    ['type', '0x2'],
    ['imagepath', '\\??\\C:\\FltLab\\drivers\\dirnotify\\dirnotify.sys'],
    ['displayname', 'FltLab dirnotify'],
    ['fltlab', 'ab12'],
  ]);
  expect(parseRegistryValues(registry, `${KEY}x`)).toBeUndefined();
  expect(parseRegistryValues('ERROR: The system was unable to find …', KEY)).toBeUndefined();
});

const netStart = lines(
  'The following services are running:',
  '    Event Log',
  '    Winedevice1',
  '    Winedevice12',
  '    My Winedevice3',
);

test("Wine's driver hosts", () => {
  expect(parseWineHosts(netStart)).toEqual(['Winedevice1', 'Winedevice12']);
});

const service: FilterService = {
  name: 'dirnotify',
  loadOrderGroup: 'FSFilter Activity Monitor',
  instances: [
    { name: 'dirnotify Instance', altitude: '370030.5', flags: 0 },
    { name: 'second', altitude: '140000', flags: 3 },
  ],
};
const image = windowsPath('C:\\FltLab\\drivers\\dirnotify\\dirnotify.sys');

test('the commands that make a service', () => {
  const [line, ...more] = createCommands(service, image, { run: 'ab12', hosts: ['Winedevice1'] });
  expect(more).toEqual([]);
  expect(line?.split(' && ')).toEqual([
    'sc create dirnotify type= filesys start= demand error= normal' +
      ' binPath= "C:\\FltLab\\drivers\\dirnotify\\dirnotify.sys"' +
      ' group= "FSFilter Activity Monitor" DisplayName= "FltLab dirnotify" depend= FltMgr',
    `reg add "${KEY}" /v FltLab /t REG_SZ /d "ab12" /f`,
    `reg add "${KEY}" /v FltLabHosts /t REG_SZ /d "Winedevice1" /f`,
    `reg add "${KEY}\\Instances" /v DefaultInstance /t REG_SZ /d "dirnotify Instance" /f`,
    `reg add "${KEY}\\Instances\\dirnotify Instance" /v Altitude /t REG_SZ /d "370030.5" /f`,
    `reg add "${KEY}\\Instances\\dirnotify Instance" /v Flags /t REG_DWORD /d "0" /f`,
    `reg add "${KEY}\\Instances\\second" /v Altitude /t REG_SZ /d "140000" /f`,
    `reg add "${KEY}\\Instances\\second" /v Flags /t REG_DWORD /d "3" /f`,
  ]);
});

test('a line that cmd.exe could not read is made into several', () => {
  const instances = Array.from({ length: 60 }, (_, index) => ({
    name: `instance ${index}`,
    altitude: '370030',
    flags: 0,
  }));
  const commands = createCommands({ ...service, instances }, image, { run: 'x', hosts: [] });
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) expect(command.length).toBeLessThan(8191);
  expect(commands.join(' && ').split(' && ').length).toBe(3 + 2 * 60);
});

test.each(['a"b', '%PATH%', 'wow!', 'a\nb', 'a\0', 'end\\'])('no command holds %j', (text) => {
  expect(() => quote(text)).toThrow(expect.objectContaining({ code: 'sample.manifest-invalid' }));
});

test.each(['', 'a b', 'a&b', '../x', 'x'.repeat(33), '7zip'])('no service is called %j', (name) => {
  expect(() => serviceKey(name)).toThrow();
});

// A machine that answers each command from a table, and remembers what it was asked.
function fakeMachine(kind: 'wine' | 'windows', answers: Record<string, ReturnType<typeof said>[]>) {
  const asked: string[] = [];
  return {
    asked,
    description: { kind, name: 'vm' } as never,
    paths: { driversFolder: windowsPath('C:\\FltLab\\drivers') } as never,
    exec: async (command: string) => {
      asked.push(command);
      const answer = answers[command]?.shift();
      if (answer === undefined) throw new Error(`not expected: ${command}`);
      return answer;
    },
  };
}
const running = said(0, status('2  FILE_SYSTEM_DRIVER', '4  RUNNING'));
const stopped = said(0, status('2  FILE_SYSTEM_DRIVER', '1  STOPPED'));
const pending = said(0, status('2  FILE_SYSTEM_DRIVER', '3  STOP_PENDING'));
const failed = (code: number) => said(code, `[SC] X FAILED ${code}:\r\n`);

test.each([
  ['it runs at once', [running], [], undefined],
  ['it runs a little later', [pending], [running], undefined],
  ['it is not signed', [failed(577)], [], 'deploy.service-failed'],
  ['a routine is missing', [failed(127)], [], 'deploy.load-failed'],
  ['a number that nobody knows', [failed(4711)], [], 'deploy.load-failed'],
  ['it stopped again', [pending], [stopped], 'deploy.load-failed'],
] as const)('start: %s', async (_name, start, query, code) => {
  const machine = fakeMachine('windows', {
    'sc start dirnotify': [...start],
    'sc query dirnotify': [...query],
  });
  const outcome = startService(machine, 'dirnotify', {});
  if (code === undefined) await outcome;
  else await expect(outcome).rejects.toMatchObject({ code });
});

test.each([
  ['it stops at once', [stopped], undefined],
  ['it was not running', [failed(1062)], undefined],
  ['it does not exist', [failed(1060)], undefined],
  ['it takes a while', [pending, failed(1061), failed(1062)], undefined],
  ['it has no unload routine', [failed(1052)], 'FilterUnloadCallback'],
  ['access is denied', [failed(5)], 'Restart'],
] as const)('stop on Windows: %s', async (_name, answers, remedy) => {
  const machine = fakeMachine('windows', { 'sc stop dirnotify': [...answers] });
  const outcome = stopService(machine, 'dirnotify', {});
  if (remedy === undefined) await outcome;
  else {
    await expect(outcome).rejects.toMatchObject({
      code: 'deploy.service-failed',
      remedy: expect.stringContaining(remedy) as string,
    });
  }
});

test.each([
  ['it is gone at once', [said(0, '[SC] DeleteService SUCCESS')], [failed(1060)], undefined],
  ['it does not exist', [failed(1060)], [], undefined],
  ['its host still ends', [said(0, '')], [stopped, stopped, failed(1060)], undefined],
  ['it was marked before', [failed(1072)], [stopped, failed(1060)], undefined],
  ['access is denied', [failed(5)], [], 'deploy.service-failed'],
] as const)('delete: %s', async (_name, deleted, query, code) => {
  const answers = { 'sc delete dirnotify': [...deleted], 'sc query dirnotify': [...query] };
  const machine = fakeMachine('windows', answers);
  const outcome = deleteService(machine, 'dirnotify', {});
  if (code === undefined) await outcome;
  else await expect(outcome).rejects.toMatchObject({ code });
  expect(answers).toEqual({ 'sc delete dirnotify': [], 'sc query dirnotify': [] });
});

test('a machine that does not finish a command is given up', async () => {
  const machine = {
    ...fakeMachine('windows', {}),
    exec: (_command: string, options?: { signal?: AbortSignal | undefined }) =>
      new Promise<never>((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
      }),
  };
  await expect(startService(machine, 'dirnotify', { limit_ms: 1 })).rejects.toMatchObject({
    code: 'deploy.service-failed',
    problem: '"vm" did not finish `sc start dirnotify` in 0.001 s.',
  });
});

const INSPECT = `reg query ${KEY} & net start`;
const marked = (hosts: string): string =>
  registry.replace('    FltLab    ', `    FltLabHosts    REG_SZ    ${hosts}\r\n    FltLab    `);

test('stop on Wine ends the hosts that came after the service, and no other', async () => {
  const machine = fakeMachine('wine', {
    'sc stop dirnotify': [running],
    [INSPECT]: [said(0, lines(marked('Winedevice1'), netStart))],
    'sc stop Winedevice12': [stopped],
  });
  await stopService(machine, 'dirnotify', {});
  expect(machine.asked).toEqual(['sc stop dirnotify', INSPECT, 'sc stop Winedevice12']);
});

test('stop on Wine touches no host when it is not known which were there before', async () => {
  const machine = fakeMachine('wine', {
    'sc stop dirnotify': [said(1, '', 'err:sc:wmain failed to stop service 1062')],
    [INSPECT]: [said(0, lines(registry, netStart))],
  });
  await stopService(machine, 'dirnotify', {});
  expect(machine.asked).toHaveLength(2);
});

test.each([
  ['none', 'ERROR: …', { exists: false, ours: false }],
  ['with our marker', registry, { exists: true, ours: true }],
  ['in our folder, cut off before the marker', unmarked(registry), { exists: true, ours: true }],
  [
    'of somebody else',
    unmarked(registry).replace('FltLab\\drivers', 'x'),
    { exists: true, ours: false },
  ],
  ['in a folder like ours', unmarked(registry).replace('drivers\\', 'drivers2\\'), { ours: false }],
])('whose service: %s', async (_name, output, expected) => {
  const machine = fakeMachine('windows', { [`reg query ${KEY}`]: [said(0, output)] });
  expect(await inspectService(machine, 'dirnotify', {})).toMatchObject(expected);
});

function unmarked(text: string): string {
  return text.replace('    FltLab    REG_SZ    ab12\r\n', '');
}

test('every load error is a sentence with a remedy', () => {
  for (const { name, means, remedy } of Object.values(loadErrors)) {
    expect(name).toMatch(/^ERROR_[A-Z_]+$/);
    expect(means, 'ends a sentence that goes on').toMatch(/\w$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});
