// What the runtime in an image promises its loader: every wild access is reported to the byte, and
// everything endless ends at the same instruction each time.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addressSpace,
  controlCell,
  createCoverage,
  describeImage,
  exhaustedKind,
  makeRoutineModule,
  readModule,
  ROUTINE_MODULE,
  shadowKind,
  unsupportedKind,
} from '../../simulator/image/index.ts';
import { assetPath } from '../assets.ts';
import { FUEL, MiniHost } from './testing/miniHost.ts';
import { createTinyCompiler } from './testing/tinyCompiler.ts';

const tiny = createTinyCompiler();
afterAll(() => tiny.compiler.dispose());

const source = `
typedef unsigned short wchar;
#define NT __attribute__((import_module("ntoskrnl")))
NT char *pool(int size);
NT char *paged(int size);
NT char *readonly(int size);
NT void release(char *block);
NT int call_back(int (*callback)(long long, int), int value);
NT int (*routine(void))(int);
void *memcpy(void *, const void *, unsigned long);
void *memset(void *, int, unsigned long);
unsigned long wcslen(const wchar *);
struct big { int words[20]; };
static int global[4];
static volatile int depth;

static int loop(int n) { for (;;) ; }
static int loop_counted(int n) {
  volatile int sum = 0;
  for (int i = 0; i < n; i++)
    sum += i;
  return sum;
}
static int recurse(int n) { depth++; return recurse(n + 1) + 1; }
static void nothing(void) { nothing(); }
static int recurse_without_arguments(int n) { nothing(); return 0; }
static int null_read(int n) { int *p = 0; return p[1]; }
static int null_write(int n) {
  struct big *p = 0;
  p->words[3] = 1;
  return 7;
}
static int overrun_one(int n) { char *p = pool(13); p[13] = 1; return 0; }
static int underrun(int n) { char *p = pool(16); return p[-1]; }
static int overrun_crossing(int n) { char *p = pool(12); return *(int *)(p + 10); }
static int overrun_copy(int n) { char *p = pool(16), *q = pool(20); memcpy(p, q, 20); return 0; }
static int overread_copy(int n) { char *p = pool(16), *q = pool(20); memcpy(q, p, 20); return 0; }
static int overrun_struct(int n) {
  struct big *p = (struct big *)pool(sizeof(struct big)), *q = (struct big *)pool(40);
  *q = *p;
  return 0;
}
static int use_after_free(int n) { char *p = pool(16); release(p); return p[3]; }
static int no_terminator(int n) { wchar *p = (wchar *)pool(8); memset(p, 1, 8); return wcslen(p); }
static int paged_access(int n) { char *p = paged(16); p[2] = 5; return p[2]; }
static int constant_write(int n) { char *p = readonly(16); p[0] = 1; return 0; }
static int constant_read(int n) { return readonly(16)[0]; }
static int user_access(int n) { return *(int *)0x20000; }
static int wild(int n) { return *(int *)0xfffffff0; }
static int smash(int n) { char small[8]; volatile char *p = small; for (int i = 0; i < 24; i++) p[i] = 1; return 0; }
static int fine(int n) {
  struct big a, b;
  memset(&a, 1, sizeof a);
  b = a;
  global[3] = b.words[19];
  return global[3];
}
static int callback(long long wide, int narrow) { return (int)(wide >> 32) + narrow; }
static int with_callback(int n) { return call_back(callback, 4); }
static int wrong_prototype(int n) { int (*volatile as_other)(int) = (int (*)(int))callback; return as_other(n); }
static int wrong_prototype_known(int n) { return ((int (*)(int))callback)(n); }
static int divide(int n) { return 5 / n; }
static int through_pointer(int n) { return routine()(20) + 1; }

typedef int test(int);
static test *const tests[] = { TESTS };
int DriverEntry(int index, int n) { return tests[index](n); }
`;
const names = [...source.matchAll(/^static int (\w+)\(int n\)/gm)].map((match) => match[1] ?? '');

let image: Uint8Array;
beforeAll(async () => {
  image = await tiny.image(source.replace('TESTS', names.join(', ')));
});

function open(more: Record<string, unknown> = {}): MiniHost {
  const sizes = new Map<number, number>();
  const allocate = (size: number, kind: number): number => {
    const address = host.allocate(size, kind);
    sizes.set(address, size);
    return address;
  };
  const host: MiniHost = new MiniHost(image, {
    pool: (size: number) => allocate(size, shadowKind.plain),
    paged: (size: number) => allocate(size, shadowKind.pageable),
    readonly: (size: number) => allocate(size, shadowKind.readOnly),
    release: (address: number) => host.free(address, sizes.get(address) ?? 0),
    ...more,
  });
  return host;
}

const run = (host: MiniHost, name: string, n = 0): number | string =>
  host.call(names.indexOf(name), n);
const lineOf = (text: string): number => source.slice(0, source.indexOf(text)).split('\n').length;

describe('memory', () => {
  const table: [
    name: string,
    size: number,
    write: boolean,
    badFrom: 'address' | number,
    where?: string,
  ][] = [
    ['null_read', 4, false, 'address'],
    ['null_write', 4, true, 'address', 'p->words[3] = 1'],
    ['overrun_one', 1, true, 'address'],
    ['underrun', 1, false, 'address'],
    ['overrun_crossing', 4, false, 2],
    ['overrun_copy', 20, true, 16],
    ['overread_copy', 20, false, 16],
    ['overrun_struct', 80, true, 40, '*q = *p'],
    ['use_after_free', 1, false, 'address'],
    ['no_terminator', 2, false, 'address'],
    ['constant_write', 1, true, 'address'],
    ['user_access', 4, false, 'address'],
    ['wild', 4, false, 'address'],
  ];
  test.each(table)('%s: %i bytes, write %s', (name, size, write, bad, where) => {
    const host = open();
    expect(run(host, name)).toBe('report');
    const [report] = host.reports;
    expect(report).toMatchObject({
      size,
      write,
      place: { file: 'src/driver.c', line: lineOf(where ?? `int ${name}(int n)`) },
    });
    expect(report!.bad - report!.address).toBe(bad === 'address' ? 0 : bad);
  });

  test('an access that the host lets pass goes on', () => {
    const host = open();
    host.onReport = () => 0;
    expect(run(host, 'null_write')).toBe(7);
    expect(host.words[3]).toBe(1);
  });

  test.each([
    [0, 5],
    [1, 5],
    [2, 'report'],
  ])('pageable memory at IRQL %i: %s', (irql, result) => {
    const host = open();
    host.setControl('irql', irql);
    expect(run(host, 'paged_access')).toBe(result);
  });

  test('what is allowed is not reported', () => {
    const host = open();
    expect(run(host, 'fine')).toBe(0x01010101);
    expect(run(host, 'constant_read')).toBe(0);
    expect(host.reports).toEqual([]);
  });

  test('an overrun of a local array is found when the function returns', () => {
    expect(run(open(), 'smash')).toBe('smashed');
  });
});

describe('fuel and stack', () => {
  test.each([
    ['loop', 'fuel'],
    ['recurse', 'stack'],
    ['recurse_without_arguments', 'stack'],
  ])('%s ends by %s', (name, end) => {
    expect(run(open(), name)).toBe(end);
  });

  test.each(['loop', 'recurse', 'recurse_without_arguments'])(
    '%s: same place each time',
    (name) => {
      const ends = [0, 1].map(() => {
        const host = open();
        run(host, name);
        return [host.stackPointer.value, host.control('fuel'), createCounters(host)];
      });
      expect(ends[0]).toEqual(ends[1]);
    },
  );

  test('a long loop costs fuel by its turns', () => {
    const host = open();
    run(host, 'loop_counted', 100);
    const hundred = FUEL - host.control('fuel');
    run(host, 'loop_counted', 200);
    const twoHundred = FUEL - host.control('fuel');
    expect(twoHundred - hundred).toBe(300); // condition, body and step of each turn
  });
});

function createCounters(host: MiniHost): number[] {
  const { start, length } = createCoverage(readModule(image));
  return [...host.bytes.slice(start, start + length)];
}

describe('calls', () => {
  test('the host calls back through the shared table, 64-bit values as BigInt', () => {
    const host = open({
      call_back: (pointer: number, value: number) =>
        (host.table.get(pointer) as (wide: bigint, narrow: number) => number)(3n << 32n, value),
    });
    expect(run(host, 'with_callback')).toBe(7);
  });

  test('a routine of the host reaches the driver as a function pointer', () => {
    const bytes = makeRoutineModule([{ name: 'twice', parameters: ['i32'], results: ['i32'] }]);
    const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    const made = new WebAssembly.Instance(module, {
      [ROUTINE_MODULE]: { twice: (value: number) => value * 2 },
    });
    const host = open({ routine: () => 40 });
    host.table.set(40, made.exports['twice']);
    expect(run(host, 'through_pointer')).toBe(41);
  });

  test.each([
    ['wrong_prototype', /signature mismatch/],
    ['wrong_prototype_known', /unreachable/],
    ['divide', /divide by zero/],
  ])('%s traps', (name, message) => {
    expect(run(open(), name)).toMatch(message);
  });
});

test('the C side has the numbers of simulator/image', () => {
  const header = readFileSync(assetPath('simulator/runtime/fltlab-runtime.h'), 'utf8');
  const value = (name: string): number =>
    Number.parseInt(new RegExp(`#define ${name} (\\w+)`).exec(header)?.[1] ?? '');
  expect({
    systemBase: value('SYSTEM_BASE'),
    controlBlock: value('CONTROL_BLOCK'),
    shadowBase: value('SHADOW_BASE'),
    end: value('MEMORY_END'),
  }).toEqual({
    systemBase: addressSpace.systemBase,
    controlBlock: addressSpace.controlBlock,
    shadowBase: addressSpace.shadowBase,
    end: addressSpace.end,
  });
  expect([value('SHADOW_PAGEABLE'), value('SHADOW_READ_ONLY')]).toEqual([
    shadowKind.pageable,
    shadowKind.readOnly,
  ]);
  expect([value('EXHAUSTED_FUEL'), value('EXHAUSTED_STACK')]).toEqual([
    exhaustedKind.fuel,
    exhaustedKind.stack,
  ]);
  expect([
    value('UNSUPPORTED_CONTINUE_EXECUTION'),
    value('UNSUPPORTED_FILTER_BEHIND_FINALLY'),
  ]).toEqual([unsupportedKind.continueExecution, unsupportedKind.filterBehindFinally]);
  const cells = /struct control_block \{([^}]*)\}/.exec(header)?.[1]?.match(/\w+;/g);
  expect(cells).toEqual(['fuel;', 'stack_limit;', 'irql;', 'seh_head;']);
  expect(Object.values(controlCell)).toEqual([0, 4, 8, 12]);
});

test('the image says where it lies and what it needs', () => {
  const description = describeImage(readModule(image));
  expect(description).toMatchObject({ base: addressSpace.imageBase, tableBase: 1 });
  expect(description.end).toBeGreaterThan(description.base);
  expect(description.tableMinimum).toBe(1 + description.tableCount);
  expect(description.routines.map((one) => `${one.module}!${one.name}`)).toContain('ntoskrnl!pool');
  expect([...description.variables.keys()]).toContain('MmHighestUserAddress');
});
