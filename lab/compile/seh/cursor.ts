// A place in a list of tokens that moves forward.
import { SehRefusal } from './refusal.ts';
import type { Token } from './tokens.ts';

const NESTING: Readonly<Record<string, number>> = {
  '(': 1,
  '[': 1,
  '{': 1,
  ')': -1,
  ']': -1,
  '}': -1,
};

export class TokenCursor {
  readonly tokens: readonly Token[];
  at: number;

  constructor(tokens: readonly Token[], at: number) {
    this.tokens = tokens;
    this.at = at;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  /** True if the next token is `text`. */
  sees(text: string): boolean {
    return this.tokens[this.at]?.text === text;
  }

  take(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) {
      throw new SehRefusal(this.tokens.at(-1)?.line ?? 1, 'a statement that does not end');
    }
    this.at++;
    return token;
  }

  /** Steps over `text`, which must come next; `otherwise` names what is there instead. */
  expect(text: string, otherwise: string): Token {
    if (this.sees(text)) return this.take();
    throw new SehRefusal((this.peek() ?? this.tokens.at(-1))?.line ?? 1, otherwise);
  }

  /** Steps over a balanced group; the next token opens it. Returns its tokens, both ends included. */
  group(): readonly Token[] {
    const start = this.at;
    let depth = 0;
    do depth += NESTING[this.take().text] ?? 0;
    while (depth > 0);
    return this.since(start);
  }

  since(start: number): readonly Token[] {
    return this.tokens.slice(start, this.at);
  }

  /** Where the token before the cursor ends. */
  get previousEnd(): number {
    return this.tokens[this.at - 1]?.end ?? 0;
  }
}

/** The text of tokens without comments and line breaks. */
export const onOneLine = (tokens: readonly Token[]): string =>
  tokens
    .map(({ text, start }, at) => (at > 0 && tokens[at - 1]?.end !== start ? ` ${text}` : text))
    .join('');
