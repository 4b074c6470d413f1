// __try as compiled and run: each case is a function of C, the letters it logs in the order that
// Windows gives them, and what it returns.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostStop, MiniHost } from '../testing/miniHost.ts';
import { createTinyCompiler } from '../testing/tinyCompiler.ts';

const ACCESS_VIOLATION = 0xc0000005;

interface Case {
  readonly c: string;
  readonly log: string;
  /** Returned number, or how the call ended. */
  readonly result: number | string;
}

const cases: Record<string, Case> = {
  'a body without exception': {
    c: `__try { say('b'); } __except (1) { say('h'); return 1; } return 2;`,
    log: 'b',
    result: 2,
  },
  'a raise in the body': {
    c: `__try { say('b'); raise(5); say('x'); } __except (EXCEPTION_EXECUTE_HANDLER) { say('h'); return GetExceptionCode(); } return 2;`,
    log: 'bh',
    result: 5,
  },
  'a raise in a callee': {
    c: `__try { deep(3); } __except (1) { return GetExceptionCode() + 1; } return 0;`,
    log: '3210',
    result: 8,
  },
  'a filter decides by the code': {
    c: `__try { raise(7); } __except (GetExceptionCode() == 7 ? 1 : 0) { return 1; } return 0;`,
    log: '',
    result: 1,
  },
  'filters are asked from the inside out, before anything is unwound': {
    c: `__try {
          __try {
            __try { raise(7); } __finally { say('f'); }
          } __except (ask('1', 0)) { say('x'); }
        } __except (ask('2', 1)) { say('h'); }
        return 0;`,
    log: '12fh',
    result: 0,
  },
  'a constant filter outside of a __finally': {
    c: `__try { __try { raise(7); } __finally { say('f'); say('0' + AbnormalTermination()); } }
        __except (EXCEPTION_EXECUTE_HANDLER) { say('h'); } return 0;`,
    log: 'f1h',
    result: 0,
  },
  'a constant filter that searches on': {
    c: `__try { __try { raise(7); } __except (EXCEPTION_CONTINUE_SEARCH) { say('x'); } }
        __except (1) { say('h'); } return 0;`,
    log: 'h',
    result: 0,
  },
  'a __finally in order': {
    c: `__try { say('b'); } __finally { say('f'); say('0' + AbnormalTermination()); } say('e'); return 3;`,
    log: 'bf0e',
    result: 3,
  },
  'a return out of a __finally statement': {
    c: `int value = 4;
        __try { return value; } __finally { value = 9; say('0' + AbnormalTermination()); }
        return 0;`,
    log: '1',
    result: 4,
  },
  'a return of a call, evaluated inside the __try': {
    c: `__try { __try { return deep(1); } __finally { say('f'); } } __except (1) { return 6; } return 0;`,
    log: '10f',
    result: 6,
  },
  'break and continue out of a __finally statement': {
    c: `int i;
        for (i = 0; i < 9; i++) {
          __try { if (i == 1) continue; if (i == 3) break; say('b'); } __finally { say('0' + i); }
          say('e');
        }
        return i;`,
    log: 'b0e1b2e3',
    result: 3,
  },
  'break and continue that stay inside': {
    c: `__try {
          for (int i = 0; i < 3; i++) { if (i == 1) continue; say('0' + i); }
          while (1) { break; }
          do { continue; } while (0);
          switch (arg) { case 0: say('s'); break; default: say('x'); }
        } __finally { say('f'); }
        return 1;`,
    log: '02sf',
    result: 1,
  },
  'a goto out of two __finally blocks': {
    c: `__try { __try { goto out; } __finally { say('i'); } say('x'); } __finally { say('o'); }
        say('x');
        out: say('e'); return 1;`,
    log: 'ioe',
    result: 1,
  },
  'a goto to a label of the same body': {
    c: `__try { int n = 0; again: say('b'); if (++n < 3) goto again; } __finally { say('f'); } return 1;`,
    log: 'bbbf',
    result: 1,
  },
  'a return through an __except inside of a __finally': {
    c: `__try { __try { return 5; } __except (1) { say('x'); } } __finally { say('f'); }
        return 0;`,
    log: 'f',
    result: 5,
  },
  'frames that a return has left are gone': {
    c: `(void)returns_early(); __try { raise(3); } __except (1) { return GetExceptionCode(); } return 0;`,
    log: 'r',
    result: 3,
  },
  '__leave is no abnormal end': {
    c: `__try { say('b'); if (arg == 0) __leave; say('x'); } __finally { say('0' + AbnormalTermination()); }
        __try { __leave; } __except (1) { say('x'); }
        return 1;`,
    log: 'b0',
    result: 1,
  },
  '__leave in a handler leaves the outer __try': {
    c: `__try {
          __try { raise(1); } __except (1) { say('h'); __leave; }
          say('x');
        } __finally { say('0' + AbnormalTermination()); }
        return 1;`,
    log: 'h0',
    result: 1,
  },
  '__leave in a loop, and in a nested block': {
    c: `__try { for (;;) { { if (arg == 0) { say('b'); __leave; } } } } __finally { say('f'); } return 1;`,
    log: 'bf',
    result: 1,
  },
  'a raise in a handler goes outwards': {
    c: `__try { __try { raise(1); } __except (1) { say('h'); raise(2); } }
        __except (1) { return GetExceptionCode(); } return 0;`,
    log: 'h',
    result: 2,
  },
  'a raise in a __finally replaces the exception': {
    c: `__try { __try { raise(1); } __finally { say('f'); raise(2); } }
        __except (1) { return GetExceptionCode(); } return 0;`,
    log: 'f',
    result: 2,
  },
  'a handler inside of a handler has its own code': {
    c: `int sum = 0;
        __try { raise(1); } __except (1) {
          sum = GetExceptionCode();
          __try { raise(20); } __except (1) { sum += GetExceptionCode(); }
          sum += 100 * GetExceptionCode();
        }
        return sum;`,
    log: '',
    result: 121,
  },
  'a __try inside of a __finally that unwinds': {
    c: `__try {
          __try { raise(1); }
          __finally { __try { raise(2); } __except (1) { say('i'); } say('f'); }
        } __except (1) { return GetExceptionCode(); } return 0;`,
    log: 'if',
    result: 1,
  },
  'locals that the body changed are seen by the handler': {
    c: `int a = 1; struct { int x, y; } s = {1, 2};
        __try { a = 5; s.y = 6; raise(1); a = 9; } __except (1) { return a * 10 + s.y; } return 0;`,
    log: '',
    result: 56,
  },
  'a filter that reads a local': {
    c: `int wanted = 2;
        __try { wanted = 1; raise(1); }
        __except (GetExceptionCode() == wanted ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH) { return 1; }
        return 0;`,
    log: '',
    result: 1,
  },
  'a filter that reads a local and searches on': {
    c: `int wanted = 2;
        __try { __try { raise(1); } __except (GetExceptionCode() == wanted) { say('x'); } }
        __except (1) { return GetExceptionCode(); } return 0;`,
    log: '',
    result: 1,
  },
  'a filter that reads a local, outside of a __finally, is refused': {
    c: `int wanted = 1;
        __try { __try { raise(1); } __finally { say('x'); } }
        __except (wanted) { say('x'); } return 0;`,
    log: '',
    result: 'unsupported 2',
  },
  'a filter that continues execution is refused': {
    c: `__try { raise(1); } __except (ask('a', -1)) { say('x'); } return 0;`,
    log: 'a',
    result: 'unsupported 1',
  },
  'a filter gets the exception record': {
    c: `__try { raise(9); } __except (look(GetExceptionInformation())) { return seen; } return 0;`,
    log: '',
    result: 9,
  },
  'an access violation that the host raises': {
    c: `__try { *(volatile int *)0x20000 = 1; } __except (look(GetExceptionInformation())) {
          return GetExceptionCode() == 0xc0000005 ? seen_address : 0; } return 0;`,
    log: '',
    result: 0x20000,
  },
  'an exception that nobody takes unwinds nothing': {
    c: `__try { raise(3); } __finally { say('x'); } return 0;`,
    log: '',
    result: 'unhandled 3',
  },
  'a hundred exceptions in a loop': {
    c: `int sum = 0;
        for (int i = 0; i < 100; i++) { __try { raise(i); } __except (1) { sum += GetExceptionCode(); continue; } }
        return sum;`,
    log: '',
    result: 4950,
  },
  'a recursion that unwinds a __finally at each level': {
    c: `__try { unwinding(3); } __except (1) { say('h'); } return 0;`,
    log: '0123h',
    result: 0,
  },
  'an exception through a frame of the host': {
    c: `__try { call_back(deep, 2); } __except (1) { return GetExceptionCode(); } return 0;`,
    log: '210j',
    result: 7,
  },
  'returns of other types': {
    c: `void_return(); return (pointer_return() == 0) + wide_return();`,
    log: 'vpw',
    result: 43,
  },
  'a switch around, and macros of the usual kind': {
    c: `int status = 0;
        switch (arg) { case 0: __try { TRY_RETURN(status = 4); try_exit: say('e'); } __finally { say('f'); } break; default: say('x'); }
        __try { LEAVE_WITH(status = status + 1); say('x'); } __finally { say('g'); }
        return status;`,
    log: 'efg',
    result: 5,
  },
  'the words of the WDK': {
    c: `try { try { raise(1); } finally { say('f'); } } except (EXCEPTION_EXECUTE_HANDLER) { say('h'); }
        try { leave; } finally { say('0' + AbnormalTermination()); } return 1;`,
    log: 'fh0',
    result: 1,
  },
  'alternatives behind #if': {
    c: `__try {
        #if 1
          say('a'); if (arg == 0) return 3;
        #else
          return 4;
        #endif
        } __finally { say('f'); }
        return 0;`,
    log: 'af',
    result: 3,
  },
};

const prelude = `
#define NT __attribute__((import_module("ntoskrnl")))
#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define leave __leave
#define TRY_RETURN(S) { S; goto try_exit; }
#define LEAVE_WITH(S) { S; leave; }
NT void say(int letter);
NT void raise(int code);
NT int call_back(int (*callback)(int), int value);
struct _EXCEPTION_POINTERS { struct { unsigned code, flags; void *next, *address; unsigned count, information[15]; } *record; void *context; };
static unsigned seen, seen_address;
static int ask(int letter, int answer) { say(letter); return answer; }
static int look(struct _EXCEPTION_POINTERS *pointers) {
  seen = pointers->record->code; seen_address = pointers->record->information[1]; return 1;
}
static int deep(int n) { say('0' + n); if (n == 0) raise(7); return deep(n - 1); }
static int returns_early(void) { __try { say('r'); return 1; } __except (1) { say('x'); } return 0; }
static void unwinding(int n) { __try { if (n == 0) raise(1); unwinding(n - 1); } __finally { say('0' + n); } }
static void void_return(void) { __try { return; } __finally { say('v'); } }
static char *pointer_return(void) { __try { return 0; } __finally { say('p'); } return "x"; }
static long long wide_return(void) { __try { return 42; } __finally { say('w'); } return 1; }
`;

const names = Object.keys(cases);
const source = `${prelude}
${names.map((name, index) => `static int test_${index}(int arg) {\n${cases[name]!.c}\n}`).join('\n')}
typedef int test(int);
static test *const tests[] = { ${names.map((_name, index) => `test_${index}`).join(', ')} };
int DriverEntry(int index, int arg) { return tests[index](arg); }
`;

const tiny = createTinyCompiler();
let image: Uint8Array;
beforeAll(async () => {
  image = await tiny.image(source);
});
afterAll(() => tiny.compiler.dispose());

function open(log: string[], more: Record<string, unknown> = {}): MiniHost {
  const host: MiniHost = new MiniHost(image, {
    say: (letter: number) => log.push(String.fromCharCode(letter)),
    raise: (code: number) => host.exports['__fltlab_raise']!(code),
    call_back(pointer: number, value: number): number {
      try {
        return (host.table.get(pointer) as (value: number) => number)(value);
      } finally {
        log.push('j');
      }
    },
    ...more,
  });
  host.onReport = () => ACCESS_VIOLATION | 0;
  return host;
}

describe('__try', () => {
  test.each(names)('%s', (name) => {
    const log: string[] = [];
    const host = open(log);
    const result = host.call(names.indexOf(name));
    expect({ log: log.join(''), result }).toEqual({
      log: cases[name]!.log,
      result: cases[name]!.result,
    });
    if (typeof result !== 'number') return;
    host.prepareThread();
    const top = host.stackPointer.value;
    host.call(names.indexOf(name));
    expect(host.stackPointer.value).toBe(top);
    expect(host.control('sehHead')).toBe(0);
  });
});

// JSPI, as simulator/driver uses it: one thread at a time is runnable, its cells set before it is.
describe('__try across a suspension', () => {
  const index = names.indexOf('a recursion that unwinds a __finally at each level');

  test('an exception that an import raises after it has suspended is taken', async () => {
    const log: string[] = [];
    const suspending = Reflect.get(WebAssembly, 'Suspending') as new (
      body: (code: number) => Promise<number>,
    ) => unknown;
    const promising = Reflect.get(WebAssembly, 'promising') as (
      body: unknown,
    ) => (...numbers: number[]) => Promise<number>;
    const host: MiniHost = open(log, {
      raise: new suspending(async (code) => {
        const [pointer, head] = [host.stackPointer.value as number, host.control('sehHead')];
        await new Promise((resolve) => setImmediate(resolve));
        host.stackPointer.value = pointer;
        host.setControl('sehHead', head);
        return host.exports['__fltlab_raise']!(code);
      }),
    });
    host.prepareThread();
    const top = host.stackPointer.value;
    expect(await promising(host.exports['DriverEntry'])(index, 0)).toBe(0);
    expect(log.join('')).toBe('0123h');
    expect(host.stackPointer.value).toBe(top);
  });

  test('an error of the host passes through every frame', () => {
    const log: string[] = [];
    const host = open(log, {
      raise: () => {
        throw new HostStop('bugcheck');
      },
    });
    expect(host.call(index)).toBe('bugcheck');
    expect(log).toEqual([]);
  });
});
