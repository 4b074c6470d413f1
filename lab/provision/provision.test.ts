// Goal: the checklist says how a machine stands without asking it again, mends what is missing and nothing
// else, and takes back exactly what it changed. Method: a machine that keeps the scripts it was sent.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { labCertificate } from '../sign/certificate.ts';
import { decoded, windowsAnswer } from '../targets/testdata/windowsServer.ts';
import { WindowsAnswer } from '../targets/windows/facts.ts';
import { checklist } from './checklist.ts';
import { lookAt, mend, takeBack, type ProvisionOptions } from './provision.ts';

const { signal } = new AbortController();
let dataFolder = '';
let options: ProvisionOptions;
let thumbprint = '';
beforeAll(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'fltlab-provision-'));
  const { certificatePath } = await labCertificate(dataFolder, { signal });
  options = { dataFolder, certificatePath, signal };
  thumbprint = new X509Certificate(await readFile(certificatePath)).fingerprint.replaceAll(':', '');
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));
beforeEach(async () => {
  await rm(path.join(dataFolder, 'targets'), { recursive: true, force: true });
  await mkdir(path.join(dataFolder, 'targets', 'vm'), { recursive: true });
});

function machine(changes: Partial<WindowsAnswer> = {}, fails?: string) {
  const scripts: string[] = [];
  return {
    scripts,
    name: 'vm',
    windows: WindowsAnswer.parse({ ...windowsAnswer, ...changes }),
    exec: async (command: string) => {
      const script = decoded(command);
      scripts.push(script);
      const done = [...script.matchAll(/fltlab-done (\S+)'/g)].map(([, id]) => id ?? '');
      const until = fails === undefined ? done.length : done.indexOf(fails);
      const stdout = done
        .slice(0, until)
        .map((id) => `fltlab-done ${id}\r\n`)
        .join('');
      return { code: fails === undefined ? 0 : 1, stdout, stderr: fails === undefined ? '' : 'no' };
    },
  };
}

const readyMachine = (): Partial<WindowsAnswer> => ({
  stores: { Root: [thumbprint], TrustedPublisher: [thumbprint.toLowerCase()] },
  printMask: 0xffffffff,
  nmiCrashDump: 1,
});

const states = async (changes: Partial<WindowsAnswer>, more: Partial<ProvisionOptions> = {}) =>
  Object.fromEntries(
    (await lookAt(machine(changes), { ...options, ...more })).map(({ id, state }) => [
      id,
      state.kind,
    ]),
  );

describe('how a machine stands', () => {
  test('as it was installed', async () => {
    expect(await states({})).toEqual({
      ssh: 'ready',
      certificate: 'missing',
      'test-signing': 'ready',
      debug: 'not-asked',
      'print-mask': 'missing',
      'crash-dump': 'missing',
      verifier: 'not-asked',
    });
  });

  test('Secure Boot keeps test signing from being turned on', async () => {
    const secure = { secureBoot: 1, testSigning: false };
    expect(await states(secure)).toMatchObject({ 'test-signing': 'blocked' });
    await expect(mend(machine(secure), ['test-signing'], options)).rejects.toThrow(/Secure Boot/);
    // All at once leaves it for the person and does the rest.
    expect((await mend(machine(secure), 'all', options)).mended).not.toContain('test-signing');
  });

  test('with a debugger and a driver asked for', async () => {
    const more = { driver: 'dirnotify', debug: { kind: 'serial', port: 1 } } as const;
    expect(await states({}, more)).toMatchObject({ debug: 'missing', verifier: 'missing' });
    const set = { debug: true, verifierDrivers: 'dirnotify.sys', verifierFlags: 0x9bb };
    expect(await states(set, more)).toMatchObject({ debug: 'ready', verifier: 'ready' });
  });
});

describe('mending', () => {
  test('a machine that is ready costs no request', async () => {
    const one = machine(readyMachine());
    expect(await mend(one, 'all', options)).toEqual({ mended: [], restartFor: [] });
    expect(one.scripts).toEqual([]);
  });

  test('all that is missing is one request, and the restart is said, not made', async () => {
    const one = machine({ testSigning: false });
    const result = await mend(one, 'all', options);
    expect(result.mended).toEqual(['certificate', 'test-signing', 'print-mask', 'crash-dump']);
    expect(result.restartFor).toEqual(['test-signing', 'print-mask', 'crash-dump']);
    expect(one.scripts).toHaveLength(1);
    expect(one.scripts[0]).toContain('bcdedit.exe /set testsigning on');
    expect(one.scripts[0]).not.toMatch(/shutdown|Restart-Computer/i);
  });

  test('what fails is named, with what was done before it', async () => {
    await expect(mend(machine({}, 'print-mask'), 'all', options)).rejects.toMatchObject({
      code: 'target.provision-failed',
      problem: expect.stringContaining('"print-mask"'),
      remedy: expect.stringContaining('done are: certificate'),
    });
  });

  test('an item that there is not', async () => {
    await expect(mend(machine(), ['wings'], options)).rejects.toMatchObject({
      code: 'usage.bad-argument',
    });
  });
});

describe('taking back', () => {
  test('nothing, where nothing was mended', async () => {
    const one = machine();
    expect(await takeBack(one, 'all', options)).toEqual({ mended: [], restartFor: [] });
    expect(one.scripts).toEqual([]);
  });

  test('what was there before the first mending, also after a second', async () => {
    await mend(machine({ testSigning: false }), 'all', options);
    await mend(machine({ ...readyMachine(), nmiCrashDump: null }), 'all', options);
    const one = machine(readyMachine());
    const { mended } = await takeBack(one, 'all', options);
    expect(mended).toEqual(['crash-dump', 'print-mask', 'test-signing', 'certificate']);
    const [script = ''] = one.scripts;
    expect(script).toContain('/set testsigning off');
    expect(script).toContain(`Cert:\\LocalMachine\\Root\\${thumbprint}`);
    expect(script).toContain(
      "Remove-ItemProperty -Path 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\CrashControl' -Name 'NMICrashDump'",
    );
    expect(script).toContain("-Name 'CrashDumpEnabled' -Value 7");
  });
});

test('no script touches a boot file or restarts the machine', () => {
  const input = {
    machine: WindowsAnswer.parse(windowsAnswer),
    thumbprint: 'AA',
    certificate: 'AA==',
    driver: 'd',
    debug: { kind: 'net', host: '10.0.0.1', port: 50_000, key: 'a.b.c.d' },
  } as const;
  for (const item of checklist) {
    const scripts = item.mend(input) + item.undo(input.machine, input);
    expect(scripts).not.toMatch(/kdcom|winload|bootmgr|shutdown|Restart-Computer/i);
  }
});
