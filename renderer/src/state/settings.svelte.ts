// What is remembered between two starts. The lab keeps it; writing waits for a pause and never fails
// anything.
import { ask, type Lab } from '../lab.ts';

const PAUSE_ms = 400;

export class Settings {
  private values = $state.raw<Readonly<Record<string, string>>>({});
  private readonly lab: Lab;
  private readonly pending = new Map<string, ReturnType<typeof setTimeout>>();

  private constructor(lab: Lab, values: Readonly<Record<string, string>>) {
    this.lab = lab;
    this.values = values;
  }

  static async load(lab: Lab): Promise<Settings> {
    const read = await ask(lab.settings.read());
    return new Settings(lab, read.ok ? read.value : {});
  }

  get(key: string): string | undefined {
    return this.values[key];
  }

  /** The value of `key` as JSON, where it has the shape that `check` wants. */
  json<T>(key: string, check: (value: unknown) => value is T): T | undefined {
    const text = this.values[key];
    if (text === undefined) return undefined;
    const value = parse(text);
    return check(value) ? value : undefined;
  }

  /** An empty value forgets the key. */
  set(key: string, value: string): void {
    if ((this.values[key] ?? '') === value) return;
    this.values = { ...this.values, [key]: value };
    clearTimeout(this.pending.get(key));
    this.pending.set(
      key,
      setTimeout(() => {
        this.pending.delete(key);
        void ask(this.lab.settings.write({ key, value: this.values[key] ?? '' }));
      }, PAUSE_ms),
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
