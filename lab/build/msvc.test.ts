// Goal: what Microsoft's tools print lands in the same list as clang's, and they are called as their
// documentation says. Method: lines as the tools print them; a Windows disk in memory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProgramResult } from '../process/index.ts';
import {
  compilerVariable,
  findKits,
  msBuildArguments,
  msBuildCommand,
  parseMsvc,
  type Surroundings,
} from './msvc.ts';
import { wdk } from './wdk.ts';

const folder = 'C:\\samples\\dirnotify';

test.each([
  [
    'the compiler, with project',
    "C:\\samples\\dirnotify\\dirnotify.c(12,5): error C2065: 'x': undeclared identifier [C:\\samples\\dirnotify\\dirnotify.vcxproj]",
    {
      file: 'dirnotify.c',
      line: 12,
      column: 5,
      severity: 'error',
      flag: 'C2065',
      message: "'x': undeclared identifier",
    },
  ],
  [
    'a warning of a header of the kit, in a parallel build',
    '  1>C:\\Kits\\10\\Include\\km\\wdm.h(99): warning C4996: deprecated',
    {
      file: 'C:\\Kits\\10\\Include\\km\\wdm.h',
      line: 99,
      severity: 'warning',
      flag: 'C4996',
      message: 'deprecated',
    },
  ],
  [
    'the linker, an object',
    'dirnotify.obj : error LNK2019: unresolved external symbol FltNever referenced in function DriverEntry',
    {
      severity: 'error',
      flag: 'LNK2019',
      message: 'unresolved external symbol FltNever referenced in function DriverEntry',
    },
  ],
  [
    'the linker itself',
    "LINK : fatal error LNK1104: cannot open file 'fltMgr.lib'",
    { severity: 'error', flag: 'LNK1104', message: "cannot open file 'fltMgr.lib'" },
  ],
  [
    'MSBuild itself',
    'MSBUILD : error MSB1009: Project file does not exist.',
    { severity: 'error', flag: 'MSB1009', message: 'Project file does not exist.' },
  ],
])('a line of %s', (_title, line, expected) => expect(parseMsvc(line, folder)).toEqual([expected]));

test('the summary repeats nothing, and what is no problem is none', () => {
  const line = 'a.c(1): warning C4100: unused';
  const output = `Microsoft (R) Build Engine\r\n${line}\r\n\r\nBuild succeeded.\r\n${line}\r\n    1 Warning(s)\r\n`;
  expect(parseMsvc(output, folder)).toHaveLength(1);
});

const input = {
  project: 'dirnotify.vcxproj',
  configuration: 'debug',
  architecture: 'ARM64',
  outFolder: 'C:\\out put\\',
} as const;

test('MSBuild: no property swallows the next, and no semicolon begins one', () => {
  expect(msBuildArguments(input)).toEqual([
    'dirnotify.vcxproj',
    '/nologo',
    '/verbosity:minimal',
    '/maxcpucount',
    '/property:Configuration=Debug',
    '/property:Platform=ARM64',
    '/property:OutDir=C:\\out put\\\\',
    '/property:IntDir=C:\\out put\\objects\\\\',
    '/property:SignMode=Off',
  ]);
});

test('defines go by the variable of the compiler', () => {
  expect(compilerVariable(['A', 'B=1'])).toBe('/DA /DB#1');
});

describe('discovery', () => {
  const disk = (files: readonly string[], vswhere: ProgramResult, env = {}): Surroundings => ({
    run: async () => vswhere,
    exists: async (file) => files.includes(file),
    names: async (parent) => [
      ...new Set(
        files
          .filter((file) => file.startsWith(`${parent}\\`))
          .map((file) => file.slice(parent.length + 1).split('\\')[0] ?? ''),
      ),
    ],
    env,
  });
  const said = (stdout: string): ProgramResult => ({
    kind: 'exited',
    code: 0,
    stdout,
    stderr: '',
    truncated: false,
  });
  const header = (root: string, version: string): string =>
    `${root}\\Include\\${version}\\km\\fltKernel.h`;
  const kits = 'C:\\Program Files (x86)\\Windows Kits\\10';
  const msBuild = 'C:\\VS\\MSBuild\\Current\\Bin\\MSBuild.exe';

  test('the newest kit with headers for drivers; an SDK alone is none', async () => {
    const files = [
      header(kits, '10.0.22621.0'),
      header(kits, '10.0.26100.0'),
      `${kits}\\Include\\10.0.28000.0\\um\\windows.h`,
    ];
    expect(await findKits(disk(files, said(`${msBuild}\r\n`)))).toEqual([
      { kind: 'visual-studio', msBuild, kit: '10.0.26100.0' },
      { kind: 'visual-studio', msBuild, kit: '10.0.22621.0' },
    ]);
  });

  test('nothing is installed', async () => {
    expect(await findKits(disk([], { kind: 'not-found', program: 'vswhere' }))).toEqual([]);
  });

  test('an EWDK, whose variables come from its script', async () => {
    const root = 'E:\\Program Files\\Windows Kits\\10';
    const files = [header(root, '10.0.26100.0'), 'E:\\BuildEnv\\SetupBuildEnv.cmd'];
    const found = await findKits(disk(files, said(''), { FLTLAB_EWDK: 'E:\\' }));
    expect(found).toMatchObject([{ kind: 'ewdk', kit: '10.0.26100.0' }]);
    const [kit] = found;
    if (kit === undefined) throw new Error('no kit');
    const command = msBuildCommand(kit, input);
    expect(command.slice(0, 4)).toEqual(['cmd.exe', '/d', '/s', '/c']);
    expect(command[4]).toMatch(
      /^"call "E:\\BuildEnv\\SetupBuildEnv.cmd" >nul && msbuild.exe dirnotify.vcxproj .* "\/property:OutDir=C:\\out put\\\\" /,
    );
  });
});

describe('a build with the WDK', () => {
  let outFolder = '';
  beforeAll(async () => void (outFolder = await mkdtemp(join(tmpdir(), 'fltlab-wdk-'))));
  afterAll(() => rm(outFolder, { recursive: true, force: true }));

  const toolchain = (result: Partial<ProgramResult>, calls: { program: string; CL?: string }[]) =>
    wdk({
      surroundings: () => ({
        run: async () => ({
          kind: 'exited',
          code: 0,
          stdout: 'C:\\MSBuild.exe',
          stderr: '',
          truncated: false,
        }),
        exists: async () => true,
        names: async () => ['10.0.26100.0'],
        env: {},
      }),
      run: async (program, _args, options) => {
        calls.push({ program, CL: options.env?.['CL'] ?? '' });
        await writeFile(join(outFolder, 'dirnotify.sys'), 'image');
        return {
          kind: 'exited',
          code: 0,
          stdout: '',
          stderr: '',
          truncated: false,
          ...result,
        } as ProgramResult;
      },
    });
  const request = () => ({
    name: 'dirnotify',
    folder,
    sources: [],
    defines: ['VARIANT=2'],
    architecture: 'x64' as const,
    configuration: 'debug' as const,
    outFolder,
  });
  const { signal } = new AbortController();

  test('gives the .sys of the project, with the defines of the variant', async () => {
    const calls: { program: string; CL?: string }[] = [];
    const line = 'dirnotify.c(3): warning C4100: unused';
    const built = await toolchain({ stdout: line }, calls).build(
      request(),
      signal,
      () => undefined,
    );
    expect(calls).toEqual([{ program: 'C:\\MSBuild.exe', CL: '/DVARIANT#2' }]);
    expect(built.sysPath).toBe(join(outFolder, 'dirnotify.sys'));
    expect(built.diagnostics).toMatchObject([{ flag: 'C4100', line: 3 }]);
  });

  test.each([
    ['the compiler', 'dirnotify.c(3): error C2065: no', 'build.compile-failed'],
    ['the linker', 'dirnotify.obj : error LNK2019: no', 'build.link-failed'],
    ['nobody knows who', 'it broke', 'build.compile-failed'],
  ])('is refused by %s', async (_title, stdout, code) => {
    const refused = toolchain({ code: 1, stdout } as Partial<ProgramResult>, []);
    await expect(refused.build(request(), signal, () => undefined)).rejects.toMatchObject({ code });
  });

  test('says what is missing where there is no kit', async () => {
    const none = wdk({
      surroundings: () => ({
        run: async () => ({ kind: 'not-found', program: 'vswhere' }),
        exists: async () => false,
        names: async () => [],
        env: {},
      }),
    });
    expect(await none.probe(signal)).toMatchObject({
      available: false,
      missing: [{ part: 'Windows Driver Kit' }],
    });
    await expect(none.build(request(), signal, () => undefined)).rejects.toMatchObject({
      code: 'build.toolchain-missing',
    });
  });
});
