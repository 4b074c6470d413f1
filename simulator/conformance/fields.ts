// Reads the fields of a step one by one and insists that none is left over: what a case says and
// nobody understands must not be ignored.
import { parseFlags, type FlagTable } from '../../contract/windows/index.ts';
import { CaseRefusal } from './case.ts';

export class Fields {
  private readonly record: Readonly<Record<string, unknown>>;
  private readonly where: string;
  private readonly unread: Set<string>;

  constructor(record: Readonly<Record<string, unknown>>, where: string) {
    this.record = record;
    this.where = where;
    this.unread = new Set(Object.keys(record));
  }

  /** The raw value; undefined where the field is absent. */
  take(name: string): unknown {
    this.unread.delete(name);
    return this.record[name];
  }

  has(name: string): boolean {
    return Object.hasOwn(this.record, name);
  }

  text(name: string): string {
    const value = this.take(name);
    return typeof value === 'string' ? value : this.refuse(`"${name}" is not a text`);
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  number(name: string): number {
    const value = this.take(name);
    return typeof value === 'number' ? value : this.refuse(`"${name}" is not a number`);
  }

  boolean(name: string, otherwise: boolean): boolean {
    if (!this.has(name)) return otherwise;
    const value = this.take(name);
    return typeof value === 'boolean' ? value : this.refuse(`"${name}" is not true or false`);
  }

  /** Flag names joined by "|", a hex number, or "A minus B". */
  flags(name: string, table: FlagTable, prefix: string, otherwise?: number): number {
    if (!this.has(name) && otherwise !== undefined) return otherwise;
    if (typeof this.record[name] === 'number') return this.number(name);
    return flagsOf(this.text(name), table, prefix, `${this.where}: "${name}"`);
  }

  refuse(problem: string): never {
    throw new CaseRefusal('failed', `${this.where}: ${problem}`);
  }

  done(): void {
    const [left] = this.unread;
    if (left !== undefined) this.refuse(`the field "${left}" is not understood`);
  }
}

export function flagsOf(text: string, table: FlagTable, prefix: string, where: string): number {
  const [all = '', ...less] = text.split(/ minus | except /);
  const value = wordsOf(all, table, prefix, where);
  const without = less.map((words) =>
    wordsOf(words.replaceAll(' and ', '|'), table, prefix, where),
  );
  return without.reduce((rest, bits) => (rest & ~bits) >>> 0, value);
}

function wordsOf(text: string, table: FlagTable, prefix: string, where: string): number {
  const parsed = parseFlags(text, table, prefix);
  if ('value' in parsed) return parsed.value;
  throw new CaseRefusal('failed', `${where}: "${parsed.unknown}" is not understood`);
}
