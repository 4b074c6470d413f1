// Goal: whatever goes wrong between a person and a verdict, they are told what and whose it is, the
// target is left clean, and the next run works. Method: the built program against the Wine target;
// servers are killed, keys changed and files put in the way from outside of the product.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runStages, type RunStage } from '../contract/run.ts';
import { createKeyPair, fingerprintOfPublicKey } from '../lab/ssh/keyPair.ts';
import { descendantsOf, listProcesses } from '../lab/process/processTable.ts';
import { projectRoot } from '../scripts/programs.ts';
import { inPrefix, leftBehind, openLab, toRun, type TestLab } from './testing/lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await openLab();
  await lab.addWine();
});
afterAll(async () => expect(await lab?.dispose()).toEqual([]));

beforeEach((context) => lab.require(context, toRun));

const run = ['run', 'dirnotify', '--target', 'wine'] as const;
const codeOf = (object: unknown): string | undefined =>
  (object as { error?: { code: string } }).error?.code;

/** The last word of each row: nothing is left on the target, and a run still agrees. */
async function expectRunWorks(): Promise<void> {
  expect(await leftBehind(lab)).toEqual([]);
  const again = await lab.fltlab.json(run);
  expect([again.code, again.object], again.err).toMatchObject([0, { verdict: 'agrees' }]);
  expect(await leftBehind(lab)).toEqual([]);
}

/** A line of progress of the stage: the name, then what is done. */
const began = (stage: RunStage): RegExp => new RegExp(`^${stage} `, 'm');

describe('Ctrl+C', () => {
  // Only of a machine that died is anything collected.
  const stages = runStages.filter((stage) => stage !== 'collect');
  test.each(stages)('in the stage "%s": 130, and the target is clean', async (stage) => {
    const one = lab.fltlab.start(run);
    await one.said(began(stage));
    one.interrupt();
    const { code, out, err } = await one.ended;
    // The last stage takes no time: the run may have its verdict before the signal comes.
    expect(stage === 'compare' ? [0, 130] : [130], err).toContain(code);
    if (code === 130) {
      expect(out).toBe('');
      expect(err).toMatch(/Cancelled[^]*\[run[.]cancelled\]/);
    }
    expect(await leftBehind(lab)).toEqual([]);
  });

  test('after all of these a run works', expectRunWorks);
});

/** Ends the sessions of the target's SSH server, as a cable does; the server itself stays. */
async function cutConnections(): Promise<number> {
  const pid = Number(await readFile(lab.wine.server.pidFile, 'utf8'));
  const all = await listProcesses();
  const sessions = descendantsOf(pid, all).filter((each) =>
    all.some((one) => one.pid === each && /sshd/.test(one.command)),
  );
  for (const session of sessions) process.kill(session, 'SIGKILL');
  return sessions.length;
}

describe('the connection', () => {
  test('cut in the middle of a copy', async () => {
    const folder = join(lab.scratch, 'changed');
    await cp(join(projectRoot, 'driver-samples', 'dirnotify'), folder, { recursive: true });
    const source = join(folder, 'dirnotify.c');
    await writeFile(source, `${await readFile(source, 'utf8')}\nint DirNotifyChanged = 1;\n`);
    const one = lab.fltlab.start(['run', folder, '--target', 'wine']);
    await one.said(began('copy'));
    expect(await cutConnections()).toBeGreaterThan(0);
    const { code, err } = await one.ended;
    expect(code, err).toBe(2);
    expect(err).toMatch(/\[(ssh[.]connection-lost|deploy[.]copy-failed)\] your lab/);
    await expectRunWorks();
  });

  test('cut in the middle of a workload: the trace goes on from where it was', async () => {
    const workload = join(lab.scratch, 'slow.json');
    // A wait for what never comes gives the time to cut.
    await writeFile(workload, JSON.stringify(slowWorkload));
    const one = lab.fltlab.start([...run, '--workload', workload]);
    await one.said(began('workload'));
    expect(await cutConnections()).toBeGreaterThan(0);
    const { code, out, err } = await one.ended;
    expect(code, err).toBe(0);
    expect(out).toMatch(/agrees/);
    await expectRunWorks();
  });

  test('refused: nobody listens', async () => {
    const { code, object } = await withTarget({ port: 1 }, (name) =>
      lab.fltlab.json(['run', 'dirnotify', '--target', name]),
    );
    expect([code, codeOf(object)]).toEqual([2, 'ssh.refused']);
  });

  test('to a machine with another host key', async () => {
    const other = fingerprintOfPublicKey(createKeyPair('other').publicKey);
    const { code, object } = await withTarget({ hostKey: other }, (name) =>
      lab.fltlab.json(['run', 'dirnotify', '--target', name]),
    );
    expect([code, codeOf(object)]).toEqual([2, 'ssh.host-key-changed']);
    await expectRunWorks();
  });
});

const slowWorkload = {
  workload: 1,
  name: 'slow',
  setup: [{ mkdir: 'w' }],
  steps: [
    {
      do: 'create',
      path: 'w',
      access: 'LIST_DIRECTORY|SYNCHRONIZE',
      options: 'DIRECTORY_FILE',
      as: 'd',
    },
    { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 256, as: 'never' },
    { do: 'wait', request: 'never', limit_ms: 2500, expect: { status: 'STATUS_TIMEOUT' } },
    { do: 'create', path: 'w\\a', disposition: 'CREATE', as: 'a' },
    { do: 'close', handle: 'a' },
    { do: 'close', handle: 'd' },
  ],
};

/** A machine of the registry that is the Wine target in all but what is changed. */
async function withTarget<T>(
  change: Readonly<Record<string, unknown>>,
  use: (name: string) => Promise<T>,
): Promise<T> {
  await lab.fltlab.run(['target', 'facts', 'wine']);
  const known = JSON.parse(await readFile(join(lab.wine.folder, 'target.json'), 'utf8')) as {
    ssh: Record<string, unknown>;
  };
  const folder = join(lab.wine.folder, '..', 'twin');
  await mkdir(folder, { recursive: true });
  await cp(join(lab.wine.folder, 'key'), join(folder, 'key'));
  const ssh = { ...known.ssh, ...change };
  await writeFile(
    join(folder, 'target.json'),
    JSON.stringify({ ...known, name: 'twin', kind: 'windows', ssh }),
  );
  try {
    return await use('twin');
  } finally {
    // Other files look at the same registry.
    await rm(folder, { recursive: true });
  }
}

describe('the machine of the lab', () => {
  /** All programs of the PATH but these, in one folder of links. */
  async function pathWithout(...hidden: readonly string[]): Promise<string> {
    const folder = join(lab.scratch, `bin-without-${hidden.join('-')}`);
    await mkdir(folder);
    for (const from of (process.env['PATH'] ?? '').split(':')) {
      if (!existsSync(from)) continue;
      for (const name of await readdir(from)) {
        if (hidden.includes(name) || existsSync(join(folder, name))) continue;
        await symlink(join(from, name), join(folder, name)).catch(ifThere);
      }
    }
    return folder;
  }
  const ifThere = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EEXIST') throw error;
  };

  test('without osslsigncode', async () => {
    const PATH = await pathWithout('osslsigncode');
    // An image that was signed before needs no signer: this one is new.
    const variant = ['--variant', 'lock-buffer'];
    const { code, object } = await lab.fltlab.json([...run, ...variant], { env: { PATH } });
    expect([code, codeOf(object)]).toEqual([2, 'build.toolchain-missing']);
    expect((object as { error: { remedy: string } }).error.remedy).toContain('osslsigncode');
  });

  test('without Wine', async (context) => {
    // Some of its programs are found outside of the PATH too: those are covered up for this process.
    const covered = ['/usr/lib/wine', '/opt/wine-stable/bin'].filter((folder) =>
      existsSync(folder),
    );
    const cover = covered.map((folder) => `mount -t tmpfs none ${folder}`).join(' && ') || 'true';
    const within = ['unshare', '--mount', 'sh', '-c', `${cover} && exec "$@"`, 'sh'];
    context.skip(!canRun(within), 'this machine does not let us cover its folders (unshare)');
    const PATH = await pathWithout('wine', 'wine64', 'wineserver', 'wine-stable', 'wine64-stable');
    const added = await lab.fltlab.json(['target', 'add', 'wine', '--name', 'other'], {
      env: { PATH },
      within,
    });
    expect([added.code, codeOf(added.object)]).toEqual([2, 'target.wine-missing']);
    const { code, object } = await lab.fltlab.json(run, { env: { PATH }, within });
    expect([code, codeOf(object)]).toEqual([2, 'target.wine-missing']);
    await expectRunWorks();
  });
});

const canRun = ([program = '', ...args]: readonly string[]): boolean => {
  try {
    execFileSync(program, [...args, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe('the driver', () => {
  test('a service of that name that is not ours stays as it is', async () => {
    const service = ['sc', 'create', 'dirnotify', 'binPath=', 'C:\\other.sys', 'type=', 'kernel'];
    expect((await inPrefix(lab.wine, ...service)).code).toBe(0);
    const { code, object } = await lab.fltlab.json(run);
    expect([code, codeOf(object)]).toEqual([2, 'deploy.service-exists']);
    expect((await inPrefix(lab.wine, 'sc', 'query', 'dirnotify')).code).toBe(0);
    expect((await inPrefix(lab.wine, 'sc', 'delete', 'dirnotify')).code).toBe(0);
    await expectRunWorks();
  });

  test.each<[string, () => Promise<string>, number, string]>([
    [
      'a text',
      async () => {
        const file = join(lab.scratch, 'text.sys');
        await writeFile(file, 'no driver\n');
        return file;
      },
      3,
      'build.not-a-pe',
    ],
    [
      'a program',
      async () => join(lab.wine.driveC, 'windows', 'system32', 'cmd.exe'),
      3,
      'build.not-a-pe',
    ],
    ['no file', async () => join(lab.scratch, 'nothing.sys'), 2, 'file.unreadable'],
  ])('a .sys that is %s', async (_what, file, code, errorCode) => {
    const told = await lab.fltlab.json([...run, '--sys', await file()]);
    expect([told.code, codeOf(told.object)], told.err).toEqual([code, errorCode]);
    expect(await leftBehind(lab)).toEqual([]);
  });

  test('a .sys that was built elsewhere is signed in a copy, loaded and compared', async () => {
    const built = await lab.fltlab.json(['build', 'dirnotify']);
    const file = join(lab.scratch, 'elsewhere.sys');
    await cp((built.object as { sys: string }).sys, file);
    const before = await readFile(file);
    const told = await lab.fltlab.json([...run, '--sys', file]);
    expect([told.code, told.object], told.err).toMatchObject([0, { verdict: 'agrees' }]);
    expect(await readFile(file)).toEqual(before);
  });

  test('that does not load is the error of its author', async () => {
    const folder = join(lab.scratch, 'fails');
    await cp(join(projectRoot, 'driver-samples', 'dirnotify'), folder, { recursive: true });
    const source = join(folder, 'dirnotify.c');
    const text = await readFile(source, 'utf8');
    await rename(source, `${source}.before`);
    const failing = text.replace(/status = FltRegisterFilter\(/, 'return STATUS_UNSUCCESSFUL; $&');
    expect(failing).not.toBe(text);
    await writeFile(source, failing);
    const { code, object } = await lab.fltlab.json(['run', folder, '--target', 'wine']);
    expect([code, codeOf(object)]).toEqual([3, 'deploy.load-failed']);
    await expectRunWorks();
  });
});
