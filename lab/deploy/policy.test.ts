// Goal: what would keep a driver from loading is said before it is copied, by the first reason that
// holds. Method: rows of machine × driver; the tables that `fltmc` prints.
import { describe, expect, test } from 'vitest';
import { windowsAnswer } from '../targets/testdata/windowsServer.ts';
import { WindowsAnswer } from '../targets/windows/facts.ts';
import { altitudeCollision, attachmentsOf, parseInstances } from './filters.ts';
import { loadedAlready, objectionTo, type Candidate } from './policy.ts';
import { signerOf } from './signature.ts';

const machine = WindowsAnswer.parse({
  ...windowsAnswer,
  stores: { Root: ['AA'], TrustedPublisher: ['aa'] },
});
const driver: Candidate = {
  driver: 'dirnotify',
  altitudes: ['370030'],
  signer: { thumbprint: 'AA', selfSigned: true },
  size_bytes: 50_000,
};

const rows: readonly (readonly [
  string,
  Partial<WindowsAnswer>,
  Partial<Candidate>,
  string | undefined,
])[] = [
  ['nothing', {}, {}, undefined],
  ['an account that is not elevated', { elevated: false }, {}, 'deploy.not-elevated'],
  ['no signature', {}, { signer: undefined }, 'deploy.signature-refused'],
  ['Secure Boot', { secureBoot: 1, testSigning: false }, {}, 'deploy.signature-refused'],
  ['no test signing', { testSigning: false }, {}, 'deploy.signature-refused'],
  [
    'a certificate that is in one store only',
    { stores: { Root: ['AA'], TrustedPublisher: [] } },
    {},
    'deploy.signature-refused',
  ],
  [
    'no store that could be read',
    { stores: { Root: null, TrustedPublisher: null } },
    {},
    'deploy.signature-refused',
  ],
  [
    'a certificate with a root of its own',
    { stores: { Root: [], TrustedPublisher: [] } },
    { signer: { thumbprint: 'BB', selfSigned: false } },
    undefined,
  ],
  [
    'an altitude that another filter has',
    {},
    { altitudes: ['385200', '328010.0'] },
    'deploy.altitude-taken',
  ],
  [
    'an altitude of its own, loaded already',
    {},
    { driver: 'WdFilter', altitudes: ['328010'] },
    undefined,
  ],
  ['a full disk', { freeBytes: 1_000_000 }, {}, 'deploy.disk-full'],
  ['a disk that cannot be asked', { freeBytes: null }, {}, undefined],
];

test.each(rows)('what stands in the way: %s', (_title, changes, more, code) => {
  expect(objectionTo({ ...machine, ...changes }, { ...driver, ...more })?.code).toBe(code);
});

describe('fltmc instances', () => {
  test('by the rule under its headings', () => {
    const found = parseInstances(windowsAnswer.instances);
    expect(found).toHaveLength(4);
    expect(found[2]).toEqual({
      filter: 'FileInfo',
      volume: '\\Device\\Mup',
      altitude: '40500',
      instance: 'FileInfo',
      frame: '0',
    });
    expect(attachmentsOf(found, 'fileinfo')).toHaveLength(2);
    expect(loadedAlready(machine, 'bindflt')).toBe(true);
  });

  test('a volume name that pushes its columns to the right, and one that is empty', () => {
    const text = `Filter                Volume Name                              Altitude        Instance Name       Frame
--------------------  -------------------------------------  ------------  ----------------------  -----
dirnotify             \\Device\\HarddiskVolumeShadowCopy1234567890     370030     dirnotify Instance    0
dirnotify                                                       370030     dirnotify Instance        0`;
    expect(parseInstances(text).map(({ altitude }) => altitude)).toEqual(['370030', '370030']);
  });

  test('nothing attached, another language, an error', () => {
    expect(parseInstances('Keine Instanzen.')).toEqual([]);
    expect(parseInstances('')).toEqual([]);
  });

  test.each([
    ['370030', '370030.00', true],
    ['370030', '370030.5', false],
    ['0370030', '370030', true],
    ['37003', '370030', false],
  ])('altitudes %s and %s', (left, right, equal) => {
    const other = { filter: 'x', volume: '', altitude: right, instance: '', frame: '' };
    expect(altitudeCollision([other], 'd', [left]) !== undefined).toBe(equal);
  });
});

test('a file that is no image has no signer to be asked for', () => {
  expect(() => signerOf(Buffer.from('no image'), 'x.sys')).toThrow('x.sys');
});
