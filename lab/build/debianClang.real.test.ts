// Goal: real minifilter source becomes a real x64 kernel image, the same one every time, and is made
// again exactly when it must be. What cannot be built says so with file, line and remedy.
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLabError, type LabError } from '../../contract/errors/labError.ts';
import { profileNames } from '../../contract/profiles.ts';
import { assetPath } from '../assets.ts';
import { loadSample, sampleNames } from '../samples/samples.ts';
import { buildForWindows } from './buildForWindows.ts';
import { thisMachine } from './clang/parts.ts';
import { debianClang } from './debianClang.ts';
import { exportsOf } from './exports.ts';
import {
  IMAGE_FILE_MACHINE_AMD64,
  IMAGE_SCN_MEM_DISCARDABLE,
  IMAGE_SUBSYSTEM_NATIVE,
  readPe,
} from './pe.ts';
import { versionDefines } from './releases.ts';
import type { BuildInput, BuildResult } from './toolchain.ts';

const signal = new AbortController().signal;
const testdata = assetPath('lab/build/testdata');

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fltlab-clang-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const toolchain = () => debianClang({ libraryFolder: join(root, 'libraries') });

let count = 0;
const newFolder = (): string => join(root, `build-${++count}`);

const inputOf = (change: Partial<BuildInput>): BuildInput => ({
  name: 'driver',
  folder: testdata,
  sources: ['idioms.c'],
  defines: [],
  architecture: 'x64',
  configuration: 'debug',
  outFolder: newFolder(),
  ...change,
});

const build = (change: Partial<BuildInput>): Promise<BuildResult> =>
  toolchain().build(inputOf(change), signal, () => undefined);

const failure = async (built: Promise<unknown>): Promise<LabError> => {
  const error: unknown = await built.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isLabError(error)) return error;
  throw new Error('expected a LabError', { cause: error });
};

/** A folder with these files. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const entry = (body = 'return STATUS_SUCCESS;'): string =>
  `#include <fltKernel.h>\nDRIVER_INITIALIZE DriverEntry;\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)\n{\n    UNREFERENCED_PARAMETER(d);\n    UNREFERENCED_PARAMETER(r);\n    ${body}\n}\n`;

test('this machine has the toolchain', async () => {
  expect(await toolchain().probe(signal)).toMatchObject({ available: true, missing: [] });
});

describe('the idioms of minifilters', () => {
  test.each(['debug', 'release'] as const)('%s: a native x64 image', async (configuration) => {
    const result = await build({ configuration });
    expect(result.diagnostics).toEqual([]);
    const image = await readPe(result.sysPath);
    expect(image).toMatchObject({
      machine: IMAGE_FILE_MACHINE_AMD64,
      subsystem: IMAGE_SUBSYSTEM_NATIVE,
      subsystemVersion: '10.00',
    });
    expect(image.checksum.stored).toBe(image.checksum.computed);
    expect(image.certificateTable).toBeUndefined();
    // What the driver imports is what the lists export, module by module.
    expect(image.imports.map(({ dll }) => dll)).toEqual(['FLTMGR.SYS', 'ntoskrnl.exe']);
    const imported = image.imports.flatMap(({ names }) => names);
    expect(imported).toEqual(expect.arrayContaining(['FltRegisterFilter', '__C_specific_handler']));
    // #pragma alloc_text is honoured, and what only DriverEntry needs can be thrown away.
    const sections = new Map(image.sections.map((section) => [section.name, section] as const));
    expect([...sections.keys()]).toEqual(expect.arrayContaining(['INIT', 'PAGE', '.pdata']));
    expect((sections.get('INIT')?.characteristics ?? 0) & IMAGE_SCN_MEM_DISCARDABLE).not.toBe(0);
    // The time stamp is a hash, and the .pdb is named without the folder that it was made in.
    expect((await readFile(result.sysPath)).includes(Buffer.from(root))).toBe(false);
  });

  test.each(
    profileNames.filter((name) => name !== 'winxp' && name !== 'win2003' && name !== 'vista'),
  )('for %s', async (profile) => {
    const { ntddi, subsystem } = versionDefines[profile];
    const result = await build({ ntddi });
    expect((await readPe(result.sysPath)).subsystemVersion).toBe(subsystem);
  });

  test.each(['winxp', 'win2003', 'vista'] as const)(
    'for %s what came later is not declared',
    async (profile) => {
      const { ntddi, subsystem } = versionDefines[profile];
      const folder = await folderWith({ 'a.c': entry() });
      const result = await build({ ntddi, folder, sources: ['a.c'] });
      expect((await readPe(result.sysPath)).subsystemVersion).toBe(subsystem);
      const later = entry('return FltIsIoRedirectionAllowed(NULL, NULL, NULL);');
      const mistaken = await folderWith({ 'a.c': later });
      expect((await failure(build({ ntddi, folder: mistaken, sources: ['a.c'] }))).code).toBe(
        'build.compile-failed',
      );
    },
  );
});

test('every routine that fltmgr.txt lists is declared, and links', async () => {
  const names = [...exportsOf('FLTMGR.SYS').keys()];
  const table = names.map((name) => `    (PVOID)(ULONG_PTR)${name},`).join('\n');
  const folder = await folderWith({
    'all.c': `${entry('return All[0] != NULL ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;').replace(
      'NTSTATUS DriverEntry(',
      `PVOID volatile All[] = {\n${table}\n};\nNTSTATUS DriverEntry(`,
    )}`,
  });
  const result = await build({ folder, sources: ['all.c'] });
  const [fltmgr] = (await readPe(result.sysPath)).imports;
  expect([...(fltmgr?.names ?? [])].sort()).toEqual([...names].sort());
});

test('structures have the offsets of x64 Windows', async () => {
  const result = await build({ sources: ['layouts.c'] });
  expect(result.diagnostics).toEqual([]);
});

test('SAL annotations are no-ops, whatever their place', async () => {
  const result = await build({ sources: ['annotations.c'] });
  expect(result.diagnostics).toEqual([]);
});

describe('the same input', () => {
  test.each(['debug', 'release'] as const)(
    '%s: gives the same bytes in any folder',
    async (how) => {
      const copies = await Promise.all(
        ['first', 'second/deeper'].map(async (name) => {
          const folder = join(root, `copy-${how}`, name);
          await cp(testdata, folder, { recursive: true });
          return folder;
        }),
      );
      const built = await Promise.all(
        copies.map((folder) => build({ folder, configuration: how })),
      );
      const [first, second] = await Promise.all(built.map(({ sysPath }) => readFile(sysPath)));
      expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true);
      const [a, b] = await Promise.all(built.map(({ pdbPath }) => readFile(pdbPath ?? '')));
      expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
    },
  );
});

describe('built a second time', () => {
  const files = {
    'a.c': `#include "shared.h"\n${entry('return Shared(1) + Other();')}`,
    'b.c': '#include "shared.h"\n#include "shared.h"\nLONG Other(void) { return SHARED; }\n',
    'inc/shared.h': '#define SHARED 7\nLONG Other(void);\n#define Shared(x) ((x) + SHARED)\n',
  };
  const old = new Date('2020-01-01');

  async function prepared(): Promise<BuildInput> {
    const text = `#include <ntifs.h>\n${files['inc/shared.h']}`;
    const folder = await folderWith({ ...files, 'inc/shared.h': text });
    // As in real life, the files are older than the build.
    for (const name of Object.keys(files)) await utimes(join(folder, name), old, old);
    const input = inputOf({ folder, sources: ['a.c', 'b.c'], includeFolders: ['inc'] });
    expect((await toolchain().build(input, signal, () => undefined)).cached).toBe(false);
    return input;
  }

  const rows: readonly [
    string,
    (input: BuildInput) => Promise<Partial<BuildInput> | undefined>,
    { readonly compiled: readonly string[]; readonly linked: boolean },
  ][] = [
    ['nothing changed', async () => undefined, { compiled: [], linked: false }],
    [
      'a file was touched, its text is the same',
      async ({ folder }) => void (await utimes(join(folder, 'a.c'), new Date(), new Date())),
      { compiled: [], linked: false },
    ],
    [
      'one source changed',
      async ({ folder }) =>
        void (await writeFile(
          join(folder, 'b.c'),
          '#include "shared.h"\nLONG Other(void) { return SHARED + 1; }\n',
        )),
      { compiled: ['b.c'], linked: true },
    ],
    [
      'a comment was added at the end: the object is what it was',
      async ({ folder }) => void (await writeFile(join(folder, 'b.c'), `${files['b.c']}//\n`)),
      { compiled: ['b.c'], linked: false },
    ],
    [
      'a header changed',
      async ({ folder }) =>
        void (await writeFile(
          join(folder, 'inc/shared.h'),
          `#include <ntifs.h>\n${files['inc/shared.h']}`.replace('7', '8'),
        )),
      { compiled: ['a.c', 'b.c'], linked: true },
    ],
    [
      'a header appeared that hides another',
      async ({ folder }) =>
        void (await writeFile(
          join(folder, 'shared.h'),
          `#include <ntifs.h>\n${files['inc/shared.h']}`.replace('7', '9'),
        )),
      { compiled: ['a.c', 'b.c'], linked: true },
    ],
    [
      'another variant',
      async () => ({ defines: ['VARIANT=2'] }),
      // Nobody uses the define: the objects are what they were.
      { compiled: ['a.c', 'b.c'], linked: false },
    ],
    [
      'the .sys was thrown away',
      async ({ outFolder }) => void (await rm(join(outFolder, 'driver.sys'))),
      { compiled: [], linked: true },
    ],
    [
      'the .sys was damaged',
      async ({ outFolder }) => void (await writeFile(join(outFolder, 'driver.sys'), 'MZ')),
      { compiled: [], linked: true },
    ],
  ];

  test.each(rows)('%s', async (_title, change, { compiled, linked }) => {
    const input = await prepared();
    const again = { ...input, ...(await change(input)) };
    const result = await toolchain().build(again, signal, () => undefined);
    const sources = result.commands
      .filter((command) => command.includes('-c'))
      .map((command) => command[command.indexOf('-c') + 1] ?? '');
    expect(sources.filter((source) => !source.includes('runtime'))).toEqual(compiled);
    expect(result.commands.some((command) => command.includes('/driver'))).toBe(linked);
    expect(result.cached).toBe(compiled.length === 0 && !linked);
  });

  test('warnings come again', async () => {
    const folder = await folderWith({ 'a.c': entry('int unused; return STATUS_SUCCESS;') });
    await utimes(join(folder, 'a.c'), old, old);
    const input = inputOf({ folder, sources: ['a.c'] });
    const first = await toolchain().build(input, signal, () => undefined);
    const second = await toolchain().build(input, signal, () => undefined);
    expect(first.diagnostics).toEqual([
      {
        file: 'a.c',
        line: 7,
        column: 9,
        severity: 'warning',
        message: "unused variable 'unused'",
        flag: '-Wunused-variable',
      },
    ]);
    expect(second).toMatchObject({ cached: true, diagnostics: first.diagnostics });
  });
});

test('headers are found whatever the case and the slash', async () => {
  const folder = await folderWith({
    'src/a.c': `#include <NTIFS.H>\n#include <FltKernel.h>\n#include "..\\Inc\\Names.H"\n#include "LOCAL.h"\n${entry('return NAMES + LOCAL;')}`,
    'inc/names.h': '#define NAMES 0\n',
    'src/Local.h': '#define LOCAL 0\n',
  });
  const result = await build({ folder, sources: ['src/a.c'], includeFolders: ['inc'] });
  expect(result.diagnostics).toEqual([]);
});

test('sources of the same name in two folders', async () => {
  const folder = await folderWith({
    'one/a.c': entry('extern NTSTATUS Two(void); return Two();'),
    'two/a.c': '#include <ntifs.h>\nNTSTATUS Two(void) { return STATUS_SUCCESS; }\n',
  });
  expect((await build({ folder, sources: ['one/a.c', 'two/a.c'] })).cached).toBe(false);
});

describe('what cannot be built', () => {
  const rows: readonly [string, Record<string, string>, string, RegExp, RegExp][] = [
    [
      'a mistake in C',
      { 'a.c': entry('return STATUS_SUCESS;') },
      'build.compile-failed',
      /a\.c:7:12: error: use of undeclared identifier 'STATUS_SUCESS'/,
      /a\.c:7:12/,
    ],
    [
      'a routine that is not declared',
      { 'a.c': entry('FltNothing(); return STATUS_SUCCESS;') },
      'build.compile-failed',
      /FltNothing/,
      /-Wimplicit-function-declaration/,
    ],
    [
      'a header that is not there',
      { 'a.c': '#include "nosuch.h"\n' },
      'build.compile-failed',
      /'nosuch\.h' file not found/,
      /a\.c:1:10/,
    ],
    [
      'a routine that nobody exports',
      {
        'a.c': `NTKERNELAPI_X;\n${entry('return FltNothing();')}`.replace(
          'NTKERNELAPI_X;',
          '#include <ntifs.h>\nNTSTATUS FltNothing(void);',
        ),
      },
      'build.link-failed',
      /driver uses what nobody defines or exports: FltNothing\./,
      /a\.c: note: used in DriverEntry/,
    ],
    [
      'no DriverEntry',
      { 'a.c': '#include <ntifs.h>\nLONG NotDriverEntry(void) { return 0; }\n' },
      'build.link-failed',
      /driver has no DriverEntry/,
      /DriverEntry/,
    ],
    ['no such source', {}, 'sample.source-missing', /a\.c does not exist/, /^$/],
  ];

  test.each(rows)('%s', async (_title, files, code, problem, detail) => {
    const folder = await folderWith(files);
    const outFolder = newFolder();
    const error = await failure(build({ folder, sources: ['a.c'], outFolder }));
    expect(error).toMatchObject({ code, problem: expect.stringMatching(problem) as string });
    expect(error.detail ?? '').toMatch(detail);
    expect(error.remedy).not.toBe('');
    await expect(readFile(join(outFolder, 'driver.sys'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a driver that no longer compiles leaves the last good one', async () => {
    const folder = await folderWith({ 'a.c': entry() });
    const input = inputOf({ folder, sources: ['a.c'] });
    const good = await toolchain().build(input, signal, () => undefined);
    await writeFile(join(folder, 'a.c'), entry('return 1 +;'));
    await failure(toolchain().build(input, signal, () => undefined));
    expect((await readPe(good.sysPath)).machine).toBe(IMAGE_FILE_MACHINE_AMD64);
  });

  test('a machine without the tools names the packages', async () => {
    const bare = {
      ...thisMachine,
      find: async () => undefined,
      mingwIncludes: [],
      wineFltKernels: [],
    };
    const chain = debianClang({ libraryFolder: join(root, 'none'), machine: bare });
    const error = await failure(chain.build(inputOf({}), signal, () => undefined));
    expect(error).toMatchObject({ code: 'build.toolchain-missing', whose: 'your lab' });
    expect(error.remedy).toMatch(/clang-19 lld-19 mingw-w64-common libwine-dev/);
  });

  test('cancelled before and while it works', async () => {
    const at = (when: AbortController, text: string) => (told: string) =>
      void (told.startsWith(text) && when.abort());
    for (const text of ['Compiling', 'Linking']) {
      const abort = new AbortController();
      const built = toolchain().build(inputOf({}), abort.signal, at(abort, text));
      expect((await failure(built)).code).toBe('run.cancelled');
    }
    const built = toolchain().build(inputOf({}), AbortSignal.abort(), () => undefined);
    expect((await failure(built)).code).toBe('run.cancelled');
  });
});

test('two labs that build the same driver at once do not harm each other', async () => {
  const input = inputOf({});
  const results = await Promise.all(
    [1, 2, 3].map(() => toolchain().build(input, signal, () => undefined)),
  );
  expect(results.filter(({ cached }) => cached)).toHaveLength(2);
  expect(new Set(results.map(({ sha256 }) => sha256)).size).toBe(1);
});

// Two variants of each sample: that all of them parse, for three machines, is held by the test of the
// headers, in a tenth of the time.
const variants = await Promise.all(
  (await sampleNames()).map(async (name) => {
    const sample = await loadSample(name);
    const { variants: all } = sample.manifest;
    return [...new Set([all.at(0), all.at(-1)])].flatMap((variant) =>
      variant === undefined ? [] : [{ name, sample, variant }],
    );
  }),
);

test.each(variants.flat())('$name builds as $variant.name', async ({ sample, variant }) => {
  const request = { sample, variant, dataFolder: root, signal, progress: () => undefined };
  const result = await buildForWindows(request);
  // An altitude outside of its group is a sample's own choice: above all that Windows brings.
  const errors = result.diagnostics.filter(
    ({ severity, flag }) => severity !== 'note' && flag !== 'inf-altitude-range',
  );
  expect(errors).toEqual([]);
  expect((await readPe(result.sysPath)).subsystem).toBe(IMAGE_SUBSYSTEM_NATIVE);
});
