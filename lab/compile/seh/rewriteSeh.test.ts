import { describe, expect, test } from 'vitest';
import { collectMacros } from './macros.ts';
import { SehRefusal } from './refusal.ts';
import { rewriteSeh } from './rewriteSeh.ts';
import { tokenize } from './tokens.ts';

function rewrite(source: string): string {
  const tokens = tokenize(source);
  return rewriteSeh(source, tokens, collectMacros([tokens]))?.text ?? source;
}

/** The body of `void f(void) { … }`. */
const inFunction = (body: string): string => `void f(void) { ${body} }`;

const PUSH = (id: number, kind: string): string =>
  `{ struct fltlab_frame __fltlab_frame_${id}; fltlab_seh_push(&__fltlab_frame_${id}, ${kind}); ` +
  `if (setjmp(__fltlab_frame_${id}.jump) == 0) { __label__ __fltlab_leave;  `;
const END_BODY = (id: number): string =>
  ` __fltlab_leave: __attribute__((unused)); fltlab_seh_pop(&__fltlab_frame_${id}); } `;
const EXCEPT = (id: number): string =>
  ` else { struct fltlab_frame *__fltlab_exception __attribute__((unused)) = &__fltlab_frame_${id};`;
const FINALLY = (id: number): string =>
  ` __fltlab_finally_${id}: __attribute__((unused)); ` +
  `{ struct fltlab_frame *__fltlab_finally __attribute__((unused)) = &__fltlab_frame_${id};  `;
const END_FINALLY = (id: number, dispatch = ''): string =>
  ` } fltlab_seh_end_finally(&__fltlab_frame_${id});${dispatch} }`;

describe('rewritten', () => {
  const table: [what: string, body: string, expected: string][] = [
    [
      'a constant filter is told when the frame is pushed',
      '__try { a(); } __except (EXCEPTION_EXECUTE_HANDLER) { b(); }',
      `${PUSH(1, 'FLTLAB_FRAME_EXECUTE, 0')}{ a(); }${END_BODY(1)}${EXCEPT(1)} { b(); } } }`,
    ],
    [
      'a filter that reads a local stays in its place',
      'int x; x = 1; __try { a(); } __except (x) { b(); }',
      `int x; x = 1; ${PUSH(1, 'FLTLAB_FRAME_INLINE, 0')}{ a(); }${END_BODY(1)}${EXCEPT(1)} if (fltlab_seh_decide(__fltlab_exception,  (x))) { b(); } } }`,
    ],
    [
      'a __finally that is reached in order',
      '__try { a(); } __finally { b(); }',
      `${PUSH(1, 'FLTLAB_FRAME_FINALLY, 0')}{ a(); }${END_BODY(1)}${FINALLY(1)}{ b(); }${END_FINALLY(1)}`,
    ],
    [
      'a return goes through the __finally',
      '__try { return; } __finally { b(); }',
      `${PUSH(1, 'FLTLAB_FRAME_FINALLY, 0')}{ { fltlab_seh_pop(&__fltlab_frame_1);` +
        ` __fltlab_frame_1.abnormal = 1; __fltlab_frame_1.exit = 1; goto __fltlab_finally_1;` +
        ` __fltlab_exit_1_1: ; return; } }${END_BODY(1)}${FINALLY(1)}{ b(); }` +
        END_FINALLY(1, ' switch (__fltlab_frame_1.exit) { case 1: goto __fltlab_exit_1_1; }'),
    ],
    [
      'a returned value is taken before the frame is left',
      '__try { return g(1, (2)); } __except (1) { return 3; }',
      `${PUSH(1, 'FLTLAB_FRAME_EXECUTE, 0')}{ { __auto_type __fltlab_value_2 = ( g(1, (2)));` +
        ` fltlab_seh_pop(&__fltlab_frame_1); return __fltlab_value_2; } }${END_BODY(1)}` +
        `${EXCEPT(1)} { return 3; } } }`,
    ],
    [
      'a break leaves only what is inside of its loop',
      'for (;;) { __try { if (x) break; } __except (1) { } }',
      `for (;;) { ${PUSH(1, 'FLTLAB_FRAME_EXECUTE, 0')}{ if (x) {` +
        ` fltlab_seh_pop(&__fltlab_frame_1); break; } }${END_BODY(1)}${EXCEPT(1)} { } } } }`,
    ],
  ];
  test.each(table)('%s', (_what, body, expected) => {
    expect(rewrite(inFunction(body))).toBe(inFunction(expected));
  });

  test('a filter without locals becomes a function in front of its own', () => {
    const source =
      'int before;\n\nstatic int\nf(int a)\n{\n__try { g(a); } __except (\n  Filter(GetExceptionCode())) // why\n{ } }';
    const lines = rewrite(source).split('\n');
    expect(lines).toHaveLength(source.split('\n').length);
    expect(lines[2]).toBe(
      'static __attribute__((no_profile_instrument_function)) int __fltlab_filter_1' +
        '(struct fltlab_frame *__fltlab_exception) { (void)__fltlab_exception; ' +
        'return ( Filter(GetExceptionCode())); } static int',
    );
    expect(lines[6]).toBe(' // why');
  });

  test.each([
    ['a function without __try', 'int f(void) { return 1; }'],
    ['a comment', '/* __try { } __except (1) { } */ int f(void) { return 1; } // __finally {'],
    ['a string', 'char *f(void) { return "__try { "; }'],
    ['a member called try', 'int f(struct s *p) { p->try = 1; return p->finally; }'],
    ['what #if 0 leaves out', 'int f(void) {\n#if 0\n__try { \n#endif\n return 1; }'],
    ['an array', 'int a[] = { 1, 2 }; struct s { int b; } c = { 3 };'],
  ])('untouched: %s', (_what, source) => {
    expect(rewrite(source)).toBe(source);
  });

  test.each([
    [
      'CRLF',
      'void f(void)\r\n{\r\n  __try {\r\n    a();\r\n  } __except (\r\n    1\r\n  ) {\r\n  }\r\n}\r\n',
    ],
    ['a splice', 'void f(void) { __try { a(\\\n1); } __finally { } }\n'],
    [
      'annotations',
      '_When_(return == 0, _Out_)\nint f(_In_ int a)\n{\n__try { } __finally { } }\n',
    ],
    [
      '#if inside of parameters',
      'int f(\n#if X\n int a\n#else\n int b\n#endif\n) { __try { } __finally { } }\n',
    ],
    [
      'K&R braces under a macro',
      'void f(void) { FOR_EACH(a, b) { __try { c(); } __finally { } } }\n',
    ],
    ['a macro without semicolon', 'void f(void) { PAGED_CODE() __try { c(); } __finally { } }\n'],
    [
      'initializers',
      'void f(void) { struct s a = { 1, { 2 } }; int b[] = {1}; __try { } __finally { } }\n',
    ],
  ])('no line moves: %s', (_what, source) => {
    const rewritten = rewrite(source);
    expect(rewritten).toContain('fltlab_seh_push');
    expect(rewritten.split('\n').length).toBe(source.split('\n').length);
  });
});

describe('refused by name, at its line', () => {
  const table: [what: string, source: string, line: number, message: RegExp][] = [
    [
      'a return in a macro',
      '#define BAIL(x) if (x) return\nvoid f(void) {\n__try { BAIL(1); }\n__finally { } }',
      3,
      /a return out of a __try hidden in the macro BAIL/,
    ],
    [
      'a return in a macro of a macro',
      '#define A return\n#define B A\nvoid f(void) {\n__try {\nB; } __finally { } }',
      5,
      /hidden in the macro B/,
    ],
    [
      'a break in a macro',
      '#define STOP break\nvoid f(void) { for (;;) {\n__try { STOP; } __finally { } } }',
      3,
      /a break or continue out of a __try hidden in the macro STOP/,
    ],
    [
      'a goto in a macro, out of the __try',
      '#define OUT goto out\nvoid f(void) {\n__try { OUT; } __finally { }\nout: ; }',
      3,
      /a goto out of a __try hidden in the macro OUT/,
    ],
    [
      'a __try in a macro',
      '#define BEGIN __try {\nvoid f(void) {\nBEGIN a(); } __finally { } }',
      3,
      /a part of a __try hidden in the macro BEGIN/,
    ],
    [
      'a goto into a __try',
      'void f(void) { goto in;\n__try { in: a(); } __finally { } }',
      1,
      /a goto into a __try \(label in\)/,
    ],
    [
      'a return out of a __finally block',
      'int f(void) { __try { a(); } __finally {\nreturn 1; } return 0; }',
      2,
      /a jump out of a __finally/,
    ],
    [
      '__leave out of a __finally block',
      'void f(void) { __try { __try { a(); } __finally {\n__leave; } } __finally { } }',
      2,
      /a __leave out of a __finally/,
    ],
    [
      '__leave elsewhere',
      'void f(void) { __try { } __finally { }\n__leave; }',
      2,
      /outside of a __try/,
    ],
    [
      'braces that do not match',
      'void f(void) { __try { } __finally { } } }\nvoid g(void)\n__finally { }',
      3,
      /outside of a function/,
    ],
    ['__finally alone', 'void f(void) {\n__finally { } }', 2, /without its __try/],
    ['__try alone', 'void f(void) {\n__try { a(); } b(); }', 2, /without __except or __finally/],
    [
      'a filter of -1',
      'void f(void) {\n__try { } __except (-1) { } }',
      2,
      /always continues execution/,
    ],
    [
      'a case label into a __try',
      'void f(int x) { switch (x) {\n__try { case 1: a(); } __finally { } } }',
      2,
      /a case label in a __try/,
    ],
    [
      '#if with different nesting',
      'void f(void) {\n#if A\n__try {\n#else\nif (1) { __try {\n#endif\n a(); } __finally { } }',
      5,
      /nest differently/,
    ],
    [
      'a return in the other half of such an #if',
      'void f(void) {\n__try {\n#if A\nif (a) {\n#else\nif (b) { return;\n#endif\n} } __finally { } }',
      6,
      /a return in an #if whose alternatives nest differently/,
    ],
    [
      'a return in an argument',
      'void f(void) { __try {\nM(return); } __finally { } }',
      2,
      /inside an expression/,
    ],
  ];
  test.each(table)('%s', (_what, source, line, message) => {
    let refusal: unknown;
    try {
      rewrite(source);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(SehRefusal);
    expect(refusal).toMatchObject({ line, message: expect.stringMatching(message) as string });
  });
});

describe('macros that are harmless', () => {
  test.each([
    [
      'a loop of their own',
      '#define EACH do { if (x) break; } while (0)\nvoid f(void) { for (;;) { __try { EACH; } __finally { } } }',
    ],
    [
      'a goto inside of the body',
      '#define TRY_RETURN(S) { S; goto exit; }\nvoid f(void) { __try { TRY_RETURN(a()); exit: ; } __finally { } }',
    ],
    [
      'a return in another function',
      '#define R return\nvoid g(void) { R; } void f(void) { __try { } __finally { } R; }',
    ],
    [
      'the words of excpt.h',
      '#define try __try\n#define finally __finally\nvoid f(void) { try { } finally { } }',
    ],
  ])('%s', (_what, source) => {
    expect(rewrite(source)).toContain('fltlab_seh_push');
  });
});

test('a place in the changed text leads back to its column', () => {
  const source = 'void f(void) {\n  __try { wrong(); } __except (1) { }\n}';
  const edited = rewriteSeh(source);
  const line = edited?.text.split('\n')[1] ?? '';
  expect(edited?.originalColumn(2, line.indexOf('wrong') + 1)).toBe(11);
  expect(edited?.originalColumn(2, line.indexOf('setjmp') + 1)).toBe(3);
  expect(edited?.originalColumn(1, 6)).toBe(6);
  expect(edited?.originalColumn(3, 1)).toBe(1);
});
