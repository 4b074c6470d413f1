// Rewrites the __try statements of one function. The comments of simulator/runtime/fltlab-seh.h say
// what the code written here does; every word that is added stays on its line.
import { classifyFilter, type Filter } from './filters.ts';
import type { Edit } from './edits.ts';
import { effectsOf, isSehWord, type Macros } from './macros.ts';
import { SehRefusal } from './refusal.ts';
import type { Token } from './tokens.ts';

/** What a jump may have to leave on its way out, innermost last in a path. */
interface Region {
  readonly kind: 'except' | 'finally' | 'finally-block';
  readonly id: number;
  /** How many jumps enter the __finally block and have to be taken up behind it. */
  exits: number;
}

interface Scope {
  readonly path: readonly Region[];
  /** Length of the path at the loop or switch that a break, or a continue, belongs to. */
  readonly breakDepth: number | undefined;
  readonly continueDepth: number | undefined;
  readonly switchDepth: number | undefined;
}

interface Jump {
  readonly token: Token;
  readonly label: string;
  readonly path: readonly Region[];
  /** Undefined for a jump that a macro hides: it cannot be rewritten. */
  readonly semicolon: Token | undefined;
}

export interface FunctionParts {
  readonly source: string;
  /** From the first token of its declaration to the last brace. */
  readonly tokens: readonly Token[];
  /** Index of the brace that opens the body. */
  readonly bodyStart: number;
  readonly macros: Macros;
  /** Numbers for frames, unique in the unit. */
  readonly nextId: () => number;
}

const LOOP_WORDS = new Set(['for', 'while']);
const STATEMENT_WORDS = new Set([
  ...['return', 'break', 'continue', 'goto', 'if', 'else', 'for', 'while', 'do', 'switch'],
  ...['case', 'default', '__try', '__leave'],
]);
const AGGREGATES = new Set(['struct', 'union', 'enum']);

const frameName = (id: number): string => `__fltlab_frame_${id}`;

export function rewriteFunction(parts: FunctionParts): Edit[] {
  return new FunctionRewriter(parts).rewrite();
}

class FunctionRewriter {
  readonly #parts: FunctionParts;
  readonly #tokens: readonly Token[];
  readonly #edits: Edit[] = [];
  readonly #jumps: Jump[] = [];
  readonly #labels = new Map<string, readonly Region[]>();
  /** Where the dispatch behind a __finally is written, once all jumps are known. */
  readonly #finallyEnds: { readonly region: Region; readonly at: number }[] = [];
  readonly #filterTokens = new Set<Token>();
  #at: number;

  constructor(parts: FunctionParts) {
    this.#parts = parts;
    this.#tokens = parts.tokens;
    this.#at = parts.bodyStart;
    this.#noteFilters();
  }

  rewrite(): Edit[] {
    this.#statement({
      path: [],
      breakDepth: undefined,
      continueDepth: undefined,
      switchDepth: undefined,
    });
    for (const jump of this.#jumps) this.#rewriteGoto(jump);
    for (const { region, at } of this.#finallyEnds) this.#endFinally(region, at);
    return this.#edits;
  }

  // Reading

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #take(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#refuse('a statement that does not end');
    this.#at++;
    return token;
  }

  #refuse(
    what: string,
    token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)],
  ): SehRefusal {
    return new SehRefusal(token?.line ?? 1, what);
  }

  /** Steps over a balanced group; the next token opens it. Returns its tokens, both ends included. */
  #group(): readonly Token[] {
    const start = this.#at;
    const pairs: Readonly<Record<string, number>> = {
      '(': 1,
      '[': 1,
      '{': 1,
      ')': -1,
      ']': -1,
      '}': -1,
    };
    let depth = 0;
    do depth += pairs[this.#take().text] ?? 0;
    while (depth > 0);
    return this.#tokens.slice(start, this.#at);
  }

  #noteFilters(): void {
    for (let at = this.#at; at < this.#tokens.length; at++) {
      const word = this.#tokens[at]?.text ?? '';
      const isExcept =
        (word === '__except' || word === 'except') && this.#tokens[at + 1]?.text === '(';
      if (!isExcept) continue;
      this.#at = at + 1;
      for (const token of this.#group()) this.#filterTokens.add(token);
    }
    this.#at = this.#parts.bodyStart;
  }

  // Writing

  #replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  #insert(at: number, text: string): void {
    this.#replace(at, at, text);
  }

  // Statements

  #statement(scope: Scope): void {
    const token = this.#peek();
    if (token === undefined) throw this.#refuse('a function that does not end');
    const word = token.text;
    if (word === '{') return this.#block(scope);
    if (isSehWord(word, this.#peek(1)?.text)) return this.#tryStatement(scope);
    switch (word) {
      case 'if':
        return this.#ifStatement(scope);
      case 'else': // of an `if` whose other half stands behind #if
        this.#take();
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
      case '__leave':
      case 'leave':
        if (this.#peek(1)?.text === ';') return this.#leaveStatement(scope);
        break;
    }
    if (token.kind === 'word' && this.#peek(1)?.text === ':') return this.#label(scope);
    this.#expressionStatement(scope);
  }

  #block(scope: Scope): void {
    this.#take();
    while (this.#peek()?.text !== '}') this.#statement(scope);
    this.#take();
  }

  #condition(scope: Scope): void {
    if (this.#peek()?.text !== '(') throw this.#refuse('a condition without parentheses');
    this.#checkExpression(this.#group(), scope);
  }

  #ifStatement(scope: Scope): void {
    this.#take();
    this.#condition(scope);
    this.#statement(scope);
    if (this.#peek()?.text !== 'else') return;
    this.#take();
    this.#statement(scope);
  }

  #headedStatement(scope: Scope): void {
    const { text } = this.#take();
    this.#condition(scope);
    const depth = scope.path.length;
    this.#statement(
      LOOP_WORDS.has(text)
        ? { ...scope, breakDepth: depth, continueDepth: depth }
        : { ...scope, breakDepth: depth, switchDepth: depth },
    );
  }

  #doStatement(scope: Scope): void {
    this.#take();
    const depth = scope.path.length;
    this.#statement({ ...scope, breakDepth: depth, continueDepth: depth });
    if (this.#peek()?.text !== 'while') throw this.#refuse('a do without its while');
    this.#take();
    this.#condition(scope);
    if (this.#peek()?.text === ';') this.#take();
  }

  #caseLabel(scope: Scope): void {
    if (scope.switchDepth !== undefined && scope.switchDepth < scope.path.length) {
      throw this.#refuse('a case label inside a __try whose switch is outside');
    }
    for (let choices = 0; ;) {
      const { text } = this.#take();
      if (text === '?') choices++;
      if (text === ':' && choices-- === 0) return;
    }
  }

  #label(scope: Scope): void {
    this.#labels.set(this.#take().text, scope.path);
    this.#take();
  }

  #leaveStatement(scope: Scope): void {
    const token = this.#take();
    const innermost = scope.path.at(-1);
    if (innermost === undefined) throw this.#refuse('a __leave outside of a __try', token);
    if (innermost.kind === 'finally-block')
      throw this.#refuse('a __leave out of a __finally', token);
    this.#take();
  }

  /** Up to its semicolon, or to where the next statement begins if a macro brought its own. */
  #expressionStatement(scope: Scope): void {
    const start = this.#at;
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      if (token.text === ';') {
        this.#take();
        break;
      }
      if (token.text === '}' || (this.#at > start && STATEMENT_WORDS.has(token.text))) break;
      if (token.text === '{' && !this.#isInitializer(start)) {
        this.#checkExpression(this.#tokens.slice(start, this.#at), scope);
        return this.#macroBlock(scope, start);
      }
      if (token.text === '(' || token.text === '[' || token.text === '{') this.#group();
      else this.#take();
    }
    this.#checkExpression(this.#tokens.slice(start, this.#at), scope);
  }

  #isInitializer(start: number): boolean {
    return this.#tokens
      .slice(start, this.#at)
      .some(({ text }) => text === '=' || AGGREGATES.has(text));
  }

  /** `FOR_EACH(entry, list) { … }`: a block under a macro, which may be a loop. */
  #macroBlock(scope: Scope, start: number): void {
    const depth = scope.path.length;
    const name = this.#tokens[start]?.text ?? '';
    const loops = effectsOf(name, this.#parts.macros).loops;
    this.#block(loops ? { ...scope, breakDepth: depth, continueDepth: depth } : scope);
  }

  /** An expression cannot jump, unless a macro in it does. */
  #checkExpression(tokens: readonly Token[], scope: Scope): void {
    for (const [at, token] of tokens.entries()) {
      if (token.kind !== 'word') continue;
      if (isSehWord(token.text, tokens[at + 1]?.text)) {
        throw this.#refuse(`a ${token.text} inside an expression`, token);
      }
      this.#checkMacro(token, scope);
    }
    if (scope.path.length === 0) return;
    const hidden = tokens.find(({ text }) => text === 'return' || text === 'break');
    if (hidden !== undefined) throw this.#refuse(`a ${hidden.text} inside an expression`, hidden);
  }

  #checkMacro(token: Token, scope: Scope): void {
    const effects = effectsOf(token.text, this.#parts.macros);
    if (effects.seh)
      throw this.#refuse(`a part of a __try hidden in the macro ${token.text}`, token);
    const { path } = scope;
    for (const label of effects.labels) {
      this.#jumps.push({ token, label, path, semicolon: undefined });
    }
    if (path.length === 0) return;
    if (effects.returns) throw this.#refuse(`a return hidden in the macro ${token.text}`, token);
    const outermost = Math.min(scope.breakDepth ?? path.length, scope.continueDepth ?? path.length);
    if (effects.breaks && outermost < path.length) {
      throw this.#refuse(`a break or continue hidden in the macro ${token.text}`, token);
    }
  }

  // Jumps out of a __try

  /** Code that leaves the regions, innermost first, and ends where the jump itself can follow. */
  #leaveRegions(regions: readonly Region[], token: Token): string {
    let code = '';
    for (const region of regions.toReversed()) {
      if (region.kind === 'finally-block') throw this.#refuse('a jump out of a __finally', token);
      const frame = frameName(region.id);
      code += ` fltlab_seh_pop(&${frame});`;
      if (region.kind !== 'finally') continue;
      const exit = ++region.exits;
      code +=
        ` ${frame}.abnormal = 1; ${frame}.exit = ${exit}; goto __fltlab_finally_${region.id};` +
        ` __fltlab_exit_${region.id}_${exit}: ;`;
    }
    return code;
  }

  #returnStatement(scope: Scope): void {
    const token = this.#take();
    const start = this.#at;
    while (this.#peek()?.text !== ';') {
      if (this.#peek()?.text === '(') this.#group();
      else this.#take();
    }
    const value = this.#tokens.slice(start, this.#at);
    this.#checkExpression(value, scope);
    const semicolon = this.#take();
    if (scope.path.length === 0) return;
    const leave = this.#leaveRegions(scope.path, token);
    const [only] = value;
    if (only === undefined || (value.length === 1 && only.kind === 'number')) {
      // A literal 0 may be a null pointer, which a variable of its type would not be.
      this.#insert(token.start, `{${leave} `);
      this.#insert(semicolon.end, ' }');
      return;
    }
    const name = `__fltlab_value_${this.#parts.nextId()}`;
    this.#replace(token.start, token.end, `{ __auto_type ${name} = (`);
    this.#replace(semicolon.start, semicolon.end, `);${leave} return ${name}; }`);
  }

  #breakStatement(scope: Scope, depth: number | undefined): void {
    const token = this.#take();
    const semicolon = this.#take();
    if (depth === undefined || depth === scope.path.length) return;
    this.#insert(token.start, `{${this.#leaveRegions(scope.path.slice(depth), token)} `);
    this.#insert(semicolon.end, ' }');
  }

  #gotoStatement(scope: Scope): void {
    const token = this.#take();
    const label = this.#take().text;
    this.#jumps.push({ token, label, path: scope.path, semicolon: this.#take() });
  }

  #rewriteGoto({ token, label, path, semicolon }: Jump): void {
    const target = this.#labels.get(label);
    if (target === undefined) return; // the compiler says so better, or the macro is not of this place
    if (!target.every((region, depth) => region === path[depth])) {
      throw this.#refuse(`a goto into a __try (label ${label})`, token);
    }
    const left = path.slice(target.length);
    if (left.length === 0) return;
    if (semicolon === undefined) {
      throw this.#refuse(`a goto out of the __try hidden in the macro ${token.text}`, token);
    }
    this.#insert(token.start, `{${this.#leaveRegions(left, token)} `);
    this.#insert(semicolon.end, ' }');
  }

  // __try

  #tryStatement(scope: Scope): void {
    const keyword = this.#take();
    if (keyword.text !== '__try' && keyword.text !== 'try') {
      throw this.#refuse(`a ${keyword.text} without its __try`, keyword);
    }
    const end = this.#endOfTry();
    const handler = this.#tokens[end];
    const isExcept = handler?.text === '__except' || handler?.text === 'except';
    const isFinally = handler?.text === '__finally' || handler?.text === 'finally';
    if (handler === undefined || (!isExcept && !isFinally)) {
      throw this.#refuse('a __try without __except or __finally', keyword);
    }
    const region: Region = {
      kind: isExcept ? 'except' : 'finally',
      id: this.#parts.nextId(),
      exits: 0,
    };
    const frame = frameName(region.id);
    const place = this.#edits.length;
    this.#block({ ...scope, path: [...scope.path, region] });
    this.#insert(
      this.#previousEnd(),
      ` __fltlab_leave: __attribute__((unused)); fltlab_seh_pop(&${frame}); }`,
    );
    const push = isExcept ? this.#exceptHandler(region, scope) : this.#finallyBlock(region, scope);
    this.#edits.splice(place, 0, {
      start: keyword.start,
      end: keyword.end,
      text:
        `{ struct fltlab_frame ${frame}; fltlab_seh_push(&${frame}, ${push}); ` +
        `if (setjmp(${frame}.jump) == 0) { __label__ __fltlab_leave; `,
    });
  }

  /** Index of the token behind the block that comes next. */
  #endOfTry(): number {
    const start = this.#at;
    if (this.#peek()?.text !== '{') throw this.#refuse('a __try without a block');
    this.#group();
    const end = this.#at;
    this.#at = start;
    return end;
  }

  #previousEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  /** Returns how the frame is pushed. */
  #exceptHandler(region: Region, scope: Scope): string {
    const keyword = this.#take();
    const filter = this.#group();
    this.#checkExpression(filter, scope);
    const around = this.#tokens.filter((token) => !this.#filterTokens.has(token));
    const { kind } = classifyFilter(filter.slice(1, -1), around, this.#parts.macros);
    if (kind === 'continue-execution') {
      throw this.#refuse('an __except that always continues execution', keyword);
    }
    const frame = frameName(region.id);
    const declaration = `struct fltlab_frame *__fltlab_exception __attribute__((unused)) = &${frame};`;
    const filterEnd = this.#previousEnd();
    if (kind === 'inline') {
      this.#replace(
        keyword.start,
        keyword.end,
        ` else { ${declaration} if (fltlab_seh_decide(__fltlab_exception, `,
      );
      this.#insert(filterEnd, '))');
    } else {
      this.#replace(keyword.start, filterEnd, ` else { ${declaration}`);
    }
    this.#block(scope);
    this.#insert(this.#previousEnd(), ' } }');
    return this.#pushArguments(region, kind, filter);
  }

  #pushArguments(region: Region, kind: Filter['kind'], filter: readonly Token[]): string {
    switch (kind) {
      case 'execute':
        return 'FLTLAB_FRAME_EXECUTE, 0';
      case 'search':
        return 'FLTLAB_FRAME_SEARCH, 0';
      case 'inline':
        return 'FLTLAB_FRAME_INLINE, 0';
      default: {
        const name = `__fltlab_filter_${region.id}`;
        const text = filter.map((token) => token.text).join(' ');
        // In front of the function, where everything that the filter names is declared.
        this.#insert(
          this.#tokens[0]?.start ?? 0,
          `static __attribute__((no_profile_instrument_function)) int ${name}` +
            `(struct fltlab_frame *__fltlab_exception) ` +
            `{ (void)__fltlab_exception; return ${text}; } `,
        );
        return `FLTLAB_FRAME_FILTER, ${name}`;
      }
    }
  }

  #finallyBlock(region: Region, scope: Scope): string {
    const keyword = this.#take();
    const frame = frameName(region.id);
    this.#replace(
      keyword.start,
      keyword.end,
      ` __fltlab_finally_${region.id}: __attribute__((unused)); ` +
        `{ struct fltlab_frame *__fltlab_finally __attribute__((unused)) = &${frame}; `,
    );
    const block: Region = { kind: 'finally-block', id: region.id, exits: 0 };
    this.#block({ ...scope, path: [...scope.path, block] });
    this.#finallyEnds.push({ region, at: this.#previousEnd() });
    return 'FLTLAB_FRAME_FINALLY, 0';
  }

  #endFinally({ id, exits }: Region, at: number): void {
    const frame = frameName(id);
    const cases = Array.from(
      { length: exits },
      (_unused, index) => `case ${index + 1}: goto __fltlab_exit_${id}_${index + 1}; `,
    ).join('');
    const dispatch = exits === 0 ? '' : ` switch (${frame}.exit) { ${cases}}`;
    this.#insert(at, ` } fltlab_seh_end_finally(&${frame});${dispatch} }`);
  }
}
