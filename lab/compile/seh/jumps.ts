// Ways out of a __try other than its end: return, break, continue, goto. Frames on the way are popped,
// and a __finally block on the way runs before the jump goes on.
import type { Edit } from './edits.ts';
import { SehRefusal } from './refusal.ts';
import type { Token } from './tokens.ts';

/** What a jump may have to leave, outermost first in a path. */
export interface Region {
  readonly kind: 'except' | 'finally' | 'finally-block';
  readonly id: number;
}

export type Path = readonly Region[];

interface Goto {
  readonly token: Token;
  readonly label: string;
  readonly path: Path;
  /** Undefined for a goto that a macro hides: it cannot be rewritten. */
  readonly semicolon: Token | undefined;
}

export const frameName = (id: number): string => `__fltlab_frame_${id}`;

export class Jumps {
  readonly #edits: Edit[];
  readonly #nextId: () => number;
  readonly #gotos: Goto[] = [];
  readonly #labels = new Map<string, Path>();
  /** How many jumps enter each __finally and have to be taken up behind it. */
  readonly #exits = new Map<number, number>();

  constructor(edits: Edit[], nextId: () => number) {
    this.#edits = edits;
    this.#nextId = nextId;
  }

  label(name: string, path: Path): void {
    this.#labels.set(name, path);
  }

  /** Rewritten at the end, when all labels are known. */
  goto(jump: Goto): void {
    this.#gotos.push(jump);
  }

  finishGotos(): void {
    for (const jump of this.#gotos) this.#finishGoto(jump);
  }

  /** `return value;` out of all of `path`. */
  return(path: Path, keyword: Token, value: readonly Token[], semicolon: Token): void {
    if (path.length === 0) return;
    const [only] = value;
    if (only === undefined || (value.length === 1 && only.kind === 'number')) {
      // A literal 0 may be a null pointer, which a variable of its type would not be.
      return this.wrap(path, keyword, semicolon);
    }
    const name = `__fltlab_value_${this.#nextId()}`;
    const { start, end } = keyword;
    this.#edits.push({ start, end, text: `{ __auto_type ${name} = (` });
    const leave = this.#leave(path, keyword);
    const rest = `);${leave} return ${name}; }`;
    this.#edits.push({ start: semicolon.start, end: semicolon.end, text: rest });
  }

  /** Puts what leaves the regions in front of a statement that jumps. */
  wrap(regions: Path, keyword: Token, semicolon: Token): void {
    if (regions.length === 0) return;
    const leave = this.#leave(regions, keyword);
    this.#edits.push({ start: keyword.start, end: keyword.start, text: `{${leave} ` });
    this.#edits.push({ start: semicolon.end, end: semicolon.end, text: ' }' });
  }

  /** Behind a __finally block: on to where the jumps that entered it go. */
  dispatch(id: number): string {
    const count = this.#exits.get(id) ?? 0;
    if (count === 0) return '';
    const cases = Array.from(
      { length: count },
      (_unused, index) => `case ${index + 1}: goto __fltlab_exit_${id}_${index + 1}; `,
    );
    return ` switch (${frameName(id)}.exit) { ${cases.join('')}}`;
  }

  /** Code that leaves the regions, innermost first; the jump itself can follow it. */
  #leave(regions: Path, token: Token): string {
    let code = '';
    for (const { kind, id } of regions.toReversed()) {
      if (kind === 'finally-block') throw new SehRefusal(token.line, 'a jump out of a __finally');
      const frame = frameName(id);
      code += ` fltlab_seh_pop(&${frame});`;
      if (kind !== 'finally') continue;
      const exit = (this.#exits.get(id) ?? 0) + 1;
      this.#exits.set(id, exit);
      code +=
        ` ${frame}.abnormal = 1; ${frame}.exit = ${exit}; goto __fltlab_finally_${id};` +
        ` __fltlab_exit_${id}_${exit}: ;`;
    }
    return code;
  }

  #finishGoto({ token, label, path, semicolon }: Goto): void {
    const target = this.#labels.get(label);
    // Without its label here, the compiler has more to say, or the macro belongs elsewhere.
    if (target === undefined) return;
    if (!target.every((region, depth) => region === path[depth])) {
      throw new SehRefusal(token.line, `a goto into a __try (label ${label})`);
    }
    const left = path.slice(target.length);
    if (left.length === 0) return;
    if (semicolon === undefined) {
      throw new SehRefusal(token.line, `a goto out of a __try hidden in the macro ${token.text}`);
    }
    this.wrap(left, token, semicolon);
  }
}
