import { SehRefusal } from './refusal.ts';
export const frameName = (id) => `__fltlab_frame_${id}`;
export class Jumps {
    #edits;
    #nextId;
    #gotos = [];
    #labels = new Map();
    /** How many jumps enter each __finally and have to be taken up behind it. */
    #exits = new Map();
    constructor(edits, nextId) {
        this.#edits = edits;
        this.#nextId = nextId;
    }
    label(name, path) {
        this.#labels.set(name, path);
    }
    /** Rewritten at the end, when all labels are known. */
    goto(jump) {
        this.#gotos.push(jump);
    }
    finishGotos() {
        for (const jump of this.#gotos)
            this.#finishGoto(jump);
    }
    /** `return value;` out of all of `path`. */
    return(path, keyword, value, semicolon) {
        if (path.length === 0)
            return;
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
    wrap(regions, keyword, semicolon) {
        if (regions.length === 0)
            return;
        const leave = this.#leave(regions, keyword);
        this.#edits.push({ start: keyword.start, end: keyword.start, text: `{${leave} ` });
        this.#edits.push({ start: semicolon.end, end: semicolon.end, text: ' }' });
    }
    /** Behind a __finally block: on to where the jumps that entered it go. */
    dispatch(id) {
        const count = this.#exits.get(id) ?? 0;
        if (count === 0)
            return '';
        const cases = Array.from({ length: count }, (_unused, index) => `case ${index + 1}: goto __fltlab_exit_${id}_${index + 1}; `);
        return ` switch (${frameName(id)}.exit) { ${cases.join('')}}`;
    }
    /** Code that leaves the regions, innermost first; the jump itself can follow it. */
    #leave(regions, token) {
        let code = '';
        for (const { kind, id } of regions.toReversed()) {
            if (kind === 'finally-block')
                throw new SehRefusal(token.line, 'a jump out of a __finally');
            const frame = frameName(id);
            code += ` fltlab_seh_pop(&${frame});`;
            if (kind !== 'finally')
                continue;
            const exit = (this.#exits.get(id) ?? 0) + 1;
            this.#exits.set(id, exit);
            code +=
                ` ${frame}.abnormal = 1; ${frame}.exit = ${exit}; goto __fltlab_finally_${id};` +
                    ` __fltlab_exit_${id}_${exit}: ;`;
        }
        return code;
    }
    #finishGoto({ token, label, path, semicolon }) {
        const target = this.#labels.get(label);
        // Without its label here, the compiler has more to say, or the macro belongs elsewhere.
        if (target === undefined)
            return;
        if (!target.every((region, depth) => region === path[depth])) {
            throw new SehRefusal(token.line, `a goto into a __try (label ${label})`);
        }
        const left = path.slice(target.length);
        if (left.length === 0)
            return;
        if (semicolon === undefined) {
            throw new SehRefusal(token.line, `a goto out of a __try hidden in the macro ${token.text}`);
        }
        this.wrap(left, token, semicolon);
    }
}
