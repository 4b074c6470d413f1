// Goal: what the editor says about a routine is what our headers, tables and rules say.
import { expect, test } from 'vitest';
import { readPrototypes, readWords } from './prototypes.ts';
import { reference } from './routines.ts';

test.each([
  [
    'NTSTATUS FLTAPI FltX(PFLT_FILTER Filter,\n    PVOID *Out /* out */);',
    {
      name: 'FltX',
      returns: 'NTSTATUS',
      variadic: false,
      parameters: [
        ['PFLT_FILTER', 'Filter'],
        ['PVOID *', 'Out'],
      ],
    },
  ],
  ['VOID NTAPI KeY(VOID);', { name: 'KeY', returns: 'VOID', variadic: false, parameters: [] }],
  [
    'ULONG __cdecl DbgPrint(PCSTR Format, ...);',
    { name: 'DbgPrint', returns: 'ULONG', variadic: true, parameters: [['PCSTR', 'Format']] },
  ],
] as const)('%s', (text, { name, returns, variadic, parameters }) => {
  const [found] = readPrototypes(text, 'a.h');
  expect(found).toEqual({
    name,
    returns,
    variadic,
    header: 'a.h',
    parameters: parameters.map(([type, parameter]) => ({ type, name: parameter })),
  });
});

test('names of macros, enumerators and structures', () => {
  const text =
    '#define FOO_MAX 12\ntypedef enum _E {\n  FirstOne,\n  Second = 4\n} E, *PE;\ntypedef struct _S {\n int a;\n} S, *PS;';
  expect(readWords(text).map((one) => one.name)).toEqual([
    'FOO_MAX',
    'FirstOne',
    'Second',
    'E',
    'S',
    'PS',
  ]);
});

test('a routine with its IRQL, since when, and the rules that speak of it', async () => {
  const { routines } = await reference();
  const found = routines.find((one) => one.name === 'FltGetNewSystemBufferAddress');
  expect(found).toMatchObject({ module: 'fltmgr', returns: 'PVOID', since: '7', modelled: 'yes' });
  expect(found?.rules.length).toBeGreaterThan(0);
  // A routine that the tables know and the headers do not would be a hole in the headers.
  expect(routines.length).toBeGreaterThan(300);
});
