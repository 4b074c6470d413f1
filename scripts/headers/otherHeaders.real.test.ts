// Goal: our headers say what two independent sets say, mingw-w64's and Wine's. Method: clang meets the
// others' headers with one static assertion for each value and each offset that ours give; what the
// others do not have is left out, what they have otherwise is listed here with the reason.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { caseInsensitiveView } from '../../lab/build/caseInsensitive.ts';
import { compileFlags, viewedFolders } from '../../lab/build/clang/flags.ts';
import { searchParts, thisMachine } from '../../lab/build/clang/parts.ts';
import type { Layouts } from '../../simulator/driver/layouts/layout.ts';
import { layouts } from '../../simulator/driver/layouts/layouts.generated.ts';
import { layouts64 } from '../../simulator/driver/layouts/layouts64.generated.ts';
import { projectRoot } from '../programs.ts';

const { parts, probe } = await searchParts(thisMachine, new AbortController().signal);
// Skipped where the others' headers are not installed; `fltlab doctor` says how to get them.
const missing = probe.missing.map(({ part }) => part).join(', ');

const scratch = mkdtempSync(join(tmpdir(), 'fltlab-headers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const ours = join(projectRoot, 'simulator/include');
const OUR_FLAGS = ['-std=gnu17', '-fms-extensions', '-nostdlibinc', '-w', `-I${ours}`];

interface Others {
  readonly name: string;
  readonly triple: string;
  readonly include: string;
  readonly flags: readonly string[];
  readonly layouts: Layouts;
}

async function otherHeaders(found: NonNullable<typeof parts>): Promise<readonly Others[]> {
  const overlay = join(scratch, 'overlay.json');
  writeFileSync(overlay, await caseInsensitiveView(viewedFolders(found)));
  const input = {
    name: 'a',
    folder: scratch,
    sources: [],
    defines: [],
    architecture: 'x64',
    configuration: 'release',
    outFolder: scratch,
  } as const;
  const folders = [join(found.mingwInclude, 'ddk'), found.mingwInclude];
  return [
    {
      name: 'mingw-w64 and Wine, as drivers are built with them, 64 bits',
      triple: 'x86_64-pc-windows-msvc',
      include: '#include <fltkernel.h>\n',
      flags: compileFlags(input, found, overlay),
      layouts: layouts64,
    },
    {
      name: 'mingw-w64, 32 bits',
      triple: 'i686-pc-windows-msvc',
      include: '#include <ntifs.h>\n',
      flags: [
        '--target=i686-pc-windows-gnu',
        ...['-std=gnu17', '-fms-extensions', '-nostdlibinc', '-D_WIN32_WINNT=0x0A00'],
        ...folders.flatMap((folder) => ['-isystem', folder]),
      ],
      layouts,
    },
  ];
}

function clang(flags: readonly string[], source: string): { stdout: string; stderr: string } {
  const file = join(scratch, 'a.c');
  writeFileSync(file, source);
  const program = parts?.clang.path ?? 'clang';
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { stdout, stderr } = spawnSync(
    program,
    [...flags, '-w', '-ferror-limit=0', '-fno-spell-checking', file],
    options,
  );
  return { stdout, stderr };
}

/** Where the others differ, and why ours stays as it is. */
const known: readonly (readonly [RegExp, string])[] = [
  [/^NTDDI_VERSION$/, 'the build chooses it'],
  [/^(MaximumWaitReason|FileMaximumInformation)$/, 'ends of lists that grow with Windows'],
  [/^sizeof (FSRTL_ADVANCED_FCB_HEADER|IO_DRIVER_CREATE_CONTEXT)$/, 'fields came with Windows 10'],
  [/^KWAIT_BLOCK[.]/, 'mingw-w64 has the order of Windows 7'],
  [/^sizeof DEVICE_OBJECT$/, 'mingw-w64 does not align it to 16 bytes'],
  [
    /^(sizeof GENERAL_LOOKASIDE|.*\bN?PAGED_LOOKASIDE_LIST\b.*)$/,
    'mingw-w64 does not align it to a cache line on x86',
  ],
];
const unexplained = (names: readonly string[]): string[] =>
  names.filter((name) => !known.some(([pattern]) => pattern.test(name)));

interface Claim {
  readonly name: string;
  readonly condition: string;
}

/** Which claims the headers contradict, and how many they could judge. */
function judge(others: Others, claims: readonly Claim[]): { wrong: string[]; judged: number } {
  const lines = claims.map(({ condition, name }) => `_Static_assert(${condition}, "${name}");\n`);
  const first = others.include.split('\n').length;
  const { stderr } = clang([...others.flags, '-fsyntax-only'], others.include + lines.join(''));
  const errors = [...stderr.matchAll(/^.*a\.c:(\d+):\d+:.* error: (.*)$/gm)];
  const unjudged = new Set<string | undefined>();
  const wrong: string[] = [];
  for (const [, line, message] of errors) {
    if (/static assertion failed/.test(message ?? ''))
      wrong.push(claims[Number(line) - first]?.name ?? '?');
    else unjudged.add(line);
  }
  return { wrong, judged: claims.length - unjudged.size };
}

/** Every constant of ours that has a value: object-like macros and enumerators. */
function ourConstants(triple: string): ReadonlyMap<string, bigint> {
  const target = [`--target=${triple}`, ...OUR_FLAGS];
  const include = '#include <fltkernel.h>\n';
  const { stdout: macros } = clang([...target, '-E', '-dM'], include);
  const names = [
    ...Array.from(macros.matchAll(/^#define ([A-Z][A-Za-z0-9_]*) /gm), ([, name]) => name),
    ...enumerators(),
  ].filter((name) => name !== undefined);
  const value = (name: string): string =>
    `const unsigned long long value_${name} = (unsigned long long)(unsigned)(${name});\n`;
  const dumpOf = (candidates: readonly string[]): { stdout: string; stderr: string } =>
    clang([...target, '-S', '-emit-llvm', '-o', '-'], include + candidates.map(value).join(''));
  // A macro that is no number makes an error on its line; without those lines there is output.
  const bad = new Set(
    Array.from(
      dumpOf(names).stderr.matchAll(/a\.c:(\d+):\d+: error/g),
      ([, line]) => Number(line) - 2,
    ),
  );
  const { stdout } = dumpOf(names.filter((_, index) => !bad.has(index)));
  return new Map(
    Array.from(stdout.matchAll(/^@value_(\w+) = .*constant i64 (-?\d+)/gm), ([, name, number]) => [
      name ?? '',
      BigInt.asUintN(32, BigInt(number ?? 0)),
    ]),
  );
}

const ourHeaders = (): string[] =>
  readdirSync(ours, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.h'))
    .map((file) => readFileSync(join(ours, file), 'utf8'));

function enumerators(): string[] {
  const bodies = ourHeaders().flatMap((text) => [
    ...text.matchAll(/typedef enum \w+ \{([^}]*)\}/g),
  ]);
  return bodies.flatMap(([, body]) =>
    (body ?? '').split(',').map((one) => one.replace(/=.*/s, '').trim()),
  );
}

function structureClaims(table: Layouts): Claim[] {
  return Object.entries(table).flatMap(([name, { size, fields }]) => [
    { name: `sizeof ${name}`, condition: `sizeof(${name}) == ${size}` },
    ...Object.entries(fields).flatMap(([field, [offset, , , firstBit]]) =>
      firstBit !== undefined
        ? []
        : [
            {
              name: `${name}.${field}`,
              condition: `__builtin_offsetof(${name}, ${field}) == ${offset}`,
            },
          ],
    ),
  ]);
}

/** One claim for each prototype of ours: that the others declare the same type, whatever the names. */
function prototypeClaims(): Claim[] {
  const declaration =
    /^(?:DECLSPEC_NORETURN )?((?:\w+ )+?\**)(?:NTAPI|FLTAPI|FASTCALL|__cdecl) (\w+)\(([^;]*?)\);$/gms;
  return ourHeaders().flatMap((text) =>
    Array.from(text.matchAll(declaration), ([, result, name = '', parameters]) => ({
      name,
      condition:
        `__builtin_types_compatible_p(__typeof__(${name}), ${result}(${parameters}))`.replace(
          /\s+/g,
          ' ',
        ),
    })),
  );
}

/** Prototypes where the others differ, and why ours stays as it is. */
const knownPrototypes: Readonly<Record<string, string>> = {
  ProbeForRead: 'documented with const volatile',
  ProbeForWrite: 'documented with volatile',
  MmMapLockedPagesSpecifyCache: 'Priority is documented as ULONG',
  ExNotifyCallback: 'CallbackObject is documented as PVOID',
  RtlGUIDFromString: 'documented with const',
  RtlCopyString: 'mingw-w64 makes the pointer const, not the string',
  RtlCompareString: 'mingw-w64 makes the pointer const, not the string',
  RtlEqualString: 'mingw-w64 makes the pointer const, not the string',
  KeStackAttachProcess: 'ours has one type for PEPROCESS and PKPROCESS',
  swprintf: "mingw-w64's user-mode library has a count",
};

describe.skipIf(parts === undefined)(
  missing === ''
    ? 'our headers and'
    : `our headers and others (skipped, not installed: ${missing})`,
  async () => {
    const others = parts === undefined ? [] : await otherHeaders(parts);

    test.each(others)('the constants of $name', (other) => {
      const claims = Array.from(ourConstants(other.triple), ([name, value]) => ({
        name,
        condition: `(unsigned)(${name}) == ${value}u`,
      }));
      const { wrong, judged } = judge(other, claims);
      expect(judged).toBeGreaterThan(1400);
      expect(unexplained(wrong)).toEqual([]);
    });

    test.each(others)('the structures of $name', (other) => {
      const { wrong, judged } = judge(other, structureClaims(other.layouts));
      expect(judged).toBeGreaterThan(1100);
      expect(unexplained(wrong)).toEqual([]);
    });

    test.each(others.slice(0, 1))('the prototypes of $name', (other) => {
      const { wrong, judged } = judge(other, prototypeClaims());
      expect(judged).toBeGreaterThan(700);
      expect(wrong.filter((name) => knownPrototypes[name] === undefined)).toEqual([]);
    });

    test.each(others)('a wrong value would be seen in $name', (other) => {
      const claims = [
        { name: 'IRP_MJ_CREATE', condition: '(unsigned)(IRP_MJ_CREATE) == 1u' },
        { name: 'IRP.Flags', condition: '__builtin_offsetof(IRP, Flags) == 1' },
        { name: 'NO_SUCH_THING', condition: '(unsigned)(NO_SUCH_THING) == 1u' },
      ];
      expect(judge(other, claims)).toEqual({ wrong: ['IRP_MJ_CREATE', 'IRP.Flags'], judged: 2 });
    });
  },
);
