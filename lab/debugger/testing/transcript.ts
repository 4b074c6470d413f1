// Compares what the debugger printed with a transcript in which addresses are names. A name stands for
// eight hexadecimal digits, the same wherever it stands; {name+5c} for that address plus an offset.
// {*} is any address, {+} any offset inside a routine, {…} anything.
import { expect } from 'vitest';
import type { KdSession } from '../index.ts';

export class Transcript {
  private readonly session: KdSession;
  private readonly bound = new Map<string, number>();

  constructor(session: KdSession) {
    this.session = session;
  }

  /** The address behind a name. */
  address(name: string): string {
    const value = this.bound.get(name);
    if (value === undefined) throw new RangeError(`no line has named ${name}`);
    return hex8(value);
  }

  /** Carries out a command ({name} becomes its address) and compares all that it printed. */
  async expect(command: string, ...lines: readonly string[]): Promise<void> {
    const printed = await this.run(command);
    const shown = printed.map((line, index) => this.explain(line, lines[index] ?? ''));
    expect(shown, `kd> ${command}`).toEqual([...lines]);
  }

  async run(command: string): Promise<string[]> {
    const asked = command.replace(/\{(\w+)\}/g, (_all, name: string) => this.address(name));
    const { text } = await this.session.execute(asked);
    return text === '' ? [] : text.replace(/\n$/, '').split('\n');
  }

  /** The expected line where the printed one is of its form, the printed one where it is not. */
  private explain(printed: string, expected: string): string {
    const names: string[] = [];
    const pattern = expected.split(/(\{[^}]*\})/).map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const name = part.slice(1, -1);
      if (name === '…') return '.*';
      if (name === '+') return '0x[0-9a-f]+';
      names.push(name);
      return '([0-9a-f]{8})';
    });
    const match = new RegExp(`^${pattern.join('')}$`).exec(printed);
    if (match === null) return printed;
    const isSame = names.every((name, index) => this.agree(name, match[index + 1] ?? ''));
    return isSame ? expected : printed;
  }

  private agree(name: string, digits: string): boolean {
    if (name === '*') return true;
    const value = Number.parseInt(digits, 16);
    const [, base = '', offset] = /^(\w+)(?:\+([0-9a-f]+))?$/.exec(name) ?? [];
    const known = this.bound.get(base);
    if (known === undefined) {
      this.bound.set(base, value - Number.parseInt(offset ?? '0', 16));
      return true;
    }
    return known + Number.parseInt(offset ?? '0', 16) === value;
  }
}

const hex8 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
