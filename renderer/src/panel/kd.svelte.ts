// A session with the simulated debugger: what is typed, what it answers, and where it stands.
import type { KdAnswer, ReportedError } from '../../../contract/rpc.ts';
import type { Desk } from '../state/desk.svelte.ts';
import { ask } from '../lab.ts';

const PROMPT = 'kd> ';

export class Kd {
  session = $state<string | null>(null);
  working = $state(false);
  error = $state.raw<ReportedError | null>(null);
  /** Where it stands in the trace. */
  at = $state.raw<KdAnswer | null>(null);
  log = $state('');
  breakpoints = $state.raw<ReadonlySet<string>>(new Set());
  private typed = '';
  private history: readonly string[] = [];
  private back = 0;
  private last = '';
  private readonly desk: Desk;
  write: (text: string) => Promise<void> = () => Promise.resolve();

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** A new session over the source as it stands in the editor. */
  async start(): Promise<void> {
    const ref = this.desk.refFor(this.desk.profile);
    if (ref === null || this.working) return;
    const { session } = this;
    this.working = true;
    if (session !== null) await ask(this.desk.lab.debugger.close({ session }));
    const opened = await ask(this.desk.lab.debugger.open(ref));
    this.working = false;
    this.error = opened.ok ? null : opened.error;
    if (!opened.ok) return;
    this.session = opened.value.session;
    this.log = opened.value.log;
    await this.told(opened.value);
    for (const one of this.breakpoints) await this.run(`bp \`${one}\``, true);
  }

  /** One line of commands, as if it had been typed. */
  async run(line: string, quiet = false): Promise<void> {
    const { session } = this;
    if (session === null || this.working) return;
    if (!quiet) await this.write(`${line}\n`);
    this.working = true;
    const answer = await ask(this.desk.lab.debugger.execute({ session, line }));
    this.working = false;
    if (!answer.ok) {
      this.error = answer.error;
      this.session = null;
      return;
    }
    if (!quiet || answer.value.failed) await this.told(answer.value);
  }

  private async told(answer: KdAnswer): Promise<void> {
    const moved = this.at?.event !== answer.event || this.at.place?.line !== answer.place?.line;
    this.at = answer;
    await this.write(`${answer.text}${PROMPT}`);
    if (!moved) return;
    const event = this.desk.shown?.prediction.events[Math.max(0, answer.event)];
    if (event !== undefined) this.desk.selected = event;
    if (answer.place !== null) this.desk.show(answer.place);
  }

  /** F9: before the session too, and in the next one again. */
  async toggle(file: string, line: number): Promise<void> {
    const place = `${file}:${line}`;
    const set = !this.breakpoints.has(place);
    this.breakpoints = set
      ? new Set([...this.breakpoints, place])
      : new Set([...this.breakpoints].filter((one) => one !== place));
    if (set) return this.run(`bp \`${place}\``);
    // Numbers are the debugger's: all are set anew.
    await this.run(['bc *', ...[...this.breakpoints].map((one) => `bp \`${one}\``)].join('; '));
  }

  /** Keys from the terminal: a line is edited here and sent whole. */
  key(text: string): void {
    if (this.session === null) return;
    if (text === '\r') return this.enter();
    if (text === '\x7f') {
      if (this.typed !== '') void this.replace(this.typed.slice(0, -1));
    } else if (text === '\x1b[A' || text === '\x1b[B') this.recall(text === '\x1b[A' ? 1 : -1);
    else if (text === '\x03' || text === '\x1b') void this.replace('');
    else if (!text.startsWith('\x1b')) {
      const plain = text.replaceAll(/[\r\n]+/g, '; ');
      this.typed += plain;
      void this.write(plain);
    }
  }

  private enter(): void {
    // An empty line repeats the last command, as kd does.
    const line = this.typed === '' ? this.last : this.typed;
    this.typed = '';
    this.back = 0;
    void this.write('\n');
    if (line === '') return void this.write(PROMPT);
    this.last = line;
    this.history = [...this.history.filter((one) => one !== line), line];
    void this.send(line);
  }

  private async send(line: string): Promise<void> {
    const { session } = this;
    if (session === null) return;
    this.working = true;
    const answer = await ask(this.desk.lab.debugger.execute({ session, line }));
    this.working = false;
    this.error = answer.ok ? null : answer.error;
    if (answer.ok) await this.told(answer.value);
    else this.session = null;
  }

  private recall(by: number): void {
    this.back = Math.min(this.history.length, Math.max(0, this.back + by));
    void this.replace(this.back === 0 ? '' : (this.history.at(-this.back) ?? ''));
  }

  private async replace(text: string): Promise<void> {
    await this.write(`${'\b \b'.repeat(this.typed.length)}${text}`);
    this.typed = text;
  }
}
