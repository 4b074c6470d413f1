// Goal: the INF of every sample is without fault, and each fault that keeps a minifilter from installing
// or attaching is found, at its line. Method: the sample's INF, changed in one place a row.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkInf, type Expected } from './checkInf.ts';
import { parseInf } from './parseInf.ts';

const samples = path.join(import.meta.dirname, '..', '..', '..', 'driver-samples');
interface Manifest {
  readonly driver: string;
  readonly inf?: string;
  readonly group: string;
  readonly instances: Expected['instances'];
}
const read = (folder: string): { manifest: Manifest; text: string } => {
  const manifest = JSON.parse(
    readFileSync(path.join(samples, folder, 'fltlab.json'), 'utf8'),
  ) as Manifest;
  const text = manifest.inf && readFileSync(path.join(samples, folder, manifest.inf), 'utf8');
  return { manifest, text: text ?? '' };
};

const folders = readdirSync(samples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => readdirSync(path.join(samples, name)).some((file) => file.endsWith('.inf')));

/** Chosen by its sample on purpose: above all that Windows itself brings. */
const deliberate = new Set(['inf-altitude-range']);

test.each(folders)('the INF of %s is without fault', (folder) => {
  const { manifest, text } = read(folder);
  const faults = checkInf(text, 'x.inf', manifest);
  expect(faults.filter(({ flag }) => !deliberate.has(flag ?? ''))).toEqual([]);
});

const { manifest, text } = read('dirnotify');
const rows: readonly (readonly [string, string | RegExp, string, string])[] = [
  ['another signature', '"$WINDOWS NT$"', '"$CHICAGO$"', 'inf-signature'],
  ['no version of the driver', /^DriverVer.*$/m, '', 'inf-driverver'],
  ['not locked down', 'PnpLockDown = 1', 'PnpLockDown = 0', 'inf-lockdown'],
  ['no architecture', /\[DefaultInstall\.NTamd64/g, '[DefaultInstall', 'inf-decoration'],
  ['no install section', /\[DefaultInstall\.NTamd64/g, '[Manufacturer', 'inf-install'],
  ['a kernel driver', 'ServiceType    = 2', 'ServiceType    = 1', 'inf-servicetype'],
  ['no Filter Manager', '"FltMgr"', '"RpcSs"', 'inf-dependencies'],
  ['another folder', '%12%\\%DriverName%.sys', '%11%\\%DriverName%.sys', 'inf-servicebinary'],
  ['another group', '"FSFilter Activity Monitor"', '"FSFilter Top"', 'inf-loadordergroup'],
  ['an altitude that is none', '"370030"', '"high"', 'inf-altitude'],
  ['an altitude of another group', '"370030"', '"140000"', 'inf-altitude-range'],
  [
    'a default that is not written',
    /^(DefaultInstance .*)"dirnotify/m,
    '$1"other',
    'inf-default-instance',
  ],
  ['no instances', /^HKR,"Instances.*$/gm, '', 'inf-instances'],
  ['no flags', /^HKR,"Instances.*"Flags".*$/m, '', 'inf-flags'],
  ['a token that nobody explains', /^DriverName .*$/m, '', 'inf-token'],
  ['another service', /^ServiceName .*$/m, 'ServiceName = "other"', 'inf-name'],
  ['nothing that takes it away', /\[DefaultUninstall/g, '[Nothing', 'inf-uninstall'],
  [
    'not stopped first',
    'DelService = %ServiceName%,0x200',
    'DelService = %ServiceName%',
    'inf-del-service',
  ],
];

test.each(rows)('%s', (_title, from, to, flag) => {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  expect(checkInf(changed, 'x.inf', manifest).map((one) => one.flag)).toContain(flag);
});

test('a fault is told at its line', () => {
  const changed = text.replace('ServiceType    = 2', 'ServiceType    = 1');
  const line = changed.split('\n').findIndex((row) => row.startsWith('ServiceType')) + 1;
  expect(checkInf(changed, 'x.inf', manifest)).toEqual([
    {
      file: 'x.inf',
      line,
      severity: 'error',
      message: 'ServiceType must be 2',
      flag: 'inf-servicetype',
    },
  ]);
});

test('quotes, commas, comments, tokens and lines that go on', () => {
  const inf = parseInf(
    '\ufeff[A]\r\nk = "a;b", %T%, , 12 ; comment\r\nHKR,"I\\"%T%,"x",0,1\r\n[a]\r\nlong = one,\\\r\n two\r\n[Strings]\r\nT = "t, t"\r\n',
  );
  expect(inf.sections.get('a')).toEqual([
    { line: 2, key: 'k', values: ['a;b', 't, t', '', '12'] },
    { line: 3, key: undefined, values: ['HKR', 'I\\t, t', 'x', '0', '1'] },
    { line: 5, key: 'long', values: ['one', 'two'] },
  ]);
  expect(inf.unknownTokens).toEqual([]);
});
