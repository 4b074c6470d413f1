// Rewrites the __try statements of one function. The comments of simulator/runtime/fltlab-seh.h say
// what the code written here does; every word that is added stays on its line.
import { onOneLine, TokenCursor } from './cursor.ts';
import { classifyFilter } from './filters.ts';
import { frameName, Jumps } from './jumps.ts';
import { effectsOf, isSehWord } from './macros.ts';
import { SehRefusal } from './refusal.ts';
const LOOP_WORDS = new Set(['for', 'while']);
const STATEMENT_WORDS = new Set([
    ...['return', 'break', 'continue', 'goto', 'if', 'else', 'for', 'while', 'do', 'switch'],
    ...['case', 'default', '__try', '__leave'],
]);
const AGGREGATES = new Set(['struct', 'union', 'enum']);
const EXCEPT_WORDS = new Set(['__except', 'except']);
const FINALLY_WORDS = new Set(['__finally', 'finally']);
export const rewriteFunction = (parts) => new FunctionRewriter(parts).rewrite();
class FunctionRewriter {
    #parts;
    #cursor;
    #edits = [];
    #jumps;
    /** Ends of __finally blocks; what follows them is known when all jumps are. */
    #finallyEnds = [];
    #withoutFilters;
    constructor(parts) {
        this.#parts = parts;
        this.#cursor = new TokenCursor(parts.tokens, parts.bodyStart);
        this.#jumps = new Jumps(this.#edits, parts.nextId);
        this.#withoutFilters = leaveOutFilters(parts.tokens);
    }
    rewrite() {
        const depths = { breakDepth: undefined, continueDepth: undefined, switchDepth: undefined };
        this.#statement({ path: [], ...depths });
        this.#jumps.finishGotos();
        for (const { id, at } of this.#finallyEnds) {
            const dispatch = this.#jumps.dispatch(id);
            this.#insert(at, ` } fltlab_seh_end_finally(&${frameName(id)});${dispatch} }`);
        }
        return this.#edits;
    }
    #replace({ start }, { end }, text) {
        this.#edits.push({ start, end, text });
    }
    #insert(at, text) {
        this.#edits.push({ start: at, end: at, text });
    }
    // Statements
    #statement(scope) {
        const next = this.#cursor.peek()?.text ?? '';
        const after = this.#cursor.peek(1)?.text;
        if (isSehWord(next, after))
            return this.#tryStatement(scope);
        if ((next === '__leave' || next === 'leave') && after === ';')
            return this.#leave(scope);
        switch (next) {
            case '{':
                return this.#block(scope);
            case 'if':
                return this.#ifStatement(scope);
            case 'else': // of an `if` whose other half stands behind #if
                this.#cursor.take();
                return this.#statement(scope);
            case 'for':
            case 'while':
            case 'switch':
                return this.#headedStatement(scope);
            case 'do':
                return this.#doStatement(scope);
            case 'case':
            case 'default':
                return this.#caseLabel(scope);
            case 'return':
                return this.#returnStatement(scope);
            case 'break':
                return this.#breakStatement(scope, scope.breakDepth);
            case 'continue':
                return this.#breakStatement(scope, scope.continueDepth);
            case 'goto':
                return this.#gotoStatement(scope);
            default:
                if (after === ':' && this.#cursor.peek()?.kind === 'word')
                    return this.#label(scope);
                return this.#expressionStatement(scope);
        }
    }
    #block(scope) {
        this.#cursor.expect('{', 'a part of a __try without a block');
        while (!this.#cursor.sees('}'))
            this.#statement(scope);
        this.#cursor.take();
    }
    #condition(scope) {
        if (!this.#cursor.sees('('))
            this.#cursor.expect('(', 'a condition without parentheses');
        this.#checkExpression(this.#cursor.group(), scope);
    }
    #ifStatement(scope) {
        this.#cursor.take();
        this.#condition(scope);
        this.#statement(scope);
        if (!this.#cursor.sees('else'))
            return;
        this.#cursor.take();
        this.#statement(scope);
    }
    #headedStatement(scope) {
        const { text } = this.#cursor.take();
        this.#condition(scope);
        const depth = scope.path.length;
        this.#statement(LOOP_WORDS.has(text)
            ? { ...scope, breakDepth: depth, continueDepth: depth }
            : { ...scope, breakDepth: depth, switchDepth: depth });
    }
    #doStatement(scope) {
        this.#cursor.take();
        const depth = scope.path.length;
        this.#statement({ ...scope, breakDepth: depth, continueDepth: depth });
        this.#cursor.expect('while', 'a do without its while');
        this.#condition(scope);
        if (this.#cursor.sees(';'))
            this.#cursor.take();
    }
    #caseLabel(scope) {
        const keyword = this.#cursor.take();
        if (scope.switchDepth !== undefined && scope.switchDepth < scope.path.length) {
            throw new SehRefusal(keyword.line, 'a case label in a __try whose switch is outside of it');
        }
        for (let choices = 0;;) {
            const { text } = this.#cursor.take();
            if (text === '?')
                choices++;
            if (text === ':' && choices-- === 0)
                return;
        }
    }
    #label({ path }) {
        this.#jumps.label(this.#cursor.take().text, path);
        this.#cursor.take();
    }
    #leave({ path }) {
        const { line } = this.#cursor.take();
        const innermost = path.at(-1)?.kind;
        if (innermost === undefined)
            throw new SehRefusal(line, 'a __leave outside of a __try');
        if (innermost === 'finally-block')
            throw new SehRefusal(line, 'a __leave out of a __finally');
        this.#cursor.take();
    }
    /** Up to its semicolon, or to where the next statement begins if a macro brought its own. */
    #expressionStatement(scope) {
        const start = this.#cursor.at;
        for (;;) {
            const text = this.#cursor.peek()?.text ?? '}';
            if (text === '}' || (this.#cursor.at > start && STATEMENT_WORDS.has(text)))
                break;
            if (text === '{' && !isInitializer(this.#cursor.since(start))) {
                return this.#macroBlock(scope, start);
            }
            if (text === '(' || text === '[' || text === '{')
                this.#cursor.group();
            else
                this.#cursor.take();
            if (text === ';')
                break;
        }
        this.#checkExpression(this.#cursor.since(start), scope);
    }
    /** `FOR_EACH(entry, list) { … }`: a block under a macro, which may be a loop. */
    #macroBlock(scope, start) {
        const head = this.#cursor.since(start);
        this.#checkExpression(head, scope);
        const depth = scope.path.length;
        const { loops } = effectsOf(head[0]?.text ?? '', this.#parts.macros);
        this.#block(loops ? { ...scope, breakDepth: depth, continueDepth: depth } : scope);
    }
    #returnStatement(scope) {
        const keyword = this.#cursor.take();
        const start = this.#cursor.at;
        while (!this.#cursor.sees(';')) {
            if (this.#cursor.sees('('))
                this.#cursor.group();
            else
                this.#cursor.take();
        }
        const value = this.#cursor.since(start);
        this.#checkExpression(value, scope);
        this.#jumps.return(scope.path, keyword, value, this.#cursor.take());
    }
    #breakStatement({ path }, depth) {
        const keyword = this.#cursor.take();
        const semicolon = this.#cursor.expect(';', 'a break or continue without its semicolon');
        if (depth !== undefined)
            this.#jumps.wrap(path.slice(depth), keyword, semicolon);
    }
    #gotoStatement({ path }) {
        const token = this.#cursor.take();
        const label = this.#cursor.take().text;
        const semicolon = this.#cursor.expect(';', 'a goto of another kind than to a label');
        this.#jumps.goto({ token, label, path, semicolon });
    }
    // Expressions
    /** An expression cannot jump, unless a macro in it does. */
    #checkExpression(tokens, scope) {
        for (const [at, token] of tokens.entries()) {
            if (token.kind !== 'word')
                continue;
            const { text, line } = token;
            const jumps = STATEMENT_WORDS.has(text) && scope.path.length > 0;
            if (jumps || isSehWord(text, tokens[at + 1]?.text)) {
                throw new SehRefusal(line, `a ${text} inside an expression`);
            }
            this.#checkMacro(token, scope);
        }
    }
    #checkMacro(token, { path, breakDepth, continueDepth }) {
        const effects = effectsOf(token.text, this.#parts.macros);
        const refuse = (what) => {
            throw new SehRefusal(token.line, `${what} hidden in the macro ${token.text}`);
        };
        if (effects.seh)
            refuse('a part of a __try');
        for (const label of effects.labels) {
            this.#jumps.goto({ token, label, path, semicolon: undefined });
        }
        if (path.length === 0)
            return;
        if (effects.returns)
            refuse('a return out of a __try');
        const outermost = Math.min(breakDepth ?? path.length, continueDepth ?? path.length);
        if (effects.breaks && outermost < path.length)
            refuse('a break or continue out of a __try');
    }
    // __try
    #tryStatement(scope) {
        const keyword = this.#cursor.take();
        if (keyword.text !== '__try' && keyword.text !== 'try') {
            throw new SehRefusal(keyword.line, `a ${keyword.text} without its __try`);
        }
        const handler = this.#handlerOf(keyword);
        const region = {
            kind: EXCEPT_WORDS.has(handler) ? 'except' : 'finally',
            id: this.#parts.nextId(),
        };
        const frame = frameName(region.id);
        this.#block({ ...scope, path: [...scope.path, region] });
        this.#insert(this.#cursor.previousEnd, ` __fltlab_leave: __attribute__((unused)); fltlab_seh_pop(&${frame}); }`);
        const kind = region.kind === 'except'
            ? this.#exceptBlock(region, scope)
            : this.#finallyBlock(region, scope);
        this.#replace(keyword, keyword, `{ struct fltlab_frame ${frame}; fltlab_seh_push(&${frame}, ${kind}); ` +
            `if (setjmp(${frame}.jump) == 0) { __label__ __fltlab_leave; `);
    }
    /** The word behind the block that comes next. */
    #handlerOf(keyword) {
        const start = this.#cursor.at;
        this.#cursor.expect('{', 'a __try without a block');
        this.#cursor.at = start;
        this.#cursor.group();
        const word = this.#cursor.peek()?.text ?? '';
        this.#cursor.at = start;
        if (EXCEPT_WORDS.has(word) || FINALLY_WORDS.has(word))
            return word;
        throw new SehRefusal(keyword.line, 'a __try without __except or __finally');
    }
    /** Returns how the frame is pushed. */
    #exceptBlock({ id }, scope) {
        const keyword = this.#cursor.take();
        const filter = this.#cursor.group();
        const end = this.#cursor.previousEnd;
        this.#checkExpression(filter, scope);
        const { macros } = this.#parts;
        const { kind } = classifyFilter(filter.slice(1, -1), this.#withoutFilters, macros);
        if (kind === 'continue-execution') {
            throw new SehRefusal(keyword.line, 'an __except that always continues execution');
        }
        const handler = ` else { struct fltlab_frame *__fltlab_exception __attribute__((unused)) = ` +
            `&${frameName(id)};`;
        if (kind === 'inline') {
            const decide = ' if (fltlab_seh_decide(__fltlab_exception, ';
            this.#replace(keyword, keyword, handler + decide);
            this.#insert(end, '))');
        }
        else {
            this.#replace(keyword, { end }, handler);
        }
        this.#block(scope);
        this.#insert(this.#cursor.previousEnd, ' } }');
        return this.#pushArguments(id, kind, filter);
    }
    #pushArguments(id, kind, filter) {
        if (kind !== 'function')
            return `FLTLAB_FRAME_${kind.toUpperCase()}, 0`;
        const name = `__fltlab_filter_${id}`;
        // In front of the function, where everything that the filter names is declared.
        this.#insert(this.#parts.tokens[0]?.start ?? 0, `static __attribute__((no_profile_instrument_function)) int ${name}` +
            `(struct fltlab_frame *__fltlab_exception) ` +
            `{ (void)__fltlab_exception; return ${onOneLine(filter)}; } `);
        return `FLTLAB_FRAME_FILTER, ${name}`;
    }
    #finallyBlock({ id }, scope) {
        const keyword = this.#cursor.take();
        this.#replace(keyword, keyword, ` __fltlab_finally_${id}: __attribute__((unused)); ` +
            `{ struct fltlab_frame *__fltlab_finally __attribute__((unused)) = &${frameName(id)}; `);
        const inside = { kind: 'finally-block', id };
        this.#block({ ...scope, path: [...scope.path, inside] });
        this.#finallyEnds.push({ id, at: this.#cursor.previousEnd });
        return 'FLTLAB_FRAME_FINALLY, 0';
    }
}
function isInitializer(tokens) {
    return tokens.some(({ text }) => text === '=' || AGGREGATES.has(text));
}
function leaveOutFilters(tokens) {
    const filters = new Set();
    for (const [at, { text }] of tokens.entries()) {
        if (!EXCEPT_WORDS.has(text) || tokens[at + 1]?.text !== '(')
            continue;
        for (const token of new TokenCursor(tokens, at + 1).group())
            filters.add(token);
    }
    return tokens.filter((token) => !filters.has(token));
}
