import { expect, test } from 'vitest';
import { normalizePath, respellIncludes, toTree } from './sourceFiles.ts';

const space = {
  sample: ['src/driver.c', 'src/local.h', 'inc/Shared.h', 'inc/deep/inner.h'],
  wdk: ['fltKernel.h', 'ntifs.h', 'wdm/crt.h'],
};

test.each([
  ['#include "local.h"', '#include "local.h"'],
  ['#include "Local.h"', '#include "/src/local.h"'],
  ['#include "..\\inc\\shared.h"', '#include "/inc/Shared.h"'],
  ['#include "../inc/Shared.h"', '#include "/inc/Shared.h"'],
  ['#include "inc/Shared.h"', '#include "/inc/Shared.h"'],
  ['#include "shared.h"', '#include "/inc/Shared.h"'],
  ['#include "inner.h"', '#include "/inc/deep/inner.h"'],
  ['#include <Shared.h>', '#include "/inc/Shared.h"'],
  ['#include <FltKernel.h>', '#include <fltKernel.h>'],
  ['#include <fltKernel.h> // why', '#include <fltKernel.h> // why'],
  ['  #  include "NTIFS.H"', '  #  include <ntifs.h>'],
  ['#include <unknown.h>', '#include <unknown.h>'],
  ['#include HEADER', '#include HEADER'],
])('%s', (written, expected) => {
  expect(respellIncludes({ path: 'src/driver.c', text: written }, space)).toBe(expected);
});

test.each([
  ['a\\b.c', 'a/b.c'],
  ['./a/../b.c', 'b.c'],
  ['/a.c', 'a.c'],
])('path %s', (path, expected) => {
  expect(normalizePath(path)).toBe(expected);
});

test('files become folders within folders', () => {
  expect(
    toTree([
      ['a/b/c.h', '1'],
      ['a/d.h', '2'],
      ['e.c', '3'],
    ]),
  ).toEqual({ a: { b: { 'c.h': '1' }, 'd.h': '2' }, 'e.c': '3' });
});
