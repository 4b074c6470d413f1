// Reads the fields of a step one by one and insists that none is left over: what a case says and
// nobody understands must not be ignored.
import { parseFlags } from '../../contract/windows/index.ts';
import { CaseRefusal } from './case.ts';
export class Fields {
    record;
    where;
    unread;
    constructor(record, where) {
        this.record = record;
        this.where = where;
        this.unread = new Set(Object.keys(record));
    }
    /** The raw value; undefined where the field is absent. */
    take(name) {
        this.unread.delete(name);
        return this.record[name];
    }
    has(name) {
        return Object.hasOwn(this.record, name);
    }
    text(name) {
        const value = this.take(name);
        return typeof value === 'string' ? value : this.refuse(`"${name}" is not a text`);
    }
    optionalText(name) {
        return this.has(name) ? this.text(name) : undefined;
    }
    number(name) {
        const value = this.take(name);
        return typeof value === 'number' ? value : this.refuse(`"${name}" is not a number`);
    }
    boolean(name, otherwise) {
        if (!this.has(name))
            return otherwise;
        const value = this.take(name);
        return typeof value === 'boolean' ? value : this.refuse(`"${name}" is not true or false`);
    }
    /** Flag names joined by "|", a hex number, or "A minus B". */
    flags(name, table, prefix, otherwise) {
        if (!this.has(name) && otherwise !== undefined)
            return otherwise;
        if (typeof this.record[name] === 'number')
            return this.number(name);
        return flagsOf(this.text(name), table, prefix, `${this.where}: "${name}"`);
    }
    refuse(problem) {
        throw new CaseRefusal('failed', `${this.where}: ${problem}`);
    }
    done() {
        const [left] = this.unread;
        if (left !== undefined)
            this.refuse(`the field "${left}" is not understood`);
    }
}
export function flagsOf(text, table, prefix, where) {
    const [all = '', ...less] = text.split(/ minus | except /);
    const value = wordsOf(all, table, prefix, where);
    const without = less.map((words) => wordsOf(words.replaceAll(' and ', '|'), table, prefix, where));
    return without.reduce((rest, bits) => (rest & ~bits) >>> 0, value);
}
function wordsOf(text, table, prefix, where) {
    const parsed = parseFlags(text, table, prefix);
    if ('value' in parsed)
        return parsed.value;
    throw new CaseRefusal('failed', `${where}: "${parsed.unknown}" is not understood`);
}
