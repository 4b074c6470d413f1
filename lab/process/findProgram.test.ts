// Goal: a program is found where the platform would find it, and nowhere else.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { candidatesFor, findProgram } from './findProgram.ts';

const windows = (env: Record<string, string>) => ({ platform: 'win32' as const, env });
const linux = (env: Record<string, string>) => ({ platform: 'linux' as const, env });

describe('candidates', () => {
  const rows = [
    [
      'linux, a name',
      'clang',
      linux({ PATH: '/usr/bin:/opt/b' }),
      ['/usr/bin/clang', '/opt/b/clang'],
    ],
    ['linux, a path', './clang', linux({ PATH: '/usr/bin' }), [join(process.cwd(), 'clang')]],
    ['linux, empty and relative folders are left out', 'a', linux({ PATH: ':bin:/x' }), ['/x/a']],
    ['linux, no PATH', 'a', linux({}), []],
    [
      'windows, the extensions of PATHEXT in their order',
      'clang',
      windows({ Path: 'C:\\LLVM\\bin;D:\\tools', PATHEXT: '.EXE;.CMD' }),
      [
        'C:\\LLVM\\bin\\clang.exe',
        'C:\\LLVM\\bin\\clang.cmd',
        'D:\\tools\\clang.exe',
        'D:\\tools\\clang.cmd',
      ],
    ],
    [
      'windows, a name with an extension is taken as it is',
      'clang.EXE',
      windows({ PATH: '"C:\\Program Files\\LLVM"', PATHEXT: '.EXE' }),
      ['C:\\Program Files\\LLVM\\clang.EXE'],
    ],
    [
      'windows, no PATHEXT',
      'x',
      windows({ PATH: 'C:\\b' }),
      ['C:\\b\\x.com', 'C:\\b\\x.exe', 'C:\\b\\x.bat', 'C:\\b\\x.cmd'],
    ],
  ] as const;

  test.each(rows)('%s', (_title, name, surroundings, expected) => {
    expect(candidatesFor(name, surroundings)).toEqual(expected);
  });
});

describe('on the disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fltlab-find-'));
    await mkdir(join(folder, 'first', 'tool'), { recursive: true });
    await mkdir(join(folder, 'second'));
    await writeFile(join(folder, 'second', 'tool'), '#!/bin/sh\n');
    await chmod(join(folder, 'second', 'tool'), 0o755);
    await writeFile(join(folder, 'second', 'text'), 'no program');
    await chmod(join(folder, 'second', 'text'), 0o644);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const path = (): string => `${join(folder, 'first')}:${join(folder, 'second')}`;

  test.skipIf(process.platform === 'win32')('a folder of the name is no program', async () => {
    expect(await findProgram('tool', linux({ PATH: path() }))).toBe(join(folder, 'second', 'tool'));
  });

  test.skipIf(process.platform === 'win32')('a file that may not run is no program', async () => {
    expect(await findProgram('text', linux({ PATH: path() }))).toBeUndefined();
  });
});
