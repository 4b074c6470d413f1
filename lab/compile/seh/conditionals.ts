// Structure behind #if: the tokens that make one consistent nesting of braces. Alternatives that
// each nest well are all kept, one after the other; of others only the first is.
import type { Token } from './tokens.ts';

export interface Structure {
  /** No directives among them. */
  readonly tokens: readonly Token[];
  /** Alternatives that do not fit into the nesting: nothing in them can be rewritten. */
  readonly skipped: readonly Token[];
}

interface Branch extends Structure {
  /** What the condition is known to be. */
  readonly taken: 'always' | 'never' | 'unknown';
}

export function structureOf(tokens: readonly Token[]): Structure {
  return new Reader(tokens).read();
}

const NAME = /^#\s*(\w+)\s*([^]*?)\s*$/;

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Everything up to the #elif, #else or #endif of an enclosing group, or the end. */
  read(): Structure {
    const tokens: Token[] = [];
    const skipped: Token[] = [];
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      const name = directiveName(token);
      if (name === 'elif' || name === 'else' || name === 'endif') break;
      this.#at++;
      if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
        const group = this.#readGroup(token);
        tokens.push(...group.tokens);
        skipped.push(...group.skipped);
      } else if (token.kind !== 'directive') {
        tokens.push(token);
      }
    }
    return { tokens, skipped };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #readGroup(opening: Token): Structure {
    const branches: Branch[] = [{ ...this.read(), taken: conditionOf(opening) }];
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      this.#at++;
      if (directiveName(token) === 'endif') break;
      branches.push({ ...this.read(), taken: conditionOf(token) });
    }
    return choose(branches);
  }
}

function choose(branches: readonly Branch[]): Structure {
  const always = branches.findIndex((one) => one.taken === 'always');
  const possible = branches
    .slice(0, always < 0 ? branches.length : always + 1)
    .filter((one) => one.taken !== 'never');
  const nested = possible.flatMap((one) => one.skipped);
  if (possible.every((one) => nestsWell(one.tokens))) {
    return { tokens: possible.flatMap((one) => one.tokens), skipped: nested };
  }
  const [first, ...others] = possible;
  return {
    tokens: first?.tokens ?? [],
    skipped: [...nested, ...others.flatMap((one) => one.tokens)],
  };
}

function nestsWell(tokens: readonly Token[]): boolean {
  const depth = { '{': 0, '(': 0 };
  for (const { text } of tokens) {
    if (text === '{' || text === '(') depth[text]++;
    if (text === '}') depth['{']--;
    if (text === ')') depth['(']--;
    if (depth['{'] < 0 || depth['('] < 0) return false;
  }
  return depth['{'] === 0 && depth['('] === 0;
}

export function directiveName(token: Token): string | undefined {
  return token.kind === 'directive' ? NAME.exec(token.text)?.[1] : undefined;
}

/** Only what needs no macro's value: drivers are C, and `#if 0` is a comment. */
function conditionOf(token: Token): Branch['taken'] {
  const [, name, rest = ''] = NAME.exec(token.text) ?? [];
  const condition = rest.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').trim();
  if (name === 'ifdef' && condition === '__cplusplus') return 'never';
  if (name === 'ifndef' && condition === '__cplusplus') return 'always';
  if (name === 'if' && /^\(?\s*0\s*\)?$/.test(condition)) return 'never';
  if (name === 'if' && /^\(?\s*1\s*\)?$/.test(condition)) return 'always';
  return 'unknown';
}
