// When the WDK headers may be loaded ready-made in front of a unit, and when that could be told from
// including them.
import { expect, test } from 'vitest';
import { identifiersOf, openingOf, precompilable, visibleDefines } from './precompiled.ts';

const kit = ['fltkernel.h', 'ntifs.h'];
const space = {
  wdkNames: kit,
  wdkIdentifiers: identifiersOf([
    '#if NTDDI_VERSION >= NTDDI_WIN7\n#if DBG\nvoid DbgPrint();\n#ifdef POOL_NX_OPTIN',
  ]),
};
const own = [
  { path: 'own.h', text: '#pragma once\n#include <fltkernel.h>\n' },
  { path: 'guarded.h', text: '#ifndef __OWN_H__\n#define __OWN_H__\n#include "own.h"\n#endif' },
  { path: 'round.h', text: '#include "round.h"\n' },
  { path: 'inner/deep.h', text: '#include "../own.h"\n' },
];
const opens = (text: string, headers = own, defines = ['NTDDI_VERSION=0x06010000', 'MINE=1']) =>
  precompilable({ path: 'a.c', text }, headers, defines, space)?.header;

test.each([
  ['the header itself', '#include <fltkernel.h>\nint x;', 'fltkernel.h'],
  ['another header of the kit', '# include <ntifs.h>', 'ntifs.h'],
  [
    'behind comments',
    '/*++ what it\n does --*/\n// and why\n#include <fltkernel.h>',
    'fltkernel.h',
  ],
  ['through a header of the sample', '#include "own.h"', 'fltkernel.h'],
  ['through two, one with a guard', '#include "guarded.h"', 'fltkernel.h'],
  ['through one in another folder', '#include "inner/deep.h"', 'fltkernel.h'],
  ['by its place in the tree', '#include "/own.h"', 'fltkernel.h'],
  [
    'behind a macro of its own',
    "#define MY_TAG 'xyz' \\\n + 1\n#include <fltkernel.h>",
    'fltkernel.h',
  ],
  ['behind a macro that the headers look at', '#define DBG 1\n#include <fltkernel.h>', undefined],
  [
    "behind a name that is a macro's to be",
    '#define DbgPrint MyPrint\n#include <ntifs.h>',
    undefined,
  ],
  ['behind a name for compilers', '#define _X86_ 1\n#include <ntifs.h>', undefined],
  ['behind a condition', '#if MINE\n#include <fltkernel.h>\n#endif', undefined],
  ['behind an #ifndef that guards nothing', '#ifndef A\n#include <fltkernel.h>\n#endif', undefined],
  ['behind a pragma', '#pragma pack(1)\n#include <fltkernel.h>', undefined],
  ['behind code', 'int x;\n#include <fltkernel.h>', undefined],
  ['a header of the compiler', '#include <stdarg.h>\n#include <fltkernel.h>', undefined],
  ['a header that is not there', '#include "lost.h"', undefined],
  ['headers that include each other', '#include "round.h"', undefined],
  ['nothing', '', undefined],
])('a unit that begins with %s', (_what, text, header) => expect(opens(text)).toBe(header));

test("a header of the sample that has a name of the kit's is never mistaken for it", () => {
  const shadowing = [...own, { path: 'inner/NTIFS.H', text: '' }];
  expect(opens('#include <fltkernel.h>', shadowing)).toBeUndefined();
});

test('only what the headers look at is compiled into them', () => {
  const unit = { path: 'a.c', text: '#include <fltkernel.h>' };
  const defines = ['NTDDI_VERSION=0x06010000', 'MINE', 'DBG=1', '_AMD64_', 'DbgPrint=Mine'];
  expect(precompilable(unit, own, defines, space)?.defines).toEqual([
    'NTDDI_VERSION=0x06010000',
    'DBG=1',
    '_AMD64_',
    'DbgPrint=Mine',
  ]);
});

test('the first include and what was defined before it', () => {
  expect(openingOf('#pragma once\n#define A 1\n#define B(x) x\n#include "c.h"\n#define D')).toEqual(
    {
      guard: undefined,
      macros: ['A', 'B'],
      include: 'c.h',
      angled: false,
    },
  );
});

test.each([
  ['what the unit names', ['#ifdef MINE'], ['DBG=1', 'MINE']],
  ['what one of its headers names', ['', '#if THEIRS(1)'], ['DBG=1', 'THEIRS(x)=x']],
  ['what the kit names, always', ['int x;'], ['DBG=1']],
  ['all, where names are put together', ['a ## b'], ['DBG=1', 'MINE', 'THEIRS(x)=x']],
])('of the defines of a build a unit sees %s', (_what, texts, seen) => {
  expect(visibleDefines(['DBG=1', 'MINE', 'THEIRS(x)=x'], texts, space)).toEqual(seen);
});
