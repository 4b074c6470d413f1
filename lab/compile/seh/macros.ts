// The macros of a sample, for what the rewriter must know of them: whether one hides a way out of a
// __try, or a piece of a __try statement.
import { directiveName } from './conditionals.ts';
import { tokenize, type Token } from './tokens.ts';

export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly Token[];
}

/** What the expansion of a macro does, its own macros' expansions included. */
export interface MacroEffects {
  readonly returns: boolean;
  /** A break or continue that no loop of the macro's own takes. */
  readonly breaks: boolean;
  readonly labels: readonly string[];
  readonly seh: boolean;
  readonly loops: boolean;
}

export type Macros = ReadonlyMap<string, Macro>;

const DEFINE = /^#\s*define\s+(\w+)(?:\(([^)]*)\))?([^]*)$/;
/** excpt.h's own names for the keywords. */
const ALIASES = new Set(['try', 'except', 'finally', 'leave']);

export function collectMacros(files: readonly (readonly Token[])[]): Macros {
  const macros = new Map<string, Macro>();
  for (const token of files.flat()) {
    if (directiveName(token) !== 'define') continue;
    const [, name = '', parameters, body = ''] = DEFINE.exec(token.text) ?? [];
    if (ALIASES.has(name)) continue;
    macros.set(name, {
      name,
      parameters: parameters?.split(',').map((one) => one.trim()) ?? [],
      body: tokenize(` ${body}`),
    });
  }
  return macros;
}

const NONE: MacroEffects = { returns: false, breaks: false, labels: [], seh: false, loops: false };
const LOOPS = new Set(['for', 'while', 'do']);
const CATCHES_BREAK = new Set([...LOOPS, 'switch']);

export function effectsOf(
  name: string,
  macros: Macros,
  above: readonly string[] = [],
): MacroEffects {
  const macro = macros.get(name);
  if (macro === undefined || above.includes(name)) return NONE;
  const words = macro.body.map((token) => token.text);
  const inner = words
    .filter((word) => word !== name)
    .map((word) => effectsOf(word, macros, [...above, name]));
  const catchesBreak = words.some((word) => CATCHES_BREAK.has(word));
  const breaksOut = words.includes('break') || words.includes('continue');
  return {
    returns: words.includes('return') || inner.some((one) => one.returns),
    breaks: !catchesBreak && (breaksOut || inner.some((one) => one.breaks)),
    labels: [
      ...words.flatMap((word, at) => (word === 'goto' ? [words[at + 1] ?? ''] : [])),
      ...inner.flatMap((one) => one.labels),
    ],
    seh: words.some((word, at) => isSehWord(word, words[at + 1])) || inner.some((one) => one.seh),
    loops: words.some((word) => LOOPS.has(word)) || inner.some((one) => one.loops),
  };
}

/** `try`, `except` and `finally` are names like any other unless they stand as the keywords do. */
export function isSehWord(word: string, next: string | undefined): boolean {
  switch (word) {
    case '__try':
    case '__except':
    case '__finally':
      return true;
    case 'try':
    case 'finally':
      return next === '{';
    case 'except':
      return next === '(';
    default:
      return false;
  }
}
