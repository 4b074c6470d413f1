// A place in a list of tokens that moves forward.
import { SehRefusal } from './refusal.ts';
const NESTING = {
    '(': 1,
    '[': 1,
    '{': 1,
    ')': -1,
    ']': -1,
    '}': -1,
};
export class TokenCursor {
    tokens;
    at;
    constructor(tokens, at) {
        this.tokens = tokens;
        this.at = at;
    }
    peek(ahead = 0) {
        return this.tokens[this.at + ahead];
    }
    /** True if the next token is `text`. */
    sees(text) {
        return this.tokens[this.at]?.text === text;
    }
    take() {
        const token = this.tokens[this.at];
        if (token === undefined) {
            throw new SehRefusal(this.tokens.at(-1)?.line ?? 1, 'a statement that does not end');
        }
        this.at++;
        return token;
    }
    /** Steps over `text`, which must come next; `otherwise` names what is there instead. */
    expect(text, otherwise) {
        if (this.sees(text))
            return this.take();
        throw new SehRefusal((this.peek() ?? this.tokens.at(-1))?.line ?? 1, otherwise);
    }
    /** Steps over a balanced group; the next token opens it. Returns its tokens, both ends included. */
    group() {
        const start = this.at;
        let depth = 0;
        do
            depth += NESTING[this.take().text] ?? 0;
        while (depth > 0);
        return this.since(start);
    }
    since(start) {
        return this.tokens.slice(start, this.at);
    }
    /** Where the token before the cursor ends. */
    get previousEnd() {
        return this.tokens[this.at - 1]?.end ?? 0;
    }
}
/** The text of tokens without comments and line breaks. */
export const onOneLine = (tokens) => tokens
    .map(({ text, start }, at) => (at > 0 && tokens[at - 1]?.end !== start ? ` ${text}` : text))
    .join('');
