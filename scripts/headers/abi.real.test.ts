// Goal: the headers of simulator/include have the layouts and values of Windows. Method: clang evaluates
// one static assertion for each fact, for 32-bit and 64-bit Windows and for wasm32, which must be laid
// out like 32-bit Windows; and what the headers say is compared with two independent sets of headers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { constantFacts, statusFacts } from '../../simulator/include/abi.constants.ts';
import { structureFacts } from '../../simulator/include/abi.facts.ts';
import type { Layouts } from '../../simulator/driver/layouts/layout.ts';
import { layouts } from '../../simulator/driver/layouts/layouts.generated.ts';
import { layouts64 } from '../../simulator/driver/layouts/layouts64.generated.ts';
import { projectRoot } from '../programs.ts';
import { askClang, type HeaderTarget } from './clangOnHeaders.ts';
import { renderLayouts } from './renderLayouts.ts';

const INCLUDE = '#include <fltkernel.h>\n#include <ntstrsafe.h>\n';
const targets = ['wasm32', 'x86', 'x64'] as const;

/** The assertions that fail, by name; what else clang has to say, as it says it. */
async function failing(assertions: readonly string[], target: HeaderTarget): Promise<string[]> {
  const { ok, diagnostics } = await askClang(INCLUDE + assertions.join(''), target, [
    '-ferror-limit=0',
  ]);
  const lines = diagnostics.split('\n').filter((line) => line.includes('error:'));
  const names = lines.map((line) => /requirement.*?: (.*)$/.exec(line)?.[1] ?? line);
  return ok ? [] : names;
}

const assertion = (condition: string, name: string): string =>
  `_Static_assert(${condition}, "${name}");\n`;
const structureAssertions = (target: HeaderTarget): string[] =>
  Object.entries(structureFacts).flatMap(([structure, { size, fields }]) => {
    const of = (both: readonly [number, number]): number => both[target === 'x64' ? 1 : 0];
    return [
      ...(size === undefined
        ? []
        : [assertion(`sizeof(${structure}) == ${of(size)}`, `sizeof ${structure}`)]),
      ...Object.entries(fields).map(([field, both]) =>
        assertion(
          `__builtin_offsetof(${structure}, ${field}) == ${of(both)}`,
          `${structure}.${field}`,
        ),
      ),
    ];
  });
const constantAssertions = Object.entries({ ...constantFacts, ...statusFacts }).map(
  ([name, value]) => assertion(`(unsigned)(${name}) == ${value}u`, name),
);

describe.each(targets)('for %s', (target) => {
  test('structures are laid out as documented', async () => {
    expect(await failing(structureAssertions(target), target)).toEqual([]);
  });
  test('constants and statuses have their values', async () => {
    expect(await failing(constantAssertions, target)).toEqual([]);
  });
  test('a wrong fact would be seen', async () => {
    const wrong = [
      assertion('sizeof(FILE_OBJECT) == 1', 'sizeof FILE_OBJECT'),
      assertion('(unsigned)(STATUS_PENDING) == 0u', 'STATUS_PENDING'),
    ];
    expect(await failing(wrong, target)).toEqual(['sizeof FILE_OBJECT', 'STATUS_PENDING']);
  });
});

describe('the layout tables', () => {
  test('are what the headers give (node scripts/layouts.ts)', async () => {
    for (const [path, text] of await renderLayouts()) {
      expect(readFileSync(join(projectRoot, path), 'utf8'), path).toBe(text);
    }
  });

  const compiled: readonly (readonly [HeaderTarget, Layouts])[] = [
    ['wasm32', layouts],
    ['x64', layouts64],
  ];
  test.each(compiled)('agree with compiled offsets for %s', async (target, table) => {
    const tag = (name: string): string => `(*(${name} *)0)`;
    const assertions = Object.entries(table).flatMap(([name, { size, fields }]) => [
      assertion(`sizeof(${tag(name)}) == ${size}`, name),
      ...Object.entries(fields).flatMap(([field, [offset, bytes, , firstBit]]) =>
        firstBit !== undefined
          ? []
          : [
              assertion(
                `__builtin_offsetof(${name}, ${field}) == ${offset} && ` +
                  `sizeof(${tag(name)}.${field}) == ${bytes}`,
                `${name}.${field}`,
              ),
            ],
      ),
    ]);
    expect(assertions.length).toBeGreaterThan(1500);
    expect(await failing(assertions, target)).toEqual([]);
  });

  test('lay out wasm32 like 32-bit Windows', async () => {
    // What the generator would write for 32-bit Windows, sizes only: offsets follow from the facts above.
    const assertions = Object.entries(layouts).map(([name, { size }]) =>
      assertion(`sizeof(${name}) == ${size}`, name),
    );
    expect(await failing(assertions, 'x86')).toEqual([]);
  });
});

describe('every build of the headers is free of warnings', () => {
  const versions = [
    ['XP SP2', '0x05010200'],
    ['Server 2003 SP1', '0x05020100'],
    ['Vista', '0x06000000'],
    ['Windows 7', '0x06010000'],
    ['Windows 8.1', '0x06030000'],
    ['Windows 10', '0x0A000000'],
    ['Windows 11', '0x0A00000C'],
  ] as const;
  const everything = [
    'fltkernel.h',
    'ntifs.h',
    'ntddk.h',
    'wdm.h',
    'ntstrsafe.h',
    'ntintsafe.h',
    'windef.h',
    'dontuse.h',
    'suppress.h',
    'initguid.h',
    'string.h',
    'wchar.h',
  ]
    .map((name) => `#include <${name}>\n`)
    .join('');
  test.each(
    versions.flatMap(([name, ntddi]) => targets.map((target) => [name, target, ntddi] as const)),
  )('%s, %s', async (_name, target, ntddi) => {
    const options = ['-Wall', '-Wextra', `-DNTDDI_VERSION=${ntddi}`];
    const { ok, diagnostics } = await askClang(everything, target, options);
    expect({ ok, diagnostics }).toEqual({ ok: true, diagnostics: '' });
  });
});
